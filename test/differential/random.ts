/** A seeded source of chances: the same seed gives the same run on every machine. */
export interface Random {
  /** A whole number from 0 up to, not including, `below`. */
  int(below: number): number;
  /** True in `percent` of 100 cases. */
  chance(percent: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** Between `least` and `most` values of `make`. */
  times<T>(least: number, most: number, make: () => T): T[];
  /** The text in odd letter case, now and then. */
  odd(text: string): string;
}

export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const int = (below: number) => Math.floor(next() * below);
  const chance = (percent: number) => next() * 100 < percent;
  return {
    int,
    chance,
    pick<T>(items: readonly T[]): T {
      const item = items[int(items.length)];
      if (item === undefined) throw new Error('nothing to pick from');
      return item;
    },
    times: (least, most, make) => Array.from({ length: least + int(most - least + 1) }, make),
    odd(text) {
      if (chance(60)) return text;
      if (chance(50)) return text.toUpperCase();
      return text.replaceAll(/[a-z]/gi, (letter) => (chance(50) ? letter.toUpperCase() : letter.toLowerCase()));
    },
  };
}
