import { expect, test } from 'vitest';
import { type Answer, stricter } from '../../src/access/answer.ts';

const a = { kind: 'rightNotListed', action: 'a' } as const;
const b = { kind: 'rightNotListed', action: 'b' } as const;

const answers: readonly Answer[] = [
  { state: 'no', because: [] },
  { state: 'unknown', because: [] },
  { state: 'yes', because: [] },
];

test('of two answers the stricter counts, with its own reason: no before unknown before yes', () => {
  for (const [i, strict] of answers.entries())
    for (const loose of answers.slice(i + 1)) {
      expect(stricter(strict, loose)).toBe(strict);
      expect(stricter(loose, strict)).toBe(strict);
    }
});

test('of two that agree both reasons are told, each once', () => {
  const no = (...because: Answer['because']): Answer => ({ state: 'no', because });
  expect(stricter(no(a), no(b))).toStrictEqual(no(a, b));
  expect(stricter(no(a), no(a))).toStrictEqual(no(a));
  expect(stricter(no(a), no())).toStrictEqual(no(a));
});

test('EA-38: of two rights that end the earlier end counts, and one that lasts does not hide the end of the other', () => {
  const yes = (until?: string): Answer => ({ state: 'yes', because: [], ...(until !== undefined && { until }) });
  // As text the later one would come first.
  const [earlier, later] = ['2026-11-24T16:00:00+02:00', '2026-11-24T15:00:00Z'];
  expect(stricter(yes(later), yes(earlier)).until).toBe(earlier);
  expect(stricter(yes(earlier), yes(later)).until).toBe(earlier);
  expect([stricter(yes(), yes(later)).until, stricter(yes(later), yes()).until]).toEqual([later, later]);
  expect(stricter(yes(), yes())).toStrictEqual(yes());
});
