interface SayingVault {
  readonly name: string;
  readonly lines: readonly string[];
  /** What stands in a vault that is not shown by itself is told with the rest, however few have it. */
  readonly hidden?: boolean;
}

/** At most so many vaults are named; of more, their number. */
const mostNamed = 3;

/** What several vaults have in the same words, or what vaults have that are not shown: told once, with where. In the order met. */
export function saidOnce(vaults: readonly SayingVault[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, { readonly names: string[]; hidden: boolean }>();
  for (const { name, lines, hidden = false } of vaults) {
    for (const text of new Set(lines)) {
      const one = found.get(text) ?? { names: [], hidden: false };
      one.names.push(name);
      one.hidden ||= hidden;
      found.set(text, one);
    }
  }
  const told = [...found].filter(([, { names, hidden }]) => hidden || names.length > 1);
  return new Map(told.map(([text, { names }]) => [text, names]));
}

/** `in kv-a, kv-b`, `in 9 of 24 vaults`, `in all 24 vaults`. */
export function inVaults(names: readonly string[], total: number): string {
  if (names.length <= mostNamed) return `in ${names.join(', ')}`;
  return names.length === total ? `in all ${total} vaults` : `in ${names.length} of ${total} vaults`;
}
