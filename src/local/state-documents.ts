import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { StateDocument } from '../migrate/state-ports.ts';
import { atomicWrite } from './atomic-write.ts';
import { onDisk } from './on-disk.ts';

const folders = ['journals', 'bundles', 'proofs'];

/** Every document of a state folder, one after the other; who holds what is none of them. */
export async function* documentsIn(root: string): AsyncGenerator<StateDocument> {
  for (const folder of folders) {
    const entries = await onDisk(root, () => readdir(path.join(root, folder), { recursive: true, withFileTypes: true }).catch(noFolder));
    const files = entries
      .filter((entry) => entry.isFile() && !/\.(lock|tmp)(\.|$)/.test(entry.name))
      .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
    for (const file of files.sort())
      yield { path: file.split(path.sep).join('/'), text: await onDisk(file, () => readFile(path.join(root, file), 'utf8')) };
  }
}

function noFolder(error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOENT') return [];
  throw error;
}

/** Writes a document that is not there yet; one that is there with other words is left alone. */
export async function putDocument(root: string, { path: name, text }: StateDocument): Promise<'written' | 'same' | 'other'> {
  // The path may come from a place that others write to.
  if (!/^(journals|proofs|bundles\/[\w-]+)\/[\w.-]+$/.test(name) || name.includes('..')) return 'other';
  const file = path.join(root, ...name.split('/'));
  const there = await onDisk(file, () =>
    readFile(file, 'utf8').catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }),
  );
  if (there !== undefined) return there === text ? 'same' : 'other';
  await atomicWrite(file, text, name.endsWith('.sh') ? 0o700 : 0o600);
  return 'written';
}
