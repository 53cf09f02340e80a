/**
 * The value with every lone surrogate replaced. Names in a directory may hold them; canonical JSON, and so every digest,
 * cannot. What holds none, as nearly all does, is answered as it is and not copied.
 */
export function wellFormed<T>(value: T): T {
  if (typeof value === 'string') return value.toWellFormed() as T;
  if (typeof value !== 'object' || value === null || isWellFormed(value)) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => wellFormed(item)) as T;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key.toWellFormed(), wellFormed(member as unknown)])) as T;
}

function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isWellFormed);
  return Object.entries(value).every(([key, member]) => key.isWellFormed() && isWellFormed(member));
}
