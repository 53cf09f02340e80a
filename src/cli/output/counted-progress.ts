import { phases } from '../../formats/phases.ts';
import type { MigrationEvent } from '../../migrate/ports.ts';

/** Tells how far very many vaults are, by counting them. */
export interface CountedProgress {
  /** To be told of everything that happens. @returns the line that is true from now on; undefined where nothing is to be said. */
  on(event: MigrationEvent): CountedLine | undefined;
}

interface CountedLine {
  readonly text: string;
  /** Whether it tells more than another count: a phase that was reached, a time that is waited for. */
  readonly isNews: boolean;
}

/** A rate over less time says nothing, in milliseconds. */
const shortest = 5_000;
const minute = 60_000;
const bad: readonly string[] = ['failed', 'blocked', 'undetermined'];

/** @param working ids of the vaults that the run has work for. @param now milliseconds since 1970. */
export function countedProgress(working: ReadonlySet<string>, now: () => number): CountedProgress {
  let wave = countWave(working.size);
  let prefix = '';
  let told = { place: -1, until: '' };
  return {
    on(event) {
      if (event.kind === 'wave') {
        wave = countWave(event.vaults);
        prefix = event.of > 1 ? `wave ${event.wave} of ${event.of}: ` : '';
        told = { place: -1, until: '' };
      }
      if (!('vaultId' in event) || !working.has(event.vaultId)) return undefined;
      wave.take(event, now());
      if (wave.isOver) return { text: `${prefix}${wave.end}`, isNews: true };
      const { place, until } = wave;
      const isNews = place > told.place || until > told.until;
      told = { place: Math.max(place, told.place), until };
      return { text: `${prefix}${wave.line(now())}`, isNews };
    },
  };
}

/** Counts the vaults of one wave. A place is that of a phase in `phases`, or the one behind the last. */
function countWave(total: number) {
  const reached = new Map<string, number>();
  const counts = phases.map(() => ({ active: new Set<string>(), past: 0, since: undefined as number | undefined }));
  let [place, until, failed, ended] = [0, '', 0, 0];
  const counted = (past: number): string => `${past} of ${total} done${failed === 0 ? '' : `, ${failed} failed`}`;
  const move = (vaultId: string, to: number): void => {
    const from = reached.get(vaultId) ?? 0;
    counts.forEach((count, at) => {
      if (at >= from && at < to) count.past += 1;
      count.active.delete(vaultId);
    });
    reached.set(vaultId, Math.max(from, to));
  };
  const enter = (vaultId: string, to: number, time: number): void => {
    const count = counts[to];
    if (count === undefined || to < (reached.get(vaultId) ?? 0)) return;
    move(vaultId, to);
    count.active.add(vaultId);
    count.since ??= time;
  };
  return {
    /** The phase that most vaults are in, the later one of two. */
    get place() {
      return place;
    },
    /** The latest time that a vault waits for, ISO 8601. */
    get until() {
      return until;
    },
    take(event: Extract<MigrationEvent, { vaultId: string }>, time: number): void {
      const { vaultId } = event;
      if (event.kind === 'phase' && event.phase !== 'rollback') enter(vaultId, phases.indexOf(event.phase), time);
      if (event.kind === 'parked') move(vaultId, 1);
      if (event.kind === 'waiting' && event.until > until) until = event.until;
      if (event.kind === 'vaultDone') {
        ended += 1;
        move(vaultId, event.outcome === 'done' ? counts.length : 0);
        if (bad.includes(event.outcome)) failed += 1;
      }
      const most = Math.max(...counts.map(({ active }) => active.size));
      if (most > 0) place = counts.findLastIndex(({ active }) => active.size === most);
    },
    get isOver() {
      return ended >= total;
    },
    /** What is to be said when all of them have ended. */
    get end() {
      return counted(counts.at(-1)?.past ?? 0);
    },
    line(time: number): string {
      const { past = 0, since = time } = counts[place] ?? {};
      const phase = phases[place] ?? '';
      const count = `${phase}: ${counted(past)}`;
      if (phase === 'settle' && Date.parse(until) > time) return `${count}, waiting until ${until.slice(11, 16)} UTC`;
      return count + paceWords({ done: past, left: total - past - failed, elapsed: time - since });
    },
  };
}

function paceWords({ done, left, elapsed }: { readonly done: number; readonly left: number; readonly elapsed: number }): string {
  if (done === 0 || elapsed < shortest) return '';
  const pace = (done * minute) / elapsed;
  const rate = pace < 1 ? 'less than 1 a minute' : `${Math.round(pace)} a minute`;
  return left <= 0 ? `, ${rate}` : `, ${rate}, ${durationWords(left / pace)} left`;
}

/** @param minutes of a time that is estimated. */
function durationWords(minutes: number): string {
  if (minutes < 1) return 'less than a minute';
  if (minutes < 90) return `about ${Math.round(minutes) === 1 ? '1 minute' : `${Math.round(minutes)} minutes`}`;
  return `about ${Math.round(minutes / 60)} hours`;
}
