import { objectTypes } from '../model/access-policy.ts';
import { plainText } from './plain-text.ts';

/** The lists of an access policy as people read them, one line an object type: `secrets: get, list`. Empty types are left out. */
export function permissionWords(permissions: Readonly<Record<string, readonly string[] | undefined>>): readonly string[] {
  return objectTypes.flatMap((type) => {
    const words = permissions[type] ?? [];
    return words.length === 0 ? [] : [`${type}: ${words.map(plainText).join(', ')}`];
  });
}
