import type { Decisions } from '../formats/decisions.ts';
import type { Plan, PlanBody } from '../formats/plan.ts';
import { noVaults } from '../inventory/refuse-empty-selectors.ts';
import { type Selection, selectionWords } from '../inventory/selection.ts';
import type { Estate } from '../model/estate.ts';
import { buildPlan, type PlanInputs } from '../plan/build-plan.ts';
import { minimumAge } from '../plan/plan-settings.ts';
import type { Session } from './session.ts';
import { version } from './version.ts';

export const planSettings: PlanBody['settings'] = { minimumAgeMinutes: minimumAge.least };

/** What the roles are chosen from. */
export interface PlanChoices {
  readonly tenantRoles?: boolean;
  readonly operatorLimits?: 'hand-off' | 'replace';
}

/** A plan is made of an estate and decisions, and says what it was asked for. */
interface PlanRequest extends PlanChoices {
  readonly asked?: Selection;
  readonly earlier?: NonNullable<PlanInputs['earlier']>;
}

/** What a plan is made from besides the facts. */
export function planInputs(
  decisions: Decisions,
  session: Pick<Session, 'catalogue'>,
  { tenantRoles, operatorLimits, asked, earlier }: PlanRequest = {},
): PlanInputs {
  const settings: PlanBody['settings'] = {
    ...planSettings,
    ...(tenantRoles === true && { tenantRoles }),
    ...(operatorLimits === 'replace' && { operatorLimits }),
  };
  const selection = asked === undefined ? {} : { selection: selectionWords(asked) };
  return {
    catalogue: session.catalogue,
    ...decisions,
    settings,
    ...selection,
    ...(earlier !== undefined && { earlier }),
    toolVersion: version,
  };
}

/** @throws KnownError NO_VAULTS (usage) when nothing is in view, and for decisions that match nothing. */
export function makePlan(estate: Estate, decisions: Decisions, session: Pick<Session, 'catalogue'>, request: PlanRequest = {}): Plan {
  if (estate.vaults.length === 0 && estate.unreadable.length === 0) throw noVaults();
  return buildPlan(estate, planInputs(decisions, session, request));
}
