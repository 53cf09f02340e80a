import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Catalogue, type CatalogueFiles, parseCatalogue } from '../model/catalogue.ts';
import { type PolicyTemplate, parsePolicyTemplates } from '../model/policy-templates.ts';
import { packageFolder } from './package-folder.ts';

/** The files of the package's `mappings` folder that every command stands on, as they are. */
export async function readMappings(): Promise<CatalogueFiles> {
  const names = ['data-actions.json', 'roles.json', 'permissions.json', 'services.json'];
  const [dataActions, roles, permissions, services] = await Promise.all(names.map(load));
  return { dataActions, roles, permissions, services };
}

/** What keyturn knows of roles, data actions, permissions and Microsoft's own services. */
export async function readCatalogueFiles(): Promise<Catalogue> {
  return parseCatalogue(await readMappings());
}

/** The access policy templates of Azure's portal. */
export async function readTemplateFile(catalogue: Catalogue): Promise<readonly PolicyTemplate[]> {
  return parsePolicyTemplates(await load('templates.json'), catalogue);
}

async function load(name: string): Promise<unknown> {
  return JSON.parse(await readFile(path.join(packageFolder(), 'mappings', name), 'utf8'));
}
