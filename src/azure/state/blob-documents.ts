import type { ContainerClient } from '@azure/storage-blob';
import type { HeldPlace, StateDocument } from '../../migrate/state-ports.ts';
import { isMissing, onBlobs } from './blob-errors.ts';
import { holderFrom } from './blob-lease.ts';

interface Place {
  readonly container: ContainerClient;
  readonly prefix: string;
  readonly name: string;
}

const folders = ['journals/', 'bundles/', 'proofs/'];
const segment = /^(journals\/.*)\.\d{5}\.jsonl$/;

/** Every document of the state under the name that it has in a folder: a journal is one, however many blobs it lies in. */
export async function* documentsIn({ container, prefix, name }: Place): AsyncGenerator<StateDocument> {
  let journal: { path: string; text: string } | undefined;
  for (const folder of folders) {
    for (const blob of await onBlobs(name, () => namesUnder(container, `${prefix}${folder}`))) {
      const text = (await onBlobs(name, () => container.getBlobClient(blob).downloadToBuffer())).toString('utf8');
      const stem = segment.exec(blob.slice(prefix.length))?.[1];
      if (journal !== undefined && journal.path !== `${stem ?? ''}.jsonl`) {
        yield journal;
        journal = undefined;
      }
      if (stem === undefined) yield { path: blob.slice(prefix.length), text };
      else journal = { path: `${stem}.jsonl`, text: `${journal?.text ?? ''}${text}` };
    }
  }
  if (journal !== undefined) yield journal;
}

async function namesUnder(container: ContainerClient, prefix: string): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { name } of container.listBlobsFlat({ prefix })) names.push(name);
  return names.sort();
}

/** Writes a document that is not there yet; one that is there with other words is left alone. */
export async function putDocument(
  { container, prefix, name }: Place,
  { path, text }: StateDocument,
): Promise<'written' | 'same' | 'other'> {
  const stem = /^(journals\/.*)\.jsonl$/.exec(path)?.[1];
  return onBlobs(name, async () => {
    const there = stem === undefined ? await textOf(container, `${prefix}${path}`) : await journalOf(container, `${prefix}${stem}.`);
    if (there !== undefined) return there === text ? 'same' : 'other';
    if (stem === undefined)
      await container.getBlockBlobClient(`${prefix}${path}`).upload(text, Buffer.byteLength(text), { conditions: { ifNoneMatch: '*' } });
    else await writeJournal(container, `${prefix}${stem}.00001.jsonl`, Buffer.from(text));
    return 'written';
  });
}

/** Undefined where there is no such blob. */
export async function textOf(container: ContainerClient, blob: string): Promise<string | undefined> {
  try {
    return (await container.getBlobClient(blob).downloadToBuffer()).toString('utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function journalOf(container: ContainerClient, stem: string): Promise<string | undefined> {
  const names = await namesUnder(container, stem);
  if (names.length === 0) return undefined;
  const texts: string[] = [];
  for (const one of names) texts.push((await textOf(container, one)) ?? '');
  return texts.join('');
}

const blockBytes = 3 * 1024 * 1024;

async function writeJournal(container: ContainerClient, blob: string, text: Buffer): Promise<void> {
  const client = container.getAppendBlobClient(blob);
  await client.create({ conditions: { ifNoneMatch: '*' } });
  for (let at = 0; at < text.length; at += blockBytes) {
    const block = text.subarray(at, at + blockBytes);
    await client.appendBlock(block, block.length, { conditions: { appendPosition: at } });
  }
}

/** What is leased at this moment; a lease that ran out holds nothing. */
export async function heldIn({ container, prefix, name }: Place): Promise<readonly HeldPlace[]> {
  return onBlobs(name, async () => {
    const held: HeldPlace[] = [];
    for (const [kind, folder] of [
      ['journal', 'journals/'],
      ['vault', 'holds/'],
    ] as const) {
      for await (const blob of container.listBlobsFlat({ prefix: `${prefix}${folder}`, includeMetadata: true })) {
        if (blob.properties.leaseState !== 'leased') continue;
        const place = blob.name.slice(prefix.length + folder.length).replace(/\.(lock|jsonl)$/, '');
        held.push({ kind, name: place, holder: holderFrom(blob.metadata?.holder), live: true });
      }
    }
    return held;
  });
}

/** Its run writes nothing more: every append and every write to Azure asks for the lease first. */
export async function unlockPlace({ container, prefix, name }: Place, { kind, name: place }: HeldPlace): Promise<void> {
  const blob = kind === 'journal' ? `${prefix}journals/${place}.jsonl` : `${prefix}holds/${place}.lock`;
  await onBlobs(name, async () => {
    await container.getBlobClient(blob).getBlobLeaseClient().breakLease(0);
  });
}
