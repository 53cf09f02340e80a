import { operatorRights } from '../access/operator-rights.ts';
import { everyone, type Guid, parseGuid } from '../base/guid.ts';
import { itemsRead } from '../base/reading.ts';
import { vaultFindings } from '../checks/vault-findings.ts';
import type { AssignStep, VaultPlan } from '../formats/plan.ts';
import { shortAction } from '../model/data-action.ts';
import { entrySubject } from '../model/entry-standing.ts';
import { type Finding, sortFindings } from '../model/finding.ts';
import type { FindingCode } from '../model/finding-facts.ts';
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
  const first = lacksOf(judge(setting, [], [], []).pairs);
  if (first.uncovered.length === 0) return alreadyOnRbac(setting, first.unknown.length > 0 ? [notKnown(vault.id)] : []);
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
    findings: [...sortFindings([repairNeeded(vault.id), ...told, ...hindering, ...makingFindings(setting, rights, roles, steps)])],
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

function repairNeeded(vaultId: string): Finding {
  return {
    severity: 'warning',
    code: 'PLN-REPAIR',
    subject: vaultId,
    facts: { message: 'the vault is on Azure RBAC, and its stored access policies give what no role gives: this plan makes that, and flips nothing',
    remedy: '`keyturn apply` with this plan makes it at once; if it was given up on purpose, say so in a decisions file and plan again' },
  };
}

function notKnown(vaultId: string): Finding {
  return {
    severity: 'warning',
    code: 'PLN-UNKNOWN',
    subject: vaultId,
    facts: { message: 'the vault is on Azure RBAC, and keyturn could not determine whether roles give all that its stored access policies give',
    remedy: '`keyturn verify` on it says of whom and why' },
  };
}

/** What stays without cover when all is made, such as what a deny assignment takes. */
function lackingFindings(pairs: Pairs, vaultId: string, leftOpen: ReadonlySet<string>): readonly Finding[] {
  const groups = new Map<string, { principalId: Guid; because: string; surely: boolean; actions: Set<string> }>();
  for (const { state, principalId, because, dataAction, lack } of pairs) {
    if (state === 'covered' || lack === 'decision' || leftOpen.has(principalId)) continue;
    const key = `${state} ${principalId} ${because}`;
    const group = groups.get(key) ?? { principalId, because, surely: state === 'uncovered', actions: new Set() };
    group.actions.add(shortAction(dataAction));
    groups.set(key, group);
  }
  return [...groups.values()].map(({ principalId, because, surely, actions }) => ({
    severity: 'warning',
    code: surely ? 'PLN-UNCOVERED' : 'PLN-UNKNOWN',
    subject: entrySubject(vaultId, { objectId: principalId }),
    facts: { message: `${[...actions].join(', ')} ${surely ? 'stays lacking' : 'may stay lacking'}: ${because}`,
    remedy: 'solve the reason named, or decide what to give up' },
  }));
}

function alreadyOnRbac({ vault, subscription }: VaultSetting, more: readonly Finding[]): VaultPlan {
  const finding: Finding = {
    severity: 'note',
    code: 'PLN-ALREADY-RBAC',
    subject: vault.id,
    facts: { message: 'the vault is on Azure RBAC already',
    remedy: 'nothing to do' },
  };
  const basis = vaultBasis(vault, subscription, []);
  const findings = [...sortFindings([finding, ...more])];
  return { vaultId: vault.id, name: vault.name, state: 'alreadyOnRbac', basis, entries: [], gains: [], findings, steps: [] };
}
