import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Catalogue, parseCatalogue } from '../../model/catalogue.ts';
import { packageFolder } from './package-folder.ts';

/** Reads what keyturn knows of roles, data actions and permissions from its own `mappings` folder. */
export async function readCatalogueFiles(): Promise<Catalogue> {
  const load = async (name: string): Promise<unknown> => JSON.parse(await readFile(path.join(packageFolder(), 'mappings', name), 'utf8'));
  const [dataActions, roles, permissions] = await Promise.all(['data-actions.json', 'roles.json', 'permissions.json'].map(load));
  return parseCatalogue({ dataActions, roles, permissions });
}
