import { describe, expect, test } from 'vitest';
import type { ChoiceReason } from '../../src/model/choice-reason.ts';
import { choiceInWords, toldChoice } from '../../src/words/choice-words.ts';

const base = 'Microsoft.KeyVault/vaults';
const get = `${base}/secrets/getSecret/action`;
const list = `${base}/secrets/readMetadata/action`;
const purge = `${base}/secrets/purge/action`;
const narrowest = { kind: 'narrowest', roles: ['One'], whole: true, fewest: false, heavy: [], settings: 0, metadata: 0 } as const;

describe('why roles were chosen', () => {
  test.each<[ChoiceReason, string]>([
    [{ kind: 'nothingAsked' }, 'The entry asks for nothing, so nothing is assigned.'],
    [{ kind: 'nothingKnown' }, 'Nothing that the entry asks for is known, so nothing is assigned.'],
    [{ kind: 'heldAlready' }, 'Existing assignments already give what is needed.'],
    [{ kind: 'exact', roles: ['One'], whole: true }, 'One is an exact cover of the entry.'],
    [{ kind: 'exact', roles: ['One', 'Two', 'Three'], whole: false }, 'One, Two and Three are an exact cover of what can be covered.'],
    [
      { ...narrowest, metadata: 6 },
      'One is the narrowest cover of the entry; the extra data actions are low risk: 6 on metadata or public keys.',
    ],
    [
      { ...narrowest, roles: ['One', 'Two'], whole: false, settings: 2, metadata: 1 },
      'One and Two are together the narrowest cover of what can be covered; the extra data actions are low risk: 2 on settings and undo and 1 on metadata or public keys.',
    ],
    [
      { ...narrowest, fewest: true, heavy: [purge, get], settings: 3 },
      'One is of the fewest roles the narrowest cover of the entry, with extra access: secrets/purge, secrets/getSecret and 3 on settings and undo.',
    ],
    [
      { ...narrowest, roles: ['One', 'Two'], fewest: true, heavy: [purge] },
      'One and Two are together of the fewest roles the narrowest cover of the entry, with extra access: secrets/purge.',
    ],
    [{ kind: 'noneGives', dataActions: [get, list] }, 'No permitted role gives secrets/getSecret and secrets/readMetadata.'],
    [{ kind: 'idle', dataActions: [purge] }, 'secrets/purge can do nothing while purge protection is on, and it cannot be turned off.'],
    [{ kind: 'storageLeft' }, 'Managing storage accounts is left for a person to decide.'],
    [
      { kind: 'customRole', role: 'keyturn: a', dataActions: [get, list] },
      'keyturn: a has exactly the 2 data actions of the entry (secrets/getSecret, secrets/readMetadata), and no control-plane actions.',
    ],
    [
      { kind: 'customRole', role: 'keyturn: a', dataActions: Array.from({ length: 7 }, (_, at) => `${base}/secrets/a${at}/action`) },
      'keyturn: a has exactly the 7 data actions of the entry, and no control-plane actions.',
    ],
    [{ kind: 'namedSecretsOnly' }, 'decided: only for the named secrets'],
    [{ kind: 'objectOnly', object: 'secrets/db' }, 'decided: only on secrets/db'],
  ])('%o', (reason, words) => {
    expect(choiceInWords([reason])).toBe(words);
  });

  test('several are sentences one after the other, and none is no words', () => {
    expect(choiceInWords([{ kind: 'heldAlready' }, { kind: 'storageLeft' }])).toBe(
      'Existing assignments already give what is needed. Managing storage accounts is left for a person to decide.',
    );
    expect(choiceInWords([])).toBe('');
  });

  test('JSON gives the text and the same as data', () => {
    const reasons = [{ kind: 'heldAlready' }] as const;
    expect(toldChoice(reasons)).toEqual({ because: 'Existing assignments already give what is needed.', reasons });
  });
});
