import { guidAtEnd } from '../base/guid.ts';
import type { DeniedBy, FactList, NamedAssignment, NamedGroup, Passing, Reason, UnknownTerm, Unread } from '../model/reason.ts';
import { oddEntryWords } from './odd-entry-words.ts';
import { otherIdWords, unresolvedWords } from './principal-words.ts';
import { describeScope } from './scope-words.ts';

/** Several reasons as one text, in their order, each sentence once; empty where there is none. */
export function reasonsInWords(reasons: readonly Reason[]): string {
  const lines = reasonLines(reasons);
  // Texts of Azure's end with a full stop, as a sentence that goes on does not.
  return lines.map((line, at) => (at < lines.length - 1 ? line.replace(/\.$/, '') : line)).join('; ');
}

/** A sentence for each reason, in their order, none of them twice. */
export function reasonLines(reasons: readonly Reason[]): readonly string[] {
  return reasons.length === 0 ? [] : [...new Set(reasons.map(reasonInWords))];
}

/** One reason as a clause: no capital, no full stop. */
export function reasonInWords(reason: Reason): string {
  return (sentences[reason.kind] as (one: Reason) => string)(reason);
}

type Sentences = { readonly [Kind in Reason['kind']]: (reason: Extract<Reason, { readonly kind: Kind }>) => string };

