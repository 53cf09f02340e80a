const { compare } = new Intl.Collator('en', { numeric: true });

/** Names of waves in the order in which they are carried out: 2 before 10. */
export function inWaveOrder(names: Iterable<string>): readonly string[] {
  return [...names].sort((a, b) => compare(a, b) || (a < b ? -1 : 1));
}
