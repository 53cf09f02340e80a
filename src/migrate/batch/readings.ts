import type { Vault } from '../../model/vault.ts';
import type { VaultId } from '../../model/vault-id.ts';
import type { Clock, FactsReader } from '../ports.ts';
import type { FactsNow } from '../vault-now.ts';
import { Stopped } from '../vault-result.ts';
import {
  answer,
  atWork,
  beginReadings,
  type Desk,
  dueAt,
  emptyDesk,
  joinRunning,
  type Place,
  type Question,
  type ReadingKind,
  recentAnswer,
  type Sitter,
} from './desk.ts';
import type { ReadingRequest } from './next-reading.ts';

/** A vault's place in a run: all that it learns of Azure's lists comes through here, shared with the other vaults of its subscription. */
export interface Seat {
  /** Told when the vault is held, and after each write of its own: no earlier reading says how it is. */
  moved(): void;
  /** Facts of a reading that began within so many milliseconds and after `moved`; a new one where there is none. */
  recent(age: number): Promise<FactsNow>;
  /**
   * Facts of a reading that begins after this question. It waits until nobody of the subscription is at work, or until `by`; with
   * `patient` a minute lies between its beginning and that of the one before.
   */
  next(when: ReadingRequest): Promise<FactsNow>;
  /** Facts of a reading that begins after this question, as soon as the others that work have asked too, or a moment later. */
  soon(kind?: ReadingKind): Promise<FactsNow>;
  leave(): void;
}

export interface Readings {
  /** From here on the vault counts as at work, until it asks or leaves. */
  sit(id: VaultId, asPlanned: (vault: Vault) => Vault): Seat;
  close(): void;
}

interface ReadingPorts {
  readonly facts: Pick<FactsReader, 'read'>;
  readonly clock: Clock;
  readonly place: Place;
  readonly signal?: AbortSignal | undefined;
}

/** How long whoever needs facts at once waits for vaults that are still to be held, and for those that work. */
const gathering = { arriving: 15_000, atWork: 5_000 };

/**
 * The readings of a run. When one begins is decided in one place, from who waits for what (`readingDue`): so the lists of a subscription
 * are read once for all that ask together, no vault waits for another one's writes longer than it said, and time is slept through only
 * where every vault waits for it.
 */
export function openReadings({ facts, clock, place, signal }: ReadingPorts): Readings {
  const desks = new Map<string, Desk>();
  const time = () => clock.now().getTime();
  const shortly = (waitsFor: ReadingRequest['waitsFor']) => ({ from: time(), by: time() + gathering[waitsFor], waitsFor });
  const alarm = startAlarm(clock, look, failAll);
  const turn = nextTurn(clock, look);
  const stopped = () => {
    failAll(new Stopped());
  };
  signal?.addEventListener('abort', stopped);

  function look(): void {
    const at = time();
    let next: number | undefined;
    for (const desk of desks.values()) {
      const due = dueAt(desk);
      if (due === undefined) continue;
      if (due > at) next = Math.min(next ?? due, due);
      else for (const reading of beginReadings(desk, at, facts, place)) void reading.then(turn.soon);
    }
    const all = [...desks.values()];
    const idle = all.every((desk) => desk.running.size === 0 && atWork(desk) === 0);
    alarm.set(next, idle);
  }

  function failAll(error: unknown): void {
    alarm.set(undefined, false);
    for (const desk of desks.values()) {
      for (const question of desk.questions.splice(0))
        answer(question, () => {
          throw error;
        });
    }
  }

  function ask(desk: Desk, sitter: Sitter, { kind, ...request }: ReadingRequest & { readonly kind: ReadingKind }, mayJoin: boolean) {
    return new Promise<FactsNow>((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(new Stopped());
        return;
      }
      sitter.is = 'waiting';
      const question: Question = { ...request, sitter, kind, resolve, reject };
      if (!mayJoin || !joinRunning(desk, question)) desk.questions.push(question);
      turn.soon();
    });
  }

  return {
    sit(id, asPlanned) {
      const desk = desks.get(id.subscriptionId) ?? emptyDesk();
      desks.set(id.subscriptionId, desk);
      const sitter: Sitter = { id, asPlanned, seen: desk.begun, is: 'arriving' };
      desk.sitters.add(sitter);
      return {
        moved() {
          sitter.seen = desk.begun;
        },
        async recent(age) {
          const known = recentAnswer(desk, sitter, time() - age, place);
          return known ?? ask(desk, sitter, { ...shortly('arriving'), kind: 'asStored' }, true);
        },
        next: (when) => ask(desk, sitter, { ...when, kind: 'asStored' }, false),
        soon: (kind = 'asStored') => ask(desk, sitter, { ...shortly('atWork'), kind }, false),
        leave() {
          desk.sitters.delete(sitter);
          if (desk.sitters.size === 0) desk.last.clear();
          turn.soon();
        },
      };
    },
    close() {
      signal?.removeEventListener('abort', stopped);
      alarm.set(undefined, false);
    },
  };
}

/** Calls once after all that goes on at this moment: whoever is about to ask has asked by then. */
function nextTurn(clock: Pick<Clock, 'turn'>, call: () => void): { readonly soon: () => void } {
  let waiting = false;
  return {
    soon() {
      if (waiting) return;
      waiting = true;
      void clock.turn().then(() => {
        waiting = false;
        call();
      });
    },
  };
}

/** One alarm at a time. Only where everybody waits may the time be slept through: a clock that can be moved is moved then. */
function startAlarm(clock: Clock, ring: () => void, fail: (error: unknown) => void) {
  let set: { readonly at: number; readonly idle: boolean; readonly off: AbortController } | undefined;
  return {
    set(at: number | undefined, idle: boolean): void {
      if (set !== undefined && set.at === at && set.idle === idle) return;
      set?.off.abort();
      set = undefined;
      if (at === undefined) return;
      const own = { at, idle, off: new AbortController() };
      set = own;
      const wait = idle || clock.pause === undefined ? clock.sleep.bind(clock) : clock.pause.bind(clock);
      wait(Math.max(0, at - clock.now().getTime()), own.off.signal).then(
        () => {
          if (set !== own) return;
          set = undefined;
          ring();
        },
        (error: unknown) => {
          if (set !== own) return;
          set = undefined;
          fail(error);
        },
      );
    },
  };
}
