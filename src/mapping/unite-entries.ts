import { type AccessPolicy, type ObjectType, objectTypes, policyKey } from '../model/access-policy.ts';

/**
 * One entry per tenant, object and application (LP-2, LP-8): duplicates are united, with the spelling that came first. An object
 * and the same object with an application stay two entries, so that the plain one is never widened by the compound one.
 * In the order of first appearance; `raw` is that of the first.
 */
export function uniteEntries(policies: readonly AccessPolicy[]): readonly AccessPolicy[] {
  const united = new Map<string, AccessPolicy>();
  for (const policy of policies) {
    const key = policyKey(policy);
    const first = united.get(key);
    united.set(key, first === undefined ? policy : unite(first, policy));
  }
  return united.size === policies.length ? policies : [...united.values()];
}

function unite(first: AccessPolicy, second: AccessPolicy): AccessPolicy {
  const both = (type: ObjectType): readonly string[] => {
    const words = new Map<string, string>();
    for (const word of [...first.permissions[type], ...second.permissions[type]]) {
      if (!words.has(word.toLowerCase())) words.set(word.toLowerCase(), word);
    }
    return [...words.values()];
  };
  const [keys, secrets, certificates, storage] = objectTypes.map(both);
  const permissions = { keys: keys ?? [], secrets: secrets ?? [], certificates: certificates ?? [], storage: storage ?? [] };
  return {
    ...first,
    permissions,
    oddities: [...new Map([...first.oddities, ...second.oddities].map((odd) => [JSON.stringify(odd), odd])).values()],
  };
}
