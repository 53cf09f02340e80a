import { expect, test } from 'vitest';
import { finding } from '../../src/model/finding.ts';
import { suppressKnown } from '../../src/plan/suppressed.ts';
import { findingWords } from '../../src/words/finding-words.ts';

const purge = finding('warning', 'PLN-DECISION-MOVED', { vault: 'kv' }, { fields: ['locks'] });
const blocker = finding('blocker', 'PLN-DOUBT', { vault: 'kv' }, { because: [] });
const rows = [
  { finding: 'PLN-DECISION-MOVED', reason: 'looked at in spring' },
  { finding: 'PLN-DOUBT', reason: 'we hope for the best' },
] as const;

test('a warning that the config knows is a note that says why, and stays in the plan', () => {
  const [, told] = suppressKnown([purge, blocker], rows);
  expect(told?.severity).toBe('note');
  expect(told === undefined ? '' : findingWords(told).remedy).toBe('known, by the config: looked at in spring');
});

test('what blocks a vault cannot be suppressed', () => {
  expect(suppressKnown([blocker], rows)).toEqual([blocker]);
});

test('without rows nothing changes', () => {
  expect(suppressKnown([purge, blocker], [])).toEqual([purge, blocker]);
});
