import type { Gain } from '../access/judgement.ts';
import type { WhoCanGrant } from '../access/who-can-grant.ts';
import { compareText } from '../base/compare-text.ts';
import type { PermissionModel } from '../model/vault.ts';
import { describeScope } from '../words/scope-words.ts';
import { type Names, shownPrincipal } from './names.ts';
import { grantingLines } from './parts/granting-lines.ts';
import { someTiered } from './parts/some-actions.ts';

/** What a flip changes besides loss, in sentences: who gains by the plan, who by the flip itself, and who may hand out access. */
export interface VerifyAnswers {
  readonly gainedByPlan: readonly string[];
  readonly gainedByFlip: readonly string[];
  readonly granting: readonly string[];
}

export function verifyAnswers(gains: readonly Gain[], granting: WhoCanGrant, names: Names, model: PermissionModel): VerifyAnswers {
  const told = (cause: Gain['cause']) =>
    gains
      .filter((gain) => gain.cause === cause)
      .map((gain) => gainLine(gain, names, model))
      .sort(compareText);
  return { gainedByPlan: told('plan'), gainedByFlip: told('flip'), granting: grantingLines(granting, names, model) };
}

function gainLine({ principalId, dataActions, certain, route }: Gain, names: Names, model: PermissionModel): string {
  const actions = someTiered(dataActions.map(({ name, tier }) => ({ dataAction: name, tier })));
  const [surely, perhaps] = model === 'azureRbac' ? ['has', 'may have'] : ['gains', 'may gain'];
  const by = `\`${names.roleName(route.roleDefinitionId)}\` ${describeScope(route.scope)}`;
  return `${shownPrincipal(principalId, names)} ${certain ? surely : perhaps} ${actions}: ${by}`;
}
