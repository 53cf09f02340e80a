import { KnownError } from '../../base/known-error.ts';
import { type CloudProfile, isSandbox } from '../cloud-profile.ts';

/** A container of a storage account, and the folder in it that a state is kept in. */
export interface BlobPlace {
  /** `https://account.blob.core.windows.net/container`. */
  readonly container: string;
  /** Empty, or with a slash at its end. */
  readonly prefix: string;
}

/** Hosts that a token for storage may be sent to. */
const hosts = ['.blob.core.windows.net', '.blob.storage.azure.net', '.blob.core.usgovcloudapi.net', '.blob.core.chinacloudapi.cn'];

/**
 * @param state `https://ACCOUNT.blob.core.windows.net/CONTAINER/PREFIX`; on loopback, as an emulator has it, the account comes first in the path.
 * @throws KnownError STATE_ADDRESS (usage).
 */
export function parseBlobPlace(state: string, profile: CloudProfile): BlobPlace {
  const url = URL.canParse(state.trim()) ? new URL(state.trim()) : undefined;
  if (url?.protocol !== 'https:') throw wrong(state, 'it does not begin with `https://`');
  if (url.search !== '' || url.hash !== '' || url.username !== '')
    throw wrong(state, 'it holds more than a place: a signature or a password has no place in it, since you sign in as to Azure');
  const loopback = url.hostname === '127.0.0.1';
  if (loopback !== isSandbox(profile)) throw wrong(state, loopback ? 'it is on this machine' : 'a sandbox keeps its state on this machine');
  if (!loopback && !hosts.some((host) => url.hostname.endsWith(host))) throw wrong(state, 'its host is not a storage account of Azure');
  const parts = url.pathname.split('/').filter((part) => part !== '');
  const [container, rest] = loopback ? [parts.slice(0, 2), parts.slice(2)] : [parts.slice(0, 1), parts.slice(1)];
  const name = container.length < (loopback ? 2 : 1) ? '' : (container.at(-1) ?? '');
  if (!/^[a-z0-9](?!.*--)[a-z0-9-]{1,61}[a-z0-9]$/.test(name))
    throw wrong(state, name === '' ? 'it names no container' : `\`${name}\` cannot be a container`);
  return { container: `${url.origin}/${container.join('/')}`, prefix: rest.length === 0 ? '' : `${rest.join('/')}/` };
}

function wrong(state: string, why: string): KnownError {
  const shown = state.split(/[?#]/)[0] ?? '';
  const remedy = 'write it as `https://ACCOUNT.blob.core.windows.net/CONTAINER/FOLDER`, or name a folder of this machine';
  return new KnownError('usage', 'STATE_ADDRESS', `\`${shown}\` cannot keep a state: ${why}`, remedy);
}
