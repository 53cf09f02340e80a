import { countsGroups } from '../../formats/decisions.ts';
import type { Decision, EntryPlan } from '../../formats/plan.ts';
import type { CustomRole } from '../../mapping/custom-role.ts';
import type { Entry } from '../../mapping/entry.ts';
import { mapEntry } from '../../mapping/map-entry.ts';
import { type Finding, findingsAbout, sortFindings } from '../../model/finding.ts';
import { givesUp, isGone } from '../possible-choices.ts';
import { choiceValue } from './choice-value.ts';
import { permissionsValue, principalValue } from './entry-values.ts';
import { heldOf } from './held-at-vault.ts';
import { askedOf, remarksWithoutRoles, settleEntry } from './settle-entry.ts';
import { type EntryContext, reproduced } from './settled.ts';

export interface PlannedEntry {
  readonly entry: EntryPlan;
  readonly findings: readonly Finding[];
  /** Has to be made before it can be assigned. */
  readonly customRole?: CustomRole;
}

/**
 * What becomes of one entry, with the decision that speaks of it. A decision can give up access or accept a wide role; it
 * cannot make a compound identity, an unknown principal or an unknown permission into something that a role covers.
 * @throws KnownError DECISION_WRONG (usage) when it names what the entry does not have, or what cannot be done.
 */
export function planEntry(entry: Entry, decision: Decision | undefined, context: EntryContext): PlannedEntry {
  const { policy, principal, subject, standing, required } = entry;
  const blockers = standing.findings.filter((finding) => finding.severity === 'blocker');
  if (decision !== undefined && !givesUp(decision.choice) && isGone(blockers)) return stillOpen(entry, decision, context);
  // What the plain principal holds is nothing to the compound identity (LP-3).
  const { own, withGroups } = context.heldAccess;
  const speaks = standing.outcome !== 'inert' && policy.applicationId === undefined;
  const held = speaks ? heldOf(required, countsGroups(decision) ? withGroups.by : own.by) : undefined;
  const base = {
    tenantId: policy.tenantId,
    objectId: policy.objectId,
    ...(policy.applicationId !== undefined && { applicationId: policy.applicationId }),
    principal: principalValue(principal),
    ...permissionsValue(policy, required),
    ...(decision !== undefined && { decision }),
    ...(held !== undefined && { held }),
  };
  if (standing.outcome === 'inert') return { entry: { ...base, outcome: 'inert', dropped: [] }, findings: standing.findings };
  const settled = decision === undefined ? undefined : settleEntry(entry, decision, context);
  if (settled !== undefined && decision !== undefined) {
    const told = standing.findings.map((finding) => decidedFinding(finding, decision));
    const { part, remarks, customRole } = settled;
    const findings = sortFindings([...told, ...findingsAbout(subject, remarks)]);
    return { entry: { ...base, ...part }, findings, ...(customRole !== undefined && { customRole }) };
  }
  const mapping = mapEntry(askedOf(entry, decision), context);
  const choice = mapping.choice === undefined ? {} : { choice: choiceValue(mapping.choice) };
  if (mapping.outcome !== 'needsDecision') {
    return { entry: { ...base, outcome: reproduced(mapping.choice), dropped: [], ...choice }, findings: mapping.findings };
  }
  const open = mapping.findings.filter((finding) => finding.severity === 'blocker');
  const told = standing.findings.filter((finding) => finding.severity !== 'blocker');
  const findings = sortFindings([...open, ...told, ...findingsAbout(subject, remarksWithoutRoles(entry))]);
  return { entry: { ...base, outcome: 'undecided', dropped: [], ...choice }, findings };
}

/** A decision to keep access for somebody who is gone, or was not found: the entry stays open, and says why. */
function stillOpen(entry: Entry, { choice }: Decision, context: EntryContext): PlannedEntry {
  const planned = planEntry(entry, undefined, context);
  const findings = planned.findings.map((finding): Finding => {
    const isWhy = finding.code === 'PRN-DELETED' || finding.code === 'PRN-UNRESOLVED';
    return isWhy ? { ...finding, answer: { kind: 'cannot', choice } } : finding;
  });
  return { ...planned, findings };
}

/** What a decision has settled is still told, and no longer stops anybody. */
function decidedFinding(finding: Finding, { choice, reason }: Decision): Finding {
  if (finding.severity !== 'blocker') return finding;
  return { ...finding, severity: 'note', answer: { kind: 'decided', choice, reason } };
}
