import { digestOf } from '../../src/base/canonical-json.ts';
import { assignmentId, assignmentName } from '../../src/formats/assignment-name.ts';
import type { AssignStep, EntryPlan, PlanBody, VaultPlan } from '../../src/formats/plan.ts';
import type { Catalogue } from '../../src/model/catalogue.ts';
import type { Random } from '../differential/random.ts';

type Scheme = (vault: VaultPlan, random: Random, catalogue: Catalogue) => VaultPlan;

/**
 * What somebody would do who knows how plans are made: the lie, and everything that has to fit it. Names of assignments follow from what
 * they assign, and the fingerprint from the facts.
 */
export function scheme(body: PlanBody, random: Random, catalogue: Catalogue): PlanBody {
  if (random.chance(10)) return { ...body, settings: { ...body.settings, minimumAgeMinutes: random.pick([0, 1, 14, 10_081, 44_640]) } };
  const at = random.int(body.vaults.length);
  const act = random.pick(schemes);
  return {
    ...body,
    vaults: body.vaults.map((vault, position) => {
      if (position !== at) return vault;
      const changed = act(structuredClone(vault), random, catalogue);
      return { ...changed, basis: { ...changed.basis, fingerprint: digestOf(changed.basis.fields) } };
    }),
  };
}

const schemes: readonly Scheme[] = [
  /** Access given up in silence. */
  (vault, random) => {
    const entry = random.pick(vault.entries);
    const lie: Partial<EntryPlan> = { outcome: random.pick(['drop', 'alreadyCovered', 'reproduce']), dropped: entry.required };
    return withoutStepsFor(entry, withEntry(vault, entry, lie));
  },
  /** Access that is said to be held. */
  (vault, random) => {
    const entry = random.pick(vault.entries);
    const where = { assignmentId: `${vault.vaultId}/x`, roleDefinitionId: 'x', roleName: 'x', scope: vault.vaultId };
    return withoutStepsFor(
      entry,
      withEntry(vault, entry, { outcome: 'alreadyCovered', held: [{ dataActions: entry.required, ...where }] }),
    );
  },
  /** A wider role, under its own name or a harmless one. */
  (vault, random, catalogue) => {
    const step = random.pick(assigns(vault));
    const role = random.pick(catalogue.roles.filter(({ candidate }) => candidate));
    const roleName = random.chance(50) ? role.name : step.roleName;
    const entries = vault.entries.map((entry) =>
      entry.objectId === step.principalId && entry.choice !== undefined
        ? { ...entry, choice: { ...entry.choice, roles: [{ id: role.id, name: roleName }], excess: [] } }
        : entry,
    );
    return fitFacts({ ...vault, entries, steps: swapped(vault, step, named({ ...step, roleDefinitionId: role.id, roleName })) });
  },
  /** The role for somebody else. */
  (vault, random) => {
    const step = random.pick(assigns(vault));
    const { objectId } = random.pick(vault.entries);
    return { ...vault, steps: swapped(vault, step, named({ ...step, principalId: objectId })) };
  },
  /** The role somewhere else. */
  (vault, random) => {
    const step = random.pick(assigns(vault));
    const scope = random.pick([`${vault.vaultId}/secrets/other`, vault.vaultId.replace(/\/providers\/.*$/, ''), `${vault.vaultId}2`]);
    return { ...vault, steps: swapped(vault, step, named({ ...step, scope })) };
  },
  /** Without the condition, or under a wider one. */
  (vault, random) => {
    const limited = assigns(vault).filter(({ condition }) => condition !== undefined);
    const step = random.pick(limited.length > 0 ? limited : assigns(vault));
    const { condition = '', ...bare } = step;
    const changed = random.chance(50) ? bare : { ...bare, condition: condition.replace(/'[^']*'/, "'*'") };
    return { ...vault, steps: swapped(vault, step, named(changed)) };
  },
  (vault) => ({ ...vault, gains: [] }),
  (vault) => ({ ...vault, name: `${vault.name}-test` }),
  (vault) => ({ ...vault, state: 'ready', findings: [] }),
  (vault, random) => ({ ...vault, steps: vault.steps.filter(() => !random.chance(30)) }),
  (vault, random) => ({ ...vault, steps: Array.from({ length: 50 }, () => random.pick(vault.steps)) }),
  (vault) => ({ ...vault, handOff: vault.steps.map(({ id: step }) => ({ step, command: 'true' })) }),
];

function assigns({ steps }: VaultPlan): readonly AssignStep[] {
  return steps.filter((step) => step.kind === 'ensureRoleAssignment');
}

function withEntry(vault: VaultPlan, entry: EntryPlan, changes: Partial<EntryPlan>): VaultPlan {
  return { ...vault, entries: vault.entries.map((one) => (one === entry ? { ...one, ...changes } : one)) };
}

function withoutStepsFor({ objectId }: EntryPlan, vault: VaultPlan): VaultPlan {
  const steps = vault.steps.filter((step) => step.kind !== 'ensureRoleAssignment' || step.principalId !== objectId);
  return fitFacts({ ...vault, steps });
}

function swapped({ steps }: VaultPlan, old: AssignStep, step: AssignStep): VaultPlan['steps'] {
  return steps.map((one) => (one === old ? step : one));
}

function named(step: AssignStep): AssignStep {
  const name = assignmentName(step.scope, step.principalId, step.roleDefinitionId, step.condition);
  return { ...step, id: `assign-${name}`, name, undo: { ...step.undo, assignmentId: assignmentId(step.scope, name) } };
}

/** Roles of steps that are gone leave the facts; those that came are not known to whoever lies, and make the plan stale. */
function fitFacts(vault: VaultPlan): VaultPlan {
  const used = new Set(assigns(vault).map(({ roleDefinitionId }) => roleDefinitionId));
  const { roleAssignments = [], roleDefinitions = [], ...rest } = vault.basis.fields;
  const isUsed = (line: string) => [...used].some((id) => line.includes(id)) || roleAssignments.some((row) => row.includes(idIn(line)));
  const fields = { ...rest, roleAssignments, roleDefinitions: roleDefinitions.filter(isUsed) };
  return { ...vault, basis: { ...vault.basis, fields } };
}

function idIn(line: string): string {
  return /"id":"([^"]+)"/.exec(line)?.[1] ?? line;
}
