import { describe, expect, test } from 'vitest';
import { headOf, type Plan, type VaultPlan } from '../../src/formats/plan.ts';
import { plainLook } from '../../src/report/look.ts';
import { planMovesMarkdown, planMovesText } from '../../src/report/plan-moves-text.ts';
import { reviewDocument } from '../../src/report/review-document.ts';
import { reviewFiles } from '../../src/report/review-files.ts';
import { reviewMarkdown } from '../../src/report/review-markdown.ts';
import { reviewText } from '../../src/report/review-text.ts';
import { vaultSince } from '../../src/review/moves.ts';
import { reviewBook } from '../../src/review/review-of.ts';
import { aDecidedWorld, decidedPlan } from '../builders/a-decided-world.ts';

const seed = Number(process.env.KEYTURN_TEST_SEED);

const pieces = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '</details>',
  '<!--',
  '@all',
  '@octo/security',
  '#1',
  '[a](https://evil.example)',
  '![x](http://evil.example/p.png)',
  'https://evil.example/x',
  'www.evil.example',
  '`code`',
  '``` \n```',
  '`@all`',
  '`<b>`',
  '\n# Title',
  '\n- [ ] task',
  '| a | b |',
  '\u001b[31mred\u001b[0m',
  '\u001b]8;;https://evil.example\u0007link\u001b]8;;\u0007',
  '\r\n',
  '\u202egnp.exe',
  '\u200b',
  '**bold**',
  '~~gone~~',
  '&lt;b&gt;',
  '1. one',
  '- item',
  '---',
  '\\',
  '$&',
  'ä𝕏',
];

/** mulberry32 */
function numbers(from: number): () => number {
  let state = from >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The plan with hostile text wherever a plan takes text of others. */
function hostile(plan: Plan, random: () => number): readonly VaultPlan[] {
  const text = () =>
    Array.from({ length: 1 + Math.floor(random() * 4) }, () => pieces[Math.floor(random() * pieces.length)] ?? '').join(' ');
  return plan.vaults.map((vault) => ({
    ...vault,
    wave: text(),
    entries: vault.entries.map((entry) => ({
      ...entry,
      principal: { ...entry.principal, displayName: text() },
      ...(entry.decision !== undefined && { decision: { ...entry.decision, reason: text() } }),
      permissions: { ...entry.permissions, storage: [text()] },
      held: [
        {
          dataActions: ['Microsoft.KeyVault/vaults/secrets/getSecret/action'],
          assignmentId: text(),
          roleDefinitionId: 'r',
          roleName: text(),
          scope: text(),
          throughGroup: 'g',
          groupName: text(),
        },
      ],
    })),
    gains: vault.gains.map((gain) => ({
      ...gain,
      cause: 'flip' as const,
      roleName: text(),
      principal: { kind: text(), displayName: text() },
    })),
    accepted: [{ code: text(), subject: { vault: vault.vaultId }, reason: text() }],
    handOff: [{ step: 's', command: text() }],
  }));
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const drawing = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u;
/** The only markup that keyturn itself writes. */
const own = /<\/?details>|<\/?summary>|<\/?b>/g;
const spans = /`[^`\n]*`/g;

function assertInert(markdown: string): void {
  expect(markdown).not.toMatch(drawing);
  const prose = markdown.replaceAll(own, '').replaceAll(spans, 'code');
  expect(prose).not.toMatch(/[<>`@~\\]|\[[^\n]*\]\(|!\[/);
  expect(prose).not.toMatch(/https?:|www\.[a-z]/i);
  for (const [span] of markdown.matchAll(spans)) expect(span).not.toMatch(/[@<>|]|:\/\/|www\./i);
  expect(markdown.match(/<details>/g)?.length).toBe(markdown.match(/<\/details>/g)?.length);
  // What begins a line is keyturn's own: no title, rule, task or list of somebody else's.
  for (const line of prose.split('\n')) expect(line).toMatch(/^(#{1,2} [A-Z]|- |\| |\*\*[A-Z]|$| {2}- |[A-Z]|[\s:]*[\w&(]|, )/);
  expect(prose.split('\n').filter((line) => /^ *- *(- |\d+\. |---|# |\[ \])/.test(line))).toEqual([]);
}

describe(`hostile names in a review, seed ${seed}`, () => {
  const plan = decidedPlan(aDecidedWorld());
  const random = numbers(seed);
  test.each(Array.from({ length: 40 }, (_, at) => at))('are text and nothing else, in every format (%i)', () => {
    const vaults = hostile(plan, random);
    const before = hostile(plan, random);
    const book = reviewBook(headOf(plan), plan.digest);
    const since = vaults.map((vault, at) => vaultSince(before[at], vault));
    for (const [at, vault] of vaults.entries()) book.add(vault, since[at]);
    const gone = [pieces[Math.floor(random() * pieces.length)] ?? ''];
    const review = book.done(
      { unreadable: [{ subject: gone[0] ?? '', because: gone[0] ?? '' }], findings: [] },
      { digest: 'd', toolVersion: '1', gone },
    );
    const moves = {
      format: 'keyturn-plan-moves' as const,
      formatVersion: 1 as const,
      from: { digest: 'd', toolVersion: '1' },
      to: { digest: 'e', toolVersion: '1' },
      moved: vaults.map(({ vaultId: id, name }, at) => ({ id, name, moves: since[at]?.moves ?? [] })),
      new: [],
      gone,
      same: 0,
    };
    const shown = { review, of: 5, search: gone[0] ?? '', files: { plan: `${gone[0] ?? ''}.json` } };
    for (const by of [undefined, 'vault', 'principal', 'finding'] as const) {
      const text = reviewText({ ...shown, ...(by !== undefined && { by }) }, plainLook).join('\n');
      expect(text).not.toMatch(drawing);
    }
    expect(planMovesText(moves, plainLook).join('\n')).not.toMatch(drawing);
    assertInert(reviewMarkdown(shown).join('\n'));
    assertInert(planMovesMarkdown(moves).join('\n'));
    for (const { lines } of reviewFiles(shown, 1, (part) => `r${part}.md`)) assertInert(lines.join('\n'));
    const json = [...reviewDocument(shown)].join('');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(json.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/);
    expect((JSON.parse(json) as typeof review).vaults).toHaveLength(vaults.length);
  });
});
