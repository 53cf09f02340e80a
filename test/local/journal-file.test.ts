import { appendFile, mkdtemp, open, readdir, readFile, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { JournalEntry } from '../../src/formats/journal.ts';
import { type JournalDisk, openJournalFile } from '../../src/local/journal-file.ts';

const at = '2026-11-23T10:00:00.000Z';
const opened: JournalEntry = { v: 1, at, event: 'opened', planDigest: 'sha256:00' };
const began = (step: string): JournalEntry => ({ v: 1, at, event: 'began', vaultId: 'v', step });
const freshFolder = () => mkdtemp(path.join(tmpdir(), 'keyturn-'));

test('nothing is written before the first entry', async () => {
  const folder = await freshFolder();
  const journal = await openJournalFile(path.join(folder, 'journals', 'a.jsonl'));
  await journal.close();
  expect(await readdir(folder)).toEqual([]);
});

test('entries are lines of the file, in order, and the next run reads them back', async () => {
  const file = path.join(await freshFolder(), 'a.jsonl');
  const journal = await openJournalFile(file);
  await Promise.all([opened, began('1'), began('2'), began('3')].map((entry) => journal.append(entry)));
  await journal.close();
  const text = await readFile(file, 'utf8');
  expect(
    text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual([opened, began('1'), began('2'), began('3')]);
  expect((await openJournalFile(file)).entries).toEqual(journal.entries);
});

test('a line that a crash tore is cut off and never joined with the next', async () => {
  const file = path.join(await freshFolder(), 'a.jsonl');
  const first = await openJournalFile(file);
  await first.append(opened);
  await first.append(began('1'));
  await first.close();
  await appendFile(file, '{"v":1,"at":"2026');
  const second = await openJournalFile(file);
  expect(second.entries).toEqual([opened, began('1')]);
  await second.append(began('2'));
  await second.close();
  expect((await openJournalFile(file)).entries).toEqual([opened, began('1'), began('2')]);
});

test('a damaged line in the middle is refused, and the file stays as it was', async () => {
  const file = path.join(await freshFolder(), 'a.jsonl');
  const text = `${JSON.stringify(opened)}\nnonsense\n${JSON.stringify(began('1'))}\n`;
  await appendFile(file, text);
  await expect(openJournalFile(file)).rejects.toMatchObject({ code: 'JOURNAL_UNREADABLE' });
  expect(await readFile(file, 'utf8')).toBe(text);
});

test('only its owner may read a journal', async () => {
  const file = path.join(await freshFolder(), 'journals', 'a.jsonl');
  const journal = await openJournalFile(file);
  await journal.append(opened);
  await journal.close();
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await stat(path.dirname(file))).mode & 0o777).toBe(0o700);
});

/** A disk that takes so many bytes of a write and is full then, `fullFor` times in a row. */
function smallDisk(fullFor: number, truncates = true): JournalDisk {
  let left = fullFor;
  const full = (): Error => Object.assign(new Error('full'), { code: 'ENOSPC', syscall: 'write' });
  return {
    async open(file) {
      const handle = await open(file, 'a');
      return {
        sync: () => handle.sync(),
        stat: (() => handle.stat()) as typeof handle.stat,
        close: () => handle.close(),
        truncate: (size) => (truncates ? handle.truncate(size) : Promise.reject(full())),
        write: (async (bytes: Buffer) => {
          if (left === 0) return handle.write(bytes);
          left -= 1;
          await handle.write(bytes.subarray(0, 9));
          throw full();
        }) as unknown as typeof handle.write,
      };
    },
  };
}

test('an append that a full disk stops half-way leaves no half line: the next one follows the last whole line', async () => {
  const file = path.join(await freshFolder(), 'a.jsonl');
  const first = await openJournalFile(file);
  await first.append(opened);
  await first.close();
  const journal = await openJournalFile(file, smallDisk(2));
  await expect(journal.append(began('1'))).rejects.toMatchObject({ code: 'DISK', outcome: 'failed' });
  await expect(journal.append(began('2'))).rejects.toMatchObject({ code: 'DISK' });
  await journal.append(began('3'));
  await journal.close();
  expect((await openJournalFile(file)).entries).toEqual([opened, began('3')]);
});

test('RF-8: lines that are appended while the disk is busy are made safe together, by one sync', async () => {
  const file = path.join(await freshFolder(), 'a.jsonl');
  let syncs = 0;
  const counting: JournalDisk = {
    async open(name) {
      const handle = await open(name, 'a');
      return Object.assign(Object.create(handle) as typeof handle, {
        write: handle.write.bind(handle),
        stat: handle.stat.bind(handle),
        truncate: handle.truncate.bind(handle),
        close: handle.close.bind(handle),
        sync: () => {
          syncs += 1;
          return handle.sync();
        },
      });
    },
  };
  const journal = await openJournalFile(file, counting);
  await journal.append(opened);
  await Promise.all(Array.from({ length: 200 }, (_, at) => journal.append(began(String(at)))));
  expect(syncs).toBeLessThan(5);
  await journal.close();
  expect((await openJournalFile(file)).entries.slice(1)).toEqual(Array.from({ length: 200 }, (_, at) => began(String(at))));
});

test('lines that a full disk took half of together are all refused, and none is left', async () => {
  const file = path.join(await freshFolder(), 'a.jsonl');
  const journal = await openJournalFile(file, smallDisk(1));
  const ends = await Promise.allSettled([opened, began('1'), began('2')].map((entry) => journal.append(entry)));
  expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  await journal.append(opened);
  await journal.close();
  expect((await openJournalFile(file)).entries).toEqual([opened]);
});

test('a disk that cannot cut the half line off either takes no further line', async () => {
  const file = path.join(await freshFolder(), 'a.jsonl');
  const journal = await openJournalFile(file, smallDisk(1, false));
  await expect(journal.append(opened)).rejects.toMatchObject({ code: 'DISK' });
  await expect(journal.append(opened)).rejects.toMatchObject({ code: 'DISK' });
  await journal.close();
  expect((await openJournalFile(file)).entries).toEqual([]);
});

test('a journal on a device that is always full is a disk error, no bug', async () => {
  const file = path.join(await freshFolder(), 'a.jsonl');
  await symlink('/dev/full', file);
  await expect(openJournalFile(file)).rejects.toMatchObject({ code: 'DISK', outcome: 'failed' });
});

test('one process writes a journal at a time: the other is told who does, and cuts nothing', async () => {
  const file = path.join(await freshFolder(), 'a.jsonl');
  const [one, other] = [await openJournalFile(file), await openJournalFile(file)];
  await one.append(opened);
  await expect(other.append(began('x'))).rejects.toMatchObject({
    code: 'JOURNAL_BUSY',
    message: expect.stringContaining(`process ${process.pid}`) as string,
  });
  await one.append(began('1'));
  await one.close();
  await other.hold();
  expect(other.entries).toEqual([opened, began('1')]);
  await other.append(began('2'));
  await other.close();
  expect((await openJournalFile(file)).entries).toEqual([opened, began('1'), began('2')]);
});
