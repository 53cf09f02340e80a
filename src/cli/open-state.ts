import { hostname } from 'node:os';
import process from 'node:process';
import { isAddress } from '../base/is-address.ts';
import { stateFolder } from '../local/state-folder.ts';
import type { StateStore } from '../migrate/state-ports.ts';
import { bundlePage } from '../report/bundle-page.ts';
import { bundleScript } from '../report/bundle-script.ts';
import { authFromOptions } from './auth-from-options.ts';
import { cloudFromOptions } from './cloud-from-options.ts';
import type { Io } from './io.ts';
import type { CommonOptions } from './options.ts';

type StateOptions = Pick<CommonOptions, 'state' | 'auth' | 'cloud'>;

/**
 * The state that a command works with: what `--state` or KEYTURN_STATE names. A folder is taken against where the command was started; an
 * address is a place in Azure Blob Storage, which is signed in to as Azure is.
 * @throws KnownError STATE_ADDRESS, CLOUD_PROFILE, AUTH_KIND (usage).
 */
export async function openState(options: StateOptions, io: Pick<Io, 'cwd' | 'env'>): Promise<StateStore> {
  const views = { script: bundleScript, page: bundlePage };
  const word = stateWord(options, io);
  if (!isAddress(word)) return stateFolder(word, io.cwd, views);
  const profile = await cloudFromOptions(options, io);
  const [{ createCredential }, { stateBlob }] = await Promise.all([import('../azure/credential.ts'), import('../azure/state-blob.ts')]);
  const credential = await createCredential(authFromOptions(options, io), profile, io.env);
  return stateBlob({ address: word, profile, credential, views, holder: { pid: process.pid, host: hostname() } });
}

function stateWord({ state }: Pick<CommonOptions, 'state'>, { env }: Pick<Io, 'env'>): string {
  return state ?? (env.KEYTURN_STATE || localState);
}

/** Files of this machine lie here where the state itself does not. */
export function localFolder(options: Pick<CommonOptions, 'state'>, io: Pick<Io, 'env'>): string {
  const word = stateWord(options, io);
  return isAddress(word) ? localState : word;
}

const localState = '.keyturn';
