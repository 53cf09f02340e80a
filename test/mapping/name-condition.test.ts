import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateCondition } from '../../src/access/conditions/evaluate-condition.ts';
import { parseCondition } from '../../src/access/conditions/parse-condition.ts';
import { conditionLimit, isNameCondition, nameCondition } from '../../src/mapping/name-condition.ts';
import { judgeCondition } from '../../src/sandbox/evaluator/judge-condition.ts';
import { secretAttributes } from '../../src/sandbox/evaluator/secret-attributes.ts';
import { catalogue } from './the-catalogue.ts';

const ofSecrets = catalogue.dataActions.filter(({ collection }) => collection === 'secrets').map(({ name }) => name);
const vault = '/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/kv';
const word = fc.stringMatching(/^[0-9a-zA-Z-]{1,20}$/);

/** What a call on a secret carries, as the sandbox's vault says it. */
const attributesOf = (action: string, name: string) => secretAttributes(action, `${vault}/secrets/${name}`);

function byAccess(text: string, action: string, name: string): unknown {
  const parsed = parseCondition(text);
  if (parsed.state !== 'parsed') throw new Error(parsed.because);
  const attributes = new Map(Object.entries(attributesOf(action, name)).map(([key, value]) => [key, [value]] as const));
  return evaluateCondition(parsed.condition, { action, attributes });
}

describe('a condition on names', () => {
  it('EA-39: means the same to the judgement and to the sandbox, for every data action and name', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), fc.subarray(ofSecrets, { minLength: 1 }), word, (names, bound, other) => {
        const text = nameCondition(names, bound);
        for (const action of ofSecrets) {
          for (const name of [...names, other]) {
            const lower = names.map((one) => one.toLowerCase());
            const expected = !bound.includes(action) || names.includes(name);
            if (!names.includes(name) && lower.includes(name.toLowerCase()) && bound.includes(action)) continue;
            expect([action, name, byAccess(text, action, name)]).toEqual([action, name, expected]);
            expect([action, name, judgeCondition(text, { action, attributes: attributesOf(action, name) })]).toEqual([
              action,
              name,
              String(expected),
            ]);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
  it('EA-41: leaves a name that differs in letter case alone open', () => {
    const [getSecret = ''] = ofSecrets.filter((name) => name.includes('getSecret'));
    expect(byAccess(nameCondition(['One'], [getSecret]), getSecret, 'one')).toBe('unknown');
  });
  it('is the same text whatever the order and repetition of names and data actions', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), fc.subarray(ofSecrets, { minLength: 1 }), (names, bound) => {
        const text = nameCondition(names, bound);
        expect(nameCondition([...names, ...names].reverse(), [...bound, ...bound].reverse())).toBe(text);
      }),
    );
  });
  it('asks the request for the name where a call brings it along, and the resource elsewhere', () => {
    const at = (short: string) => ofSecrets.filter((name) => name.includes(`/${short}/`));
    expect(nameCondition(['a'], at('setSecret'))).toContain(
      "(@Request[Microsoft.KeyVault/vaults/secrets:name] ForAnyOfAnyValues:StringEquals {'a'})",
    );
    expect(nameCondition(['a'], at('setSecret'))).not.toContain('@Resource');
    expect(nameCondition(['a'], at('getSecret'))).not.toContain('@Request');
    expect(nameCondition(['a'], [...at('restore'), ...at('getSecret')])).toMatch(/^\(.*@Resource.* AND .*@Request.*\)$/);
  });
  it('is known again, and nothing else is taken for it', () => {
    const text = nameCondition(['a', 'B-1'], ofSecrets);
    expect(isNameCondition(text)).toBe(true);
    for (const other of [
      text.toLowerCase(),
      `${text} `,
      text.replace("'a'", "'a*'"),
      text.replace('StringEquals', 'StringLike'),
      text.replaceAll('AND', 'OR'),
      '',
      'true',
      nameCondition([], ofSecrets),
    ]) {
      expect([other, isNameCondition(other)]).toEqual([other, false]);
    }
  });
  it('is not known when it is longer than Azure takes', () => {
    const names = Array.from({ length: 600 }, (_, n) => `secret-${String(n).padStart(5, '0')}`);
    const text = nameCondition(names, ofSecrets.slice(0, 1));
    expect(Buffer.byteLength(text)).toBeGreaterThan(conditionLimit);
    expect(isNameCondition(text)).toBe(false);
    expect(isNameCondition(nameCondition(names.slice(0, 400), ofSecrets.slice(0, 1)))).toBe(true);
  });
});
