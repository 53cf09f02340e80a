/** What was read, or why it could not be. An empty list was read; an unreadable one says nothing about the estate. */
export type Reading<T> = { readonly state: 'read'; readonly value: T } | Unreadable;

interface Unreadable {
  readonly state: 'unreadable';
  readonly because: string;
  /** What to do, where it is something else than to get a right. */
  readonly remedy?: string;
}

export function read<T>(value: T): Reading<T> {
  return { state: 'read', value };
}

export function unreadable(because: string, remedy?: string): Unreadable {
  return { state: 'unreadable', because, ...(remedy !== undefined && { remedy }) };
}

/** The items that could be read: for questions where a missing one cannot make the answer less safe. */
export function itemsRead<T>(reading: Reading<readonly T[]>): readonly T[] {
  return reading.state === 'read' ? reading.value : [];
}
