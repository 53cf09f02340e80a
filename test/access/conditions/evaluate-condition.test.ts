import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isLike } from '../../../src/access/conditions/compare-values.ts';
import { type ConditionContext, evaluateCondition } from '../../../src/access/conditions/evaluate-condition.ts';
import { parseCondition } from '../../../src/access/conditions/parse-condition.ts';

const action = 'Microsoft.KeyVault/vaults/secrets/getSecret/action';

function judge(text: string, attributes: Readonly<Record<string, readonly string[] | 'anything' | 'absent'>> = {}) {
  const parsed = parseCondition(text);
  if (parsed.state === 'unreadable') throw new Error(parsed.because);
  const context: ConditionContext = { action, attributes: new Map(Object.entries(attributes)) };
  return evaluateCondition(parsed.condition, context);
}

const a = '@request[x/y:a]';

describe('a condition is judged', () => {
  test.each([
    ["StringEquals 'App'", 'App', true],
    ["StringEquals 'App'", 'app', false],
    ["StringEquals 'App'", 'App-1', false],
    ["StringEqualsIgnoreCase 'App'", 'aPP', true],
    ["StringNotEquals 'App'", 'app', true],
    ["StringStartsWith 'app-'", 'app-1', true],
    ["StringStartsWith 'app-'", 'my-app-1', false],
    ["StringNotStartsWithIgnoreCase 'APP-'", 'app-1', false],
    ["StringLike 'app-?'", 'app-12', false],
    ["StringLike 'app-*'", 'app-', true],
    ["StringNotLike '*\\*'", 'a*', false],
    ["StringNotLike '*\\*'", 'ab', true],
    ["StringLikeIgnoreCase 'APP*'", 'app', true],
    ['GuidEquals 00482A5A887F4FB3B3633B7FE8E74483', '00482a5a-887f-4fb3-b363-3b7fe8e74483', true],
    ['GuidEquals 00482a5a-887f-4fb3-b363-3b7fe8e74483', '/providers/x/roleDefinitions/00482a5a-887f-4fb3-b363-3b7fe8e74483', true],
    ["GuidNotEquals '00482a5a-887f-4fb3-b363-3b7fe8e74483'", '00482a5a-887f-4fb3-b363-3b7fe8e74484', true],
    ['GuidEquals 00482a5a-887f-4fb3-b363-3b7fe8e74483', 'someone', 'unknown'],
    ['BoolEquals true', 'True', true],
    ['BoolNotEquals true', 'true', false],
    ['BoolEquals true', 'perhaps', 'unknown'],
    ['BoolEquals true', 'FALSE', false],
    ['BoolNotEquals true', 'false', true],
    ['BoolEquals true', 'untrue', 'unknown'],
    ['BoolEquals true', 'true or so', 'unknown'],
    ['NumericLessThan 5', '4.9', true],
    ['NumericLessThan 5', '5', false],
    ['NumericLessThanEquals 5', '5', true],
    ['NumericLessThanEquals 5', '5.1', false],
    ['NumericGreaterThan 5', '5.1', true],
    ['NumericGreaterThan 5', '5', false],
    ['NumericGreaterThanEquals 5', '5', true],
    ['NumericGreaterThanEquals 5', '5.1', true],
    ['NumericGreaterThanEquals 5', '4.9', false],
    ['NumericEquals 5', '5.0', true],
    ['NumericEquals 5', '6', false],
    ['NumericNotEquals 5', '6', true],
    ['NumericNotEquals 5', 'many', 'unknown'],
    ["DateTimeLessThan '2026-01-02'", '2026-01-01T00:00:00Z', true],
    ["DateTimeGreaterThan '2026-01-02'", '2026-01-01T00:00:00Z', false],
  ])('by `%s` on %s as %s', (comparison, value, answer) => {
    expect(judge(`${a} ${comparison}`, { [a]: [value] })).toBe(answer);
  });
  test.each([
    ['ForAnyOfAnyValues', ['p', 'q'], ['q', 'r'], true],
    ['ForAnyOfAnyValues', ['p'], ['q', 'r'], false],
    ['ForAllOfAnyValues', ['p', 'q'], ['p', 'q', 'r'], true],
    ['ForAllOfAnyValues', ['p', 's'], ['p', 'q', 'r'], false],
    ['ForAnyOfAllValues', ['p', 'q'], ['p', 'p'], true],
    ['ForAnyOfAllValues', ['p', 'q'], ['p', 'q'], false],
    ['ForAllOfAllValues', ['p', 'p'], ['p'], true],
    ['ForAllOfAllValues', ['p', 'q'], ['p', 'q'], false],
  ])('with %s on %j and %j as %s', (quantifier, left, right, answer) => {
    expect(judge(`${a} ${quantifier}:StringEquals {${right.map((value) => `'${value}'`).join(', ')}}`, { [a]: left })).toBe(answer);
  });
  test('against another attribute, by its value', () => {
    expect(judge(`${a} StringEquals @Principal[b]`, { [a]: ['v'], '@principal[b]': ['v'] })).toBe(true);
    expect(judge(`@Request [x/y : a] StringEquals @Principal [b]`, { [a]: ['v'], '@principal[b]': ['w'] })).toBe(false);
    expect(judge(`${a} StringEquals @Principal[b]`, { [a]: ['v'] })).toBe('unknown');
    expect(judge(`${a} StringEquals @Principal[b]`, { [a]: ['v'], '@principal[b]': [] })).toBe('unknown');
    expect(judge(`${a} StringEquals @Principal[b]`, { [a]: ['v'], '@principal[b]': ['v', 'w'] })).toBe('unknown');
    expect(judge(`${a} ForAnyOfAnyValues:StringEquals @Principal[b]`, { [a]: ['v'], '@principal[b]': ['u', 'v'] })).toBe(true);
    expect(judge(`${a} ForAllOfAllValues:StringEquals @Principal[b]`, { [a]: ['v'], '@principal[b]': [] })).toBe('unknown');
  });
  test('EA-9: ActionMatches knows wildcards', () => {
    expect(judge("ActionMatches{'Microsoft.KeyVault/vaults/keys/*', 'microsoft.keyvault/vaults/secrets/*'}")).toBe(true);
    expect(judge("ActionMatches{'Microsoft.KeyVault/vaults/keys/*'}")).toBe(false);
  });
  test('EA-40: as unknown where an attribute is missing, negated or not', () => {
    for (const text of [`${a} StringEquals 'x'`, `${a} StringNotEquals 'x'`, `!(${a} StringEquals 'x')`, "SubOperationMatches{'x'}"])
      expect(judge(text)).toBe('unknown');
    expect(judge(`${a} StringNotEquals 'x'`, { [a]: 'absent' })).toBe('unknown');
    expect(judge(`${a} StringEquals 'x'`, { [a]: 'anything' })).toBe('unknown');
    expect(judge(`${a} StringEquals 'x'`, { [a]: [] })).toBe('unknown');
    expect(judge(`${a} StringEquals 'x'`, { [a]: ['x', 'y'] })).toBe('unknown');
  });
  test('EA-40: as known where the other side decides alone', () => {
    const missing = `${a} StringEquals 'x'`;
    const yes = `ActionMatches{'*'}`;
    expect(judge(`${missing} OR ${yes}`)).toBe(true);
    expect(judge(`${missing} AND ${yes}`)).toBe('unknown');
    expect(judge(`${missing} AND !(${yes})`)).toBe(false);
    expect(judge(`${missing} OR !${yes}`)).toBe('unknown');
  });
  test('tells by Exists what surely is there, surely is not, and cannot be told', () => {
    expect(judge(`Exists ${a}`, { [a]: 'anything' })).toBe(true);
    expect(judge(`Exists ${a}`, { [a]: ['x'] })).toBe(true);
    expect(judge(`Exists ${a}`, { [a]: 'absent' })).toBe(false);
    expect(judge(`Exists ${a}`)).toBe('unknown');
  });
  test('EA-41: as unknown where only upper and lower case of a Key Vault name decide', () => {
    const name = '@resource[microsoft.keyvault/vaults/secrets:name]';
    for (const [comparison, answer] of [
      ["StringStartsWith 'App-'", 'unknown'],
      ["StringStartsWithIgnoreCase 'App-'", 'unknown'],
      ["StringNotEquals 'APP-1'", 'unknown'],
      ["StringStartsWith 'app-'", true],
      ["StringEquals 'other'", false],
    ] as const)
      expect(judge(`${name} ${comparison}`, { [name]: ['app-1'] })).toBe(answer);
  });
});

const spelled: Readonly<Record<string, string>> = { '*': '[^]*', '?': '[^]', '.': '\\.' };

test('StringLike agrees with a regular expression made of the same pattern', () => {
  const pattern = fc.array(fc.constantFrom('a', 'b', '*', '?', '\\*', '\\?', '.'), { maxLength: 8 });
  const text = fc.array(fc.constantFrom('a', 'b', '*', '?', '.', '\n'), { maxLength: 8 });
  fc.assert(
    fc.property(pattern, text, (pieces, letters) => {
      const source = pieces.map((piece) => spelled[piece] ?? piece).join('');
      expect(isLike(letters.join(''), pieces.join(''))).toBe(new RegExp(`^${source}$`).test(letters.join('')));
    }),
    { numRuns: 2000 },
  );
});
