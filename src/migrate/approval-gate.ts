import { parseGuid } from '../base/guid.ts';
import type { Reading } from '../base/reading.ts';
import { shellWord } from '../base/shell-word.ts';
import type { Approval } from '../formats/approval.ts';
import type { ApprovalRules } from '../formats/approval-rules.ts';
import type { Plan, VaultPlan } from '../formats/plan.ts';
import { openGains } from '../plan/open-gains.ts';
import { Refusal } from './vault-result.ts';

/** An approval that was read, with what is known of it besides its own words. */
export interface GivenApproval {
  readonly approval: Approval;
  /** How the person called its file. */
  readonly file: string;
  /** unchecked: there is one, and no list of allowed signers to hold it against. */
  readonly signature: 'absent' | 'good' | 'unchecked' | { readonly bad: string };
  /** Ids of the groups that the approver is in; left out where nobody asked. */
  readonly groups?: Reading<readonly string[]>;
}

/** What is known of approvals when a plan is carried out. */
export interface ApprovalFacts {
  readonly given: readonly GivenApproval[];
  /** By vault id: the digest of the vault's line in the plan. */
  readonly digests: ReadonlyMap<string, string>;
  /** What the config of this machine asks for. It can ask for more than the plan does, and not for less. */
  readonly rules?: ApprovalRules;
  /** The plan's file, for commands in remedies. */
  readonly file?: string;
}

export const noApprovals: ApprovalFacts = { given: [], digests: new Map() };

/** Whether a plan may be carried out at its vaults. Pure: it knows what was approved, and is asked before the first write of each vault. */
export interface ApprovalGate {
  /** @throws Refusal NOT_APPROVED, APPROVAL_STALE, APPROVER_IS_AUTHOR, SIGNATURE_BAD (blocked); undetermined where it is not known whether an approver may. */
  assertApproved(vault: VaultPlan): void;
  /** @throws Refusal GAIN_NOT_ACCEPTED (blocked). */
  assertGainsAccepted(vault: VaultPlan): void;
  /** The approvals that count for the vault. */
  countingFor(vault: Pick<VaultPlan, 'vaultId'>): readonly GivenApproval[];
}

type ApprovedPlan = Pick<Plan, 'tenantId' | 'cloud' | 'author' | 'settings'> & { readonly vaults: readonly Pick<VaultPlan, 'vaultId'>[] };

/** Why an approval that speaks of a vault does not count there; the graver reasons first. */
const reasons = ['signature', 'author', 'stale', 'unknown', 'notAllowed', 'partial'] as const;
type Reason = (typeof reasons)[number];

