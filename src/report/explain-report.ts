import type { PermissionModel } from '../model/vault.ts';
import type { EligibleGrant } from '../plan/eligible-remarks.ts';
import type { AccessExplanation, ActionExplanation, RoleBesides } from '../verify/explain-access.ts';
import { reasonLines } from '../words/reason-words.ts';
import { type ToldReasons, toldReasons } from '../words/told-reasons.ts';

/** What `explain` prints, version 1: one principal, one permission, one vault. */
export interface ExplainReport {
  readonly format: 'keyturn-explain';
  readonly formatVersion: 1;
  readonly at: string;
  readonly vaultId: string;
  readonly vaultName: string;
  readonly permissionModel: PermissionModel;
  readonly principalId: string;
  readonly principal: { readonly kind: string; readonly displayName: string };
  readonly permission: string;
  readonly actions: readonly ExplainedAction[];
  readonly roles: readonly RoleBesides[];
  /** Roles that the principal may activate through PIM, and what of the permission they give then. */
  readonly eligible: readonly EligibleGrant[];
  readonly doubts: readonly string[];
}

/** An action with its reasons in words and as data. */
export interface ExplainedAction {
  readonly dataAction: string;
  readonly today: Omit<ActionExplanation['today'], 'because'> & ToldReasons;
  readonly after: Omit<ActionExplanation['after'], 'because'> & ToldReasons;
}

export function toldExplanation({
  actions,
  doubts,
  ...rest
}: AccessExplanation): Pick<ExplainReport, 'actions' | 'roles' | 'eligible' | 'doubts'> {
  return {
    actions: actions.map(({ dataAction, today, after }) => ({
      dataAction,
      today: { ...today, ...toldReasons(today.because) },
      after: { ...after, ...toldReasons(after.because) },
    })),
    ...rest,
    doubts: reasonLines(doubts),
  };
}
