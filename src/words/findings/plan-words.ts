import { shortAction } from '../../model/data-action.ts';
import type { FindingFacts, planFacts } from '../../model/finding-facts.ts';
import { eligibleWords, grantWords, heldWords } from '../grant-words.ts';
import { reasonsInWords } from '../reason-words.ts';
import { whereWords } from '../scope-words.ts';
import { denyControlWords } from './deny-control-words.ts';
import { type FindingWords, lastPart, nothingToDo, type WordsFor } from './words-for.ts';

export const planWords: WordsFor<typeof planFacts> = {
  'PLN-ACCEPTANCE-UNUSED': ({ finding, assignment, principal }, { vault = '' }) => {
    const who = principal === undefined ? '' : ` for \`${principal}\``;
    const what = finding === undefined ? `a gain by assignment \`${assignment ?? ''}\`` : `\`${finding}\``;
    return {
      message: `the decisions file accepts ${what}${who} at vault \`${lastPart(vault)}\`, where nothing has to be accepted`,
      remedy: nothingToDo,
    };
  },
  'PLN-ADMINISTRATOR': ({ extra }) => ({
    message: `\`Key Vault Administrator\` would be assigned, which has every data action of the vault${extra === 0 ? '' : `, ${extra} of tier A or B that the policy does not give`}`,
    remedy: 'ask why nothing narrower is enough; decide `narrow` or `customRole`, or `reproduce` with the reason',
  }),
  'PLN-ALREADY-RBAC': () => ({ message: 'the vault is on Azure RBAC already', remedy: nothingToDo }),
  'PLN-CONFLICT': ({ standing, planned, ours }, { vault = '' }) => ({
    message: `${standsWords(standing)}, and Azure keeps one assignment for a role, principal and scope: the one planned ${limitWords(planned)} cannot be made`,
    remedy: ours
      ? `\`keyturn rollback ${lastPart(vault)} --remove-assignments\` removes what an earlier plan made; then plan again`
      : `decide other roles for the entry (\`preferFewer\`, \`customRole\`, \`narrow\` or \`keepExisting\`), or have that assignment removed and plan again${standing.condition === undefined ? '' : ', which undoes its limit'}`,
  }),
  'PLN-CONFLICT-AVOIDED': ({ standing }) => ({
    message: `${standsWords(standing)}, and cannot be assigned a second time: other roles were chosen, which that condition does not limit`,
    remedy: 'if the limit is meant, decide `keepExisting` or `narrow` for the entry instead',
  }),
  'PLN-DECISION-ELSEWHERE': elsewhere,
  'PLN-DECISION-MOVED': ({ fields }) => ({
    message: `what the earlier plan records as decided is not taken over: ${fields.length === 0 ? 'it cannot be carried out any more' : `${fields.join(', ')} moved since that plan was made`}`,
    remedy: 'look at the vault again, and decide in the decisions file',
  }),
  'PLN-DENY-CONTROL': denyControlWords,
  'PLN-DOUBT': ({ because }) => ({
    message: reasonsInWords(because),
    remedy: 'get the right to read it; until then access that depends on it counts as not covered, and as gained',
  }),
  'PLN-DROP-UNPROVEN': ({ choice, dataActions }) => ({
    message: `\`${choice}\` gives up ${short({ dataActions })}, and whether that is used is unknown: no log was read`,
    remedy: "look for calls of this principal in the vault's audit log, or ask its owner",
  }),
  'PLN-ELIGIBLE': (facts) => ({
    message: `is ${eligibleWords(facts)}, and the plan makes ${short(facts)} standing`,
    remedy:
      'decide `keepExisting` to keep the access only while it is activated, which gives up the standing access of the policy; or `reproduce` to confirm that standing access is wanted',
  }),
  'PLN-GROUP-COVER': (facts) => ({
    message: `${heldWords(facts)} gives ${short(facts)} already, and does not count: a membership may end`,
    remedy: `nothing to do; to rely on the group instead of a new assignment, make sure that nothing ends the membership (${facts.pimUnread === true ? 'PIM for Groups could not be read' : 'PIM for Groups names no end'}; access packages and access reviews are not read) and decide \`keepExisting\``,
  }),
  'PLN-GROUP-ENDS': (facts) => ({
    message: `${grantWords(facts)} gives ${short(facts)} ${untilWhen(facts)}, and does not count`,
    remedy:
      facts.kept === true
        ? 'decide `reproduce` to keep the access of the policy, or have the membership assigned without an end and plan again; `keepExisting` gives the access up at the flip or with the membership'
        : nothingToDo,
  }),
  'PLN-LEFT-OVER': leftOver,
  'PLN-LIMIT': ({ there, added, limit, vaults, fit }) => ({
    message: `the subscription holds ${there} role assignments and the plan adds ${added}; it may hold ${limit}`,
    remedy: `${fit === 0 ? 'no further vault fits' : `the first ${fit} of these ${vaults} vaults fit`}: plan fewer at once, give roles to groups in place of their members, decide \`preferFewer\`, or remove assignments that are not needed`,
  }),
  'PLN-LIMIT-NEAR': ({ there, added, limit }) => ({
    message: `the subscription holds ${there} role assignments and the plan adds ${added}: that is close to ${limit}, the most that it may hold`,
    remedy:
      'plan for it now: give roles to groups in place of their members, decide `preferFewer`, or remove assignments that are not needed',
  }),
  'PLN-NO-PEOPLE': () => ({
    message: 'neither a person nor a group has access to data in the vault after the flip',
    remedy: 'agree on who assigns a role in an emergency: a new assignment can take ten minutes to take effect',
  }),
  'PLN-OBJECTS-UNREAD': ({ because }) => ({
    message: `whether the vault holds the objects that the decision names could not be read: ${because}`,
    remedy:
      'get the right to read `Microsoft.KeyVault/vaults/secrets/read` and `…/keys/read` (names only), or accept `PLN-OBJECTS-UNREAD` in the decisions file with a reason',
  }),
  'PLN-OPERATOR-ASSIGN': (facts) => operatorWords(`assign \`${facts.roleName}\``, facts),
  'PLN-OPERATOR-FLIP': (facts) => operatorWords('change the permission model', facts),
  'PLN-OPERATOR-ROLE': (facts) => operatorWords('make custom roles in the subscription', facts),
  'PLN-POLICY-DENIES': (facts) => ({ message: `${policyWords(facts)} refuses ${stepWords(facts)}`, remedy: exempt }),
  'PLN-POLICY-DENY': (facts) => ({ message: `${policyWords(facts)} may refuse ${stepWords(facts)}`, remedy: exempt }),
  'PLN-POLICY-KEEPS': (facts) => ({
    message: `${policyWords(facts)} refuses the removal of ${stepWords(facts)}: a rollback could not remove what it made`,
    remedy: 'know that they stay after a rollback',
  }),
  'PLN-REPAIR': () => ({
    message: 'the vault is on Azure RBAC, and its stored access policies give what no role gives: this plan makes that, and flips nothing',
    remedy: '`keyturn apply` with this plan makes it at once; if it was given up on purpose, say so in a decisions file and plan again',
  }),
  'PLN-UNCOVERED': (facts) => gapWords(facts, facts.kind === 'flip' ? 'would be lost' : 'stays lacking'),
  'PLN-UNKNOWN': (facts) =>
    facts.kind === 'onRbac'
      ? {
          message:
            'the vault is on Azure RBAC, and keyturn could not determine whether roles give all that its stored access policies give',
          remedy: '`keyturn verify` on it says of whom and why',
        }
      : gapWords(facts, facts.kind === 'flip' ? 'may not be covered' : 'may stay lacking'),
  'PLN-WIDE-GRANT': ({ principalName, roleName, scope, assignmentId, dataActions }, { principal = '' }) => ({
    message: `${principalName === '' ? '' : `\`${principalName}\` `}(\`${principal}\`) gets ${short({ dataActions })} at the flip by ${heldWords({ roleName, scope, assignmentId })}, which also reaches every other vault there`,
    remedy: 'ask who owns that assignment; narrow or remove it before the flip where the access is not wanted',
  }),
};

