import { type JsonObject, objectAt } from '../../src/base/json.ts';
import type { DecisionRow } from '../../src/formats/decisions.ts';
import type { AssignStep, Plan, RoleStep, VaultPlan } from '../../src/formats/plan.ts';
import { encodePlan, readPlan, sealPlan } from '../../src/formats/plan-file.ts';
import { vaultBasis } from '../../src/plan/basis.ts';
import { planOf } from './a-migration.ts';
import { bodyOf } from './a-plan.ts';
import { aWorld, estateOf, type World } from './a-world.ts';
import { application, id, rawPolicy, rawVault } from './an-estate.ts';

export const orders = id('d', 1);
export const signer = id('d', 2);
export const billing = id('d', 3);
const labels = id('d', 4);

const one = [
  rawPolicy(orders, { secrets: ['get', 'list'] }),
  rawPolicy(signer, { keys: ['get', 'sign'] }),
  rawPolicy(billing, { secrets: ['get', 'list', 'set'] }),
];
const two = [rawPolicy(labels, { keys: ['Sign', 'Get'] })];

/** Two vaults whose signers share a custom role; in the first, access to single secrets by assignments and by a condition. */
export function aDecidedWorld(changes: Partial<World> = {}): World {
  const off = { enableRbacAuthorization: false };
  return aWorld(
    [rawVault('kv-one', one, off), rawVault('kv-two', two, off)],
    [orders, signer, billing, labels].map((who) => application(who)),
    changes,
  );
}

const decide = (principal: string, vault: string, more: Pick<DecisionRow, 'choice' | 'keep' | 'objects'>): DecisionRow => {
  return { vault, principal, reason: 'asked the owner', ...more };
};

const decisions: readonly DecisionRow[] = [
  decide(orders, 'kv-one', { choice: 'objectScope', objects: ['secrets/orders-db'], keep: ['secrets/list'] }),
  decide(signer, 'kv-one', { choice: 'customRole' }),
  decide(billing, 'kv-one', { choice: 'nameCondition', objects: ['secrets/Billing-Key'], keep: ['secrets/list'] }),
  decide(labels, 'kv-two', { choice: 'customRole' }),
];

export function decidedPlan(world: World): Plan {
  return planOf(world, decisions);
}

export function planOfVault(plan: Plan, name = 'kv-one'): VaultPlan {
  const found = plan.vaults.find((vault) => vault.name === name);
  if (found === undefined) throw new Error(`no vault ${name}`);
  return found;
}

export function roleStepOf(plan: Plan, name = 'kv-one'): RoleStep {
  const found = planOfVault(plan, name).steps.find((step) => step.kind === 'ensureRoleDefinition');
  if (found === undefined) throw new Error('no custom role is planned');
  return found;
}

/** What is planned for the principal, whose role, scope or condition the test is about. */
export function assignStepOf(plan: Plan, principalId: string, which: (step: AssignStep) => boolean = () => true): AssignStep {
  const steps = plan.vaults.flatMap((vault) => vault.steps).filter((step) => step.kind === 'ensureRoleAssignment');
  const found = steps.find((step) => step.principalId === principalId && which(step));
  if (found === undefined) throw new Error('no assignment is planned');
  return found;
}

/** The plan as somebody with bad intent could seal it again: other steps in its first vault, over facts that fit them. */
export function resealed(world: World, plan: Plan, change: (steps: VaultPlan['steps']) => VaultPlan['steps']): Plan {
  const estate = estateOf(world);
  const [vaultFacts] = estate.vaults;
  const [subscription] = estate.subscriptions;
  if (vaultFacts === undefined || subscription === undefined) throw new Error('no vault');
  const body = bodyOf(plan);
  const vaults = body.vaults.map((vault, at) => {
    if (at > 0) return vault;
    const steps = change(vault.steps);
    return { ...vault, steps, basis: vaultBasis(vaultFacts.vault, subscription, steps) };
  });
  return readPlan(encodePlan(sealPlan({ ...body, vaults })));
}

/** Somebody changes what Azure keeps of an assignment or a role. */
export function edit(rows: Map<string, JsonObject>, id: string, change: (properties: JsonObject) => JsonObject): void {
  const raw = rows.get(id.toLowerCase());
  if (raw === undefined) throw new Error(`${id} is not there`);
  rows.set(id.toLowerCase(), { ...raw, properties: change(objectAt(raw, 'properties')) });
}