const sentences: Sentences = {
  principalDeleted: () => 'the principal is deleted',
  idOfAppRegistration: () => 'the id is an app registration, which no token carries',
  idOfNoPrincipal: ({ is }) => `the id is ${otherIdWords(is)}, which no token carries as an object id`,
  principalUnresolved: ({ why }) => `the directory does not say who this is: ${unresolvedWords(why)}`,
  principalTypeUnknown: () => 'Azure does not say what kind of principal the assignment names',

  listUnread: ({ list, text }) => `${lists[list]} could not be read: ${text}`,
  groupUnread: ({ group, text }) => `members of ${shown(group)} could not be read: ${text}`,
  membersUnknown: ({ group, why }) => `the members of ${shown(group)} are not known: ${unreadInWords(why)}`,
  groupNotSecurity: ({ group }) => `${shown(group)} is not a security group, and it is open whether a token carries it`,
  groupUnresolved: ({ group, why }) => `whether ${shown(group)} is a security group is not known: ${unresolvedWords(why)}`,

  policyNone: () => 'no access policy gives it',
  policyOdd: ({ oddity }) => `an access policy of it cannot be understood: ${oddEntryWords(oddity)}`,
  policyOfGroupMayGive: ({ doubt }) => `the policy of a group may give it today already: ${reasonInWords(doubt)}`,
  policyNamesApplicationId: ({ appId }) => `one names its application id \`${appId}\`, which no token carries as an object id`,
  throughApplicationOnly: () => 'Azure RBAC has no grant for calls through one application only',

  assignmentNone: () => 'no role assignment gives it',
  assignmentInactive: ({ assignment }) => `${named(assignment)} is not active at this time`,
  assignmentRestricted: ({ assignment }) => `${named(assignment)} is restricted by a condition`,
  assignmentRoleUnread: ({ assignment }) => `what ${named(assignment)} gives could not be read`,
  assignmentTimeUnknown: ({ assignment, why }) => `whether ${named(assignment)} is active at this time is not known: ${termInWords(why)}`,
  assignmentOnSecrets: ({ assignment, secrets }) =>
    `${named(assignment)} holds on ${secrets.length === 1 ? 'secret' : 'secrets'} ${listed(secrets)} only, by its condition`,
  assignmentOnObjects: ({ assignment, others }) =>
    others === 0
      ? `${named(assignment)} reaches that object alone`
      : `${named(assignment)} and ${others} like it reach those objects alone`,
  assignmentTakesOut: ({ assignment, by }) => `${named(assignment)} takes it out again by ${by}`,
  assignmentOnControlPlane: ({ assignment }) => `${named(assignment)} names it for the control plane only`,
  assignmentEligible: ({ assignment }) => `${named(assignment)} is only eligible, which gives no access until activated`,
  conditionOpen: ({ assignment }) => `the condition on ${named(assignment)} cannot be judged`,
  conditionHidden: ({ assignment }) =>
    `${named(assignment)} is a built-in role newer than the catalogue, and Azure may not show its condition`,
  conditionUnmet: ({ assignment, roles, more }) => `the condition on ${named(assignment)} is not met${rolesInWords(roles, more)}`,

  denied: ({ deny }) => `${denying(deny)} denies it`,
  denyConditionOpen: ({ deny }) => `${denying(deny)} may deny it: its condition cannot be judged`,
  denyExcludesGroup: ({ deny }) => `${denying(deny)} takes out a group of the principal, and whether that counts is open`,
  denyMayConcern: ({ deny, doubt }) => `${denying(deny)} may concern it: ${reasonInWords(doubt)}`,
  denyNamesOddId: ({ deny }) => `${denying(deny)} names a principal by an id that is not a GUID`,
  denyOnMembers: ({ deny }) => `${denying(deny)} denies it to members of the group`,
  denyMayBeOnMembers: ({ deny, group, why }) =>
    `${denying(deny)} may concern members of the group: ${shown(group)}: ${unreadInWords(why, 'its members')}`,
  denySparesMembers: ({ deny }) => `${denying(deny)} denies it, but spares members of the group`,
  denyMaySpareMembers: ({ deny, group, why }) =>
    `${denying(deny)} denies it, but may spare members of the group: ${shown(group)}: ${unreadInWords(why, 'its members')}`,

  endUnlisted: ({ assignment }) => `Azure lists every assignment in PIM but ${named(assignment)}, so whether it has an end is not known`,
  endUnread: ({ assignment, why }) => `whether ${named(assignment)} has an end could not be read: ${termInWords(why)}`,
  endsSomeDay: ({ assignment, until }) =>
    until === undefined
      ? `covered only while ${named(assignment)} stays activated`
      : `covered only until ${until}: ${named(assignment)} ends then`,
  membershipPasses: ({ assignment, passing }) => `covered by ${named(assignment)} ${passingInWords(passing)}`,
  notMade: ({ assignment }) => `${named(assignment)} is planned and not made yet`,
  ageUnknown: ({ assignment }) => `${named(assignment)} is of unknown age`,
  tooYoung: ({ assignment, ageMinutes, neededMinutes, atManagementGroup }) =>
    `${named(assignment)} is only ${ageMinutes} minutes old, and ${atManagementGroup ? 'counts there after a day' : `${neededMinutes} are needed`}`,
  throughGroupOnly: ({ assignment }) =>
    `covered only through a group, by ${named(assignment)}: a membership may end, so it counts by decision alone`,

  azureListUnread: ({ text }) => `nor is Azure's own list of what is assigned to it known: ${text}`,
  azureListEmpty: () => 'Azure itself lists no role assignment that gives it, neither its own nor one of a group',
  azureLists: (reason) => azureListInWords(reason),

  rightHeld: ({ action, assignment }) => `\`${action}\` by ${named(assignment)}`,
  rightEnds: ({ action, assignment, until }) =>
    `\`${action}\` by ${named(assignment)}, which ${until === undefined ? 'may end at a time that is not known' : `ends ${until}`}`,
  rightNotGiven: ({ action, nearest }) =>
    `\`${action}\` is given by no role assignment${nearest === undefined ? '' : `; ${nearestInWords(nearest)}`}`,
  rightNotListed: ({ action }) => `\`${action}\` is not among the permissions that Azure lists for the operator`,
  rightUnderCondition: ({ action }) => `\`${action}\`: Azure names it under a condition that cannot be judged`,
  rightHindered: ({ action, reasons }) => `\`${action}\`: ${reasonsInWords(reasons)}`,
  roleIdOdd: ({ roleDefinitionId }) => `\`${roleDefinitionId}\` names no role`,

  nearest: ({ lack }) => nearestInWords(lack),
  wouldGive: ({ assignment }) => `${named(assignment)} would give it`,
  notOnEveryObject: ({ reason }) => `not every one: ${reasonInWords(reason)}`,
  onObject: ({ object, reasons }) => `on \`${object}\`: ${reasonsInWords(reasons)}`,
};

