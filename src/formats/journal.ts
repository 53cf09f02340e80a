import { z } from 'zod';
import { KnownError } from '../base/known-error.ts';

/** One line of a journal file, version 1. */
export const journalLine = z.strictObject({
  v: z.literal(1),
  at: z.iso.datetime().describe("When it was written, by the clock of keyturn's own machine."),
  event: z.enum(['opened', 'began', 'done', 'failed', 'settled', 'verified', 'bundleWritten', 'undoBegan', 'undone']),
  planDigest: z.string().exactOptional().describe('On `opened`: the plan that the journal belongs to.'),
  vaultId: z.string().exactOptional(),
  step: z.string().exactOptional().describe("The plan step's id."),
  outcome: z
    .string()
    .exactOptional()
    .describe(
      'What became of the write, or, on a second `began` or `undoBegan`, what is known of its end. A record only: what a rollback may remove, names tell.',
    ),
  detail: z.string().exactOptional().describe('Code and message of a failure, or the digest of what was written.'),
});

/** Append only; `began` without an end means: ask Azure. */
export type JournalEntry = Readonly<z.infer<typeof journalLine>>;
export type JournalEvent = JournalEntry['event'];

export interface ParsedJournal {
  readonly entries: readonly JournalEntry[];
  /** The text up to and with the last whole line: what the file has to be cut to before anything is appended. */
  readonly intact: string;
  /** The torn last line, when a crash left one: the write it belonged to had not returned, so nothing was built on it. */
  readonly torn?: string;
}

const remedy = 'keep the file for the record and start with another journal; Azure is asked what is already done';

/** @throws KnownError JOURNAL_UNREADABLE (usage) when a line before the last is no journal line. */
export function parseJournal(text: string): ParsedJournal {
  const end = text.lastIndexOf('\n') + 1;
  const intact = text.slice(0, end);
  const torn = text.slice(end);
  const lines = intact === '' ? [] : intact.slice(0, -1).split('\n');
  const entries = lines.map((line, at) => readLine(line, at + 1));
  return { entries, intact, ...(torn !== '' && { torn }) };
}

/** @throws TypeError never: an entry holds plain strings. The text ends with a newline. */
export function journalText(entry: JournalEntry): string {
  return `${JSON.stringify(journalLine.parse(entry))}\n`;
}

/** @throws KnownError JOURNAL_FOREIGN (blocked) when the journal belongs to another plan. */
export function assertOwnJournal(entries: readonly JournalEntry[], planDigest: string): void {
  const opened = entries.filter((entry) => entry.event === 'opened');
  if (entries.length === 0 || (opened.length > 0 && opened.every((entry) => entry.planDigest === planDigest))) return;
  throw new KnownError(
    'blocked',
    'JOURNAL_FOREIGN',
    'the journal belongs to another plan',
    'use the plan that the journal was opened with, or another journal',
  );
}

/** How far a step got. `began` without an end, in either direction, means: ask Azure. */
export type StepState =
  | { readonly state: 'notBegun' }
  | { readonly state: 'began' | 'failed' | 'undoBegan' | 'undone'; readonly at: string }
  | { readonly state: 'done'; readonly at: string; readonly outcome: string };

/** The outcome of a flip that was found made, by somebody else or from another machine: none of ours to undo. */
export const elsewhere = 'elsewhere';

export function isElsewhere(state: StepState): boolean {
  return state.state === 'done' && state.outcome === elsewhere;
}

/** What is known of a journal's steps up to its entry `read`. */
interface Index {
  read: number;
  /** The entry that was read last: another one in its place means that the journal was read anew. */
  last: JournalEntry | undefined;
  readonly states: Map<string, StepState>;
  /** Where an event of a step stands last, or of a vault where it is of no step. */
  readonly positions: Map<string, number>;
  /** The last event of each vault. */
  readonly ofVault: Map<string, JournalEvent>;
}

const indices = new WeakMap<readonly JournalEntry[], Index>();

/** The step's last word in the journal. Every entry is looked at once, however many steps are asked for: both grow with the plan. */
export function stepState(entries: readonly JournalEntry[], step: string): StepState {
  return indexOf(entries).states.get(step) ?? { state: 'notBegun' };
}

/** Whether an undo of the step began that has not come to the end of the vault's rollback, and the step was not done anew since. */
export function isUndoUnderWay(
  entries: readonly JournalEntry[],
  { step, vaultId }: { readonly step: string; readonly vaultId: string },
): boolean {
  const { positions } = indexOf(entries);
  const at = (event: JournalEvent, of: string): number => positions.get(`${event} ${of}`) ?? -1;
  const began = at('undoBegan', step);
  return began > at('undone', `vault ${vaultId}`) && began > at('began', step);
}

/** What was told of a vault last; undefined where the journal does not know it. */
export function lastEventOf(entries: readonly JournalEntry[], vaultId: string): JournalEvent | undefined {
  return indexOf(entries).ofVault.get(vaultId);
}

function indexOf(entries: readonly JournalEntry[]): Index {
  let index = indices.get(entries);
  if (index === undefined || index.last !== entries[index.read - 1])
    index = { read: 0, last: undefined, states: new Map(), positions: new Map(), ofVault: new Map() };
  indices.set(entries, index);
  for (; index.read < entries.length; index.read += 1) {
    const entry = entries[index.read];
    if (entry === undefined) continue;
    const state = stateAfter(entry);
    if (entry.step !== undefined && state !== undefined) index.states.set(entry.step, state);
    index.positions.set(`${entry.event} ${entry.step ?? `vault ${entry.vaultId ?? ''}`}`, index.read);
    if (entry.vaultId !== undefined) index.ofVault.set(entry.vaultId, entry.event);
    index.last = entry;
  }
  return index;
}

function stateAfter({ event, at, outcome = '' }: JournalEntry): StepState | undefined {
  if (event === 'done') return { state: 'done', at, outcome };
  return event === 'began' || event === 'failed' || event === 'undoBegan' || event === 'undone' ? { state: event, at } : undefined;
}

function readLine(line: string, number: number): JournalEntry {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    value = undefined;
  }
  const parsed = journalLine.safeParse(value);
  if (parsed.success) return parsed.data;
  const what =
    value === undefined ? 'it is not valid JSON' : `\`${parsed.error.issues[0]?.path.join('.') ?? ''}\` is not what version 1 holds`;
  throw new KnownError('usage', 'JOURNAL_UNREADABLE', `line ${number} of the journal cannot be read: ${what}`, remedy);
}

/** What the journal of a plan is called, without what its store adds. */
export function journalStem(planDigest: string): string {
  return planDigest
    .replace(/^sha256:/, '')
    .replaceAll(/[^0-9a-z]/gi, '_')
    .slice(0, 64);
}
