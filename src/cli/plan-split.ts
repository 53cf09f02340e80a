import { KnownError } from '../base/known-error.ts';
import type { EstatePiece } from '../inventory/read-estate.ts';
import type { Estate, VaultFacts } from '../model/estate.ts';
import { tagOf } from '../model/vault-tag.ts';
import type { PlanInputs } from '../plan/build-plan.ts';
import { type PlanInPieces, planInPieces } from './plan-in-pieces.ts';

/** What tells into which plan a vault goes. */
export type SplitBy =
  | { readonly kind: 'subscription' }
  | { readonly kind: 'tag'; readonly tag: string }
  | { readonly kind: 'count'; readonly most: number };

/** More files than anybody reviews one by one are a slip of the pen. */
const mostPlans = 500;

/** @throws KnownError USAGE (usage). */
export function parseSplitBy(text: string): SplitBy {
  if (text === 'subscription') return { kind: 'subscription' };
  const [, tag] = /^tag:(.+)$/s.exec(text) ?? [];
  if (tag !== undefined) return { kind: 'tag', tag };
  const [, count] = /^count:(\d{1,6})$/.exec(text) ?? [];
  if (count !== undefined && Number(count) > 0) return { kind: 'count', most: Number(count) };
  throw new KnownError('usage', 'USAGE', `a plan cannot be split by \`${text}\``, 'give tag:NAME, subscription or count:N');
}

/** Names the part of each vault; to be asked in the order of the plan. */
export function partNames(by: SplitBy): (facts: VaultFacts) => string {
  let count = 0;
  return ({ vault }) => {
    switch (by.kind) {
      case 'subscription':
        return vault.subscriptionId;
      case 'tag':
        return tagOf(vault, by.tag) ?? 'untagged';
      case 'count':
        return String(Math.floor(count++ / by.most) + 1);
    }
  };
}

/**
 * Plans an estate as several plans. What a subscription can still take is counted for each plan by itself: they are applied one after
 * the other.
 * @param write takes all lines of a part's plan; called once a part.
 */
export async function planSplit(
  place: Pick<Estate, 'cloud' | 'tenantId'>,
  pieces: AsyncIterable<EstatePiece>,
  inputs: PlanInputs,
  partOf: (facts: VaultFacts) => string,
  write: (part: string, lines: AsyncIterable<string>) => Promise<void>,
): Promise<ReadonlyMap<string, PlanInPieces>> {
  const parts = new Map<string, { readonly plan: PlanInPieces; readonly feed: Feed<EstatePiece>; readonly written: Promise<void> }>();
  const open = (name: string) => {
    const known = parts.get(name);
    if (known !== undefined) return known;
    if (parts.size === mostPlans)
      throw new KnownError('usage', 'USAGE', `there would be more than ${mostPlans} plans`, 'split by something coarser');
    const feed = startFeed<EstatePiece>();
    const plan = planInPieces(place, feed.items, inputs);
    const written = write(name, plan.lines());
    // Heard when the part is fed or ended.
    written.catch((error: unknown) => {
      feed.fail(error);
    });
    const made = { plan, feed, written };
    parts.set(name, made);
    return made;
  };
  try {
    for await (const piece of pieces) {
      if (piece.kind === 'rest') for (const { feed } of parts.values()) await feed.give(piece);
      else for (const [name, estate] of byPart(piece.estate, partOf)) await open(name).feed.give({ kind: 'part', estate });
    }
    for (const { feed, written } of parts.values()) {
      feed.end();
      await written;
    }
  } catch (error) {
    for (const { feed } of parts.values()) feed.fail(error);
    await Promise.allSettled([...parts.values()].map(({ written }) => written));
    throw error;
  }
  return new Map([...parts].map(([name, { plan }]) => [name, plan]));
}

function byPart(estate: Estate, partOf: (facts: VaultFacts) => string): ReadonlyMap<string, Estate> {
  const groups = new Map<string, VaultFacts[]>();
  for (const facts of estate.vaults) {
    const name = partOf(facts);
    groups.set(name, [...(groups.get(name) ?? []), facts]);
  }
  return new Map([...groups].map(([name, vaults]) => [name, { ...estate, vaults }]));
}

/** Hands items over one at a time: `give` returns when the item was worked on and the next one is asked for. */
interface Feed<T> {
  give(item: T): Promise<void>;
  end(): void;
  fail(error: unknown): void;
  readonly items: AsyncIterable<T>;
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

function startFeed<T>(): Feed<T> {
  const waiting: T[] = [];
  let settle: { readonly taken: () => void; readonly lost: (error: unknown) => void } | undefined;
  let wake: () => void = () => undefined;
  let ended = false;
  let failure: { readonly error: unknown } | undefined;
  async function* items(): AsyncGenerator<T> {
    for (;;) {
      if (failure !== undefined) throw failure.error;
      const [item] = waiting.splice(0, 1);
      if (item !== undefined) {
        yield item;
        settle?.taken();
      } else if (ended) return;
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  }
  return {
    items: items(),
    give: (item) =>
      new Promise((taken, lost) => {
        settle = { taken, lost };
        if (failure !== undefined) lost(asError(failure.error));
        waiting.push(item);
        wake();
      }),
    end() {
      ended = true;
      wake();
    },
    fail(error) {
      failure ??= { error };
      settle?.lost(failure.error);
      wake();
    },
  };
}
