import { KnownError } from '../base/known-error.ts';
import type { Decisions } from '../formats/decisions.ts';
import type { Plan, PlanBody } from '../formats/plan.ts';
import { noVaults } from '../inventory/refuse-empty-selectors.ts';
import { type Selection, selectionWords } from '../inventory/selection.ts';
import type { Estate } from '../model/estate.ts';
import { buildPlan, type PlanInputs } from '../plan/build-plan.ts';
import { minimumAge } from '../plan/plan-settings.ts';
import type { OpenConfig } from './open-config.ts';
import type { Session } from './session.ts';
import { version } from './version.ts';

export const planSettings: PlanBody['settings'] = { minimumAgeMinutes: minimumAge.least };

/** How the plan is to be made. */
export interface PlanChoices {
  readonly tenantRoles?: boolean;
  readonly operatorLimits?: 'hand-off' | 'replace';
  /** `tag:NAME`: the tag that says in which wave a vault is to be taken. */
  readonly waveBy?: string;
}

/** A plan is made of an estate and decisions, and says what it was asked for. */
interface PlanRequest extends PlanChoices {
  readonly asked?: Selection;
  readonly earlier?: NonNullable<PlanInputs['earlier']>;
  readonly config?: OpenConfig;
}

/** Who makes a plan, and by which catalogue. */
type PlanSession = Pick<Session, 'catalogue' | 'operatorId'>;

/** What a plan is made from besides the facts. */
export function planInputs(
  decisions: Decisions,
  session: PlanSession,
  { tenantRoles, operatorLimits, waveBy, asked, earlier, config }: PlanRequest = {},
): PlanInputs {
  const settings: PlanBody['settings'] = {
    ...planSettings,
    ...(tenantRoles === true && { tenantRoles }),
    ...(operatorLimits === 'replace' && { operatorLimits }),
    ...(config?.approvals !== undefined && { approvals: config.approvals }),
  };
  const selection = asked === undefined ? {} : { selection: selectionWords(asked) };
  return {
    catalogue: session.catalogue,
    ...decisions,
    settings,
    ...selection,
    ...(earlier !== undefined && { earlier }),
    ...(waveBy !== undefined && { waveBy: waveTag(waveBy) }),
    toolVersion: version,
    author: session.operatorId,
    ...(config !== undefined && { suppress: config.suppress }),
  };
}

/** @returns the tag's name. @throws KnownError USAGE (usage). */
export function waveTag(text: string): string {
  const [, tag] = /^tag:(.*\S.*)$/s.exec(text) ?? [];
  if (tag !== undefined) return tag.trim();
  throw new KnownError('usage', 'USAGE', `waves cannot be taken from \`${text}\``, 'give the tag that names them, as tag:NAME');
}

/** @throws KnownError NO_VAULTS (usage) when nothing is in view, and for decisions that match nothing. */
export function makePlan(estate: Estate, decisions: Decisions, session: PlanSession, request: PlanRequest = {}): Plan {
  if (estate.vaults.length === 0 && estate.unreadable.length === 0) throw noVaults();
  return buildPlan(estate, planInputs(decisions, session, request));
}
