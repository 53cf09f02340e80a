import type { Estate } from '../model/estate.ts';
import { KnownError } from '../model/known-error.ts';
import { buildPlan } from '../plan/build-plan.ts';
import type { DecisionRow } from '../plan/decisions.ts';
import type { Plan, PlanBody } from '../plan/plan.ts';
import type { Session } from './session.ts';
import { version } from './version.ts';

/** Azure says that an assignment may need ten minutes to take effect; one that is younger than this is not counted on. */
export const planSettings: PlanBody['settings'] = { minimumAgeMinutes: 15 };

/** @throws KnownError NO_VAULTS (usage) when nothing is in view, and for decisions that match nothing. */
export function makePlan(estate: Estate, decisions: readonly DecisionRow[], session: Pick<Session, 'catalogue'>): Plan {
  if (estate.vaults.length === 0 && estate.unreadable.length === 0) {
    throw new KnownError('usage', 'NO_VAULTS', 'no vault matches', 'check the selection; `keyturn inventory` lists what is in reach');
  }
  return buildPlan(estate, { catalogue: session.catalogue, decisions, settings: planSettings, toolVersion: version });
}
