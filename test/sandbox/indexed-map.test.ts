import fc from 'fast-check';
import { expect, test } from 'vitest';
import { IndexedMap } from '../../src/sandbox/indexed-map.ts';

interface Pet {
  readonly kind: string | undefined;
}

const key = fc.constantFrom('a', 'b', 'c', 'd');
const pet = fc.record({ kind: fc.constantFrom('cat', 'dog', undefined) });
const change = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(fc.constant('set' as const), key, pet) },
  { weight: 3, arbitrary: fc.tuple(fc.constant('delete' as const), key) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('clear' as const)) },
);

test('after any changes an index finds what a walk over the map would', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
      const pets = new IndexedMap({ kind: ({ kind }: Pet) => kind, key: (_: Pet, name: string) => name });
      const plain = new Map<string, Pet>();
      for (const [act, name = '', value = { kind: undefined }] of changes) {
        if (act === 'clear') for (const map of [pets, plain]) map.clear();
        else if (act === 'delete') expect(pets.delete(name)).toBe(plain.delete(name));
        else for (const map of [pets, plain]) map.set(name, value);
      }
      expect([...pets]).toEqual([...plain]);
      for (const kind of ['cat', 'dog', 'cow'])
        expect(new Set(pets.by('kind', kind))).toEqual(new Set([...plain.values()].filter((each) => each.kind === kind)));
      for (const name of ['a', 'b', 'c', 'd']) expect(pets.by('key', name)).toEqual(plain.has(name) ? [plain.get(name)] : []);
    }),
  );
});

test('values come in the order in which they were put in, also after one of them was replaced', () => {
  const pets = new IndexedMap({ kind: ({ kind }: Pet) => kind });
  const [first, second, third] = [{ kind: 'cat' }, { kind: 'cat' }, { kind: 'cat' }];
  pets.set('a', first).set('b', second).set('a', third);
  expect(pets.by('kind', 'cat')).toEqual([third, second]);
  expect(pets.by('kind', 'cat')[0]).toBe(third);
});
