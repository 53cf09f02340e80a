import { setTimeout as wait } from 'node:timers/promises';
import type { TokenCredential } from '@azure/core-auth';
import { accessChecker } from './access-checker.ts';
import { assignmentWriter } from './assignment-writer.ts';
import type { AzureDoors, ConnectOptions } from './connect-azure.ts';
import { createDirectory } from './directory.ts';
import { permissionModelWriter } from './permission-model-writer.ts';
import { createResourceReader } from './resource-reader.ts';
import { defaultLimits } from './retry-rules.ts';
import { roleDefinitionWriter } from './role-definition-writer.ts';
import type { Sleep } from './sleep.ts';
import { createTransport } from './transport.ts';

type OpenOptions = Pick<ConnectOptions, 'profile' | 'mode' | 'signal' | 'onRequest' | 'sleep' | 'limits'> & {
  readonly credential: TokenCredential;
};

const realSleep: Sleep = async (milliseconds, signal) => {
  await wait(milliseconds, undefined, signal === undefined ? {} : { signal });
};

/** Readers and, in write mode, the writer, over one transport. */
export function openDoors(options: OpenOptions): Omit<AzureDoors, 'operator'> {
  const { sleep = realSleep, signal, mode } = options;
  const transport = createTransport({ ...options, limits: { ...defaultLimits, ...options.limits } });
  const patience = { sleep, random: Math.random, signal };
  const writer = {
    ...assignmentWriter(transport, patience),
    ...roleDefinitionWriter(transport, patience),
    ...permissionModelWriter(transport, patience),
  };
  return {
    resources: createResourceReader(transport),
    directory: createDirectory(transport, sleep),
    accessChecker: accessChecker(transport),
    ...(mode === 'write' && { writer }),
  };
}
