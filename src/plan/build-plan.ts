import { compareText } from '../base/compare-text.ts';
import { itemsRead } from '../base/reading.ts';
import { estateFindings } from '../checks/estate-findings.ts';
import type { AcceptanceRow } from '../formats/acceptance-row.ts';
import type { SuppressRow } from '../formats/config.ts';
import type { DecisionRow } from '../formats/decisions.ts';
import type { GainRow } from '../formats/gain-row.ts';
import type { EntryPlan, Plan, PlanBody, PlanHead, PlanTail, VaultPlan } from '../formats/plan.ts';
import { sealPlan } from '../formats/plan-file.ts';
import type { RuleRow } from '../formats/rule-row.ts';
import { candidateRoles } from '../mapping/candidates.ts';
import { customRoleBook, customRolesPerTenant } from '../mapping/custom-role.ts';
import type { Entry } from '../mapping/entry.ts';
import type { Catalogue } from '../model/catalogue.ts';
import type { Estate, SubscriptionFacts } from '../model/estate.ts';
import { type Finding, sortFindings } from '../model/finding.ts';
import type { Scope } from '../model/scope.ts';
import { acceptingRows } from './acceptances.ts';
import { withAcceptedGains } from './accepted-gains.ts';
import { planningEstate } from './basis/planning-facts.ts';
import { bindDecisions } from './bind-decisions.ts';
import { candidatesFor } from './entry/candidates-for.ts';
import { decisionOnExtra } from './entry/rules.ts';
import { inWave, waveOf } from './in-wave.ts';
import { type EarlierVault, planAfter } from './plan-after.ts';
import { planOnRbac } from './repair-plan.ts';
import { rowsElsewhere } from './rows-elsewhere.ts';
import { withinLimits } from './steps/within-limits.ts';
import { suppressKnown } from './suppressed.ts';
import type { VaultSetting } from './vault-setting.ts';

export interface PlanInputs {
  readonly catalogue: Catalogue;
  /** As `readDecisions` gives them, or as a person was asked. */
  readonly decisions: readonly DecisionRow[];
  readonly rules?: readonly RuleRow[];
  readonly acceptances?: readonly AcceptanceRow[];
  readonly gains?: readonly GainRow[];
  readonly settings: PlanBody['settings'];
  /** What was asked for, to be told to whoever applies the plan. */
  readonly selection?: NonNullable<PlanBody['selection']>;
  /** Warnings and notes that are known. */
  readonly suppress?: readonly SuppressRow[];
  readonly toolVersion: string;
  /** Object id of who makes the plan. */
  readonly author?: string;
  /** Name of the tag that says in which wave a vault is to be taken. */
  readonly waveBy?: string;
  /** What an earlier plan records of a vault, for decisions to be taken over from it. */
  readonly earlier?: (vault: Scope) => EarlierVault | undefined;
}

export type SubscriptionSetting = Pick<VaultSetting, 'subscription' | 'live' | 'candidatesFor' | 'customRoles'> & {
  /** What is said of roles, whatever vault they are chosen for. */
  readonly roleFindings: readonly Finding[];
};

/** The plans of the vaults of some subscriptions, and what is known of the whole plan by then. */
export interface PlanPart extends PlanTail {
  readonly vaults: readonly VaultPlan[];
}

/**
 * The plan for every vault in view. Pure: the same facts and decisions give the same bytes; no time is in it.
 * @throws KnownError (usage) when a decision matches nothing or asks for what is not there.
 */
export function buildPlan(estate: Estate, inputs: PlanInputs): Plan {
  const { vaults, ...part } = planPart(estate, inputs);
  const unread = estate.unreadable.map(({ subject, because }) => ({ subject, because }));
  const elsewhere = rowsElsewhere(inputs, estate, vaults);
  return sealPlan({
    ...planHead(estate, inputs),
    vaults: [...vaults],
    ...planTail([{ unreadable: unread, findings: [...elsewhere] }, part]),
  });
}

/** What the first line of a plan says. */
export function planHead({ cloud, tenantId }: Pick<Estate, 'cloud' | 'tenantId'>, inputs: PlanInputs): PlanHead {
  const { catalogue, settings, selection, toolVersion, author } = inputs;
  return {
    format: 'keyturn-plan',
    formatVersion: 2,
    toolVersion,
    cloud,
    tenantId,
    ...(author !== undefined && { author }),
    catalogue: { asOf: catalogue.asOf, digest: catalogue.digest },
    settings,
    ...(selection !== undefined && { selection }),
  };
}