export function approvalGate(plan: ApprovedPlan, facts: ApprovalFacts): ApprovalGate {
  const rules = [plan.settings.approvals, facts.rules].filter((one) => one !== undefined);
  const asked = rules.filter(({ need }) => need !== 'none');
  const count = Math.max(0, ...asked.map((rule) => rule.count ?? 1));
  const isOfWhole = asked.some(({ need }) => need === 'plan');
  const speaking = facts.given.filter(({ approval }) => isOfPlace(approval, plan));
  const approved = new Map(speaking.map((one) => [one, new Map(one.approval.vaults.map(({ vaultId, digest }) => [vaultId, digest]))]));
  const fits = (one: GivenApproval, vaultId: string): boolean => {
    const digest = facts.digests.get(vaultId);
    return digest !== undefined && approved.get(one)?.get(vaultId) === digest;
  };
  const isStale = ({ approval }: GivenApproval): boolean =>
    approval.vaults.some(({ vaultId, digest }) => (facts.digests.get(vaultId) ?? digest) !== digest);
  const whole = new Map(isOfWhole ? speaking.map((one) => [one, plan.vaults.every(({ vaultId }) => fits(one, vaultId))] as const) : []);
  const holds = (one: GivenApproval, vaultId: string): boolean => (isOfWhole ? whole.get(one) === true : fits(one, vaultId));
  const against = (one: GivenApproval, vaultId: string): Reason | undefined => {
    if (rules.some((rule) => isBadlySigned(one, rule))) return 'signature';
    if (asked.some((rule) => isBySelf(one, plan, rule))) return 'author';
    if (!holds(one, vaultId)) return isOfWhole && !isStale(one) ? 'partial' : 'stale';
    const allowed = rules.map((rule) => mayApprove(one, rule));
    if (allowed.includes('no')) return 'notAllowed';
    return allowed.includes('unknown') ? 'unknown' : undefined;
  };
  const about = (vaultId: string) => speaking.filter((one) => isOfWhole || approved.get(one)?.has(vaultId) === true);
  const countingFor: ApprovalGate['countingFor'] = ({ vaultId }) => about(vaultId).filter((one) => against(one, vaultId) === undefined);
  return {
    countingFor,
    assertApproved(vault) {
      if (count === 0) return;
      const approvers = new Set(countingFor(vault).map(({ approval }) => idOf(approval)));
      if (plan.author !== undefined && approvers.size >= count) return;
      const failing = about(vault.vaultId).flatMap((one) => {
        const reason = against(one, vault.vaultId);
        return reason === undefined ? [] : [{ one, reason }];
      });
      throw refusal({ vault, plan, count, has: approvers.size, failing, isOfWhole, facts });
    },
    assertGainsAccepted(vault) {
      const accepted = countingFor(vault).flatMap(({ approval }) => approval.gains);
      const open = openGains(vault, accepted);
      if (open.length > 0) throw gainsOpen(vault, open, facts);
    },
  };
}

function idOf({ approver }: Approval): string {
  return parseGuid(approver.objectId) ?? approver.objectId;
}

function isOfPlace({ tenantId, cloud, approver }: Approval, plan: ApprovedPlan): boolean {
  const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
  return cloud === plan.cloud && same(tenantId, plan.tenantId) && same(approver.tenantId, plan.tenantId);
}

/** A signature that is wrong never counts, asked for or not. */
function isBadlySigned({ signature }: GivenApproval, { signed }: ApprovalRules): boolean {
  return typeof signature === 'object' || (signed === true && signature !== 'good');
}

/** What was planned again by somebody else is still not to be approved by who made the plan that the approval is of. */
function isBySelf({ approval }: GivenApproval, { author }: ApprovedPlan, { selfApproval }: ApprovalRules): boolean {
  if (selfApproval === true) return false;
  const authors = [author, approval.plan.author].flatMap((one) => (one === undefined ? [] : (parseGuid(one) ?? one)));
  return authors.includes(idOf(approval));
}

function mayApprove({ approval, groups }: GivenApproval, { by }: ApprovalRules): 'yes' | 'no' | 'unknown' {
  if (by === undefined) return 'yes';
  const allowed = new Set(by.map((id) => parseGuid(id) ?? id));
  if (allowed.has(idOf(approval))) return 'yes';
  if (groups?.state !== 'read') return 'unknown';
  return groups.value.some((id) => allowed.has(id.toLowerCase())) ? 'yes' : 'no';
}

interface Refused {
  readonly vault: VaultPlan;
  readonly plan: ApprovedPlan;
  readonly count: number;
  readonly has: number;
  readonly failing: readonly { readonly one: GivenApproval; readonly reason: Reason }[];
  readonly isOfWhole: boolean;
  readonly facts: ApprovalFacts;
}

