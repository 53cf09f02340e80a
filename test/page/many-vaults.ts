import { nameGuid } from '../../src/base/name-guid.ts';
import type { EntryPlan, Plan, VaultPlan } from '../../src/formats/plan.ts';

/** A plan of so many vaults, made of those of a small one: each with applications of its own, groups and people as they were. */
export function grown(plan: Plan, count: number): Plan {
  const vaults = Array.from({ length: count }, (_, at) => {
    const from = plan.vaults[at % plan.vaults.length];
    if (from === undefined) throw new Error('the plan has no vaults');
    return copyOf(from, String(at).padStart(5, '0'));
  });
  return { ...plan, vaults };
}

function copyOf(vault: VaultPlan, at: string): VaultPlan {
  const name = `${vault.name}-${at}`;
  const vaultId = `${vault.vaultId.slice(0, vault.vaultId.lastIndexOf('/'))}/${name}`;
  const own = new Set(vault.entries.flatMap(({ objectId, principal }) => (principal.kind === 'managedIdentity' ? [objectId] : [])));
  const idOf = (id: string) => (own.has(id) ? nameGuid(id, at) : id);
  const whom = (id: string, principal: EntryPlan['principal']) =>
    own.has(id) ? { ...principal, displayName: `${principal.displayName}-${at}`, appId: nameGuid('application', id, at) } : principal;
  return {
    ...vault,
    vaultId,
    name,
    entries: vault.entries.map((entry) => ({ ...entry, objectId: idOf(entry.objectId), principal: whom(entry.objectId, entry.principal) })),
    gains: vault.gains.map((gain) => ({
      ...gain,
      principalId: idOf(gain.principalId),
      principal: whom(gain.principalId, gain.principal),
      scope: gain.scope.replace(vault.vaultId, vaultId),
    })),
    findings: vault.findings.map(({ subject, ...one }) => {
      const { principal } = subject;
      return { ...one, subject: { ...subject, vault: vaultId, ...(principal !== undefined && { principal: idOf(principal) }) } };
    }),
    steps: vault.steps.map((step) => {
      if (step.kind !== 'ensureRoleAssignment') return { ...step, vaultId };
      const scope = step.scope.replace(vault.vaultId, vaultId);
      return { ...step, vaultId, scope, name: nameGuid(step.name, at), principalId: idOf(step.principalId) };
    }),
  };
}
