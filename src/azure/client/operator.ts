import { type Guid, parseGuid } from '../../base/guid.ts';
import { isObject, stringAt } from '../../base/json.ts';
import { signInFailed } from './sign-in-failure.ts';

/** Who keyturn acts as. */
export interface Operator {
  readonly objectId: Guid;
  readonly tenantId: Guid;
}

/**
 * Reads who a token was issued to, from its claims `oid` and `tid`. The token is ours and is not verified here.
 * @throws KnownError AZURE_SIGN_IN when it does not say; the message holds nothing of the token.
 */
export function operatorOf(token: string): Operator {
  const claims = claimsOf(token);
  const objectId = parseGuid((isObject(claims) ? stringAt(claims, 'oid') : undefined) ?? '');
  const tenantId = parseGuid((isObject(claims) ? stringAt(claims, 'tid') : undefined) ?? '');
  if (objectId === undefined || tenantId === undefined)
    throw signInFailed(
      'the token does not say whose it is (oid) and of which tenant (tid)',
      'sign in with an account of the vaults’ tenant',
    );
  return { objectId, tenantId };
}

function claimsOf(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
