import { type JsonObject, objectAt } from '../../base/json.ts';
import type { Act, Call } from './call.ts';
import { live, objectId } from './kinds.ts';

/** What a key without a policy answers: to be reminded 30 days before it expires. */
const usual: JsonObject = { lifetimeActions: [{ trigger: { timeBeforeExpiry: 'P30D' }, action: { type: 'Notify' } }], attributes: {} };

function get(call: Call): { readonly body: JsonObject } {
  const key = live(call.vault.keys, 'keys', call.name);
  return { body: { id: `${objectId(call, 'keys', key.name)}/rotationpolicy`, ...(key.rotationPolicy ?? usual) } };
}

function set(call: Call): { readonly body: JsonObject } {
  const key = live(call.vault.keys, 'keys', call.name);
  const seconds = Math.floor(call.now / 1000);
  const created = objectAt(key.rotationPolicy ?? {}, 'attributes').created ?? seconds;
  key.rotationPolicy = {
    lifetimeActions: call.body.lifetimeActions ?? [],
    attributes: { ...objectAt(call.body, 'attributes'), created, updated: seconds },
  };
  return get(call);
}

export const rotationPolicyOperations: Readonly<Record<'KeyRotationPolicyGet' | 'KeyRotationPolicySet', Act>> = {
  KeyRotationPolicyGet: get,
  KeyRotationPolicySet: set,
};
