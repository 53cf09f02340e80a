import { type Guid, parseGuid } from '../../base/guid.ts';
import { type JsonObject, objectAt, objectsAt, stringAt } from '../../base/json.ts';
import { sameScope } from './at-scope.ts';
import { checkShape, type Shape } from './body-shape.ts';
import { badRequest, invalidContent } from './refusals.ts';

/** No groups and no attributes: what the service makes of them is not known, so that nobody may come to count on it here. */
const shape: Shape = {
  members: {
    Subject: { members: { Attributes: { members: { ObjectId: 'string' } } } },
    Actions: { items: { members: { Id: 'string', IsDataAction: 'boolean' } } },
    Resource: { members: { Id: 'string' } },
  },
};

/** The only caller whose source is open never puts more into one question. */
const mostActions = 200;

interface AskedAction {
  readonly id: string;
  readonly isDataAction: boolean;
}

export interface CheckAccessRequest {
  readonly objectId: Guid;
  readonly actions: readonly AskedAction[];
}

/** @throws ServiceError 400 for what is missing, unknown or about another resource than the address, naming it */
export function readCheckAccessRequest(scope: string, body: JsonObject): CheckAccessRequest {
  checkShape(body, shape);
  const objectId = required(objectAt(objectAt(body, 'Subject'), 'Attributes'), 'ObjectId', 'Subject.Attributes');
  const id = parseGuid(objectId);
  if (id === undefined) throw badRequest('InvalidPrincipalId', `The Principal ID '${objectId}' is not valid. Principal ID must be a GUID.`);
  const resource = required(objectAt(body, 'Resource'), 'Id', 'Resource');
  if (!sameScope(resource, scope))
    throw badRequest('InvalidResource', `The resource '${resource}' is not the one of the address, '${scope}'.`);
  const actions = objectsAt(body, 'Actions').map((action, index) => readAction(action, `Actions[${index}]`));
  if (!Array.isArray(body.Actions) || body.Actions.length === 0) throw missing('Actions', '');
  if (actions.length < body.Actions.length) throw invalidContent("Expected an object. Path 'Actions'");
  if (actions.length > mostActions)
    throw badRequest('TooManyActions', `${actions.length} actions were asked about; the sandbox takes ${mostActions} at once.`);
  return { objectId: id, actions };
}

function readAction(action: JsonObject, path: string): AskedAction {
  const id = required(action, 'Id', path);
  const { IsDataAction: isDataAction } = action;
  if (typeof isDataAction !== 'boolean') throw missing('IsDataAction', path);
  if (id.trim() === '' || id.includes('*')) throw invalidContent(`'${id}' is no single action. Path '${path}.Id'`);
  return { id, isDataAction };
}

function required(object: JsonObject, name: string, path: string): string {
  const value = stringAt(object, name);
  if (value === undefined) throw missing(name, path);
  return value;
}

function missing(name: string, path: string): Error {
  return invalidContent(`Required property '${name}' not found in JSON. Path '${path}'`);
}
