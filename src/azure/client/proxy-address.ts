import { KnownError } from '../../base/known-error.ts';
import type { Env } from '../credential.ts';

const names = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY'];

/**
 * Looks at the addresses of proxies before anything is sent: one without `http://` leads to a failure that speaks of something else.
 * @throws KnownError PROXY_ADDRESS (usage).
 */
export function assertProxyAddress(env: Env): void {
  for (const name of names.flatMap((one) => [one, one.toLowerCase()])) {
    const value = env[name]?.trim() ?? '';
    if (value === '' || (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol))) continue;
    const message = `${name} does not hold the address of a proxy`;
    throw new KnownError('usage', 'PROXY_ADDRESS', message, `write it with its scheme, such as \`${name}=http://proxy.example:8080\``);
  }
}
