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
}

/** Severity, code, what is the case, what to do: all of a finding but whom it is about. */
type Remark = readonly [severity: Severity, code: string, message: string, remedy: string];

/** Remarks by choice and by the words of the entry: thousands of entries share a handful of both. */
const remembered = new WeakMap<RoleChoice, Map<string, readonly Remark[]>>();
const rememberedPerChoice = 1000;

/** What the price of a choice does not tell a reviewer. `choice` is the very value that `chooseRoles` gave for the matter. */
export function remarksOnChoice(choice: RoleChoice, matter: ChoiceMatter, subject: string): readonly Finding[] {
  const byWords = remembered.get(choice) ?? new Map<string, readonly Remark[]>();
  remembered.set(choice, byWords);
  const words = JSON.stringify(objectTypes.map((type) => matter.policy.permissions[type]));
  const remarks = byWords.get(words) ?? remarksOn(choice, matter);
  if (byWords.size >= rememberedPerChoice) byWords.clear();
  byWords.set(words, remarks);
  return remarks.map(([severity, code, message, remedy]) => ({ severity, code, subject, message, remedy }));
}

function remarksOn(choice: RoleChoice, matter: ChoiceMatter): readonly Remark[] {
  if (choice.roles.length === 0) return operatorLimit(choice, matter);
  return [
    ...newlyReadable(choice, matter),
    ...newlyPurgeable(choice, matter),
    ...certificateRemarks(choice, matter),
    ...forced(choice, matter),
    ...customRole(choice, matter),
    ...controlPlane(choice),
    ...operatorLimit(choice, matter),
  ];
}

function standsFor(permission: string, { catalogue }: ChoiceMatter): readonly string[] {
  return catalogue.permissions.get(permission) ?? [];
}

function newlyReadable(choice: RoleChoice, matter: ChoiceMatter): readonly Remark[] {
  const values = standsFor('secrets/get', matter);
  if (!choice.excess.some(({ dataAction }) => values.includes(dataAction))) return [];
  const message = `${rolesOf(choice)} lets the principal read the value of every secret, which the access policy does not`;
  return [['warning', 'MAP-SECRET-VALUES', message, 'accept it knowingly, use a custom role, or drop what forces the role']];
}

function newlyPurgeable(choice: RoleChoice, matter: ChoiceMatter): readonly Remark[] {
  const purges = objectTypes.flatMap((type) => standsFor(`${type}/purge`, matter));
  const gained = choice.excess.filter(({ dataAction }) => purges.includes(dataAction)).map(({ dataAction }) => shortAction(dataAction));
  if (gained.length === 0) return [];
  const message = `${rolesOf(choice)} lets the principal destroy for good (${gained.join(', ')}), which the access policy does not`;
  return [['warning', 'MAP-PURGE', message, 'turn purge protection on, use a custom role, or accept it knowingly']];
}

/** A certificate's private key is a secret: a role that reads it reads every other secret too. */
function certificateRemarks(choice: RoleChoice, matter: ChoiceMatter): readonly Remark[] {
  const values = standsFor('secrets/get', matter);
  const given = new Set([...matter.required, ...choice.excess.map(({ dataAction }) => dataAction)]);
  const asks = (names: readonly string[]) => names.some((name) => matter.required.includes(name));
  if (!asks(standsFor('certificates/get', matter))) return [];
  if (!values.some((name) => given.has(name))) {
    const message =
      'the entry reads certificates without their private keys; a role that reads those would open every secret, so none is chosen';
    return [['note', 'MAP-CERTIFICATE-METADATA', message, 'nothing to do']];
  }
  if (!asks(values)) return [];
  const message = `${rolesOf(choice)} reads every secret of the vault, not only those behind certificates; so does the access policy`;
  return [['note', 'MAP-CERTIFICATE-SECRETS', message, 'nothing to do']];
}

function forced(choice: RoleChoice, matter: ChoiceMatter): readonly Remark[] {
  return choice.roles.flatMap((role): readonly Remark[] => {
    const permission = forcingPermission(role.id, choice, matter);
    if (permission === undefined) return [];
    const message = `\`${permission}\` alone forces \`${role.name}\`: every narrower role covers the rest of the entry`;
    const remedy = `find out whether \`${permission}\` is used; without it a narrower role is enough, with it a custom role is exact`;
    return [['warning', 'MAP-ONE-PERMISSION', message, remedy]];
  });
}

/** Silent when a custom role would only save metadata, or what no access policy could ever have granted. */
function customRole(choice: RoleChoice, matter: ChoiceMatter): readonly Remark[] {
  const grantable = new Set([...matter.catalogue.permissions.values()].flat());
  const above = choice.excess.filter(({ tier }) => tier !== 'D');
  if (above.length === 0) return [];
  if (above.every(({ dataAction }) => !grantable.has(dataAction))) {
    const names = above.map(({ dataAction }) => shortAction(dataAction)).join(', ');
    const message = `beside metadata only ${names} comes along, which no access policy permission stands for`;
    return [['note', 'MAP-NEW-ACTION-ONLY', message, 'nothing to do']];
  }
  const message = `a custom role with exactly these ${matter.required.length} data actions would bring nothing beside`;
  return [['note', 'MAP-CUSTOM-ROLE', message, 'consider one when many entries ask for the same; a tenant holds 5,000']];
}

function controlPlane(choice: RoleChoice): readonly Remark[] {
  if (choice.controlPlane.length === 0) return [];
  const message = `${rolesOf(choice)} also gives control-plane actions as soon as assigned, before the flip: ${choice.controlPlane.join(', ')}`;
  return [['note', 'MAP-CONTROL-PLANE', message, 'nothing to do']];
}

/** When the operator's own right shuts out a cheaper choice (EA-42), a reviewer should know before approving the dearer one. */
function operatorLimit(choice: RoleChoice, matter: ChoiceMatter): readonly Remark[] {
  const { unrestricted } = matter.candidates;
  if (unrestricted === undefined) return [];
  const better = chooseRoles({ required: matter.required, held: matter.held, candidates: unrestricted });
  if (better.uncovered.length === choice.uncovered.length && better.price >= choice.price) return [];
  const message = `you may not assign ${rolesOf(better)}, which would be narrower (price ${better.price} against ${choice.price})`;
  return [['warning', 'MAP-OPERATOR-LIMIT', message, 'have somebody assign it who may, or accept the wider roles']];
}

function rolesOf({ roles }: RoleChoice): string {
  return roles.map((role) => `\`${role.name}\``).join(' with ');
}