function refusal({ vault, plan, count, has, failing, isOfWhole, facts }: Refused): Refusal {
  const command = `\`keyturn approve ${planWord(facts)}${isOfWhole ? '' : ` --vault ${vault.name}`}\``;
  const byNames = plan.settings.approvals?.by !== undefined || facts.rules?.by !== undefined;
  const who = byNames ? 'one of those who may approve' : 'somebody else';
  const anew = `have it approved by ${who} with ${command}, then run it again`;
  const what = isOfWhole ? `the plan, which vault \`${vault.name}\` is part of,` : `vault \`${vault.name}\``;
  const blocked = (code: 'NOT_APPROVED' | 'APPROVAL_STALE' | 'APPROVER_IS_AUTHOR' | 'SIGNATURE_BAD', message: string, remedy = anew) =>
    new Refusal('blocked', code, message, remedy);
  if (plan.author === undefined)
    return blocked(
      'NOT_APPROVED',
      `${what} cannot be approved: the plan does not say who made it`,
      'run `keyturn plan` again, and have that plan approved',
    );
  const gravest = reasons.flatMap((reason) => failing.find((one) => one.reason === reason) ?? [])[0];
  const by = gravest === undefined ? '' : `\`${idOf(gravest.one.approval)}\` in \`${gravest.one.file}\``;
  switch (gravest?.reason) {
    case 'signature':
      return blocked('SIGNATURE_BAD', `the approval of ${what} by ${by} does not count: ${signatureWords(gravest.one)}`);
    case 'author':
      return blocked('APPROVER_IS_AUTHOR', `the approval of ${what} by ${by} does not count: who made the plan may not approve it`);
    case 'stale':
      return blocked('APPROVAL_STALE', `the approval of ${what} by ${by} is of an earlier plan of it: what is planned moved since`);
    case 'unknown': {
      const message = `could not determine whether ${by} may approve ${what}: the groups of that approver could not be read`;
      return new Refusal(
        'undetermined',
        'NOT_APPROVED',
        message,
        'get the right to read the directory, or name the approver in the config',
      );
    }
    case 'notAllowed':
    case 'partial':
    case undefined: {
      const why = gravest?.reason === 'partial' ? 'approved some of its vaults only' : 'is not among those who may approve';
      const but = gravest === undefined ? '' : `; ${by} ${why}`;
      return blocked('NOT_APPROVED', `${what} needs ${count} approval${count === 1 ? '' : 's'}, and has ${has}${but}`);
    }
  }
}

function signatureWords({ signature }: GivenApproval): string {
  if (typeof signature === 'object') return `its signature is not good (${signature.bad})`;
  if (signature === 'absent') return 'it is not signed, and approvals have to be';
  return 'its signature cannot be checked, since the config names no `allowedSigners`';
}

function planWord({ file }: ApprovalFacts): string {
  if (file === undefined) return 'PLAN';
  return /^[\w./:@%+=,-]+$/.test(file) ? file : shellWord(file);
}

function gainsOpen(vault: VaultPlan, open: ReturnType<typeof openGains>, facts: ApprovalFacts): Refusal {
  const assignments = [...new Set(open.map(({ assignmentId }) => assignmentId.slice(assignmentId.lastIndexOf('/') + 1)))];
  const flags = assignments.map((name) => `--accept-gain ${name}`).join(' ');
  const many = open.length === 1 ? 'a gain' : `${open.length} gains`;
  const message = `the flip of vault \`${vault.name}\` brings ${many} that nobody has accepted`;
  const remedy = `look at them, then accept them with \`keyturn approve ${planWord(facts)} --vault ${vault.name} ${flags}\`, or in the decisions file, or remove the assignments`;
  return new Refusal('blocked', 'GAIN_NOT_ACCEPTED', message, remedy, open.map(gainLine));
}

function gainLine({
  principal,
  principalId,
  dataActions,
  roleName = '',
  scope,
  assignmentId,
  certain,
}: ReturnType<typeof openGains>[number]): string {
  const tiers = [...new Set(dataActions.map(({ tier }) => tier))].sort().join(', ');
  const maybe = certain ? '' : ' (possibly)';
  return `${principal.displayName} (${principalId}) gains ${dataActions.length} data actions of tier ${tiers}${maybe}, by \`${roleName}\` at ${scope}: ${assignmentId}`;
}
