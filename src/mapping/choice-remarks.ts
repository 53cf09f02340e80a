import type { AccessPolicy } from '../model/access-policy.ts';
import type { Catalogue } from '../model/catalogue.ts';
import { shortAction } from '../model/data-action.ts';
import type { Finding } from '../model/finding.ts';
import { type ActionMasks, actionMasks } from './action-masks.ts';
import type { CandidateSet } from './candidate-set.ts';
import { chooseRoles } from './choose-roles.ts';
import { type ActionSet, meets, minus, overlap } from './cover/action-set.ts';
import { forcingPermissions } from './cover/forcing-permission.ts';
import { type Remark, remarksOnDrift } from './drift-remarks.ts';
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
export function remarksOnChoice(choice: RoleChoice, matter: ChoiceQuestion, subject: string): readonly Finding[] {
  const { keys, secrets, certificates, storage } = matter.policy.permissions;
  const words = JSON.stringify([keys, secrets, certificates, storage]);
  const known = remembered.get(choice);
  const remarks = known?.words === words ? known.remarks : remarksOn(choice, matter);
  if (remarks !== known?.remarks && matter.candidates.kept.has(choice)) remembered.set(choice, { words, remarks });
  return remarks.map(([severity, code, message, remedy]) => ({ severity, code, subject, message, remedy }));
}

/** The matter in sets: names are turned into them once for all remarks. */
interface ChoiceWithExcess {
  readonly choice: RoleChoice;
  readonly matter: ChoiceQuestion;
  /** The chosen roles as a sentence names them. */
  readonly roles: string;
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
    roles: rolesOf(choice),
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
  if (!meets(excess, masks.values)) return [];
  const message = `${roles} lets the principal read the value of every secret, which the access policy does not`;
  return [['warning', 'MAP-SECRET-VALUES', message, 'accept it knowingly, use a custom role, or drop what forces the role']];
}

function newlyPurgeable({ excess, masks, roles, matter }: ChoiceWithExcess): readonly Remark[] {
  if (!meets(excess, masks.purges)) return [];
  const gained = matter.candidates.index.riskiestOf(overlap(excess, masks.purges)).map(({ dataAction }) => shortAction(dataAction));
  const message = `${roles} lets the principal destroy for good (${gained.join(', ')}), which the access policy does not`;
  return [['warning', 'MAP-PURGE', message, 'turn purge protection on, use a custom role, or accept it knowingly']];
}

/** A certificate's private key is a secret: a role that reads it reads every other secret too. */
function certificateRemarks({ required, excess, masks, roles }: ChoiceWithExcess): readonly Remark[] {
  if (!meets(required, masks.certificates)) return [];
  if (!meets(required, masks.values) && !meets(excess, masks.values)) {
    const message =
      'the entry reads certificates without their private keys; a role that reads those would open every secret, so none is chosen';
    return [['note', 'MAP-CERTIFICATE-METADATA', message, 'nothing to do']];
  }
  if (!meets(required, masks.values)) return [];
  const message = `${roles} reads every secret of the vault, not only those behind certificates; so does the access policy`;
  return [['note', 'MAP-CERTIFICATE-SECRETS', message, 'nothing to do']];
}

function forced({ choice, matter, excess, required, masks }: ChoiceWithExcess): readonly Remark[] {
  if (!meets(excess, masks.heavy)) return [];
  const forcing = forcingPermissions(choice.roles, { ...matter, required, held: matter.candidates.index.setOf(matter.held) });
  return choice.roles.flatMap((role): readonly Remark[] => {
    const permission = forcing.get(role.id);
    if (permission === undefined) return [];
    const message = `\`${permission}\` alone forces \`${role.name}\`: every narrower role covers the rest of the entry`;
    const remedy = `find out whether \`${permission}\` is used; without it a narrower role is enough, with it a custom role is exact`;
    return [['warning', 'MAP-ONE-PERMISSION', message, remedy]];
  });
}

/** Silent when a custom role would only save metadata, or what no access policy could ever have granted. */
function customRole({ matter, excess, masks }: ChoiceWithExcess): readonly Remark[] {
  const above = minus(excess, masks.metadata);
  if (above.low === 0 && above.high === 0) return [];
  if (!meets(above, masks.grantable)) {
    const names = matter.candidates.index.namesOf(above).map(shortAction).join(', ');
    const message = `the only extra access besides metadata is ${names}, which no access policy permission covers`;
    return [['note', 'MAP-NEW-ACTION-ONLY', message, 'nothing to do']];
  }
  const message = `a custom role with exactly these ${matter.required.length} data actions would grant nothing extra`;
  return [['note', 'MAP-CUSTOM-ROLE', message, 'consider one when many entries ask for the same; a tenant holds 5,000']];
}

function tenantRole({ choice, matter }: ChoiceWithExcess): readonly Remark[] {
  const own = matter.candidates.roles.filter(({ role }) => role.custom === true && choice.roles.some(({ id }) => id === role.id));
  if (own.length === 0) return [];
  const names = own.map(({ role }) => `\`${role.name}\``).join(', ');
  return [
    ['note', 'MAP-TENANT-ROLE', `${names} is a custom role of this tenant: anyone who may change it changes this access`, 'nothing to do'],
  ];
}

/** Choices of the same roles share one list of patterns. */
const listed = new WeakMap<readonly string[], string>();

function controlPlane({ choice, roles }: ChoiceWithExcess): readonly Remark[] {
  if (choice.controlPlane.length === 0) return [];
  const patterns = listed.get(choice.controlPlane) ?? choice.controlPlane.join(', ');
  listed.set(choice.controlPlane, patterns);
  const message = `${roles} also gives control-plane actions as soon as assigned, before the flip: ${patterns}`;
  return [['note', 'MAP-CONTROL-PLANE', message, 'nothing to do']];
}

/** When the operator's own right shuts out a cheaper choice (EA-42), a reviewer should know before approving the dearer one. */
function operatorLimit(choice: RoleChoice, matter: ChoiceQuestion): readonly Remark[] {
  const { unrestricted } = matter.candidates;
  if (unrestricted === undefined) return [];
  const better = chooseRoles({ required: matter.required, held: matter.held, candidates: unrestricted });
  if (better.uncovered.length === choice.uncovered.length && better.price >= choice.price) return [];
  const message = `you may not assign ${rolesOf(better)}, which would be narrower (price ${better.price} against ${choice.price})`;
  return [['warning', 'MAP-OPERATOR-LIMIT', message, 'ask someone with the right to assign it, or accept the wider roles']];
}

function rolesOf({ roles }: RoleChoice): string {
  return roles.map((role) => `\`${role.name}\``).join(' with ');
}
