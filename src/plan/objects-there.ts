import type { NamedObject } from '../access/judgement.ts';
import { nearNames } from '../base/near-names.ts';
import type { Reading } from '../base/reading.ts';
import { objectWords } from '../mapping/limit-to-objects.ts';
import type { Remark } from '../model/finding.ts';
import { namesIn, type VaultObjects } from '../model/vault-objects.ts';

/**
 * What a decision's objects lack of being what the vault holds, in words; undefined where all are there. Roles on an object do not
 * compare letters with case, and conditions on names do (EA-41).
 */
export function objectsLack(objects: readonly NamedObject[], withCase: boolean, there: VaultObjects): string | undefined {
  for (const object of objects) {
    const names = namesIn(object.collection, there);
    const lower = object.name.toLowerCase();
    const stored = names.find((name) => name.toLowerCase() === lower);
    if (stored === undefined) {
      const near = nearNames(object.name, names).map((name) => `\`${object.collection}/${name}\``);
      const meant = near.length === 0 ? '' : `; near it: ${near.join(', ')}`;
      return `the vault has no \`${objectWords(object)}\`${meant}`;
    }
    const spelled = objects.some(({ collection, name }) => collection === object.collection && name === stored);
    if (withCase && !spelled)
      return `\`${objectWords(object)}\` is spelled \`${object.collection}/${stored}\` in the vault, and a condition compares with case`;
  }
  return undefined;
}

/** A misspelt name would flip the vault into an outage, so names that nobody could check block until a person vouches for them. */
export function unreadObjects(objects: Reading<VaultObjects> | undefined): readonly Remark[] {
  return objects?.state === 'unreadable' ? [['blocker', 'PLN-OBJECTS-UNREAD', { because: objects.because }]] : [];
}
