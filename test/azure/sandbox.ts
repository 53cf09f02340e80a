import { onTestFinished } from 'vitest';
import type { AzureDoors, ConnectOptions } from '../../src/azure/azure-doors.ts';
import type { CloudProfile } from '../../src/azure/cloud-profile.ts';
import { connectAzure } from '../../src/azure/connect-azure.ts';
import type { AzureWriter } from '../../src/migrate/ports.ts';
import { sandboxClock } from '../../src/sandbox/clock.ts';
import { type LoadedScenario, loadScenario } from '../../src/sandbox/scenario/load-scenario.ts';
import type { ScenarioFile } from '../../src/sandbox/scenario/scenario-schema.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { recordTo } from '../sandbox/record-to.ts';
import { now, scenarioCatalogue, scenarioFolder } from '../sandbox/scenario/minimal-scenario.ts';

export interface Connected extends AzureDoors {
  readonly sandbox: Sandbox;
  readonly scenario: LoadedScenario;
  readonly profile: CloudProfile;
  readonly writer: AzureWriter;
}

/** Doors to a running sandbox, signed in as the scenario's operator; waits of writers move the sandbox's clock instead. */
export async function connectToScenario(
  from: string | ScenarioFile,
  options: Partial<SandboxOptions> = {},
  more: Partial<ConnectOptions> = {},
): Promise<Connected> {
  const files = typeof from === 'string' ? scenarioFolder(from) : [{ name: 'scenario.json', text: JSON.stringify(from) }];
  const scenario = await loadScenario(files, { catalogue: scenarioCatalogue, now });
  const sandbox = await startSandbox({
    tenant: scenario.tenant,
    consistency: scenario.consistency,
    clock: sandboxClock(scenario.startsAt),
    operator: scenario.operator,
    directoryAccess: scenario.directoryAccess,
    throttle: {},
    recordTo,
    ...options,
  });
  onTestFinished(() => sandbox.close());
  const { origin, caPem, identityEndpoint, identitySecret } = sandbox;
  const profile: CloudProfile = {
    name: 'sandbox',
    resourceManager: origin,
    resourceManagerAudience: origin,
    graph: origin,
    graphAudience: origin,
    authority: origin,
    vaultSuffix: 'vault.azure.net',
    caPem,
  };
  const doors = await connectAzure({
    profile,
    auth: 'managed-identity',
    env: { IDENTITY_ENDPOINT: identityEndpoint, IDENTITY_HEADER: identitySecret },
    mode: 'write',
    limits: { firstWait: 1, tryTimeout: 20_000 },
    sleep: (milliseconds) => {
      sandbox.clock.advance(milliseconds);
      return Promise.resolve();
    },
    ...more,
  });
  if (doors.writer === undefined) throw new Error('write mode gives a writer');
  return { ...doors, writer: doors.writer, sandbox, scenario, profile };
}
