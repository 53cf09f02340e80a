import { expect, test } from 'vitest';
import { onDisk } from '../../src/local/on-disk.ts';

const systemError = (code: string): Error => Object.assign(new Error(code), { code, syscall: 'write' });

test.each(['EFBIG', 'ELOOP', 'ENOSPC', 'EDQUOT', 'ENXIO'])('%s is what a person can put right, and no bug of keyturn', async (code) => {
  const failing = onDisk('journal.jsonl', () => Promise.reject(systemError(code)));
  await expect(failing).rejects.toMatchObject({ code: 'DISK', outcome: 'failed', message: expect.stringContaining(code) as string });
});

test('an error that the system did not raise stays what it is', async () => {
  await expect(onDisk('journal.jsonl', () => Promise.reject(new TypeError('ours')))).rejects.toThrow(TypeError);
});
