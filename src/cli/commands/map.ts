import { exitCode, KnownError } from '../../base/known-error.ts';
import { nearNames } from '../../base/near-names.ts';
import { readCatalogueFiles, readTemplateFile } from '../../local/catalogue-files.ts';
import { outputTaken, standardInput } from '../../local/process.ts';
import { type CustomRoleBook, customRoleBook, customRoleScope, customRolesPerTenant } from '../../mapping/custom-role.ts';
import { mapPermissions, type OfflineMapping, offlineMapping } from '../../mapping/map-permissions.ts';
import { type PermissionSet, splitWords } from '../../mapping/permission-set.ts';
import type { ObjectType } from '../../model/access-policy.ts';
import type { Catalogue } from '../../model/catalogue.ts';
import type { MappedSet } from '../../report/map-text.ts';
import type { Io } from '../io.ts';
import { isBlocked, itemTexts, lineAnswerer, readItem } from '../map-items.ts';
import type { CommonOptions } from '../options.ts';
import { formatOf, show } from '../output/show.ts';
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
  if (given === undefined && io.isTty.stdin) throw new KnownError('usage', 'MAP_NOTHING', 'there is no permission to map', nothingRemedy);
  if (given === undefined && formatOf(request) === 'json') return exitOf(await printLines(input(), offline, io));
  const sets = given === undefined ? await readSets(input(), offline) : [{ set: given, answer: mapPermissions(given, offline) }];
  await showSets(sets, catalogue, request, io);
  return exitOf(sets.some(({ answer }) => isBlocked(answer)));
}

function exitOf(blocked: boolean): number {
  return blocked ? exitCode.blocked : exitCode.done;
}

const nothingRemedy = 'name permissions, such as `keyturn map --secrets get,list`, or pipe permission sets, policies or vaults in as JSON';

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
  const words = (type: ObjectType, flag: string | undefined) => splitWords(flag ?? '').map((word) => knownWord(type, word, catalogue));
  const permissions = {
    keys: words('keys', keys),
    secrets: words('secrets', secrets),
    certificates: words('certificates', certificates),
    storage: words('storage', storage),
  };
  return { permissions, existingRoles: existing };
}

/** A vault may hold words that nobody knows; on the command line one is a slip of the pen. */
function knownWord(type: ObjectType, word: string, { permissions }: Catalogue): string {
  const known = ['all', ...[...permissions.keys()].filter((key) => key.startsWith(`${type}/`)).map((key) => key.slice(type.length + 1))];
  if (known.includes(word.toLowerCase())) return word;
  const near = nearNames(word, known).map((name) => `\`${name}\``);
  const remedy = near.length > 0 ? `did you mean ${near.join(' or ')}?` : `use ${known.join(', ')}`;
  throw new KnownError('usage', 'PERMISSION_UNKNOWN', `there is no permission \`${word}\` on ${type}`, remedy);
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

/** @returns whether anything needs a person before it is acted on. */
async function printLines(input: AsyncIterable<string>, offline: OfflineMapping, io: Io): Promise<boolean> {
  const answer = lineAnswerer(offline);
  let index = 0;
  let lines = '';
  let blocked = false;
  try {
    for await (const texts of itemTexts(input)) {
      for (const text of texts) {
        const item = answer(text, index++);
        lines += item.lines;
        blocked ||= item.blocked;
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
  return blocked;
}

async function readSets(input: AsyncIterable<string>, offline: OfflineMapping): Promise<readonly MappedSet[]> {
  const sets: MappedSet[] = [];
  let index = 0;
  for await (const texts of itemTexts(input)) {
    for (const text of texts) {
      for (const set of readItem(text, index++)) sets.push({ set, answer: mapPermissions(set, offline) });
      if (sets.length <= mostInTable) continue;
      throw new KnownError('usage', 'MAP_TOO_MANY', `a table shows ${mostInTable} sets at most`, 'add --json: lines have no limit');
    }
  }
  return sets;
}

async function showSets(sets: readonly MappedSet[], catalogue: Catalogue, request: MapRequest, io: Io): Promise<void> {
  await show('map', sets, request, io);
  if (formatOf(request) === 'json') return;
  viewOf(request, io).note(`roles as of ${catalogue.asOf}, from the catalogue; \`keyturn plan\` reads those of the tenant`);
}
