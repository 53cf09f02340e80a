import { isObject, type JsonValue, objectAt, stringAt } from '../../base/json.ts';
import { parseScope } from '../../model/scope.ts';
import { parseVaultId } from '../../model/vault-id.ts';

const pattern =
  /^(\/+subscriptions\/.+?\/vaults\/[^/]+)(\/(?:secrets|keys|certificates)\/[^/]+)?\/providers\/microsoft\.authorization\/checkaccess$/i;

/**
 * Whether a POST is the one question that may be put by one (EA-49): about data actions of one principal, on a vault or an
 * object in it, with the address and the body about the same place. It changes nothing, and Azure notes it in the activity log.
 */
export function isAccessCheck(path: string, body: JsonValue | undefined): boolean {
  const [, vault = '', object = ''] = pattern.exec(path) ?? [];
  if (parseVaultId(vault) === undefined || !isObject(body) || namesOf(body) !== 'Actions,Resource,Subject') return false;
  const [subject, resource] = [objectAt(body, 'Subject'), objectAt(body, 'Resource')];
  const attributes = objectAt(subject, 'Attributes');
  if (namesOf(subject) !== 'Attributes' || namesOf(attributes) !== 'ObjectId' || namesOf(resource) !== 'Id') return false;
  const { Actions: actions } = body;
  const about = stringAt(resource, 'Id');
  return (
    about !== undefined &&
    parseScope(about) === parseScope(vault + object) &&
    Array.isArray(actions) &&
    (actions as readonly JsonValue[]).every(
      (action) => isObject(action) && namesOf(action) === 'Id,IsDataAction' && action.IsDataAction === true,
    )
  );
}

function namesOf(object: { readonly [key: string]: JsonValue | undefined }): string {
  return Object.keys(object).sort().join();
}