function elsewhere({ found, near }: FindingFacts['PLN-DECISION-ELSEWHERE'], { row = '' }: { readonly row?: string }): FindingWords {
  const spoken = `the decisions file speaks of vault \`${row}\``;
  const meant = near.length === 0 ? '' : `did you mean ${near.map((name) => `\`${name}\``).join(' or ')}? `;
  switch (found) {
    case 'elsewhere':
      return { message: `${spoken}, which is not in view`, remedy: nothingToDo };
    case 'unread':
      return {
        message: `${spoken}, which is not in view`,
        remedy: meant === '' ? nothingToDo : `nothing to do, if that is another vault; ${meant.trim()}`,
      };
    case 'nowhere':
      return {
        message: `${spoken}, and no vault in reach is called so`,
        remedy: `${meant}correct the decisions file; nothing to do, if the vault is gone or beyond what you may read`,
      };
  }
}

function leftOver(
  facts: FindingFacts['PLN-LEFT-OVER'],
  { vault = '', principal = '' }: { readonly vault?: string; readonly principal?: string },
) {
  const { roleName, principalName, scope, underCondition, assignmentId } = facts;
  const named = principalName === undefined ? '' : `\`${principalName}\` `;
  const what = `\`${roleName}\` is assigned to ${named}(\`${principal}\`) ${whereWords(scope)}${underCondition ? ' under a condition' : ''}`;
  return {
    message: `${what} by an earlier plan of keyturn: this plan does not ask for it (assignment \`${lastPart(assignmentId)}\`), and it gives its access at the flip`,
    remedy: `\`keyturn rollback ${lastPart(vault)} --remove-assignments\` removes all that keyturn assigned at the vault; then plan again`,
  };
}

