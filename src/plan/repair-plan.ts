import { operatorRights } from '../access/operator-rights.ts';
import { everyone, type Guid, parseGuid } from '../base/guid.ts';
import { itemsRead } from '../base/reading.ts';
import { vaultFindings } from '../checks/vault-findings.ts';
import type { AssignStep, VaultPlan } from '../formats/plan.ts';
import { entrySubject } from '../model/entry-standing.ts';
import { type Finding, finding, sortFindings } from '../model/finding.ts';
import type { FindingCode } from '../model/finding-facts.ts';
import { type Reason, reasonsKey } from '../model/reason.ts';
import { vaultBasis } from './basis.ts';
import { handOff } from './hand-off.ts';
import { plannedAs } from './own-work.ts';
import { assignSteps, roleSteps } from './plan-steps.ts';
import { conflictFindings } from './steps/assignment-conflicts.ts';
import { makingFindings } from './steps/preflight-findings.ts';
import { judge, planEntries, plannedGain, principalsLeftOpen } from './vault-plan.ts';
import type { VaultSetting } from './vault-setting.ts';

/**
 * The plan of a vault that is on Azure RBAC already. Where its stored policies give what nothing durable covers, somebody has lost
 * access now: switched by somebody else, or recovered after a deletion, which takes its assignments (EA-16). Then the plan makes what
 * is missing, and no flip. An entry that needs a decision holds nobody else's access up. Everything that stands is in force here,
 * our own assignments too, so `setting` holds the facts with them.
 */
export function planOnRbac(setting: VaultSetting): VaultPlan {
  const { vault, subscription } = setting;
  const subject = { vault: vault.id };
  const first = lacksOf(judge(setting, [], [], []).pairs);
  if (first.uncovered.length === 0)
    return alreadyOnRbac(setting, first.unknown.length > 0 ? [finding('warning', 'PLN-UNKNOWN', subject, { kind: 'onRbac' })] : []);
  const lacking = new Set(first.uncovered.map((pair) => pair.principalId));
  const planned = planEntries(setting).filter(
    ({ entry }) => entry.decision !== undefined || lacking.has(parseGuid(entry.objectId) ?? everyone),
  );
  const roles = roleSteps(planned, vault);
  const steps = assignSteps(planned, vault, setting.estate);
  const entries = planned.map((one) => one.entry);
  if (lacksOf(judge(setting, [], [], entries).pairs).uncovered.length === 0) return alreadyOnRbac(setting, []);
  const after = judge(setting, roles, steps, entries);
  const left = lackingFindings(after.pairs, vault.id, principalsLeftOpen(entries));
  const told = [...planned.flatMap((one) => one.findings.map(asWarning)), ...left];
  if (!steps.some((step) => isMissing(step, setting))) return alreadyOnRbac(setting, told);
  const { operator, principals, members, readAt: at } = setting.estate;
  const rights = operatorRights({ operator, vault, subscription, principals, members, catalogue: setting.catalogue, at });
  const hindering = [
    ...vaultFindings(setting.vaultFacts, setting.estate).filter(({ code }) => hinders.has(code)),
    ...conflictFindings(steps, subscription, vault.id),
  ];
  const open = handOff(roles, steps, rights);
  return {
    vaultId: vault.id,
    name: vault.name,
    state: hindering.some((finding) => finding.severity === 'blocker') ? 'blocked' : 'repair',
    basis: vaultBasis(vault, subscription, [...roles, ...steps]),
    entries,
    gains: after.gains.filter((gain) => gain.cause === 'plan').map((gain) => plannedGain(gain, setting, roles)),
    findings: [
      ...sortFindings([
        finding('warning', 'PLN-REPAIR', subject, {}),
        ...told,
        ...hindering,
        ...makingFindings(setting, rights, roles, steps),
      ]),
    ],
    steps: [...roles, ...steps],
    ...(open.length > 0 && { handOff: open }),
  };
}

type Pairs = ReturnType<typeof judge>['pairs'];

/** Access through a group may end, and is there today: that is no outage. */
function lacksOf(pairs: Pairs): { readonly uncovered: Pairs; readonly unknown: Pairs } {
  return {
    uncovered: pairs.filter((pair) => pair.state === 'uncovered' && pair.lack !== 'decision'),
    unknown: pairs.filter((pair) => pair.state === 'unknown'),
  };
}

function isMissing(step: AssignStep, { subscription }: VaultSetting): boolean {
  return !itemsRead(subscription.roleAssignments).some(plannedAs([step]));
}

/** What hinders assigning roles; what bears on a flip or its way back is no matter here. */
const hinders = new Set<FindingCode>(['INV-LOCK-READONLY', 'INV-LOCK-DELETE', 'INV-NOT-SETTLED', 'INV-TENANT', 'INV-UNREAD']);

function asWarning(finding: Finding): Finding {
  return finding.severity === 'blocker' ? { ...finding, severity: 'warning' } : finding;
}

/** What stays without cover when all is made, such as what a deny assignment takes. */
function lackingFindings(pairs: Pairs, vaultId: string, leftOpen: ReadonlySet<string>): readonly Finding[] {
  const groups = new Map<string, { principalId: Guid; because: readonly Reason[]; surely: boolean; actions: Set<string> }>();
  for (const { state, principalId, because, dataAction, lack } of pairs) {
    if (state === 'covered' || lack === 'decision' || leftOpen.has(principalId)) continue;
    const key = `${state} ${principalId} ${reasonsKey(because)}`;
    const group = groups.get(key) ?? { principalId, because, surely: state === 'uncovered', actions: new Set() };
    group.actions.add(dataAction);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ principalId, because, surely, actions }) => {
    const code = surely ? 'PLN-UNCOVERED' : 'PLN-UNKNOWN';
    const facts = { kind: 'repair' as const, dataActions: [...actions], because };
    return finding('warning', code, entrySubject(vaultId, { objectId: principalId }), facts);
  });
}

function alreadyOnRbac({ vault, subscription }: VaultSetting, more: readonly Finding[]): VaultPlan {
  const basis = vaultBasis(vault, subscription, []);
  const findings = [...sortFindings([finding('note', 'PLN-ALREADY-RBAC', { vault: vault.id }, {}), ...more])];
  return { vaultId: vault.id, name: vault.name, state: 'alreadyOnRbac', basis, entries: [], gains: [], findings, steps: [] };
}
