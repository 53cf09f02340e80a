import { KnownError } from '../base/known-error.ts';

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your disk quota is used up',
  ENOTDIR: 'a file stands where a folder is needed',
  EEXIST: 'a file stands where a folder is needed',
  EISDIR: 'a folder stands where a file is needed',
  ENOENT: 'its folder is not there',
  ENAMETOOLONG: 'its name is too long',
  EFBIG: 'it would be larger than you may make a file',
  ELOOP: 'a link leads back to itself',
  EIO: 'the disk does not answer as it should',
};

/**
 * Runs work on one file or folder of the person's disk.
 * @throws KnownError DISK (failed) instead of the system's word for what a person can put right; anything else as it is.
 */
export async function onDisk<T>(place: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    // What the system says of a file is never a bug of ours, known to the list or not.
    const systems = cause instanceof Error && 'syscall' in cause && /^E[A-Z\d]+$/.test(code);
    const reason = reasons[code] ?? (systems ? 'the system refuses' : undefined);
    if (cause instanceof KnownError || reason === undefined) throw cause;
    const message = `\`${place}\` cannot be used: ${reason} (${code})`;
    throw new KnownError('failed', 'DISK', message, 'make room or give another place for it, then run the same command again', { cause });
  }
}
