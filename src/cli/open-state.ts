import { stateFolder } from '../local/state-folder.ts';
import type { StateStore } from '../migrate/state-ports.ts';
import { bundlePage } from '../report/bundle-page.ts';
import { bundleScript } from '../report/bundle-script.ts';

/** The state that a command works with: what `--state` names, against the folder that it was started in. */
export function openState(folder: string, cwd: string): StateStore {
  return stateFolder(folder, cwd, { script: bundleScript, page: bundlePage });
}
