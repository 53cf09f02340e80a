import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Catalogue, type CatalogueFiles, parseCatalogue } from '../../model/catalogue.ts';
import { packageFolder } from './package-folder.ts';

/** The three files of the package's `mappings` folder, as they are. */
export async function readMappings(): Promise<CatalogueFiles> {
  const load = async (name: string): Promise<unknown> => JSON.parse(await readFile(path.join(packageFolder(), 'mappings', name), 'utf8'));
  const [dataActions, roles, permissions] = await Promise.all(['data-actions.json', 'roles.json', 'permissions.json'].map(load));
  return { dataActions, roles, permissions };
}

/** What keyturn knows of roles, data actions and permissions. */
export async function readCatalogueFiles(): Promise<Catalogue> {
  return parseCatalogue(await readMappings());
}
