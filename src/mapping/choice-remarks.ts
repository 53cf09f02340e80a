import { type AccessPolicy, objectTypes } from '../model/access-policy.ts';
import type { Catalogue } from '../model/catalogue.ts';
import { shortAction } from '../model/data-action.ts';
import type { Finding, Severity } from '../model/finding.ts';
import type { CandidateSet } from './candidate-set.ts';
import { chooseRoles } from './choose-roles.ts';
import { forcingPermission } from './forcing-permission.ts';
import type { RoleChoice } from './role-choice.ts';

/** What a choice was made for. */
export interface ChoiceMatter {
  readonly policy: AccessPolicy;
  readonly required: readonly string[];
  readonly held: readonly string[];
  readonly candidates: CandidateSet;
  readonly catalogue: Catalogue;
  /** What the findings are about. */
  readonly subject: string;
}

/** What the price of a choice does not tell a reviewer. */
export function remarksOnChoice(choice: RoleChoice, matter: ChoiceMatter): readonly Finding[] {
  if (choice.roles.length === 0) return operatorLimit(choice, matter);
  return [
    ...newlyReadable(choice, matter),
    ...newlyPurgeable(choice, matter),
    ...certificateRemarks(choice, matter),
    ...forced(choice, matter),
    ...customRole(choice, matter),
    ...controlPlane(choice, matter),
    ...operatorLimit(choice, matter),
  ];
}

function finding(severity: Severity, code: string, { subject }: ChoiceMatter, message: string, remedy: string): readonly Finding[] {
  return [{ severity, code, subject, message, remedy }];
}

function standsFor(permission: string, { catalogue }: ChoiceMatter): readonly string[] {
  return catalogue.permissions.get(permission) ?? [];
}

function newlyReadable(choice: RoleChoice, matter: ChoiceMatter): readonly Finding[] {
  const values = standsFor('secrets/get', matter);
  if (!choice.excess.some(({ dataAction }) => values.includes(dataAction))) return [];
  const message = `${rolesOf(choice)} lets the principal read the value of every secret, which the access policy does not`;
  return finding('warning', 'MAP-SECRET-VALUES', matter, message, 'accept it knowingly, use a custom role, or drop what forces the role');
}

function newlyPurgeable(choice: RoleChoice, matter: ChoiceMatter): readonly Finding[] {
  const purges = objectTypes.flatMap((type) => standsFor(`${type}/purge`, matter));
  const gained = choice.excess.filter(({ dataAction }) => purges.includes(dataAction)).map(({ dataAction }) => shortAction(dataAction));
  if (gained.length === 0) return [];
  const message = `${rolesOf(choice)} lets the principal destroy for good (${gained.join(', ')}), which the access policy does not`;
  return finding('warning', 'MAP-PURGE', matter, message, 'turn purge protection on, use a custom role, or accept it knowingly');
}

/** A certificate's private key is a secret: a role that reads it reads every other secret too. */
function certificateRemarks(choice: RoleChoice, matter: ChoiceMatter): readonly Finding[] {
  const values = standsFor('secrets/get', matter);
  const given = new Set([...matter.required, ...choice.excess.map(({ dataAction }) => dataAction)]);
  const asks = (names: readonly string[]) => names.some((name) => matter.required.includes(name));
  if (!asks(standsFor('certificates/get', matter))) return [];
  if (!values.some((name) => given.has(name))) {
    const message =
      'the entry reads certificates without their private keys; a role that reads those would open every secret, so none is chosen';
    return finding('note', 'MAP-CERTIFICATE-METADATA', matter, message, 'nothing to do');
  }
  if (!asks(values)) return [];
  const message = `${rolesOf(choice)} reads every secret of the vault, not only those behind certificates; so does the access policy`;
  return finding('note', 'MAP-CERTIFICATE-SECRETS', matter, message, 'nothing to do');
}

function forced(choice: RoleChoice, matter: ChoiceMatter): readonly Finding[] {
  return choice.roles.flatMap((role) => {
    const permission = forcingPermission(role.id, choice, matter);
    if (permission === undefined) return [];
    const message = `\`${permission}\` alone forces \`${role.name}\`: every narrower role covers the rest of the entry`;
    const remedy = `find out whether \`${permission}\` is used; without it a narrower role is enough, with it a custom role is exact`;
    return finding('warning', 'MAP-ONE-PERMISSION', matter, message, remedy);
  });
}

/** Silent when a custom role would only save metadata, or what no access policy could ever have granted. */
function customRole(choice: RoleChoice, matter: ChoiceMatter): readonly Finding[] {
  const grantable = new Set([...matter.catalogue.permissions.values()].flat());
  const above = choice.excess.filter(({ tier }) => tier !== 'D');
  if (above.length === 0) return [];
  if (above.every(({ dataAction }) => !grantable.has(dataAction))) {
    const names = above.map(({ dataAction }) => shortAction(dataAction)).join(', ');
    const message = `beside metadata only ${names} comes along, which no access policy permission stands for`;
    return finding('note', 'MAP-NEW-ACTION-ONLY', matter, message, 'nothing to do');
  }
  const message = `a custom role with exactly these ${matter.required.length} data actions would bring nothing beside`;
  return finding('note', 'MAP-CUSTOM-ROLE', matter, message, 'consider one when many entries ask for the same; a tenant holds 5,000');
}

function controlPlane(choice: RoleChoice, matter: ChoiceMatter): readonly Finding[] {
  if (choice.controlPlane.length === 0) return [];
  const message = `${rolesOf(choice)} also gives control-plane actions as soon as assigned, before the flip: ${choice.controlPlane.join(', ')}`;
  return finding('note', 'MAP-CONTROL-PLANE', matter, message, 'nothing to do');
}

/** When the operator's own right shuts out a cheaper choice (EA-42), a reviewer should know before approving the dearer one. */
function operatorLimit(choice: RoleChoice, matter: ChoiceMatter): readonly Finding[] {
  const { unrestricted } = matter.candidates;
  if (unrestricted === undefined) return [];
  const better = chooseRoles({ required: matter.required, held: matter.held, candidates: unrestricted });
  if (better.uncovered.length === choice.uncovered.length && better.price >= choice.price) return [];
  const message = `you may not assign ${rolesOf(better)}, which would be narrower (price ${better.price} against ${choice.price})`;
  return finding('warning', 'MAP-OPERATOR-LIMIT', matter, message, 'have somebody assign it who may, or accept the wider roles');
}

function rolesOf({ roles }: RoleChoice): string {
  return roles.map((role) => `\`${role.name}\``).join(' with ');
}
