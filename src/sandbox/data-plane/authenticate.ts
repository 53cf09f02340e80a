import { objectAt, stringAt } from '../../base/json.ts';
import { type Ask, type Caller, ServiceError } from '../exchange.ts';
import type { SandboxVault } from '../state.ts';
import { issuer } from './authorize.ts';

/** Domains of vaults and the authority of their cloud. */
const clouds: Readonly<Record<string, string>> = {
  'vault.azure.net': 'https://login.microsoftonline.com',
  'vault.usgovcloudapi.net': 'https://login.microsoftonline.us',
  'vault.azure.cn': 'https://login.partner.microsoftonline.cn',
};

export interface VaultHost {
  readonly vaultName: string;
  /** `vault.azure.net` */
  readonly domain: string;
}

/** @returns undefined when the host is not a vault's in any cloud. */
export function parseVaultHost(host: string): VaultHost | undefined {
  const [, vaultName, domain] = /^([a-z0-9-]+)\.(vault\.[a-z.]+)$/.exec(host) ?? [];
  return vaultName === undefined || domain === undefined || clouds[domain] === undefined ? undefined : { vaultName, domain };
}

/**
 * The caller, when the token is for vaults and of the vault's tenant.
 * @throws ServiceError 401 with the challenge that tells clients where to get a token and for what.
 */
export function authenticate(ask: Ask, vault: SandboxVault, { domain }: VaultHost): Caller {
  const tenantId = (stringAt(objectAt(vault.body, 'properties'), 'tenantId') ?? '').toLowerCase();
  const resource = `https://${domain}`;
  const refuse = (message: string) =>
    new ServiceError(401, 'Unauthorized', message, {
      headers: { 'www-authenticate': `Bearer authorization="${clouds[domain] ?? ''}/${tenantId}", resource="${resource}"` },
    });
  const { caller } = ask;
  if (caller === undefined)
    throw refuse(
      ask.headers.authorization === undefined ? 'AKV10000: Request is missing a Bearer or PoP token.' : 'AKV10001: Token is not valid.',
    );
  if (caller.audience !== resource) throw refuse(`AKV10022: Invalid audience. Expected ${resource}, found: ${caller.audience}.`);
  if (caller.tenantId.toLowerCase() !== tenantId)
    throw refuse(`AKV10032: Invalid issuer. Expected one of ${issuer(tenantId)}, found ${issuer(caller.tenantId)}.`);
  return caller;
}