/** What parts have found, each finding once. */
export function planTail(parts: readonly PlanTail[]): PlanTail {
  const findings = new Map(parts.flatMap((part) => part.findings.map((one) => [JSON.stringify(one), one] as const)));
  return {
    unreadable: parts
      .flatMap(({ unreadable }) => unreadable)
      .sort((a, b) => compareText(a.subject, b.subject) || compareText(a.because, b.because)),
    findings: [...sortFindings([...findings.values()])],
  };
}

/**
 * The plans of the vaults of an estate, or of a part of one that holds whole subscriptions.
 * @throws KnownError (usage) when a decision matches nothing or asks for what is not there.
 */
export function planPart(estate: Estate, inputs: PlanInputs): PlanPart {
  const { catalogue, decisions, rules = [], acceptances = [], gains = [], suppress = [], settings } = inputs;
  const bound = bindDecisions({ decisions, rules }, estate, catalogue, inputs.waveBy);
  const planning = planningEstate(estate);
  const bySubscription = new Map(
    planning.subscriptions.map((one, at) => {
      const basis = { subscription: one, live: estate.subscriptions[at] ?? one, estate: planning, catalogue, settings };
      return [one.subscriptionId, subscriptionSetting(basis)];
    }),
  );
  const extraRules = rules.filter(({ when }) => when.extra !== undefined);
  const vaults: VaultPlan[] = [];
  const lost: PlanTail['unreadable'] = [];
  for (const vaultFacts of [...estate.vaults].sort((a, b) => compareText(a.vault.scope, b.vault.scope))) {
    const { vault } = vaultFacts;
    const setting = bySubscription.get(vault.subscriptionId);
    if (setting === undefined) lost.push({ subject: vault.id, because: 'its subscription could not be read' });
    else {
      const accepting = acceptingRows(acceptances, vault);
      const at = { vault, wave: waveOf(vault, inputs.waveBy) };
      const onExtra = (entry: Entry, planned: EntryPlan) => decisionOnExtra(extraRules, entry, planned, at);
      const more = { vaultFacts, vault, catalogue, decisions: bound, accepting, ...(extraRules.length > 0 && { onExtra }) };
      // On Azure RBAC our own assignments are access like any other; before the flip a plan looks past them (EA-52).
      const earlier = inputs.earlier?.(vault.scope);
      const planned =
        vault.permissionModel === 'azureRbac'
          ? planOnRbac({ ...setting, ...more, estate, subscription: setting.live })
          : planAfter(earlier, { ...setting, ...more, estate: planning });
      vaults.push(inWave(withAcceptedGains(planned, gains, vault, earlier), vault, inputs.waveBy));
    }
  }
  return {
    vaults: withinLimits(vaults, estate.subscriptions).map((plan) => ({ ...plan, findings: suppressKnown(plan.findings, suppress) })),
    unreadable: lost,
    findings: suppressKnown([...planFindings([...bySubscription.values()]), ...estateFindings(estate)], suppress),
  };
}

interface SubscriptionBasis {
  readonly subscription: SubscriptionFacts;
  /** The same with our own assignments. */
  readonly live: SubscriptionFacts;
  readonly estate: Estate;
  readonly catalogue: Catalogue;
  readonly settings: PlanBody['settings'];
}

/** What is the same for all vaults of a subscription. `again` is for a plan that is made from what an earlier one records. */
export function subscriptionSetting(
  { live, ...basis }: SubscriptionBasis,
  again: Pick<Parameters<typeof candidatesFor>[0], 'chosen'> & { readonly room?: number } = {},
): SubscriptionSetting {
  const { subscription, estate, catalogue } = basis;
  const { room, ...chosen } = again;
  const { findings, ...builtIn } = candidateRoles(catalogue, subscription.roleDefinitions);
  const most = estate.cloud === 'china' ? customRolesPerTenant.china : customRolesPerTenant.public;
  return {
    subscription,
    live,
    candidatesFor: candidatesFor({ ...basis, builtIn, ...chosen }),
    customRoles: customRoleBook(
      `/subscriptions/${subscription.subscriptionId}` as Scope,
      room ?? roomFor(subscription, most),
      new Set(itemsRead(subscription.roleDefinitions).map((role) => role.id)),
      most,
    ),
    roleFindings: findings,
  };
}

/** How many custom roles the tenant may still take, as far as this subscription shows those that it has (EA-20). */
function roomFor({ roleDefinitions }: SubscriptionFacts, most: number): number {
  return Math.max(0, most - itemsRead(roleDefinitions).filter((role) => role.kind === 'custom').length);
}

/** What is said of roles is the same in most subscriptions, and is said once. */
function planFindings(settings: readonly SubscriptionSetting[]): readonly Finding[] {
  const said = new Map<string, Finding>();
  for (const finding of settings.flatMap((setting) => setting.roleFindings)) said.set(JSON.stringify(finding), finding);
  return [...said.values()];
}
