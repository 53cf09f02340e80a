import { KnownError } from '../base/known-error.ts';
import { type AccessPolicy, type ObjectType, objectTypes } from '../model/access-policy.ts';
import type { Catalogue } from '../model/catalogue.ts';

/**
 * The entry without its storage permissions.
 * @throws KnownError DECISION_WRONG (usage) when it has none.
 */
export function withoutStorage(policy: AccessPolicy): AccessPolicy {
  if (policy.permissions.storage.length > 0) return { ...policy, permissions: { ...policy.permissions, storage: [] } };
  const message = `a decision gives up the storage permissions of \`${policy.objectId}\`, which has none`;
  throw new KnownError('usage', 'DECISION_WRONG', message, 'correct `choice` in the decisions file');
}

type Permissions = Readonly<Record<ObjectType, readonly string[]>>;

/** What an entry holds, as a decision may name it: `secrets/get` in lower case, with `all` beside what it stands for (LP-5). */
export function heldPermissions(permissions: Permissions, { all }: Pick<Catalogue, 'all'>): readonly string[] {
  const held = objectTypes.flatMap((type) =>
    permissions[type].flatMap((written) => {
      const word = written.trim().toLowerCase();
      return [word, ...(word === 'all' ? all[type] : [])].map((one) => `${type}/${one}`.toLowerCase());
    }),
  );
  return [...new Set(held)];
}

/**
 * The entry with no more than the permissions to keep, which may be written in any case.
 * @throws KnownError DECISION_WRONG (usage) when it does not hold one of them.
 */
export function keptOnly(policy: AccessPolicy, keep: readonly string[], catalogue: Pick<Catalogue, 'all'>): AccessPolicy {
  const held = heldPermissions(policy.permissions, catalogue);
  const wanted = new Set(keep.map((word) => word.toLowerCase()));
  const missing = [...wanted].find((word) => !held.includes(word));
  if (missing !== undefined) {
    const message = `a decision keeps \`${missing}\`, which the access policy of \`${policy.objectId}\` does not have`;
    throw new KnownError('usage', 'DECISION_WRONG', message, 'correct `keep` in the decisions file');
  }
  const only = (type: ObjectType): readonly string[] =>
    [...wanted].flatMap((word) => (word.startsWith(`${type}/`) ? [word.slice(type.length + 1)] : []));
  return {
    ...policy,
    permissions: { keys: only('keys'), secrets: only('secrets'), certificates: only('certificates'), storage: only('storage') },
  };
}
