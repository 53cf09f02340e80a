import { existsSync } from 'node:fs';
import path from 'node:path';

/** The folder that keyturn is installed in: where `mappings` lies, whether this runs from src or from the bundle in dist. */
export function packageFolder(): string {
  for (let folder = import.meta.dirname; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, 'mappings', 'roles.json'))) return folder;
    if (folder === path.dirname(folder)) throw new Error('the folder `mappings` is missing from the installation');
  }
}
