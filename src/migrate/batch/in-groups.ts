/**
 * Works on at most `most` items at once and takes new ones in groups: as soon as half of the room is free, as many begin together as
 * there is room for, so that they can share what they ask for. No item waits for a slow one of an earlier group.
 * @param begin starts the items in the order given, before it returns.
 * @throws what the first of them failed of, when all have ended.
 */
export async function inGroups<T>(
  items: Iterable<T> | AsyncIterable<T>,
  most: number,
  begin: (group: readonly T[]) => readonly Promise<void>[],
): Promise<void> {
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  let active = 0;
  let failure: { readonly error: unknown } | undefined;
  let roomy: () => void = () => undefined;
  const fail = (error: unknown): void => {
    failure ??= { error };
  };
  const ended = (): void => {
    active -= 1;
    roomy();
  };
  for (let over = false; !over; ) {
    const group: T[] = [];
    while (!over && active + group.length < most) {
      const next = await iterator.next();
      if (next.done === true) over = true;
      else group.push(next.value);
    }
    active += group.length;
    for (const work of begin(group)) void work.catch(fail).finally(ended);
    while (active > (over ? 0 : most / 2)) {
      await new Promise<void>((resolve) => {
        roomy = resolve;
      });
    }
  }
  if (failure !== undefined) throw failure.error;
}
