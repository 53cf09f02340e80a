import { type CustomRoleBook, customRoleBook, customRoleScope, customRolesPerTenant } from '../../mapping/custom-role.ts';
import { mapPermissions, type OfflineMapping, offlineMapping } from '../../mapping/map-permissions.ts';
import type { PermissionSet } from '../../mapping/permission-set.ts';
import type { Catalogue } from '../../model/catalogue.ts';
import { exitCode, KnownError } from '../../model/known-error.ts';
import { type MappedSet, mapText } from '../../report/map-text.ts';
import { readCatalogueFiles, readTemplateFile } from '../edges/catalogue-files.ts';
import { standardInput } from '../edges/standard-input.ts';
import { outputTaken } from '../edges/standard-output.ts';
import type { Io } from '../io.ts';
import { answerLine, itemTexts, lineAnswerer, readItem } from '../map-items.ts';
import type { CommonOptions } from '../options.ts';
import { viewOf } from '../view.ts';

export interface MapRequest extends CommonOptions {
  readonly secrets?: string;
  readonly keys?: string;
  readonly certificates?: string;
  readonly storage?: string;
  readonly existingRoles?: string;
  readonly template?: string;
  readonly customRole?: string;
}

/** A table is for reading; whoever has more sets wants lines. */
const mostInTable = 5000;
const batch = 64 * 1024;

/** Which roles replace permissions, from the catalogue alone: no Azure, no signing in. */
export async function mapCommand(request: MapRequest, io: Io, input: () => AsyncIterable<string> = standardInput): Promise<number> {
  const catalogue = await readCatalogueFiles();
  const offline = offlineMapping(catalogue, customRolesOf(request));
  const given = await givenSet(request, catalogue);
  if (given !== undefined) showSets([{ set: given, answer: mapPermissions(given, offline) }], catalogue, request, io);
  else if (io.isTty.stdin) throw new KnownError('usage', 'MAP_NOTHING', 'there is no permission to map', nothingRemedy);
  else if (request.json === true) await printLines(input(), offline, io);
  else showSets(await readSets(input(), offline), catalogue, request, io);
  return exitCode.done;
}

const nothingRemedy = 'name permissions, such as `keyturn map --secrets get,list`, or pipe a JSON array of permission sets in';

function customRolesOf({ customRole, cloud }: MapRequest): CustomRoleBook | undefined {
  if (customRole === undefined) return undefined;
  return customRoleBook(customRoleScope(customRole), cloud === 'china' ? customRolesPerTenant.china : customRolesPerTenant.public);
}

/** The set that flags name, or undefined when none does. */
async function givenSet(request: MapRequest, catalogue: Catalogue): Promise<PermissionSet | undefined> {
  const { secrets, keys, certificates, storage, existingRoles, template } = request;
  const flags = { keys, secrets, certificates, storage };
  const existing = listed(existingRoles);
  if (template !== undefined) {
    if (Object.values(flags).some((flag) => flag !== undefined)) {
      throw new KnownError('usage', 'MAP_TWICE', 'a template and permissions cannot be mapped together', 'leave one of them out');
    }
    return { permissions: await templateLists(template, catalogue), existingRoles: existing };
  }
  if (Object.values({ ...flags, existingRoles }).every((flag) => flag === undefined)) return undefined;
  const permissions = { keys: listed(keys), secrets: listed(secrets), certificates: listed(certificates), storage: listed(storage) };
  return { permissions, existingRoles: existing };
}

async function templateLists(name: string, catalogue: Catalogue): Promise<PermissionSet['permissions']> {
  const templates = await readTemplateFile(catalogue);
  const found = templates.find((template) => template.name.toLowerCase() === name.trim().toLowerCase());
  if (found === undefined) {
    const names = templates.map((template) => `\`${template.name}\``).join(', ');
    throw new KnownError('usage', 'MAP_TEMPLATE', `the portal has no template \`${name}\``, `use one of ${names}`);
  }
  return { keys: [], secrets: [], certificates: [], storage: [], ...found.permissions };
}

function listed(flag: string | undefined): readonly string[] {
  return (flag ?? '').split(',').flatMap((word) => (word.trim() === '' ? [] : [word.trim()]));
}

async function printLines(input: AsyncIterable<string>, offline: OfflineMapping, io: Io): Promise<void> {
  const answer = lineAnswerer(offline);
  let index = 0;
  let lines = '';
  try {
    for await (const texts of itemTexts(input)) {
      for (const text of texts) {
        lines += answer(text, index++);
        if (lines.length < batch) continue;
        io.out(lines);
        lines = '';
        await outputTaken();
      }
    }
  } finally {
    // What stands before a wrong item was answered and is not lost.
    io.out(lines);
  }
}

async function readSets(input: AsyncIterable<string>, offline: OfflineMapping): Promise<readonly MappedSet[]> {
  const sets: MappedSet[] = [];
  for await (const texts of itemTexts(input)) {
    for (const text of texts) {
      const { set } = readItem(text, sets.length);
      if (sets.push({ set, answer: mapPermissions(set, offline) }) <= mostInTable) continue;
      throw new KnownError('usage', 'MAP_TOO_MANY', `a table shows ${mostInTable} sets at most`, 'add --json: lines have no limit');
    }
  }
  return sets;
}

function showSets(sets: readonly MappedSet[], catalogue: Catalogue, request: MapRequest, io: Io): void {
  const view = viewOf(request, io);
  if (request.json === true) {
    for (const { answer } of sets) io.out(answerLine(answer));
    return;
  }
  view.lines(mapText(sets, view.look));
  view.note(`roles as of ${catalogue.asOf}, from the catalogue; \`keyturn plan\` reads those of the tenant`);
}