function standsWords({ roleName, scope, condition, assignmentId }: FindingFacts['PLN-CONFLICT']['standing']): string {
  return `\`${roleName}\` ${whereWords(scope)} is assigned already ${limitWords(condition)} (assignment ${lastPart(assignmentId)})`;
}

function limitWords(condition: string | undefined): string {
  return condition === undefined ? 'without a condition' : `under the condition \`${condition}\``;
}

function operatorWords(what: string, { state, until = '', because = [] }: FindingFacts['PLN-OPERATOR-FLIP']): FindingWords {
  const message = {
    ends: `your right to ${what} ends ${until}; after that you cannot go back`,
    no: `you may not ${what} here: ${reasonsInWords(because)}`,
    unknown: `could not determine whether you may ${what} here: ${reasonsInWords(because)}`,
  }[state];
  return {
    message,
    remedy: 'ask someone with the rights to apply it: Owner, or User Access Administrator together with Key Vault Contributor',
  };
}

const exempt = 'exempt the vault from it, or decide for roles and principals that it allows, then plan again';

function policyWords({ policyAssignment }: FindingFacts['PLN-POLICY-DENY']): string {
  return `the policy assignment \`${policyAssignment}\``;
}

const mostNamed = 3;

function stepWords({ what, roleNames }: FindingFacts['PLN-POLICY-DENY']): string {
  const more = roleNames.length > mostNamed ? ` and ${roleNames.length - mostNamed} more` : '';
  const named = roleNames.slice(0, mostNamed).map((name) => `\`${name}\``);
  return `${what === 'customRoles' ? 'the custom role' : 'the assignment of'} ${named.join(', ')}${more}`;
}

function gapWords({ dataActions, because }: FindingFacts['PLN-UNCOVERED'], what: string): FindingWords {
  return {
    message: `${short({ dataActions })} ${what}: ${reasonsInWords(because)}`,
    remedy: 'solve the reason named, or decide what to give up',
  };
}

function short({ dataActions }: { readonly dataActions: readonly string[] }): string {
  return dataActions.map(shortAction).join(', ');
}

function untilWhen({ until }: FindingFacts['PLN-GROUP-ENDS']): string {
  return until === undefined
    ? 'only while the membership stays activated in PIM for Groups'
    : `only until ${until}, when PIM for Groups ends the membership`;
}