const lists: Readonly<Record<FactList, string>> = {
  denyAssignments: 'deny assignments',
  activeInstances: 'PIM instances',
  eligibleInstances: 'what may be activated through PIM',
  roleAssignments: 'role assignments',
  roleDefinitions: 'role definitions',
};

/** @param whom what was to be read, such as `its members`. */
export function unreadInWords(why: Unread, whom = 'they'): string {
  return why.kind === 'unreadable' ? why.text : `${whom} were not asked for`;
}

function nearestInWords(lack: Reason): string {
  return `nearest: ${reasonInWords(lack)}`;
}

function termInWords(why: UnknownTerm): string {
  switch (why.kind) {
    case 'unreadable':
      return why.text;
    case 'otherCondition':
      return 'PIM names a condition on it that the assignment itself does not name';
    case 'notListed':
      return 'PIM lists no instance for it';
  }
}

function passingInWords(passing: Passing): string {
  const group = shown(passing.group);
  switch (passing.kind) {
    case 'membershipActivated':
      return `while the membership of ${group} stays activated in PIM for Groups`;
    case 'membershipEnds':
      return `until ${passing.until}, when PIM for Groups ends the membership of ${group}`;
    case 'groupDynamic':
      return `while the rule of the dynamic group ${group} takes it in`;
    case 'dynamicGroupWithin':
      return `while the rule of the dynamic group ${shown(passing.within)}, nested in ${group}, takes it in`;
    case 'managedIdentityToken':
      return `while the managed identity's token carries ${group}, which can take a day after joining`;
  }
}

function azureListInWords({ assignment, others, throughGroup, lack }: Extract<Reason, { readonly kind: 'azureLists' }>): string {
  const { roleName, scope, assignmentId } = assignment;
  const first = `\`${roleName}\` ${describeScope(scope)} (assignment ${guidAtEnd(assignmentId) ?? assignmentId})`;
  const way = throughGroup === undefined ? 'directly' : `through the group ${shown(throughGroup)}`;
  const says = `Azure itself lists ${first}${others > 0 ? ` and ${others} more` : ''} as reaching it ${way}`;
  return lack === undefined
    ? `${says}; that alone is not counted, and the directory's answer is all that is missing (it takes Directory.Read.All, or the role Directory Readers)`
    : `${says}; in addition to the directory's answer, this stands in the way: ${reasonInWords(lack)}`;
}

function rolesInWords(roles: Extract<Reason, { readonly kind: 'conditionUnmet' }>['roles'], more: number): string {
  if (roles.length === 0) return '';
  const words = roles.map(({ id, name }) => (name === undefined ? `\`${id}\`, an id of no role that Azure lists here` : `\`${name}\``));
  return `: it names ${words.join(' and ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** An assignment in words: role, whom it names if that is a group, and where. */
function named({ roleName, scope, toGroup }: NamedAssignment): string {
  return `\`${roleName}\`${toGroup === undefined ? '' : ` of ${shown(toGroup)}`} ${describeScope(scope)}`;
}

function denying({ name }: DeniedBy): string {
  return `the deny assignment \`${name}\``;
}

function shown({ id, name }: NamedGroup): string {
  return `\`${name === '' ? id : name}\``;
}

function listed(names: readonly string[]): string {
  const all = names.map((name) => `\`${name}\``);
  return [all.slice(0, -1).join(', '), ...all.slice(-1)].filter((part) => part !== '').join(' and ');
}
