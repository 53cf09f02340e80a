import { shortAction } from '../../model/data-action.ts';
import type { FindingFacts, mappingFacts } from '../../model/finding-facts.ts';
import { byRule } from './by-rule.ts';
import { nothingToDo, type WordsFor } from './words-for.ts';

export const mappingWords: WordsFor<typeof mappingFacts> = {
  'MAP-BLANKS': ({ permissions }) => ({
    message: `${quoted(permissions)} stand with blanks around them, and are read without`,
    remedy: 'write them without: Azure refuses such words, so no vault stores them',
  }),
  'MAP-CERTIFICATE-METADATA': () => ({
    message: 'the entry reads certificates without their private keys; a role that reads those would open every secret, so none is chosen',
    remedy: nothingToDo,
  }),
  'MAP-CERTIFICATE-SECRETS': ({ roles }) => ({
    message: `${together(roles)} reads every secret of the vault, not only those behind certificates; so does the access policy`,
    remedy: nothingToDo,
  }),
  'MAP-CONTROL-PLANE': ({ roles, patterns }) => ({
    message: `${together(roles)} also gives control-plane actions as soon as assigned, before the flip: ${patterns.join(', ')}`,
    remedy: nothingToDo,
  }),
  'MAP-CUSTOM-DELETED': () => ({
    message: 'the custom role reads values but not metadata: anyone who also looks at deleted secrets would lose that',
    remedy: 'add `list` to the set before the role is made, unless deleted secrets are not looked at',
  }),
  'MAP-CUSTOM-LIMIT': ({ limit }) => ({
    message: `no custom role is proposed: ${limit} different ones are the most that a tenant holds`,
    remedy: 'use built-in roles for some of the sets',
  }),
  'MAP-CUSTOM-ROLE': ({ count }) => ({
    message: `a custom role with exactly these ${count} data actions would grant nothing extra`,
    remedy: 'consider one when many entries ask for the same; a tenant holds 5,000',
  }),
  'MAP-EMPTY': () => ({ message: 'the entry lists no permission', remedy: nothingToDo }),
  'MAP-EXISTING-UNKNOWN': ({ role }) => ({
    message: `the existing role \`${role}\` is not in the catalogue, so nothing is taken to be held by it`,
    remedy: 'use the name or id of a built-in role; `keyturn plan` reads custom roles from the tenant',
  }),
  'MAP-LIST-LOST': ({ permissions }) => ({
    message: `what is checked at the vault ends at the flip: ${quoted(permissions)}`,
    remedy: 'add it to `keep`, unless it is not listed or used',
  }),
  'MAP-NAME-CONDITION': () => ({
    message:
      'conditions on the names of secrets are a preview, compare letters with case, and reach no secret that is made later under another name',
    remedy: 'call the vault once as this principal soon after the flip',
  }),
  'MAP-NEW-ACTION-ONLY': ({ dataActions }) => ({
    message: `the only extra access besides metadata is ${short(dataActions)}, which no access policy permission covers`,
    remedy: nothingToDo,
  }),
  'MAP-OBJECT-SCOPE': () => ({
    message: 'access is limited to the objects named: nothing reaches an object that is made later, and each takes assignments of its own',
    remedy: 'Microsoft advises against assignments on objects, but for single objects that are shared; a vault of its own is the other way',
  }),
  'MAP-OBJECT-UNSURE': ({ dataActions }) => ({
    message: `whether Azure checks ${short(dataActions)} on the object or at the vault is not documented`,
    remedy: 'keep them for the whole vault if in doubt',
  }),
  'MAP-OBJECT-WRITE': ({ dataActions }) => ({
    message: `Microsoft says that roles on single objects are for reading alone, so whether ${short(dataActions)} works by them is in doubt`,
    remedy: 'keep what writes for the whole vault, or try it as this principal soon after the flip',
  }),
  'MAP-ONE-PERMISSION': ({ permission, roleName }) => ({
    message: `\`${permission}\` alone forces \`${roleName}\`: every narrower role covers the rest of the entry`,
    remedy: `find out whether \`${permission}\` is used; without it a narrower role is enough, with it a custom role is exact`,
  }),
  'MAP-OPERATOR-LIMIT': ({ roles, price, chosenPrice }) => ({
    message: `you may not assign ${together(roles)}, which would be narrower (price ${price} against ${chosenPrice})`,
    remedy: 'ask someone with the right to assign it, or accept the wider roles',
  }),
  'MAP-PURGE': ({ roles, dataActions, onlyNamed }) => ({
    message: `${together(roles)} lets the principal destroy for good${onlyNamed === true ? ' what is named' : ''} (${short(dataActions)}), which the access policy does not`,
    remedy: 'turn purge protection on, use a custom role, or accept it knowingly',
  }),
  'MAP-ROLE-DRIFT': (facts) => ({
    message: `Azure has changed \`${facts.roleName}\` since this version of keyturn was made: ${driftWords(facts)}${replacement(facts)}`,
    remedy: facts.stops
      ? 'look at what changed; then accept it under `acceptances` in the decisions file, or decide for `customRole`'
      : 'nothing to do, but to know it',
  }),
  'MAP-ROLE-MISSING': ({ roleName }) => ({
    message: `this cloud or tenant does not offer \`${roleName}\`, so it is not considered`,
    remedy: nothingToDo,
  }),
  'MAP-ROLES-UNREAD': ({ because, asOf }) => ({
    message: `role definitions could not be read (${because}); roles are taken as they were on ${asOf}`,
    remedy: 'get the right to read role definitions, then run again',
  }),
  'MAP-SECRET-VALUES': ({ roles, onlyNamed }) => ({
    message: `${together(roles)} lets the principal read the value of ${onlyNamed === true ? 'what is named' : 'every secret'}, which the access policy does not`,
    remedy: 'accept it knowingly, use a custom role, or drop what forces the role',
  }),
  'MAP-SERVICE': (facts) => ({
    message: `the principal is ${facts.service}${doubtOnId(facts)}; ${rolesSaid(facts) || 'no role is documented for it'} (${facts.source})`,
    remedy: `look for what uses the vault through it before the flip, and check it a day after${facts.note === undefined ? '' : `. ${facts.note}`}`,
  }),
  'MAP-SERVICE-ROLE': (facts) => ({
    message: `${rolesSaid(facts)} for ${facts.service}, while the narrowest cover of this entry is ${together(facts.chosen) || 'no role'}`,
    remedy: "find out whether the entry gives what the service needs: the choice reproduces the entry, not the service's documents",
  }),
  'MAP-STORAGE': ({ permissions }) => ({
    message: `the entry manages storage accounts (${quoted(permissions)}), a feature Azure has deprecated`,
    remedy: `decide \`dropStorage\`, or \`reproduce\`, for which only the widest role exists; ${byRule('{ "storage": true }', 'dropStorage')}`,
  }),
  'MAP-TENANT-ROLE': ({ roles }) => ({
    message: `${quoted(roles)} is a custom role of this tenant: anyone who may change it changes this access`,
    remedy: nothingToDo,
  }),
  'MAP-UNCOVERED': ({ dataActions, underCondition }) => ({
    message: `no role that may ${underCondition === true ? 'stand under a condition on names' : 'be assigned'} gives ${short(dataActions)}`,
    remedy:
      underCondition === true
        ? 'decide for `objectScope`, or keep these for the whole vault'
        : 'ask someone who may assign more roles to do it, or decide which permissions to drop',
  }),
  'MAP-UNKNOWN-PERMISSION': ({ permissions, near }) => ({
    message: `unknown permission: ${quoted(permissions)} stands for`,
    remedy: `correct the entry in the vault${near.length === 0 ? '' : ` (did you mean ${quoted(near)})`}, or decide \`narrow\` and name the permissions to keep`,
  }),
};

