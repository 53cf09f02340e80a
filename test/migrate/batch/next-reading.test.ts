import { expect, test } from 'vitest';
import { readingDue } from '../../../src/migrate/batch/next-reading.ts';

const second = 1_000;
const minute = 60 * second;
const flipped = (at: number) => ({ from: at, by: at + minute, waitsFor: 'atWork' as const });
const settling = (until: number) => ({ from: until, by: until, waitsFor: 'atWork' as const, patient: true });

test('RF-1: nobody asks, and nothing is read', () => {
  expect(readingDue([], { arriving: 0, atWork: 3, lastBegan: undefined })).toBeUndefined();
});

test('RF-6: whoever was flipped first says when the reading has to begin, and it begins at once where nobody is at work any more', () => {
  const asked = [flipped(100 * second), flipped(90 * second)];
  expect(readingDue(asked, { arriving: 0, atWork: 1, lastBegan: 0 })).toBe(150 * second);
  expect(readingDue(asked, { arriving: 0, atWork: 0, lastBegan: 0 })).toBe(90 * second);
});

test('RF-3: what waits for time to pass reads once a minute, and never before its time', () => {
  const asked = [settling(100 * second), settling(130 * second)];
  expect(readingDue(asked, { arriving: 0, atWork: 0, lastBegan: 0 })).toBe(100 * second);
  expect(readingDue(asked, { arriving: 0, atWork: 0, lastBegan: 80 * second })).toBe(140 * second);
  expect(readingDue(asked, { arriving: 0, atWork: 5, lastBegan: 80 * second }), 'it waits for nobody').toBe(140 * second);
  expect(readingDue(asked, { arriving: 0, atWork: 0, lastBegan: undefined })).toBe(100 * second);
});

test('RF-3: vaults that settle hold up nobody else', () => {
  expect(readingDue([settling(900 * second), flipped(100 * second)], { arriving: 0, atWork: 0, lastBegan: 99 * second })).toBe(
    100 * second,
  );
});

test('RF-1: whoever begins waits for those that are about to ask, and for no work of others', () => {
  const asked = [{ from: 0, by: 15 * second, waitsFor: 'arriving' as const }];
  expect(readingDue(asked, { arriving: 2, atWork: 9, lastBegan: undefined })).toBe(15 * second);
  expect(readingDue(asked, { arriving: 0, atWork: 7, lastBegan: undefined })).toBe(0);
});
