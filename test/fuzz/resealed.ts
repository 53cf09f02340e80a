import { canonicalJson, digestOf } from '../../src/base/canonical-json.ts';
import { type JsonObject, objectAt, objectsAt } from '../../src/base/json.ts';
import { KnownError } from '../../src/base/known-error.ts';
import { parseBundle } from '../../src/formats/bundle.ts';
import type { PlanBody } from '../../src/formats/plan.ts';
import { encodePlan, readPlan } from '../../src/formats/plan-file.ts';
import { applyPlan } from '../../src/migrate/apply-plan.ts';
import { rollBack } from '../../src/migrate/roll-back.ts';
import type { VaultResult } from '../../src/migrate/vault-result.ts';
import { assertOwnWords } from '../../src/plan/assert-own-words.ts';
import { type Random, seededRandom } from '../differential/random.ts';
import type { AzureBox, Held, Kept } from './azure-box.ts';
import { mutate } from './mutate.ts';
import { linesBefore, mutateLine, sealLines } from './reseal-lines.ts';
import { scheme } from './scheme.ts';

export interface Counts {
  /** Cases, and how many of them keyturn refused to carry out. */
  cases: number;
  refusedByUs: number;
  workloadCallsRefused: number;
  policiesReplaced: number;
  bugs: number;
  /** Writes that keyturn would not plan. */
  foreignWrites: number;
  /** What to look at, each with the case's number. */
  readonly complaints: string[];
}

export function noCounts(): Counts {
  return { cases: 0, refusedByUs: 0, workloadCallsRefused: 0, policiesReplaced: 0, bugs: 0, foreignWrites: 0, complaints: [] };
}

const everything = { through: 'watch', concurrency: 4 } as const;

/** Plans that somebody has changed and sealed again, each carried out as far as keyturn lets it, on the same Azure. */
export async function fuzzPlans(box: AzureBox, cases: number, seed: number, counts: Counts): Promise<void> {
  const start = box.held();
  for (let number = 0; number < cases; number++) {
    const random = seededRandom(seed + number);
    const ended = await outcomeOf(async () => {
      const plan = readPlan(resealedPlan(box, random));
      assertOwnWords(plan);
      const ports = await box.ports({ entries: [], bundles: new Map() });
      return applyPlan(plan, everything, { ports, catalogue: box.catalogue });
    });
    await judge(box, start, ended, { counts, name: `plan ${seed + number}`, mayReplace: false });
    box.restore(start);
  }
}

/** Bundles that somebody has changed and sealed again, each rolled back with nobody there to ask. */
export async function fuzzBundles(box: AzureBox, cases: number, seed: number, counts: Counts): Promise<void> {
  const start = box.held();
  const kept: Kept = { entries: [], bundles: new Map() };
  await applyPlan(box.plan, everything, { ports: await box.ports(kept), catalogue: box.catalogue });
  const flipped = box.held();
  const bundles = [...kept.bundles.values()];
  for (let number = 0; number < cases; number++) {
    const random = seededRandom(seed + number);
    const bundle = random.pick(bundles);
    if (random.chance(40)) changeStored(box, flipped, random);
    const before = box.held();
    const value = sealed(mutate(without(bundle, 'digest'), random));
    const entries = random.chance(50) ? [...kept.entries] : [];
    // Only the very bundle that the journal knows may be written back.
    const mayReplace = entries.length > 0 && value.digest === bundle.digest;
    const ended = await outcomeOf(async () => {
      const way = { kind: 'bundle', bundle: parseBundle(value) } as const;
      const ports = await box.ports({ entries, bundles: new Map(kept.bundles) });
      return [await rollBack(way, { removeAssignments: random.chance(50) }, { ports, catalogue: box.catalogue })];
    });
    await judge(box, before, ended, { counts, name: `bundle ${seed + number}`, mayReplace });
    box.restore(flipped);
  }
  box.restore(start);
}

/** Lies that are told in every word of a plan, or one that is told in a line of it. A lie that nothing fits is soon found out. */
function resealedPlan({ plan, catalogue }: AzureBox, random: Random): string {
  if (random.chance(60)) return sealLines(mutateLine(linesBefore(encodePlan(plan)), random));
  const lied = scheme(plan, random, catalogue);
  return encodePlan(random.chance(70) ? withFingerprints(lied) : lied);
}

function withFingerprints(body: PlanBody): PlanBody {
  const vaults = body.vaults.map((vault) => ({ ...vault, basis: { ...vault.basis, fingerprint: digestOrNothing(vault.basis.fields) } }));
  return { ...body, vaults };
}

function sealed(body: JsonObject): JsonObject {
  return { ...body, digest: digestOrNothing(body) };
}

function digestOrNothing(value: unknown): string {
  try {
    return digestOf(value);
  } catch {
    return '';
  }
}

function without(value: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== name));
}

