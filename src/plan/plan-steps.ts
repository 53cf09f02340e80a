import { type Guid, parseGuid } from '../base/guid.ts';
import { makeAssignStep } from '../formats/make-steps.ts';
import type { AssignStep, EntryPlan, RoleStep } from '../formats/plan.ts';
import type { CustomRole } from '../mapping/custom-role.ts';
import type { Estate } from '../model/estate.ts';
import { principalTypeOf } from '../model/principal.ts';
import type { Vault } from '../model/vault.ts';
import { roleStep } from './custom-role-step.ts';
import type { PlannedEntry } from './entry/entry-plan.ts';

/** Custom roles that the vault's entries need, each once, by id. */
export function roleSteps(planned: readonly PlannedEntry[], { id: vaultId }: Vault): readonly RoleStep[] {
  const roles = new Map<Guid, CustomRole>(
    planned.flatMap(({ customRole }) => (customRole === undefined ? [] : [[customRole.id, customRole]])),
  );
  return [...roles.values()].sort((a, b) => (a.id < b.id ? -1 : 1)).map((role) => roleStep(role, vaultId));
}

/** One step per role, principal, scope and condition: two entries that need the same one share it. */
export function assignSteps(planned: readonly PlannedEntry[], vault: Vault, { principals }: Estate): readonly AssignStep[] {
  const steps = new Map<string, AssignStep>();
  for (const { entry } of planned) {
    const principalId = parseGuid(entry.objectId);
    const principal = principalId === undefined ? undefined : principals.get(principalId);
    const principalType = principal === undefined ? undefined : principalTypeOf(principal);
    if (entry.outcome !== 'reproduce' || principalId === undefined || principalType === undefined) continue;
    for (const { scope, role, condition, because } of wantedBy(entry, vault.id)) {
      const { id: roleDefinitionId, name: roleName } = role;
      const under = condition === undefined ? {} : { condition };
      const step = makeAssignStep({ vaultId: vault.id, scope, roleDefinitionId, roleName, principalId, principalType, ...under, because });
      steps.set(step.name, step);
    }
  }
  return [...steps.values()];
}

interface RequestedRole {
  readonly scope: string;
  readonly role: { readonly id: string; readonly name: string };
  readonly condition?: string;
  readonly because: AssignStep['because'];
}

const namedSecretsOnly: AssignStep['because'] = [{ kind: 'namedSecretsOnly' }];

function wantedBy({ choice, conditioned, objects }: EntryPlan, vaultId: string): readonly RequestedRole[] {
  return [
    ...(choice?.roles ?? []).map((role) => ({ scope: vaultId, role, because: choice?.because ?? [] })),
    ...(conditioned?.roles ?? []).map((role) => {
      return { scope: vaultId, role, condition: conditioned?.condition ?? '', because: namedSecretsOnly };
    }),
    ...(objects ?? []).flatMap(({ object, roles }) =>
      roles.map((role) => ({ scope: `${vaultId}/${object}`, role, because: [{ kind: 'objectOnly' as const, object }] })),
    ),
  ];
}
