import type { FindingFacts, principalFacts } from '../../model/finding-facts.ts';
import { otherIdWords, unresolvedWords } from '../principal-words.ts';
import { byRule } from './by-rule.ts';
import { type FindingWords, nothingToDo, type WordsFor } from './words-for.ts';

export const principalWords: WordsFor<typeof principalFacts> = {
  'PRN-APPLICATION-ID': (facts, { principal = '' }) => noPrincipal(principal, facts, 'an entry for the object id of its service principal'),
  'PRN-APPLICATION-OBJECT': ({ applicationId }, { principal = '' }) => ({
    message: `\`${principal}\` is the object id of an app registration, which no token carries: the entry grants nothing today`,
    remedy: `nothing is lost; if the application was meant, its service principal (application id \`${applicationId}\`) would be a new grant`,
  }),
  'PRN-COMPOUND': compound,
  'PRN-DELETED': ({ since }, { principal = '' }) => ({
    message: `\`${principal}\` was deleted: it lies among the directory’s deleted items${since === undefined ? '' : ` since ${since}`}`,
    remedy: `restore the principal, or decide \`drop\`; ${byRule('{ "principal": "deleted" }', 'drop')}`,
  }),
  'PRN-FOREIGN-TENANT': ({ tenant, vaultTenant }) => ({
    message: `the entry names tenant \`${tenant}\`, the vault belongs to \`${vaultTenant}\`: the entry grants nothing today`,
    remedy: 'nothing is lost; to give that party access, use a guest or a multi-tenant application of the vault’s own tenant',
  }),
  'PRN-GROUP-DYNAMIC': () => ({
    message: 'membership of the group follows a rule and may change after approval',
    remedy: nothingToDo,
  }),
  'PRN-GROUP-NOT-SECURITY': () => ({
    message: 'the group is not security-enabled: its members’ tokens may not carry it',
    remedy: 'check whether this entry is still used',
  }),
  'PRN-GUEST': () => ({ message: 'the principal is a guest of the tenant', remedy: nothingToDo }),
  'PRN-NO-PRINCIPAL': (facts, { principal = '' }) => noPrincipal(principal, facts, 'an entry for the one who was meant'),
  'PRN-UNRESOLVED': (why, { principal = '' }) => ({
    message: `who \`${principal}\` is could not be determined: ${unresolvedWords(why)}`,
    remedy:
      why.kind === 'absent'
        ? `find out who it is: not being found does not prove that it was deleted; then decide \`drop\`; ${byRule('{ "principal": "unresolved" }', 'drop')}`
        : 'get the right to read the directory, then run again; or find out who it is, and decide `drop` with a reason',
  }),
};

/** The ids look alike, and people write one in the place of the other. */
function noPrincipal(principal: string, facts: FindingFacts['PRN-NO-PRINCIPAL'], meant: string): FindingWords {
  return {
    message: `\`${principal}\` is ${otherIdWords(facts)}, which no token carries as an object id: the entry grants nothing today`,
    remedy: `nothing is lost; ${meant} would be a new grant`,
  };
}

function compound(
  { ownApplication }: FindingFacts['PRN-COMPOUND'],
  { principal = '', application = '' }: { readonly principal?: string; readonly application?: string },
): FindingWords {
  const mistaken = ownApplication ? '; the application is the principal’s own, so the entry probably never worked' : '';
  return {
    message: `the entry holds only while application \`${application}\` acts for \`${principal}\`; Azure RBAC has no such grant${mistaken}`,
    remedy: ownApplication
      ? 'decide `drop`: what gives the principal access is an entry of its own, without the application'
      : 'decide `drop`; to give the access to the principal or the application by itself, add an access policy for it first',
  };
}
