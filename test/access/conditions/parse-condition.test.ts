import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCondition } from '../../../src/access/conditions/parse-condition.ts';
import { catalogue } from '../../builders/the-catalogue.ts';

const name = '@Resource[Microsoft.KeyVault/vaults/secrets:name]';

describe('a condition', () => {
  test('EA-42: of Key Vault Data Access Administrator is read', () => {
    const conditions = catalogue.roles.flatMap((role) => role.permissions.flatMap((block) => block.condition ?? []));
    expect(conditions).toHaveLength(1);
    for (const condition of conditions) expect(parseCondition(condition).state).toBe('parsed');
  });
  test.each([
    [`${name} StringEquals 'a'`],
    [`((${name} StringNotStartsWithIgnoreCase 'a'))`],
    [`!(ActionMatches{'Microsoft.KeyVault/vaults/secrets/*'}) OR ${name} StringLike 'app-?*'`],
    [`NOT ActionMatches{'a', 'b'} || Exists ${name}`],
    [`SubOperationMatches{'List'} && @Environment[isPrivateLink] BoolEquals true`],
    ["@Environment[UtcNow] DateTimeGreaterThan '2026-01-01T00:00:00Z'"],
    ['@Request[a/b:size] NumericLessThanEquals -1.5'],
    ["@Principal[Microsoft.Directory/CustomSecurityAttributes/Id:Team_Name] ForAnyOfAnyValues:StringEquals {'x','y'}"],
    ['@Resource[a/b:id] ForAllOfAllValues:GuidNotEquals{00482a5a-887f-4fb3-b363-3b7fe8e74483, a4417e6ffecd4de8b5677b0420556985}'],
    [`@Resource [a/b:c] StringEquals @Principal[d:e]`],
    [`(${name} StringEquals 'a' AND ${name} StringEquals 'b') OR ${name} StringEquals 'c'`],
    [Array(300).fill(`${name} StringEquals 'a'`).join(' AND ')],
    [`${'('.repeat(199)}${name} StringEquals 'a'${')'.repeat(199)}`],
  ])('as `%s` is read', (text) => {
    expect(parseCondition(text)).toMatchObject({ state: 'parsed' });
  });
  test('keeps quoted text as it is, also where it looks like the language', () => {
    expect(parseCondition(`${name} StringEquals 'a OR (b)' OR ${name} StringEquals ' OR '`)).toMatchObject({
      condition: { kind: 'or', parts: [{ right: ['a OR (b)'] }, { right: [' OR '] }] },
    });
  });
  test.each([
    [`${name} StringEquals 'a' AND ${name} StringEquals 'b' OR ${name} StringEquals 'c'`, 'AND and OR stand side by side'],
    ['', 'it ends where an attribute should stand'],
    [name, '`` is not a known operator'],
    [`${name} 'StringEquals' 'a'`, '`StringEquals` is not a known operator'],
    [`${name} :StringEquals 'a'`, '`:StringEquals` is not a known operator'],
    [`${name} GuidLessThan ${'0'.repeat(32)}`, 'is not a known operator'],
    [`${name} StringEquals`, 'it ends where a value should stand'],
    [`${name} StringIsNearly 'a'`, '`StringIsNearly` is not a known operator'],
    [`${name} StringNotLessThan 'a'`, 'is not a known operator'],
    [`${name} NumericNotLessThan 5`, 'is not a known operator'],
    [`${name} ForSomeValues:StringEquals {'a'}`, 'is not a known operator'],
    [`${name} StringEquals a`, '`a` cannot be compared'],
    [`${name} NumericEquals 'five'`, '`five` cannot be compared'],
    [`${name} GuidEquals 'five'`, '`five` cannot be compared'],
    [`${name} BoolEquals 1`, '`1` cannot be compared'],
    [`${name} BoolEquals truely`, '`truely` cannot be compared'],
    [`${name} BoolEquals untrue`, '`untrue` cannot be compared'],
    [`${name} NumericEquals ''`, '`` cannot be compared'],
    [`${name} NumericEquals ' '`, '` ` cannot be compared'],
    [`${name} NumericEquals '2026-01-01'`, '`2026-01-01` cannot be compared'],
    [`${name} NumericEquals 1e999`, '`1e999` cannot be compared'],
    [`${name} DateTimeEquals 'soon'`, '`soon` cannot be compared'],
    [`${name} StringEquals {'a','b'}`, 'compares one value, not several'],
    [`(${name} StringEquals 'a'`, '`)` should stand'],
    [`${name} StringEquals 'a')`, `the end is missing at character ${`${name} StringEquals 'a')`.length}`],
    [`${name} StringEquals 'a' 'AND' ${name} StringEquals 'b'`, 'the end is missing at character'],
    [`'(' ${name} StringEquals 'a')`, 'an attribute is missing at character 1'],
    [`${name} StringEquals 'a`, `character ${`${name} StringEquals '`.length} begins nothing`],
    [`${name} StringEquals “a”`, 'begins nothing'],
    ['ActionMatches{a}', 'a quoted text is missing'],
    ['ActionMatches', '`{` should stand'],
    ["ActionMatches'a'", '`{` is missing'],
    ["ActionMatches'{'", '`{` is missing'],
    ["ActionMatches('a')", '`{` is missing'],
    ["ActionMatches{'a' 'b'}", '`}` is missing'],
    ['Exists name', 'an attribute is missing'],
    [`${'('.repeat(200)}${name} StringEquals 'a'${')'.repeat(200)}`, 'nested too deeply'],
    [`${'('.repeat(5000)}${name} StringEquals 'a'`, 'nested too deeply'],
    ['!'.repeat(5000), 'nested too deeply'],
  ])('as `%.80s` is refused, with the reason', (text, because) => {
    const parsed = parseCondition(text);
    expect(parsed).toMatchObject({ state: 'unreadable' });
    expect(parsed.state === 'unreadable' && parsed.because).toContain(because);
  });
  test('never makes the parser fail, whatever stands in it', () => {
    const piece = fc.constantFrom(
      '(',
      ')',
      '!',
      'AND',
      'OR',
      name,
      'StringEquals',
      "'a'",
      '{',
      '}',
      ',',
      'Exists',
      'ActionMatches',
      '@',
      '\n',
      '7',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) =>
        ['parsed', 'unreadable'].includes(parseCondition(pieces.join(' ')).state),
      ),
    );
  });
});
