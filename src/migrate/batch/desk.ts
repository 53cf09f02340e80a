import { KnownError } from '../../base/known-error.ts';
import type { Estate } from '../../model/estate.ts';
import type { Vault } from '../../model/vault.ts';
import type { VaultId } from '../../model/vault-id.ts';
import type { FactsReader } from '../ports.ts';
import { type FactsNow, gone, vaultNowIn } from '../vault-now.ts';
import { type ReadingRequest, readingDue } from './next-reading.ts';

/** As Azure stores the vaults, or with the policies that their plans stand on in place of those that are gone. */
export type ReadingKind = 'asStored' | 'asPlanned';

/** One vault that a run works on, as its desk knows it. */
export interface Sitter {
  readonly id: VaultId;
  readonly asPlanned: (vault: Vault) => Vault;
  /** Readings that had begun when the vault was held, or last written: none of them says how it is now. */
  seen: number;
  /** Until it asks for the first time it is arriving. */
  is: 'arriving' | 'atWork' | 'waiting';
}

export interface Question extends ReadingRequest {
  readonly sitter: Sitter;
  readonly kind: ReadingKind;
  readonly resolve: (now: FactsNow) => void;
  readonly reject: (error: unknown) => void;
}

/** One reading, as long as it is the last of its kind. */
interface Answer {
  readonly number: number;
  readonly began: number;
  readonly estate: Estate;
}

interface OngoingReading {
  readonly number: number;
  readonly kind: ReadingKind;
  readonly scopes: ReadonlySet<string>;
  readonly questions: Question[];
}

/** The readings of one subscription, which its vaults share. */
export interface Desk {
  readonly sitters: Set<Sitter>;
  readonly questions: Question[];
  readonly running: Set<OngoingReading>;
  readonly last: Map<ReadingKind, Answer>;
  /** Readings begun so far. */
  begun: number;
  lastBegan: number | undefined;
}

export function emptyDesk(): Desk {
  return { sitters: new Set(), questions: [], running: new Set(), last: new Map(), begun: 0, lastBegan: undefined };
}

export function atWork({ sitters }: Desk): number {
  return [...sitters].filter((sitter) => sitter.is !== 'waiting').length;
}

function arriving({ sitters }: Desk): number {
  return [...sitters].filter((sitter) => sitter.is === 'arriving').length;
}

/** When its next reading is due; undefined while one is under way, and where nobody asks. */
export function dueAt(desk: Desk): number | undefined {
  return desk.running.size > 0
    ? undefined
    : readingDue(desk.questions, { arriving: arriving(desk), atWork: atWork(desk), lastBegan: desk.lastBegan });
}

/** What the last reading says of the vault, where it began late enough and shows the vault as it is. */
export function recentAnswer(desk: Desk, { id, seen }: Sitter, notBefore: number, place: Place): FactsNow | undefined {
  const answer = desk.last.get('asStored');
  if (answer === undefined || answer.number <= seen || answer.began < notBefore) return undefined;
  if (!answer.estate.vaults.some(({ vault }) => vault.scope === id.scope)) return undefined;
  return { ...vaultNowIn(answer.estate, id, place), began: answer.began };
}

/** Puts a question to a reading that is under way, where it began after all that the vault knows of. */
export function joinRunning(desk: Desk, question: Question): boolean {
  const running = [...desk.running].find(
    ({ number, kind, scopes }) => kind === question.kind && number > question.sitter.seen && scopes.has(question.sitter.id.scope),
  );
  running?.questions.push(question);
  return running !== undefined;
}

export interface Place {
  readonly tenantId: string;
  readonly cloud: string;
}

/** Begins what is due at a time: one reading for all questions of a kind that may be answered by then. */
export function beginReadings(desk: Desk, at: number, facts: Pick<FactsReader, 'read'>, place: Place): readonly Promise<void>[] {
  return (['asStored', 'asPlanned'] as const).flatMap((kind) => {
    const questions = desk.questions.filter((question) => question.kind === kind && question.from <= at);
    if (questions.length === 0) return [];
    for (const question of questions) desk.questions.splice(desk.questions.indexOf(question), 1);
    return [read(desk, kind, questions, { at, facts, place })];
  });
}

async function read(
  desk: Desk,
  kind: ReadingKind,
  questions: Question[],
  { at, facts, place }: { readonly at: number; readonly facts: Pick<FactsReader, 'read'>; readonly place: Place },
): Promise<void> {
  const asking = questions.map(({ sitter }) => sitter);
  // Vaults at work may soon want to know how they stand as well; those that arrive are not held yet.
  const others = kind === 'asStored' ? [...desk.sitters].filter((sitter) => sitter.is === 'atWork') : [];
  const sitters = [...new Set([...asking, ...others])];
  desk.begun += 1;
  desk.lastBegan = at;
  const running = { number: desk.begun, kind, scopes: new Set<string>(sitters.map(({ id }) => id.scope)), questions };
  desk.running.add(running);
  try {
    const answered = await readAll(sitters, kind, facts);
    // A clock that was ahead is set right by Azure's first answer, which comes before any fact.
    const began = Math.min(at, Date.parse(answered.estate.readAt));
    desk.last.set(kind, { number: running.number, began, estate: answered.estate });
    for (const question of questions) answer(question, () => ({ ...answered.of(question.sitter, place), began }));
  } catch (error) {
    for (const question of questions)
      answer(question, () => {
        throw error instanceof KnownError && error.code === 'VAULT_UNKNOWN' ? gone(question.sitter.id) : error;
      });
  } finally {
    desk.running.delete(running);
  }
}

/** Whoever is answered works again, before anybody else is looked at. */
export function answer({ sitter, resolve, reject }: Question, facts: () => FactsNow): void {
  sitter.is = 'atWork';
  try {
    resolve(facts());
  } catch (error) {
    reject(error);
  }
}

/** What a shared reading does not show is asked for once more by itself, so that what is said of it is about it alone. */
async function readAll(sitters: readonly Sitter[], kind: ReadingKind, facts: Pick<FactsReader, 'read'>) {
  const asOf = new Map<string, Sitter['asPlanned']>(sitters.map(({ id, asPlanned }) => [id.scope, asPlanned]));
  const ask = (some: readonly Sitter[]): Promise<Estate> =>
    facts.read(
      some.map(({ id }) => id.id),
      kind === 'asPlanned' ? (vault) => asOf.get(vault.scope)?.(vault) ?? vault : undefined,
    );
  const estate = await ask(sitters);
  const shown = new Set<string>(estate.vaults.map(({ vault }) => vault.scope));
  const left = sitters.filter(({ id }) => !shown.has(id.scope));
  const again = left.length === 0 || left.length === sitters.length ? undefined : await ask(left).catch((error: unknown) => ({ error }));
  return {
    estate,
    of({ id }: Sitter, place: Place) {
      if (again === undefined || shown.has(id.scope)) return vaultNowIn(estate, id, place);
      if (!('error' in again)) return vaultNowIn(again, id, place);
      throw again.error instanceof KnownError && again.error.code === 'VAULT_UNKNOWN' ? gone(id) : again.error;
    },
  };
}