function quoted(items: readonly string[]): string {
  return items.map((item) => `\`${item}\``).join(', ');
}

/** Roles that are assigned as one set. */
function together(roles: readonly string[]): string {
  return roles.map((role) => `\`${role}\``).join(' with ');
}

function short(dataActions: readonly string[]): string {
  return dataActions.map(shortAction).join(', ');
}

/** What moved, as the end of a sentence about the role. */
function driftWords({ came, strange, gone, controlPlane }: FindingFacts['MAP-ROLE-DRIFT']): string {
  return [
    ...(came.length === 0 ? [] : [`it now gives ${short(came)} too`]),
    ...(strange.length === 0 ? [] : [`it now gives ${short(strange)}, which this version of keyturn does not know`]),
    ...(gone.length === 0 ? [] : [`it no longer gives ${short(gone)} without a condition`]),
    ...(controlPlane.length === 0
      ? []
      : [`it now gives ${controlPlane.join(', ')} on the control plane, which is live as soon as it is assigned`]),
  ].join('; ');
}

function replacement({ instead }: FindingFacts['MAP-ROLE-DRIFT']): string {
  if (instead === undefined) return '';
  return instead.length === 0
    ? ', and no other role gives all that the entry needs'
    : `, so ${together(instead)} would be assigned instead`;
}

type Service = FindingFacts['MAP-SERVICE' | 'MAP-SERVICE-ROLE'];

const said: Readonly<Record<Service['roleEvidence'], string>> = {
  documented: 'Microsoft documents',
  reported: 'users report that it needs',
  unverified: 'it is said, without proof, to need',
};

/** No words where none are. */
function rolesSaid({ roles, customRole, roleEvidence }: Service): string {
  const names = [...roles.map((name) => `\`${name}\``), ...(customRole ? ['a custom role'] : [])];
  return names.length === 0 ? '' : `${said[roleEvidence]} ${names.join(' or ')}`;
}

function doubtOnId({ appIdEvidence }: FindingFacts['MAP-SERVICE']): string {
  return appIdEvidence === 'documented' ? '' : ', if its application id is what it is said to be';
}
