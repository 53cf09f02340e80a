import type { AccessRequest } from '../access-request.ts';
import type { ConditionContext } from '../conditions/evaluate-condition.ts';

const vaultName = '@resource[microsoft.keyvault/vaults:name]';
const secretName = '@resource[microsoft.keyvault/vaults/secrets:name]';
const newSecretName = '@request[microsoft.keyvault/vaults/secrets:name]';

/**
 * What a condition may know of the call. Key Vault documents attributes for secrets alone (EA-39): of a call on keys, certificates and
 * the rest only the action is known, and a condition that asks for more than that cannot be judged there (EA-40).
 */
export function requestContext(request: AccessRequest): ConditionContext {
  const { action, attributes } = request;
  if (request.plane === 'control') return { action, attributes: attributes ?? new Map() };
  const verb = /^microsoft\.keyvault\/vaults\/secrets\/([a-z]+)/i.exec(action.trim())?.[1]?.toLowerCase();
  if (verb === undefined) return { action, attributes: new Map() };
  const writesName = ['setsecret', 'restore'].includes(verb);
  const name = nameOf(request, verb);
  const named: readonly (readonly [string, AttributeValue])[] = name === undefined ? [] : [[writesName ? newSecretName : secretName, name]];
  return {
    action,
    attributes: new Map([[vaultName, [request.vault.name]], [writesName ? secretName : newSecretName, 'absent'], ...named]),
  };
}

type AttributeValue = readonly string[] | 'anything' | 'absent';

/** Undefined where nobody says whether the call carries a name, as for what is done to deleted secrets and checked on the vault. */
function nameOf({ resource }: AccessRequest, verb: string): AttributeValue | undefined {
  if (resource.kind !== 'vault') {
    if (resource.collection !== 'secrets') return 'absent';
    return resource.kind === 'object' ? [resource.name] : 'anything';
  }
  if (verb === 'setsecret' || verb === 'restore') return 'anything';
  return verb === 'readmetadata' ? 'absent' : undefined;
}
