/** A list in which each value stands once, with how it is found again. */
export interface Rows<Row> {
  readonly all: Row[];
  /** The place of the row of this key, which is made where it is new. */
  at(key: string, make: () => Row): number;
}

export function rows<Row>(): Rows<Row> {
  const places = new Map<string, number>();
  const all: Row[] = [];
  return {
    all,
    at(key, make) {
      const known = places.get(key);
      if (known !== undefined) return known;
      places.set(key, all.length);
      all.push(make());
      return all.length - 1;
    },
  };
}

/** Counts each thing once a vault, whatever number of times the vault names it. */
export interface VaultCount {
  /** @param vault its place in the plan; vaults come one after the other. */
  add(thing: number | string, vault: number): void;
  of(thing: number | string): number;
}

export function vaultCount(): VaultCount {
  const seen = new Map<number | string, { last: number; vaults: number }>();
  return {
    add(thing, vault) {
      const one = seen.get(thing);
      if (one === undefined) seen.set(thing, { last: vault, vaults: 1 });
      else if (one.last !== vault) {
        one.last = vault;
        one.vaults += 1;
      }
    },
    of: (thing) => seen.get(thing)?.vaults ?? 0,
  };
}
