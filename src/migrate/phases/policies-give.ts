import type { JsonObject } from '../../base/json.ts';
import { objectTypes, parseAccessPolicy, policyKey } from '../../model/access-policy.ts';

type Given = ReadonlyMap<string, ReadonlySet<string>>;

/** Whether a stored policy list gives everybody at least what another one gives, word by word; `all` gives every word of its kind. */
export function givesAtLeast(now: readonly JsonObject[], before: readonly JsonObject[]): boolean {
  const given = wordsGiven(now);
  return [...wordsGiven(before)].every(([key, words]) =>
    [...words].every((word) => given.get(key)?.has(word) === true || given.get(key)?.has(word.replace(/[^/]*$/, 'all')) === true),
  );
}

/** By object and application id, as `secrets/get`. Entries for the same add up. */
function wordsGiven(policies: readonly JsonObject[]): Given {
  const given = new Map<string, Set<string>>();
  for (const raw of policies) {
    const policy = parseAccessPolicy(raw);
    const words = given.get(policyKey(policy)) ?? new Set<string>();
    for (const type of objectTypes) for (const word of policy.permissions[type]) words.add(`${type}/${word.trim().toLowerCase()}`);
    given.set(policyKey(policy), words);
  }
  return given;
}
