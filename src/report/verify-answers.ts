import { describeScope } from '../access/describe-assignment.ts';
import type { Gain, Route } from '../access/judgement.ts';
import type { Grantor, WhoCanGrant } from '../access/who-can-grant.ts';
import { shortAction } from '../model/data-action.ts';
import { compareText } from '../model/finding.ts';
import type { Guid } from '../model/guid.ts';
import type { Principal } from '../model/principal.ts';
import { namedPrincipal, principalName } from './principal-name.ts';

/** What a flip changes besides loss, in sentences: who gains by the plan, who by the flip itself, and who may hand out access. */
export interface VerifyAnswers {
  readonly gainedByPlan: readonly string[];
  readonly gainedByFlip: readonly string[];
  readonly granting: readonly string[];
}

export interface Names {
  readonly principals: ReadonlyMap<Guid, Principal>;
  readonly roleName: (id: Guid) => string;
}

export function verifyAnswers(gains: readonly Gain[], granting: WhoCanGrant, names: Names): VerifyAnswers {
  const told = (cause: Gain['cause']) =>
    gains
      .filter((gain) => gain.cause === cause)
      .map((gain) => gainLine(gain, names))
      .sort(compareText);
  return { gainedByPlan: told('plan'), gainedByFlip: told('flip'), granting: grantingLines(granting, names) };
}

function gainLine({ principalId, dataActions, certain, route }: Gain, names: Names): string {
  const actions = dataActions.map((action) => shortAction(action.name)).join(', ');
  return `${shown(principalId, names)} ${certain ? 'gains' : 'may gain'} ${actions}: ${describeRoute(route, names)}`;
}

function grantingLines({ today, losingIt, afterwards }: WhoCanGrant, names: Names): readonly string[] {
  const list = (rows: readonly Grantor[]) =>
    rows
      .map((row) => `${shown(row.principalId, names)} (${describeRoute(row.route, names)}${row.restricted ? ', restricted' : ''})`)
      .join('; ');
  return [
    ...(today.length === 0 ? [] : [`can write himself an access policy today: ${list(today)}`]),
    ...(losingIt.length === 0 ? [] : [`loses that way at the flip: ${losingIt.map((row) => shown(row.principalId, names)).join('; ')}`]),
    ...(afterwards.length === 0 ? [] : [`can grant roles afterwards: ${list(afterwards)}`]),
  ];
}

function describeRoute({ roleDefinitionId, scope }: Route, { roleName }: Names): string {
  return `\`${roleName(roleDefinitionId)}\` ${describeScope(scope)}`;
}

function shown(id: Guid, { principals }: Names): string {
  // Who holds rights on the control plane alone is not looked up.
  return principals.has(id) ? principalName(namedPrincipal(principals.get(id)), id) : id;
}
