import { setTimeout as wait } from 'node:timers/promises';
import type { TokenCredential } from '@azure/core-auth';
import type { AzureWriter, ModelOptions } from '../../migrate/ports.ts';
import type { AzureDoors, ConnectOptions } from '../azure-doors.ts';
import { accessChecker } from '../read/access-checker.ts';
import { createDirectory } from '../read/directory.ts';
import { createResourceReader } from '../read/resource-reader.ts';
import { assignmentWriter } from '../write/assignment-writer.ts';
import { permissionModelWriter } from '../write/permission-model-writer.ts';
import { roleDefinitionWriter } from '../write/role-definition-writer.ts';
import { startEnding } from './ending.ts';
import type { Patience } from './patience.ts';
import { defaultLimits, type Limits } from './retry-rules.ts';
import type { Sleep } from './sleep.ts';
import { createTransport, type Transport } from './transport.ts';

type OpenOptions = Pick<ConnectOptions, 'profile' | 'mode' | 'signal' | 'onRequest' | 'sleep' | 'limits' | 'time' | 'pace'> & {
  readonly credential: TokenCredential;
};

const realSleep: Sleep = async (milliseconds, signal) => {
  await wait(milliseconds, undefined, signal === undefined ? {} : { signal });
};

/** Readers and, in write mode, the writer, over one transport. */
export function openDoors(options: OpenOptions): Omit<AzureDoors, 'operator'> {
  const { sleep = realSleep, mode } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const transport = createTransport({ ...options, limits });
  return {
    resources: createResourceReader(transport),
    directory: createDirectory(transport, sleep),
    accessChecker: accessChecker(transport),
    ...(mode === 'write' && { writer: writerOver(transport, sleep, options.signal, limits) }),
  };
}

/** Every write comes to an end of its own, also when the run is asked to stop meanwhile. */
function writerOver(open: ReturnType<typeof createTransport>, sleep: Sleep, signal: AbortSignal | undefined, limits: Limits): AzureWriter {
  const inFull = async <T>(write: (transport: Transport, patience: Patience) => Promise<T>, options?: ModelOptions): Promise<T> => {
    const ending = startEnding(signal, limits, options);
    try {
      return await write(open.forWrite(ending), { sleep, random: Math.random, signal: ending.asked });
    } finally {
      ending.dispose();
    }
  };
  return {
    ensureRoleAssignment: (step, listed) => inFull((...way) => assignmentWriter(...way).ensureRoleAssignment(step, listed)),
    deleteRoleAssignment: (id) => inFull((...way) => assignmentWriter(...way).deleteRoleAssignment(id)),
    ensureRoleDefinition: (step) => inFull((...way) => roleDefinitionWriter(...way).ensureRoleDefinition(step)),
    deleteRoleDefinition: (id) => inFull((...way) => roleDefinitionWriter(...way).deleteRoleDefinition(id)),
    setPermissionModel: (vault, model, mayChange, options) =>
      inFull((...way) => permissionModelWriter(...way).setPermissionModel(vault, model, mayChange), options),
    restoreAccessPolicies: (vault, list) => inFull((...way) => permissionModelWriter(...way).restoreAccessPolicies(vault, list)),
  };
}
