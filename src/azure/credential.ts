import type { TokenCredential } from '@azure/core-auth';
import { appServiceCredential } from './client/app-service-credential.ts';
import { cacheTokens } from './client/cached-credential.ts';
import { githubAssertion } from './client/github-assertion.ts';
import { signInFailed } from './client/sign-in-failure.ts';
import { type CloudProfile, hasKnownAuthority, isSandbox } from './cloud-profile.ts';

export type AuthKind = 'default' | 'cli' | 'env' | 'workload' | 'github' | 'pipelines' | 'managed-identity';
export type Env = Readonly<Record<string, string | undefined>>;

const remedies: Readonly<Record<AuthKind, string>> = {
  default: 'run `az login`, or name a way to sign in with --auth cli, env, workload, github, pipelines or managed-identity',
  cli: 'run `az login` and try again',
  env: 'set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH',
  workload: 'set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_FEDERATED_TOKEN_FILE',
  github:
    'give the job `permissions: id-token: write`, and set AZURE_TENANT_ID and AZURE_CLIENT_ID to an application that trusts this repository',
  pipelines:
    'run it in a task that has the service connection, such as AzureCLI@2, with SYSTEM_ACCESSTOKEN: $(System.AccessToken) in its environment',
  'managed-identity': 'run it where a managed identity is assigned, or name another way to sign in with --auth',
};

/**
 * A credential of the chosen kind that keeps its tokens. Nothing is asked for before the first token; @azure/identity is
 * loaded here. `env` is where settings come from, except that managed identities outside a sandbox, `pipelines` and `default` look at
 * the process's own environment.
 * @throws KnownError AZURE_SIGN_IN when a setting is missing.
 */
export async function createCredential(auth: AuthKind, profile: CloudProfile, env: Env): Promise<TokenCredential> {
  return cacheTokens(await sourceOf(isSandbox(profile) ? inSandbox(auth, env) : auth, profile, env), remedies[auth]);
}

/** The chain of `default` probes addresses outside this machine: against a sandbox it means what the environment names. */
function inSandbox(auth: AuthKind, env: Env): AuthKind {
  if (auth !== 'default') return auth;
  return env.IDENTITY_ENDPOINT === undefined ? 'env' : 'managed-identity';
}

async function sourceOf(auth: AuthKind, profile: CloudProfile, env: Env): Promise<TokenCredential> {
  if (auth === 'managed-identity' && isSandbox(profile)) return appServiceCredential(env, remedies[auth]);
  const identity = await import('@azure/identity');
  const options = {
    authorityHost: profile.authority,
    // Instance discovery asks a public host about the authority, and knows Microsoft's own only.
    ...(!hasKnownAuthority(profile) && { disableInstanceDiscovery: true }),
    ...(profile.caPem !== undefined && { tlsOptions: { ca: profile.caPem } }),
  };
  const setting = (name: string): string => {
    const value = env[name];
    if (value === undefined || value === '') throw signInFailed(`${name} is not set`, remedies[auth]);
    return value;
  };
  const application = () => ({ tenantId: setting('AZURE_TENANT_ID'), clientId: setting('AZURE_CLIENT_ID') });
  switch (auth) {
    case 'cli':
      return new identity.AzureCliCredential(env.AZURE_TENANT_ID ? { tenantId: env.AZURE_TENANT_ID } : {});
    case 'workload':
      return new identity.WorkloadIdentityCredential({
        ...options,
        ...application(),
        tokenFilePath: setting('AZURE_FEDERATED_TOKEN_FILE'),
      });
    case 'github': {
      const { tenantId, clientId } = application();
      const request = { url: setting('ACTIONS_ID_TOKEN_REQUEST_URL'), bearer: setting('ACTIONS_ID_TOKEN_REQUEST_TOKEN') };
      const assertion = githubAssertion({ ...request, profile, remedy: remedies.github });
      return new identity.ClientAssertionCredential(tenantId, clientId, assertion, options);
    }
    case 'pipelines': {
      // As the tasks of Azure Pipelines name them; the library takes the address from the process's own environment.
      const [tenantId, clientId, connection] = ['TENANT_ID', 'CLIENT_ID', 'SERVICE_CONNECTION_ID'].map((name) =>
        setting(`AZURESUBSCRIPTION_${name}`),
      ) as [string, string, string];
      setting('SYSTEM_OIDCREQUESTURI');
      return new identity.AzurePipelinesCredential(tenantId, clientId, connection, setting('SYSTEM_ACCESSTOKEN'), options);
    }
    case 'managed-identity':
      return new identity.ManagedIdentityCredential({ ...options, ...(env.AZURE_CLIENT_ID ? { clientId: env.AZURE_CLIENT_ID } : {}) });
    case 'env': {
      const { tenantId, clientId } = application();
      const { AZURE_CLIENT_CERTIFICATE_PATH: file, AZURE_CLIENT_CERTIFICATE_PASSWORD: password } = env;
      if (!file) return new identity.ClientSecretCredential(tenantId, clientId, setting('AZURE_CLIENT_SECRET'), options);
      const certificate = { certificatePath: file, ...(password ? { certificatePassword: password } : {}) };
      return new identity.ClientCertificateCredential(tenantId, clientId, certificate, options);
    }
    case 'default':
      return new identity.DefaultAzureCredential(options);
  }
}
