import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { canonicalJson } from '../../src/base/canonical-json.ts';
import { isObject, type JsonObject, type JsonValue, stringAt } from '../../src/base/json.ts';
import { KnownError } from '../../src/base/known-error.ts';
import type { Plan, VaultPlan } from '../../src/formats/plan.ts';
import { sealPlan } from '../../src/formats/plan-file.ts';
import { applyPlan } from '../../src/migrate/apply-plan.ts';
import { seededRandom } from '../differential/random.ts';
import { type AzureBox, type Held, openBox } from '../fuzz/azure-box.ts';
import { trappedEstate } from './a-trapped-estate.ts';
import { changeRows, type Lie, lies, type Member, membersOf, tell } from './lie.ts';

/**
 * Lies that nobody can tell from the truth, each because Azure itself answers so: whole rows or items of lists that are gone; entries
 * without a list of permissions, with an empty one, or with none at all (P11); an application id that is null or empty; a parameter left to its default.
 */
const likeTheTruth: readonly { readonly at: RegExp; readonly lies: readonly Lie[] }[] = [
  { at: /\d+$/, lies: ['left out'] },
  { at: /accessPolicies$/, lies: ['empty'] },
  { at: /accessPolicies\.\d+\.permissions$/, lies: ['empty'] },
  { at: /accessPolicies\.\d+\.permissions\.\w+(\.\d+)?$/, lies: ['left out', 'null', 'empty'] },
  { at: /applicationId$/, lies: ['left out', 'null', 'empty'] },
  { at: /parameters(\.\w+)?$/, lies: ['left out', 'null', 'empty'] },
];

const seed = Number(process.env.KEYTURN_TEST_SEED);
const cases = Number(process.env.KEYTURN_LIES ?? 40);
const minute = 60_000;

let folder = '';
let box: AzureBox;
let start: Held;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'keyturn-lies-'));
  await writeFile(path.join(folder, 'scenario.json'), JSON.stringify(trappedEstate));
  box = await openBox(folder);
  start = box.held();
}, minute);
afterEach(() => {
  box.sandbox.faults.clear();
  box.restore(start);
});
afterAll(async () => {
  await box.close();
  await rm(folder, { recursive: true, force: true });
});

/** What came of a plan and its apply, both made while Azure told the lie. */
interface Outcome {
  /** Vaults that were flipped and that the truth leaves on their access policies. */
  readonly flipped: readonly string[];
  readonly onRbac: readonly string[];
  readonly refused: number;
  readonly bug?: unknown;
}

async function carriedOut(): Promise<Outcome> {
  let bug: unknown;
  try {
    const lied = await box.replan();
    // What is planned as it is without the lie is carried out by other tests.
    const vaults = lied.vaults.filter((vault) => vault.state === 'ready' && !isAsInTruth(vault));
    if (vaults.length > 0) await apply(sealPlan({ ...lied, vaults }));
  } catch (error) {
    if (!(error instanceof KnownError)) bug = error;
  }
  box.sandbox.faults.clear();
  const trapped = new Set(box.plan.vaults.filter(({ state }) => state !== 'ready').map(({ name }) => name));
  const onRbac = [...box.sandbox.tenant.vaults.values()]
    .filter(({ body }) => isOnRbac(body))
    .map(({ body }) => stringAt(body, 'name') ?? '');
  const outcome = { flipped: onRbac.filter((name) => trapped.has(name)), onRbac, refused: await box.refused() };
  return bug === undefined ? outcome : { ...outcome, bug };
}

async function apply(plan: Plan): Promise<void> {
  const ports = await box.ports({ entries: [], bundles: new Map() });
  await applyPlan(plan, { through: 'watch', concurrency: 8 }, { ports, catalogue: box.catalogue });
}

function isAsInTruth({ vaultId, steps, basis }: VaultPlan): boolean {
  const truth = box.plan.vaults.find((one) => one.vaultId === vaultId);
  return truth !== undefined && truth.basis.fingerprint === basis.fingerprint && canonicalJson(truth.steps) === canonicalJson(steps);
}

function isOnRbac({ properties }: JsonObject): boolean {
  return (properties as JsonObject).enableRbacAuthorization === true;
}

