import type { AccessPolicy } from '../model/access-policy.ts';
import type { Catalogue } from '../model/catalogue.ts';
import type { Remark } from '../model/finding.ts';
import { type ActionMasks, actionMasks } from './action-masks.ts';
import type { CandidateSet } from './candidate-set.ts';
import { chooseRoles } from './choose-roles.ts';
import { type ActionSet, meets, minus, overlap } from './cover/action-set.ts';
import { forcingPermissions } from './cover/forcing-permission.ts';
import { remarksOnDrift } from './drift-remarks.ts';
import type { RoleChoice } from './role-choice.ts';

/** What a choice was made for. */
export interface ChoiceQuestion {
  readonly policy: AccessPolicy;
  readonly required: readonly string[];
  readonly held: readonly string[];
  readonly candidates: CandidateSet;
  readonly catalogue: Catalogue;
}

/** The last remarks on a kept choice and the words they were made for: thousands of entries share a handful of both. */
const remembered = new WeakMap<RoleChoice, { readonly words: string; readonly remarks: readonly Remark[] }>();

/** What the price of a choice does not tell a reviewer. `choice` is the very value that `chooseRoles` gave for the matter. */
export function remarksOnChoice(choice: RoleChoice, matter: ChoiceQuestion): readonly Remark[] {
  const { keys, secrets, certificates, storage } = matter.policy.permissions;
  const words = JSON.stringify([keys, secrets, certificates, storage]);
  const known = remembered.get(choice);
  if (known?.words === words) return known.remarks;
  const remarks = remarksOn(choice, matter);
  if (matter.candidates.kept.has(choice)) remembered.set(choice, { words, remarks });
  return remarks;
}

/** The matter in sets: names are turned into them once for all remarks. */
interface ChoiceWithExcess {
  readonly choice: RoleChoice;
  readonly matter: ChoiceQuestion;
  /** Names of the chosen roles. */
  readonly roles: readonly string[];
  readonly required: ActionSet;
  readonly excess: ActionSet;
  readonly masks: ActionMasks;
}

function remarksOn(choice: RoleChoice, matter: ChoiceQuestion): readonly Remark[] {
  const drift = remarksOnDrift(choice, matter);
  if (choice.roles.length === 0) return [...drift, ...operatorLimit(choice, matter)];
  const { index } = matter.candidates;
  const weighed: ChoiceWithExcess = {
    choice,
    matter,
    roles: namesOf(choice),
    required: index.setOf(matter.required),
    excess: index.setOf(choice.excess.map(({ dataAction }) => dataAction)),
    masks: actionMasks(index, matter.catalogue),
  };
  return [
    ...drift,
    ...newlyReadable(weighed),
    ...newlyPurgeable(weighed),
    ...certificateRemarks(weighed),
    ...forced(weighed),
    ...customRole(weighed),
    ...tenantRole(weighed),
    ...controlPlane(weighed),
    ...operatorLimit(choice, matter),
  ];
}

function newlyReadable({ excess, masks, roles }: ChoiceWithExcess): readonly Remark[] {
  return meets(excess, masks.values) ? [['warning', 'MAP-SECRET-VALUES', { roles }]] : [];
}

function newlyPurgeable({ excess, masks, roles, matter }: ChoiceWithExcess): readonly Remark[] {
  if (!meets(excess, masks.purges)) return [];
  const dataActions = matter.candidates.index.riskiestOf(overlap(excess, masks.purges)).map(({ dataAction }) => dataAction);
  return [['warning', 'MAP-PURGE', { roles, dataActions }]];
}

/** A certificate's private key is a secret: a role that reads it reads every other secret too. */
function certificateRemarks({ required, excess, masks, roles }: ChoiceWithExcess): readonly Remark[] {
  if (!meets(required, masks.certificates)) return [];
  if (meets(required, masks.values)) return [['note', 'MAP-CERTIFICATE-SECRETS', { roles }]];
  return meets(excess, masks.values) ? [] : [['note', 'MAP-CERTIFICATE-METADATA', {}]];
}

function forced({ choice, matter, excess, required, masks }: ChoiceWithExcess): readonly Remark[] {
  if (!meets(excess, masks.heavy)) return [];
  const forcing = forcingPermissions(choice.roles, { ...matter, required, held: matter.candidates.index.setOf(matter.held) });
  return choice.roles.flatMap(({ id, name }): readonly Remark[] => {
    const permission = forcing.get(id);
    return permission === undefined ? [] : [['warning', 'MAP-ONE-PERMISSION', { permission, roleName: name }]];
  });
}

/** Silent when a custom role would only save metadata, or what no access policy could ever have granted. */
function customRole({ matter, excess, masks }: ChoiceWithExcess): readonly Remark[] {
  const above = minus(excess, masks.metadata);
  if (above.low === 0 && above.high === 0) return [];
  return meets(above, masks.grantable)
    ? [['note', 'MAP-CUSTOM-ROLE', { count: matter.required.length }]]
    : [['note', 'MAP-NEW-ACTION-ONLY', { dataActions: matter.candidates.index.namesOf(above) }]];
}

function tenantRole({ choice, matter }: ChoiceWithExcess): readonly Remark[] {
  const own = matter.candidates.roles.filter(({ role }) => role.custom === true && choice.roles.some(({ id }) => id === role.id));
  return own.length === 0 ? [] : [['note', 'MAP-TENANT-ROLE', { roles: own.map(({ role }) => role.name) }]];
}

function controlPlane({ choice, roles }: ChoiceWithExcess): readonly Remark[] {
  return choice.controlPlane.length === 0 ? [] : [['note', 'MAP-CONTROL-PLANE', { roles, patterns: choice.controlPlane }]];
}

/** When the operator's own right shuts out a cheaper choice (EA-42), a reviewer should know before approving the dearer one. */
function operatorLimit(choice: RoleChoice, matter: ChoiceQuestion): readonly Remark[] {
  const { unrestricted } = matter.candidates;
  if (unrestricted === undefined) return [];
  const better = chooseRoles({ required: matter.required, held: matter.held, candidates: unrestricted });
  if (better.uncovered.length === choice.uncovered.length && better.price >= choice.price) return [];
  return [['warning', 'MAP-OPERATOR-LIMIT', { roles: namesOf(better), price: better.price, chosenPrice: choice.price }]];
}

function namesOf({ roles }: RoleChoice): readonly string[] {
  return roles.map(({ name }) => name);
}