/** Somebody changes a policy list while the vault is on Azure RBAC: one more, or another order. */
function changeStored(box: AzureBox, { vaults }: Held, random: Random): void {
  const [key, body] = random.pick([...vaults]);
  const policies = objectsAt(objectAt(body, 'properties'), 'accessPolicies');
  const [first] = policies;
  if (first === undefined) return;
  const stranger = { ...first, objectId: 'e0000000-0000-4000-8000-00000000000e' };
  box.setPolicies(key, random.chance(50) ? [...policies, stranger] : policies.toReversed());
}

type Ended = { readonly results: readonly VaultResult[] } | { readonly refusal: KnownError } | { readonly bug: unknown };

async function outcomeOf(act: () => Promise<readonly VaultResult[]>): Promise<Ended> {
  try {
    return { results: await act() };
  } catch (error) {
    return error instanceof KnownError ? { refusal: error } : { bug: error };
  }
}

interface Case {
  readonly counts: Counts;
  readonly name: string;
  readonly mayReplace: boolean;
}

async function judge(box: AzureBox, before: Held, ended: Ended, { counts, name, mayReplace }: Case): Promise<void> {
  counts.cases++;
  const results = 'results' in ended ? ended.results : [];
  if (results.every(({ outcome }) => outcome !== 'done')) counts.refusedByUs++;
  const bug = 'bug' in ended ? ended.bug : results.find((result) => result.bug !== undefined)?.bug;
  if (bug !== undefined) {
    counts.bugs++;
    counts.complaints.push(`${name}: ${bug instanceof Error ? (bug.stack ?? bug.message) : JSON.stringify(bug)}`);
  }
  const after = box.held();
  if (same(before, after)) return;
  const replaced = policiesChanged(before, after);
  if (replaced > 0 && !mayReplace) {
    counts.policiesReplaced += replaced;
    counts.complaints.push(`${name}: policies of ${replaced} vaults were replaced`);
  }
  const foreign = foreignWrites(box, before, after);
  counts.foreignWrites += foreign.length;
  counts.complaints.push(...foreign.map((what) => `${name}: ${what}`));
  const refused = await box.refused();
  counts.workloadCallsRefused += refused;
  if (refused > 0) counts.complaints.push(`${name}: ${refused} workload calls refused`);
}

function same(before: Held, after: Held): boolean {
  const text = ({ assignments, roles, vaults }: Held) => JSON.stringify([[...assignments], [...roles.keys()], [...vaults]]);
  return text(before) === text(after);
}

function policiesChanged({ vaults }: Held, after: Held): number {
  const policiesOf = (vault: JsonObject | undefined) => canonicalJson(objectAt(vault ?? {}, 'properties').accessPolicies ?? null);
  return [...vaults].filter(([key, body]) => policiesOf(body) !== policiesOf(after.vaults.get(key))).length;
}

/** What came or went that is none of the steps of the plan that keyturn made, and any change of a vault beyond its flag and policies. */
function foreignWrites({ plan }: AzureBox, before: Held, after: Held): readonly string[] {
  const steps = plan.vaults.flatMap((vault) => vault.steps);
  const ours = new Set(
    steps.flatMap((step) => {
      if (step.kind === 'ensureRoleAssignment') return step.undo.assignmentId.toLowerCase();
      return step.kind === 'ensureRoleDefinition' ? step.undo.roleDefinitionId.toLowerCase() : [];
    }),
  );
  const ready = new Set(plan.vaults.filter(({ state }) => state === 'ready').map(({ vaultId }) => vaultId.toLowerCase()));
  const lists: readonly (readonly [string, ReadonlyMap<string, unknown>, ReadonlyMap<string, unknown>])[] = [
    ['assignment', before.assignments, after.assignments],
    ['role', before.roles, after.roles],
  ];
  const moved = lists.flatMap(([what, was, is]) =>
    [...new Set([...was.keys(), ...is.keys()])]
      .filter((key) => was.has(key) !== is.has(key) && !ours.has(key))
      .map((key) => `${what} ${key} ${was.has(key) ? 'removed' : 'made'}`),
  );
  const vaults = [...before.vaults].flatMap(([key, body]) => {
    const now = after.vaults.get(key) ?? {};
    if (shorn(body) !== shorn(now)) return [`vault ${key} written`];
    return flagOf(body) !== flagOf(now) && !ready.has(key) ? [`vault ${key} flipped`] : [];
  });
  return [...moved, ...vaults];
}

function flagOf(vault: JsonObject): boolean {
  return objectAt(vault, 'properties').enableRbacAuthorization === true;
}

/** The vault without what a flip and a rollback write. */
function shorn(vault: JsonObject): string {
  const left = new Set(['enableRbacAuthorization', 'accessPolicies']);
  const properties = Object.fromEntries(Object.entries(objectAt(vault, 'properties')).filter(([name]) => !left.has(name)));
  return canonicalJson({ ...vault, properties, systemData: null });
}