/** Rows that the product reads, as Azure tells them, by id; of Azure's own roles only the one that is assigned. */
async function rowsRead(): Promise<ReadonlyMap<string, JsonObject>> {
  const rows = new Map<string, JsonObject>();
  changeRows(box, '*', (row) => {
    rows.set(stringAt(row, 'id') ?? '', row);
    return row;
  });
  await box.replan();
  box.sandbox.faults.clear();
  const isOther = (id: string) => /roleDefinitions\/(?!4633458b)/i.test(id) && !/custom/i.test(JSON.stringify(rows.get(id)));
  return new Map([...rows].filter(([id]) => !isOther(id)));
}

type Props = Record<string, JsonValue>;

/** Rows of one operation's answers, changed; `undefined` leaves a row out. */
function rowsOf(operation: string, change: (rows: readonly JsonObject[]) => readonly JsonObject[]): () => void {
  const inAnswer = (body: JsonValue): JsonValue => {
    if (!isObject(body)) return body;
    return Array.isArray(body.value) ? { ...body, value: [...change(body.value as readonly JsonObject[])] } : (change([body])[0] ?? body);
  };
  return () => {
    box.sandbox.faults.add({ operation, times: Number.MAX_SAFE_INTEGER, action: { kind: 'change', change: inAnswer } });
  };
}

/** The properties of every row of an operation whose text holds the word. */
function propertiesOf(operation: string, word: string, change: (properties: Props) => Props): () => void {
  const changed = (row: JsonObject): JsonObject =>
    JSON.stringify(row).includes(word) ? { ...row, properties: change({ ...(row.properties as Props) }) } : row;
  return rowsOf(operation, (rows) => rows.map(changed));
}

const without = (name: string) => (properties: Props) => Object.fromEntries(Object.entries(properties).filter(([key]) => key !== name));
const having = (members: Props) => (properties: Props) => ({ ...properties, ...members });

function eachPermission(change: (block: Props) => Props): (properties: Props) => Props {
  return (properties) => ({ ...properties, permissions: (properties.permissions as Props[]).map((block) => change({ ...block })) });
}

const vaults = 'Vaults_*';
const instances = 'RoleAssignmentScheduleInstances_ListForScope';
const denies = 'DenyAssignments_ListForScope';
const roles = 'RoleDefinitions_List';
const assignments = 'RoleAssignments_ListForScope';
const members = 'graph GET groups/{}/*embers';
const denied = 'Nobody reads';
const takingAway = 'Takes away';

