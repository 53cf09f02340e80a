import { describe, expect, test } from 'vitest';
import { reviewFiles } from '../../src/report/review-files.ts';
import { mostCharacters, reviewMarkdown } from '../../src/report/review-markdown.ts';
import { largePlan, reviewOf } from '../builders/a-review.ts';

/** What GitHub takes in one comment or description. */
const limit = 65_536;

describe.each([30, 300])('the Markdown of a review of %i vaults', (count) => {
  const review = reviewOf(largePlan(count));
  const shown = { review, of: count, files: { plan: 'plan.json' } };
  const text = `${reviewMarkdown(shown).join('\n')}\n`;

  test('fits into what GitHub takes', () => {
    expect(text.length).toBeLessThan(limit);
    expect(text.length).toBeGreaterThan(mostCharacters / 2);
  });

  test('loses no vault without saying so: what is shown and what is left out are all of them', () => {
    const [, all, full, short, tabled = '0', left = '0'] =
      /Of (\d+) vaults, (\d+) are shown in full and (\d+) in short(?:, (\d+) in the table alone, (\d+) are left out)?/.exec(text) ?? [];
    expect(Number(all)).toBe(count);
    expect(Number(full) + Number(short) + Number(tabled) + Number(left)).toBe(count);
    expect(text.match(/<details>/g)).toHaveLength(Number(full) + Number(short));
    expect(text.match(/<\/details>/g)).toHaveLength(Number(full) + Number(short));
    expect(text.match(/\*\*How to go back\?\*\*/g) ?? []).toHaveLength(Number(full));
    const rows = text.match(/^\| kv-\d+ \|/gm) ?? [];
    expect(rows.length).toBe(count - Number(left));
    expect(text).toContain('`keyturn review plan.json VAULT` shows a vault');
  });

  test('puts the headline first, with the counts of all vaults', () => {
    expect(text.indexOf(`- **vaults**: ${count} vaults in 1 subscription`)).toBeLessThan(300);
    expect(text).toContain(
      `- **to make**: ${review.headline.toMake.assignments.toLocaleString('en-US')} role assignments; ${count} vaults to flip`,
    );
  });

  test.each(['vaults', 7] as const)('split by %s writes files within the limit, which hold every vault in full', (split) => {
    const files = reviewFiles(shown, split, (part) => `review${part === '' ? '' : `-${part}`}.md`);
    const perFile = split === 'vaults' ? 1 : split;
    expect(files.map(({ name }) => name)).toHaveLength(new Set(files.map(({ name }) => name)).size);
    expect(files.length).toBeGreaterThanOrEqual(1 + Math.ceil(count / perFile));
    for (const { lines } of files) expect(`${lines.join('\n')}\n`.length).toBeLessThan(limit);
    const all = files.slice(1).map(({ lines }) => lines.join('\n'));
    for (const { name } of review.vaults)
      expect(
        all.filter((one) => one.includes(`<b>${name}</b>`)),
        name,
      ).toHaveLength(1);
    expect(all.join('\n').match(/\*\*How to go back\?\*\*/g)).toHaveLength(count);
    expect(all.join('\n')).not.toContain('more lines');
  });
});
