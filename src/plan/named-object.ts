import type { NamedObject } from '../access/judgement.ts';

/** Reads `secrets/name` as decisions and plans write it; the name keeps its spelling, since conditions compare with case (EA-41). */
export function namedObject(words: string): NamedObject {
  const [collection = '', name = ''] = words.split('/');
  return { kind: 'object', collection: collection.toLowerCase(), name };
}
