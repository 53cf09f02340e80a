import type { AccessRequest } from './access-request.ts';
import type { ConditionContext } from './conditions/evaluate-condition.ts';

const vaultName = '@resource[microsoft.keyvault/vaults:name]';
const secretName = '@resource[microsoft.keyvault/vaults/secrets:name]';
const newSecretName = '@request[microsoft.keyvault/vaults/secrets:name]';

/**
 * What a condition may know of the call. Key Vault documents attributes for secrets alone (EA-39), so for keys,
 * certificates and the rest there is none, and a condition cannot be judged there (EA-40).
 */
export function requestContext(request: AccessRequest): ConditionContext | undefined {
  const { action, attributes } = request;
  if (request.plane === 'control') return { action, attributes: attributes ?? new Map() };
  const secret = /^microsoft\.keyvault\/vaults\/secrets\/([a-z]+)/i.exec(action.trim());
  if (secret?.[1] === undefined) return undefined;
  const writesName = ['setsecret', 'restore'].includes(secret[1].toLowerCase());
  const name = nameOf(request, writesName);
  return {
    action,
    attributes: new Map([
      [vaultName, [request.vault.name]],
      [secretName, writesName ? 'absent' : name],
      [newSecretName, writesName ? name : 'absent'],
    ]),
  };
}

function nameOf({ resource }: AccessRequest, writesName: boolean): readonly string[] | 'anything' | 'absent' {
  if (resource.kind === 'vault') return writesName ? 'anything' : 'absent';
  if (resource.collection !== 'secrets') return 'absent';
  return resource.kind === 'object' ? [resource.name] : 'anything';
}
