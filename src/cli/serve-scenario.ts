import type { CloudProfile } from '../azure/cloud-profile.ts';
import { KnownError } from '../base/known-error.ts';
import { readMappings } from '../local/catalogue-files.ts';
import { type LoadedScenario, loadScenario, type Sandbox, sandboxClock, startSandbox } from '../sandbox/start-sandbox.ts';

export interface ServedScenario {
  readonly scenario: LoadedScenario;
  readonly sandbox: Sandbox;
  readonly profile: CloudProfile;
  /** What a client reads from its environment to be the scenario's operator. */
  readonly env: Readonly<Record<string, string>>;
}

export interface ServeOptions {
  readonly port?: number;
  readonly recordTo?: (line: string) => void;
}

/** @throws KnownError SCENARIO_UNREADABLE (usage), PORT_TAKEN (failed). */
export async function serveScenario(folder: string, options: ServeOptions = {}): Promise<ServedScenario> {
  const scenario = await loadScenario(folder, { catalogue: await readMappings(), now: Date.now() });
  const { tenant, consistency, operator, directoryAccess, throttle, latency } = scenario;
  const clock = sandboxClock(scenario.startsAt);
  const sandbox = await startSandbox({ tenant, consistency, clock, operator, directoryAccess, throttle, latency, ...options }).catch(
    (cause: unknown) => {
      if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw cause;
      const message = `port ${options.port ?? 0} is in use`;
      throw new KnownError('failed', 'PORT_TAKEN', message, 'choose another, or leave --port out to take a free one', { cause });
    },
  );
  return { scenario, sandbox, profile: profileOf(sandbox), env: environmentOf(sandbox) };
}

function profileOf({ origin, caPem }: Sandbox): CloudProfile {
  return {
    name: 'sandbox',
    resourceManager: origin,
    resourceManagerAudience: 'https://management.azure.com',
    graph: origin,
    graphAudience: 'https://graph.microsoft.com',
    authority: origin,
    vaultSuffix: 'vault.azure.net',
    caPem,
    sandboxClock: `${origin}/_sandbox/clock`,
  };
}

function environmentOf({ identityEndpoint, identitySecret }: Sandbox): Readonly<Record<string, string>> {
  return {
    KEYTURN_AUTH: 'managed-identity',
    // App Service's managed identity in both generations: @azure/identity and az.
    IDENTITY_ENDPOINT: identityEndpoint,
    IDENTITY_HEADER: identitySecret,
    MSI_ENDPOINT: identityEndpoint,
    MSI_SECRET: identitySecret,
    APPSETTING_WEBSITE_SITE_NAME: 'keyturn-sandbox',
    AZURE_CORE_INSTANCE_DISCOVERY: 'false',
  };
}
