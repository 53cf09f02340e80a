import type { AppendBlobClient, ContainerClient } from '@azure/storage-blob';
import { holderWords } from '../../base/held-error.ts';
import { KnownError } from '../../base/known-error.ts';
import { writtenTogether } from '../../base/written-together.ts';
import { type JournalEntry, journalText, parseJournal } from '../../formats/journal.ts';
import type { OpenJournal } from '../../migrate/state-ports.ts';
import { codeOf, isLost, onBlobs, statusOf } from './blob-errors.ts';
import { type HeldLease, isHeld, type LeaseHolder, leaseRemedy, takeLease } from './blob-lease.ts';

/** An append blob takes 50,000 blocks, and a block of this size whatever the version of the service. */
const blobLimits = { blocks: 45_000, bytes: 3 * 1024 * 1024 };

interface Segment {
  readonly number: number;
  readonly blob: AppendBlobClient;
  readonly lease: HeldLease;
  size: number;
  blocks: number;
}

interface Place {
  readonly holder: Omit<LeaseHolder, 'since'>;
  readonly limits?: typeof blobLimits;
  readonly container: ContainerClient;
  /** What the names of its blobs begin with: their numbers follow. */
  readonly stem: string;
  /** What people call it. */
  readonly name: string;
}

/**
 * The journal of one plan in append blobs, one after the other, since a blob takes only so many blocks. Whoever writes holds a lease on
 * the last of them, and every append carries it: a run that lost its lease writes nothing more, whatever it believes.
 * @throws KnownError JOURNAL_UNREADABLE, STATE_UNREACHABLE; from `hold` and `append` also JOURNAL_BUSY, JOURNAL_LOST (blocked).
 */
export async function openBlobJournal(place: Place): Promise<OpenJournal> {
  const entries: JournalEntry[] = [];
  const read = async (): Promise<void> => {
    const texts: string[] = [];
    for (const number of await segmentsOf(place)) texts.push((await blobOf(place, number).downloadToBuffer()).toString('utf8'));
    const { entries: found } = parseJournal(texts.join(''));
    entries.splice(0, entries.length, ...found);
  };
  await onBlobs(place.name, read);
  let held: Segment | undefined;
  let tail: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = tail.then(() => onBlobs(place.name, work));
    tail = done.catch(() => undefined);
    return done;
  };
  const take = async (): Promise<Segment> => {
    if (held !== undefined) return held;
    const segment = await takeLast(place);
    try {
      // Read again: until now somebody else may have written.
      await read();
    } catch (error) {
      await segment.lease.release();
      throw error;
    }
    held = segment;
    return segment;
  };
  const append = writtenTogether<Line>(inTurn, async (lines) => {
    for (const part of inBlocks(lines, (place.limits ?? blobLimits).bytes)) {
      const segment = await roomy(place, await take(), (next) => (held = next));
      await appendBlock(segment, Buffer.from(part.map(({ text }) => text).join('')));
      for (const { entry } of part) entries.push(entry);
    }
  });
  return {
    entries,
    hold: () =>
      inTurn(async () => {
        await take();
      }),
    append: async (entry) => append({ entry, text: journalText(entry) }),
    async close() {
      await tail;
      await held?.lease.release();
      held = undefined;
    },
  };
}

interface Line {
  readonly entry: JournalEntry;
  readonly text: string;
}

function inBlocks(lines: readonly Line[], most: number): readonly (readonly Line[])[] {
  const blocks: Line[][] = [];
  let bytes = most;
  for (const line of lines) {
    bytes += Buffer.byteLength(line.text);
    if (bytes > most) {
      blocks.push([]);
      bytes = Buffer.byteLength(line.text);
    }
    blocks.at(-1)?.push(line);
  }
  return blocks;
}

function blobOf({ container, stem }: Place, number: number): AppendBlobClient {
  return container.getAppendBlobClient(`${stem}.${String(number).padStart(5, '0')}.jsonl`);
}

async function segmentsOf({ container, stem }: Place): Promise<readonly number[]> {
  const numbers: number[] = [];
  for await (const { name } of container.listBlobsFlat({ prefix: `${stem}.` })) {
    const number = /^\.(\d{5})\.jsonl$/.exec(name.slice(stem.length))?.[1];
    if (number !== undefined) numbers.push(Number(number));
  }
  return numbers.sort((a, b) => a - b);
}

/** @throws KnownError JOURNAL_BUSY (blocked). */
async function takeLast(place: Place): Promise<Segment> {
  for (;;) {
    const number = (await segmentsOf(place)).at(-1) ?? 1;
    const segment = await takeSegment(place, number);
    // Its holder may have gone on to the next one just before.
    if (((await segmentsOf(place)).at(-1) ?? 1) === number) return segment;
    await segment.lease.release();
  }
}

async function takeSegment(place: Place, number: number): Promise<Segment> {
  const blob = blobOf(place, number);
  await blob.createIfNotExists({ blobHTTPHeaders: { blobContentType: 'application/x-ndjson' } });
  const lease = await takeLease(blob, place.holder);
  if (!isHeld(lease)) throw busy(holderWords(lease.holder));
  const { contentLength = 0, blobCommittedBlockCount = 0 } = await blob.getProperties();
  return { number, blob, lease, size: contentLength, blocks: blobCommittedBlockCount };
}

/** The lease on the old blob is given back only when the new one is leased: nobody comes between. */
async function roomy(place: Place, segment: Segment, hold: (next: Segment) => void): Promise<Segment> {
  if (segment.blocks < (place.limits ?? blobLimits).blocks) return segment;
  const next = await takeSegment(place, segment.number + 1);
  hold(next);
  await segment.lease.release();
  return next;
}

/** A block is appended at the place where the blob ends, so that a request that is sent twice is written once. */
async function appendBlock(segment: Segment, block: Buffer): Promise<void> {
  const { blob, lease, size } = segment;
  try {
    await blob.appendBlock(block, block.length, { conditions: { leaseId: lease.id, appendPosition: size } });
  } catch (error) {
    if (isLost(error)) throw lost();
    // An earlier try may have been written although its answer did not come.
    if (statusOf(error) !== 412 || codeOf(error) !== 'AppendPositionConditionNotMet' || !(await isWritten(segment, block))) throw error;
  }
  segment.size += block.length;
  segment.blocks += 1;
}

async function isWritten({ blob, size }: Segment, block: Buffer): Promise<boolean> {
  const { contentLength = 0 } = await blob.getProperties();
  return contentLength === size + block.length && (await blob.downloadToBuffer(size, block.length)).equals(block);
}

function busy(who: string): KnownError {
  return new KnownError('blocked', 'JOURNAL_BUSY', `another run of keyturn writes the journal of this plan: ${who}`, leaseRemedy);
}

function lost(): KnownError {
  const message = 'another run of keyturn took over the journal, since nothing was heard of this one for a minute';
  return new KnownError('blocked', 'JOURNAL_LOST', message, 'wait for the other run to end; then `keyturn status` shows how things stand');
}
