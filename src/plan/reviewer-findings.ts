import type { AssignStep, EntryPlan, PlannedGain } from '../formats/plan.ts';
import { entrySubject } from '../model/entry-standing.ts';
import { type Finding, finding } from '../model/finding.ts';
import { parseScope, rootScope, scopeLevel } from '../model/scope.ts';
import type { Vault } from '../model/vault.ts';

/** What of a vault's plan a reviewer is told of apart, since its single parts do not show it. */
interface Reviewed {
  readonly vault: Vault;
  readonly entries: readonly EntryPlan[];
  readonly gains: readonly PlannedGain[];
  readonly steps: readonly AssignStep[];
}

/** Reviewers ask for a reason of each administrator, each wide grant that wakes up, and each access that is given up unproven. */
export function reviewerFindings({ vault, entries, gains, steps }: Reviewed): readonly Finding[] {
  return [
    ...entries.flatMap((entry) => [...administrator(entry, vault.id), ...givenUp(entry, vault.id)]),
    ...gains.flatMap((gain) => wideGrant(gain, vault.id)),
    ...(entries.length > 0 && !people({ entries, gains, steps }) ? [finding('note', 'PLN-NO-PEOPLE', { vault: vault.id }, {})] : []),
  ];
}

/** Key Vault Administrator, by its id. */
const administratorRole = '00482a5a-887f-4fb3-b363-3b7fe8e74483';

function administrator(entry: EntryPlan, vaultId: string): readonly Finding[] {
  const { outcome, choice } = entry;
  if (outcome !== 'reproduce' || choice?.roles.some(({ id }) => id === administratorRole) !== true) return [];
  const extra = choice.excess.filter(({ tier }) => tier === 'A' || tier === 'B').length;
  return [finding('warning', 'PLN-ADMINISTRATOR', entrySubject(vaultId, entry), { extra })];
}

/** Who exists may use the access. Of those who are gone, nobody can. */
const alive = new Set(['user', 'guest', 'group', 'servicePrincipal', 'managedIdentity']);

function givenUp(entry: EntryPlan, vaultId: string): readonly Finding[] {
  const { decision, dropped, principal } = entry;
  if (decision === undefined || dropped.length === 0 || !alive.has(principal.kind)) return [];
  return [finding('warning', 'PLN-DROP-UNPROVEN', entrySubject(vaultId, entry), { choice: decision.choice, dataActions: dropped })];
}

const wide = new Set(['root', 'managementGroup', 'subscription', 'resourceGroup']);

function wideGrant({ cause, scope, dataActions, principalId, principal, roleName, assignmentId }: PlannedGain, vaultId: string) {
  const worst = dataActions.flatMap(({ dataAction, tier }) => (tier === 'A' ? [dataAction] : []));
  if (cause !== 'flip' || worst.length === 0 || !wide.has(scopeLevel(parseScope(scope) ?? rootScope))) return [];
  const facts = { principalName: principal.displayName, roleName: roleName ?? '', scope, assignmentId, dataActions: worst };
  return [finding('warning', 'PLN-WIDE-GRANT', { vault: vaultId, principal: principalId }, facts)];
}

const human = new Set(['user', 'guest', 'group']);

/** Whether anybody but a program has access to data after the flip, as far as the plan tells. */
function people({ entries, gains, steps }: Omit<Reviewed, 'vault'>): boolean {
  return (
    steps.some(({ principalType }) => principalType !== 'ServicePrincipal') ||
    entries.some(({ principal, held = [] }) => held.length > 0 && human.has(principal.kind)) ||
    gains.some(({ principal }) => human.has(principal.kind))
  );
}
