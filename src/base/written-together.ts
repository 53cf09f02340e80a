/**
 * Many append at once: what comes while earlier items are being written goes with the next write, in order, and is safe at once or not at all.
 * @param inTurn runs one write after the other.
 * @returns appends an item, and is done when it is written.
 */
export function writtenTogether<T>(
  inTurn: (work: () => Promise<void>) => Promise<void>,
  write: (items: readonly T[]) => Promise<void>,
): (item: T) => Promise<void> {
  let waiting: { readonly items: T[]; readonly written: Promise<void> } | undefined;
  const start = () => {
    const items: T[] = [];
    const written = inTurn(async () => {
      waiting = undefined;
      await write(items);
    });
    return { items, written };
  };
  return async (item) => {
    waiting ??= start();
    waiting.items.push(item);
    await waiting.written;
  };
}