const told: readonly (readonly [words: string, vault: string, tell: () => void])[] = [
  ['a vault without its policies', 'kv-plain', propertiesOf(vaults, 'kv-plain', without('accessPolicies'))],
  ['null for the policies of a vault', 'kv-plain', propertiesOf(vaults, 'kv-plain', having({ accessPolicies: null }))],
  [
    'the policies of a vault under another name',
    'kv-plain',
    propertiesOf(vaults, 'kv-plain', ({ accessPolicies = null, ...rest }) => ({ ...rest, AccessPolicies: accessPolicies })),
  ],
  [
    'half a character in the policies of a vault',
    'kv-plain',
    propertiesOf(vaults, 'kv-plain', ({ accessPolicies, ...rest }) => ({
      ...rest,
      accessPolicies: (accessPolicies as Props[]).map((policy) => ({ ...policy, note: '\ud83d' })),
    })),
  ],
  ['no schedule instance at all', 'kv-time-bound', rowsOf(instances, () => [])],
  ['no schedule instance at all, for one that was switched on', 'kv-activated', rowsOf(instances, () => [])],
  [
    'no schedule instance without a filter, and those above with one',
    'kv-time-bound',
    rowsOf(instances, (rows) => (rows.length > 1 ? [] : rows)),
  ],
  [
    'no schedule instance for one assignment',
    'kv-time-bound',
    rowsOf(instances, (rows) => rows.filter((row) => !JSON.stringify(row).includes('kv-time-bound'))),
  ],
  ['an instance without its end', 'kv-time-bound', propertiesOf(instances, 'kv-time-bound', without('endDateTime'))],
  [
    'a number for the end of an instance',
    'kv-time-bound',
    propertiesOf(instances, 'kv-time-bound', having({ endDateTime: 1_800_000_000 })),
  ],
  ['a denial without permissions', 'kv-denied', propertiesOf(denies, denied, without('permissions'))],
  ['null for what a denial denies', 'kv-denied', propertiesOf(denies, denied, having({ permissions: null }))],
  ['nothing that a denial denies', 'kv-denied', propertiesOf(denies, denied, having({ permissions: [] }))],
  [
    'a text for the data actions of a denial',
    'kv-denied',
    propertiesOf(denies, denied, eachPermission(having({ dataActions: 'Microsoft.KeyVault/vaults/secrets/*' }))),
  ],
  [
    'the data actions of a denial under another name',
    'kv-denied',
    propertiesOf(
      denies,
      denied,
      eachPermission(({ dataActions = [], ...rest }) => ({ ...rest, DataActions: dataActions })),
    ),
  ],
  ['a denial without principals', 'kv-denied', propertiesOf(denies, denied, without('principals'))],
  ['a denial for nobody', 'kv-denied', propertiesOf(denies, denied, having({ principals: [] }))],
  ['a role that takes nothing away', 'kv-custom', propertiesOf(roles, takingAway, eachPermission(without('notDataActions')))],
  ['null for what a role takes away', 'kv-custom', propertiesOf(roles, takingAway, eachPermission(having({ notDataActions: null })))],
  ['an empty condition', 'kv-condition', propertiesOf(assignments, 'ActionMatches', having({ condition: '' }))],
  ['an object for a condition', 'kv-condition', propertiesOf(assignments, 'ActionMatches', having({ condition: {} }))],
  [
    'an assignment that lost its condition and kept its version',
    'kv-condition',
    propertiesOf(assignments, 'ActionMatches', without('condition')),
  ],
  ['an empty list of the members of a group', 'kv-denied-group', rowsOf('graph GET groups/{}/transitiveMembers', () => [])],
  [
    'nothing but devices in a group',
    'kv-denied-group',
    rowsOf(members, (rows) => rows.map((row) => ({ ...row, '@odata.type': '#microsoft.graph.device' }))),
  ],
  [
    'a policy that is nested 300 deep',
    'kv-governed',
    propertiesOf('PolicyAssignments_List', 'vaults-use-rbac', having({ parameters: nested(150) })),
  ],
];

function nested(levels: number): JsonValue {
  return JSON.parse(`${'{"not":['.repeat(levels)}${']}'.repeat(levels)}`) as JsonValue;
}

test.each(told)('an answer with %s, told at plan and at apply alike, flips nothing: %s', async (_, name, lie) => {
  lie();
  const { refused, bug, onRbac } = await carriedOut();
  expect(bug).toBeUndefined();
  expect(onRbac).not.toContain(name);
  expect(refused).toBe(0);
});

describe('an answer of Azure with a lie in it, told at plan and at apply alike', () => {
  test(
    'flips no vault that stays on its access policies in truth, and takes nothing from a workload',
    async () => {
      const rows = [...(await rowsRead())];
      const all = rows.flatMap(([row, value]) => membersOf(value).map((at): Member => ({ row, at })));
      expect(all.length).toBeGreaterThan(300);
      process.stdout.write(`${all.length} members of ${rows.length} rows, ${cases} lies; seed ${seed}\n`);
      const complaints: string[] = [];
      for (let number = 0; number < cases; number += 1) {
        const random = seededRandom(seed + number);
        const [member, lie]: [Member, Lie] = [random.pick(all), random.pick(lies)];
        if (likeTheTruth.some((rule) => rule.at.test(member.at.join('.')) && rule.lies.includes(lie))) continue;
        tell(box, member, lie);
        const { flipped, refused, bug } = await carriedOut();
        if (flipped.length > 0 || refused > 0 || bug !== undefined) {
          const words = `${member.row} ${member.at.join('.')} ${lie}: flipped ${flipped.join(', ')}, ${refused} calls refused`;
          complaints.push(
            bug === undefined ? words : `${words}, ${bug instanceof Error ? (bug.stack ?? '') : 'something was thrown that is no error'}`,
          );
          if (process.env.KEYTURN_LIES_SAY) process.stdout.write(`COMPLAINT ${complaints.at(-1)}\n`);
        }
        box.restore(start);
      }
      expect(complaints, `seed ${seed}`).toEqual([]);
    },
    240 * minute,
  );
});
