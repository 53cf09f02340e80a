import { bundlePage } from '../migrate/bundle-page.ts';
import { bundleScript } from '../migrate/bundle-script.ts';
import { stateFolder } from './state-folder.ts';

/** The state that a command works with: what `--state` names, against the folder that it was started in. */
export function openState(folder: string, cwd: string) {
  return stateFolder(folder, cwd, { script: bundleScript, page: bundlePage });
}
