import type { Plan, VaultPlan } from '../formats/plan.ts';
import type { Catalogue } from '../model/catalogue.ts';
import type { Estate } from '../model/estate.ts';
import { parseVaultId } from '../model/vault-id.ts';
import { acceptingAgain } from './acceptances.ts';
import { planningEstate, withoutAssignments } from './basis/planning-facts.ts';
import { recordedDecisions } from './bind-decisions.ts';
import { type SubscriptionSetting, subscriptionSetting } from './build-plan.ts';
import { plannedAs } from './own-work.ts';
import { planOnRbac } from './repair-plan.ts';
import { planVault } from './vault-plan.ts';

type Settings = (subscriptionId: string) => SubscriptionSetting | undefined;

interface Prepared {
  readonly estate: Estate;
  readonly settingOf: Settings;
}

/** Vaults of a run that were read together share what is prepared from the facts. */
const prepared = new WeakMap<Estate, WeakMap<Plan, Prepared>>();

/**
 * The plan of one vault, made again from facts of now and from what the plan itself records: its decisions, its acceptances, and what was
 * held. Facts that are the plan's own work are left out, so that what comes out is the same as before it was begun.
 * @returns undefined when the facts do not show the vault.
 * @throws KnownError DECISION_WRONG (usage) when the plan records a decision that nobody could have made.
 */
export function planAgain(plan: Plan, vaultPlan: VaultPlan, estate: Estate, catalogue: Catalogue): VaultPlan | undefined {
  const id = parseVaultId(vaultPlan.vaultId);
  const vaultFacts = estate.vaults.find(({ vault }) => vault.scope === id?.scope);
  if (id === undefined || vaultFacts === undefined) return undefined;
  const { estate: planning, settingOf } = prepare(plan, estate, catalogue);
  const setting = settingOf(id.subscriptionId);
  if (setting === undefined) return undefined;
  const { vault } = vaultFacts;
  const more = {
    vaultFacts,
    catalogue,
    decisions: recordedDecisions(id.scope, vaultPlan.entries),
    accepting: acceptingAgain(vaultPlan.accepted),
    recorded: vaultPlan.entries,
  };
  if (vaultPlan.state === 'repair') {
    // All that stands is in force there, but for what the repair itself made.
    const subscription = withoutAssignments(setting.live, plannedAs(vaultPlan.steps));
    return planOnRbac({ ...setting, ...more, estate, subscription, vault });
  }
  return planVault({ ...setting, ...more, estate: planning, vault: { ...vault, permissionModel: 'accessPolicy' } });
}

function prepare(plan: Plan, estate: Estate, catalogue: Catalogue): Prepared {
  const byPlan = prepared.get(estate) ?? new WeakMap<Plan, Prepared>();
  prepared.set(estate, byPlan);
  const known = byPlan.get(plan);
  if (known !== undefined) return known;
  const made = preparedFrom(plan, estate, catalogue);
  byPlan.set(plan, made);
  return made;
}

function preparedFrom(plan: Plan, estate: Estate, catalogue: Catalogue): Prepared {
  // A step that was handed over is taken by somebody else, under another name than ours.
  const planning = planningEstate(estate, plannedAs(plan.vaults.flatMap(({ steps }) => steps)));
  const chosen = rolesChosen(plan);
  const settings = new Map<string, SubscriptionSetting>();
  planning.subscriptions.forEach((subscription, at) => {
    const live = estate.subscriptions[at] ?? subscription;
    const setting = subscriptionSetting(
      { subscription, live, estate: planning, catalogue, settings: plan.settings },
      // Azure itself refuses one role more than a tenant holds; here only what was planned counts.
      {
        chosen: (vault, principal) => chosen.get(`${vault.scope} ${principal?.objectId ?? ''}`) ?? new Set(),
        room: Number.MAX_SAFE_INTEGER,
      },
    );
    settings.set(subscription.subscriptionId, setting);
  });
  return { estate: planning, settingOf: (subscriptionId) => settings.get(subscriptionId) };
}

/** Ids of the roles that the plan chose, by vault and principal. */
function rolesChosen({ vaults }: Plan): ReadonlyMap<string, ReadonlySet<string>> {
  const chosen = new Map<string, Set<string>>();
  for (const { vaultId, entries } of vaults) {
    const scope = parseVaultId(vaultId)?.scope ?? '';
    for (const { objectId, choice, conditioned, objects = [] } of entries) {
      const key = `${scope} ${objectId}`;
      const roles = chosen.get(key) ?? new Set<string>();
      for (const part of [choice, conditioned, ...objects]) for (const { id } of part?.roles ?? []) roles.add(id);
      chosen.set(key, roles);
    }
  }
  return chosen;
}
