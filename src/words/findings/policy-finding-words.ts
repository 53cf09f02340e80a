import type { FindingFacts, inventoryFacts } from '../../model/finding-facts.ts';
import { policyWords } from '../policy-words.ts';
import type { FindingWords, WordsFor } from './words-for.ts';

type Codes = Extract<keyof typeof inventoryFacts, `INV-POLICY-${string}`>;

/** What Azure Policy would do to a vault's flip and to its rollback. */
export const policyFindingWords: WordsFor<Pick<typeof inventoryFacts, Codes>> = {
  'INV-POLICY-DENIES-FLIP': ({ policy, does }) => ({
    message: `the policy assignment ${policyWords(policy)} ${atTheFlip[does]}`,
    remedy: 'exempt the vault from it, or have its effect changed, then plan again',
  }),
  'INV-POLICY-DENIES-ROLLBACK': noRollback,
  'INV-POLICY-DENY': ({ policies, more, doubt }) => ({
    message: `${policies.map(policyWords).join(', ')}${more > 0 ? ` and ${more} more` : ''} may refuse the flip: ${doubtWords(doubt)}`,
    remedy: 'look at what it refuses; if it refuses the flip, the vault stays as it is',
  }),
  'INV-POLICY-EXEMPT-ENDS': ({ policy, until, certain }) => ({
    message: `the vault is exempt from the policy assignment ${policyWords(policy)} until ${until} only; after that it ${certain ? 'refuses' : 'may refuse'} the change`,
    remedy: 'finish the migration before that time, or have the exemption extended',
  }),
  'INV-POLICY-MODIFIES': ({ policy, property, certain }) => ({
    message: `the policy assignment ${policyWords(policy)} ${certain ? 'changes' : 'may change'} \`${property}\` of the vault with every write, the flip included`,
    remedy: 'look whether the vault may be changed so; applications may depend on it',
  }),
};

const atTheFlip = {
  refuses: 'refuses the vault as it would be after the flip',
  undoes: 'puts vaults back on access policies: the flip would not be kept',
  clears: 'changes the stored access policies at the flip, and a rollback needs them',
};

function noRollback(facts: FindingFacts['INV-POLICY-DENIES-ROLLBACK']): FindingWords {
  const unsure = 'get the right to read policy definitions and exemptions, or accept by a decision that there may be no rollback';
  switch (facts.kind) {
    case 'unread':
      return {
        message: `the policy assignments of its subscription could not be read, and one may refuse the rollback: ${facts.because}`,
        remedy: unsure,
      };
    case 'doubtful':
      return {
        message: `the policy assignment ${policyWords(facts.policy)} may ${facts.does === 'refuses' ? 'refuse' : 'undo'} the rollback: ${doubtWords(facts.doubt)}`,
        remedy: unsure,
      };
    case 'certain':
      return {
        message: `the policy assignment ${policyWords(facts.policy)} ${ofTheRollback[facts.does]}`,
        remedy:
          'exempt the vault from it, or have its effect set to Audit, until the migration is complete; or accept by a decision that there is no rollback',
      };
  }
}

const ofTheRollback = {
  refuses: 'denies vaults without Azure RBAC, so a rollback would be denied',
  undoes: 'puts vaults back on Azure RBAC, so a rollback would be accepted and not kept',
};

function doubtWords(doubt: FindingFacts['INV-POLICY-DENY']['doubt']): string {
  switch (doubt.kind) {
    case 'definitionUnread':
      return `its definition could not be read: ${doubt.because}`;
    case 'enrollment':
      return 'it is enforced where an enrollment says so, and keyturn does not read enrollments';
    case 'notWorkedOut':
      return 'its rule, its effect or an exemption cannot be worked out';
  }
}
