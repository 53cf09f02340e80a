import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assertOwnJournal, type JournalEntry, type JournalEvent, journalText, parseJournal, stepState } from '../../src/formats/journal.ts';

const at = '2026-11-24T08:00:00.000Z';
const line = (event: JournalEvent, step: string, outcome?: string): JournalEntry => ({
  v: 1,
  at,
  event,
  vaultId: '/v',
  step,
  ...(outcome !== undefined && { outcome }),
});
const opened: JournalEntry = { v: 1, at, event: 'opened', planDigest: 'sha256:1' };
const entry = fc.record({
  v: fc.constant(1 as const),
  at: fc.constant(at),
  event: fc.constantFrom<JournalEvent>('began', 'done', 'failed', 'settled', 'verified', 'bundleWritten', 'undoBegan', 'undone'),
  step: fc.string({ unit: 'binary' }),
  detail: fc.string({ unit: 'grapheme' }),
});

describe('a journal', () => {
  test('comes back from its text as it was, one line an entry', () => {
    fc.assert(
      fc.property(fc.array(entry), (entries) => {
        const text = entries.map(journalText).join('');
        expect(parseJournal(text)).toEqual({ entries, intact: text });
        expect(text.split('\n')).toHaveLength(entries.length + 1);
      }),
    );
  });

  test('that a crash tore anywhere in its last line keeps every line before it, and says where to cut', () => {
    const whole = journalText(opened) + journalText(line('began', 's'));
    const last = journalText(line('done', 's', 'created'));
    for (let length = 1; length < last.length; length++) {
      const found = parseJournal(whole + last.slice(0, length));
      expect(found).toEqual({ entries: [opened, line('began', 's')], intact: whole, torn: last.slice(0, length) });
    }
  });

  test.each([
    ['a line that is no JSON', 'hello\n'],
    ['a line of another version', `${JSON.stringify({ ...opened, v: 2 })}\n`],
    ['an event nobody knows', `${JSON.stringify({ ...opened, event: 'forced' })}\n`],
    ['a field nobody knows', `${JSON.stringify({ ...opened, token: 'x' })}\n`],
  ])('with %s before its last line is refused, and the line is numbered', (_, text) => {
    expect(() => parseJournal(journalText(opened) + text + journalText(opened))).toThrow(/line 2/);
  });

  test('of another plan is refused, and an empty one belongs to any', () => {
    expect(() => {
      assertOwnJournal([opened], 'sha256:2');
    }).toThrow(expect.objectContaining({ code: 'JOURNAL_FOREIGN', outcome: 'blocked' }));
    expect(() => {
      assertOwnJournal([line('began', 's')], 'sha256:1');
    }).toThrow(expect.objectContaining({ code: 'JOURNAL_FOREIGN' }));
    expect(() => {
      assertOwnJournal([opened], 'sha256:1');
    }).not.toThrow();
    expect(() => {
      assertOwnJournal([], 'sha256:2');
    }).not.toThrow();
  });

  test('tells how far a step got by its last word, whatever other steps did', () => {
    const entries = [line('began', 'a'), line('began', 'b'), line('done', 'a', 'created'), line('undoBegan', 'a')];
    expect(stepState(entries, 'a')).toEqual({ state: 'undoBegan', at });
    expect(stepState(entries, 'b')).toEqual({ state: 'began', at });
    expect(stepState(entries, 'c')).toEqual({ state: 'notBegun' });
    expect(stepState([...entries, line('undone', 'a'), line('began', 'a'), line('done', 'a', 'created')], 'a').state).toBe('done');
  });

  test('is read once, however many of its steps are asked for, and says what is appended meanwhile', () => {
    const steps = Array.from({ length: 3_000 }, (_, at) => `s${at}`);
    let looks = 0;
    const counted = new Proxy<JournalEntry[]>([], {
      get(target, key, self) {
        if (typeof key === 'string' && /^\d+$/.test(key)) looks += 1;
        return Reflect.get(target, key, self) as unknown;
      },
    });
    for (const step of steps) {
      expect(stepState(counted, step).state).toBe('notBegun');
      counted.push(line('began', step));
      expect(stepState(counted, step).state).toBe('began');
      counted.push(line('done', step, 'created'));
      expect(stepState(counted, step)).toEqual({ state: 'done', at, outcome: 'created' });
    }
    expect(looks).toBeLessThan(20 * steps.length);
  });

  test('that another process wrote to, and that is read anew in place, is looked at anew', () => {
    const entries = [line('began', 'a'), line('done', 'a')];
    expect(stepState(entries, 'a').state).toBe('done');
    entries.splice(0, entries.length, line('began', 'a'), line('failed', 'a'), line('began', 'b'));
    expect(stepState(entries, 'a').state).toBe('failed');
    entries.splice(0, entries.length, line('began', 'c'));
    expect(stepState(entries, 'a').state).toBe('notBegun');
    entries.length = 0;
    expect(stepState(entries, 'c').state).toBe('notBegun');
  });
});
