type Index<V> = (value: V, key: string) => string | undefined;

/**
 * A map that also finds its values by what they are, since an estate has tens of thousands of them and every call asks. The indices
 * follow every change of the map; what an index reads of a value must not change while the value is in it. Values come in the order
 * in which they were put in.
 */
export class IndexedMap<V, I extends string> extends Map<string, V> {
  readonly #indices: readonly { readonly name: I; readonly of: Index<V>; readonly found: Map<string, Map<string, V>> }[];

  constructor(indices: Readonly<Record<I, Index<V>>>) {
    super();
    this.#indices = Object.entries<Index<V>>(indices).map(([name, of]) => ({
      name: name as I,
      of,
      found: new Map<string, Map<string, V>>(),
    }));
  }

  /** Values for which the index reads `word`. */
  by(index: I, word: string): readonly V[] {
    const values = this.#indices.find(({ name }) => name === index)?.found.get(word);
    return values === undefined ? [] : [...values.values()];
  }

  override set(key: string, value: V): this {
    const before = this.get(key);
    for (const { of, found } of this.#indices) {
      const [old, word] = [before === undefined ? undefined : of(before, key), of(value, key)];
      if (old !== undefined && old !== word) found.get(old)?.delete(key);
      if (word === undefined) continue;
      const values = found.get(word) ?? new Map<string, V>();
      found.set(word, values.set(key, value));
    }
    return super.set(key, value);
  }

  override delete(key: string): boolean {
    const value = this.get(key);
    if (value !== undefined) for (const { of, found } of this.#indices) found.get(of(value, key) ?? '')?.delete(key);
    return super.delete(key);
  }

  override clear(): void {
    for (const { found } of this.#indices) found.clear();
    super.clear();
  }
}
