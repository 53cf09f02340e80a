import { expect, test } from 'vitest';
import { guidAtEnd, parseGuid } from '../../src/base/guid.ts';
import { nameGuid } from '../../src/base/name-guid.ts';

test('EA-22: a GUID without dashes, as deny assignments write it, is the same GUID', () => {
  expect(parseGuid('F8D526A054EB4941AE69EBF4A334D0F0')).toBe('f8d526a0-54eb-4941-ae69-ebf4a334d0f0');
});
test('what is not a GUID is refused', () => {
  for (const raw of ['', 'wow', '{f8d526a0-54eb-4941-ae69-ebf4a334d0f0}', 'f8d526a0-54eb-4941-ae69-ebf4a334d0fg'])
    expect(parseGuid(raw)).toBeUndefined();
});
test('a role is named by the GUID at the end, whatever subscription stands before it', () => {
  const id = '4633458b-17de-408a-b874-0445c86b69e6';
  expect(guidAtEnd(`/subscriptions/x/providers/Microsoft.Authorization/roleDefinitions/${id.toUpperCase()}`)).toBe(
    guidAtEnd(`/providers/Microsoft.Authorization/roleDefinitions/${id}`),
  );
});
test('EA-51: a name-based GUID is version 5, depends on every part and on nothing else', () => {
  const name = nameGuid('/scope', 'principal', 'role');
  expect(name).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(nameGuid('/SCOPE', 'Principal', 'role')).toBe(name);
  expect(nameGuid('/scope', 'other', 'role')).not.toBe(name);
});
test('a name-based GUID equals what Python makes in the URL namespace of RFC 9562', () => {
  expect(nameGuid('http://www.example.com')).toBe('2d32a3f1-fac2-52a6-ac52-fe9e87e628ea');
});
