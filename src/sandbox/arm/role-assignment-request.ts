import { type Guid, guidAtEnd, parseGuid } from '../../base/guid.ts';
import { type JsonObject, objectAt, stringAt } from '../../base/json.ts';
import type { ArmContext } from './arm-context.ts';
import { checkShape, type Shape } from './body-shape.ts';
import { principalTypeOf } from './principal-type.ts';
import { badRequest, invalidContent } from './refusals.ts';
import { conditionOf } from './role-assignment-condition.ts';

const shape: Shape = {
  members: {
    id: 'string',
    name: 'string',
    type: 'string',
    properties: {
      members: {
        roleDefinitionId: 'string',
        principalId: 'string',
        principalType: 'string',
        description: 'string',
        condition: 'string',
        conditionVersion: 'string',
        delegatedManagedIdentityResourceId: 'string',
        // Read only; clients that read before they write send it back.
        scope: 'string',
        createdOn: 'string',
        updatedOn: 'string',
        createdBy: 'string',
        updatedBy: 'string',
        canDelegate: 'boolean',
      },
    },
  },
};

/** What a PUT of a role assignment asks for, as far as it can be judged without the tenant. */
export interface AssignmentRequest {
  readonly name: Guid;
  readonly roleId: Guid;
  readonly principalId: Guid;
  readonly principalType: string | undefined;
  readonly description: string | null;
  readonly condition: string | null;
  readonly conditionVersion: string | null;
}

const principalTypes = ['User', 'Group', 'ServicePrincipal', 'ForeignGroup', 'Device'];

/** @throws ServiceError 400 for what ARM cannot read, naming it */
export function readAssignmentRequest(name: string, body: JsonObject): AssignmentRequest {
  checkShape(body, shape);
  const properties = objectAt(body, 'properties');
  const id = parseGuid(name);
  if (id?.toLowerCase() !== name.toLowerCase())
    throw badRequest('InvalidRoleAssignmentId', `The role assignment ID '${name}' is not valid. The role assignment ID must be a GUID.`);
  const [role, principal] = [stringAt(properties, 'roleDefinitionId'), stringAt(properties, 'principalId')];
  if (role === undefined) throw invalidContent("Required property 'roleDefinitionId' not found in JSON. Path 'properties'");
  if (principal === undefined) throw invalidContent("Required property 'principalId' not found in JSON. Path 'properties'");
  const roleId = guidAtEnd(role);
  // Whether Azure takes a GUID without its path is not documented: a client that relies on it is not to pass here.
  if (roleId === undefined || !/\/providers\/microsoft\.authorization\/roledefinitions\/[^/]+$/i.test(role))
    throw badRequest('InvalidRoleDefinitionId', `The role definition ID '${role}' is not valid. Role definition ID must be a GUID.`);
  const principalId = parseGuid(principal);
  if (principalId === undefined)
    throw badRequest('InvalidPrincipalId', `The Principal ID '${principal}' is not valid. Principal ID must be a GUID.`);
  const principalType = stringAt(properties, 'principalType');
  if (principalType !== undefined && !principalTypes.includes(principalType))
    throw badRequest('InvalidPrincipalType', `The principal type '${principalType}' is not one of ${principalTypes.join(', ')}.`);
  return {
    name: id,
    roleId,
    principalId,
    principalType,
    description: stringAt(properties, 'description') ?? null,
    ...conditionOf(properties),
  };
}

/** The type that the assignment will carry, or undefined where the directory has to be asked first. */
export type PrincipalCheck = { readonly principalType: string };

/**
 * Asks the directory about the principal. With a principalType in the request, one that it does not know yet is taken on
 * trust, which is the documented way around replication and lets a typing error become an orphan (EA-32).
 * @throws ServiceError 400
 */
export function checkPrincipal(context: Pick<ArmContext, 'state' | 'clock' | 'consistency'>, request: AssignmentRequest): PrincipalCheck {
  const { state, clock, consistency } = context;
  const object = state.directory.get(request.principalId);
  const replicated = object !== undefined && !object.deleted && object.since <= clock.now() - consistency.principalReplication;
  if (!replicated) {
    if (request.principalType !== undefined) return { principalType: request.principalType };
    const hint =
      'Check that you have the correct principal ID. If you are creating this principal and then immediately assigning a role, this error might be related to a replication delay. In this case, set the role assignment principalType property to a value, such as ServicePrincipal, User, or Group.  See https://aka.ms/docs-principaltype';
    throw badRequest(
      'PrincipalNotFound',
      `Principal ${request.principalId.replaceAll('-', '')} does not exist in the directory ${state.tenantId}. ${hint}`,
    );
  }
  const principalType = principalTypeOf(object.kind);
  if (principalType === undefined) {
    const type = `${object.kind.charAt(0).toUpperCase()}${object.kind.slice(1)}`;
    throw badRequest('PrincipalTypeNotSupported', `Principals of type ${type} cannot validly be used in role assignments.`);
  }
  if (request.principalType !== undefined && request.principalType !== principalType) {
    const id = request.principalId.replaceAll('-', '');
    throw badRequest(
      'UnmatchedPrincipalType',
      `The PrincipalId '${id}' has type '${principalType}' , which is different from specified PrinciaplType '${request.principalType}'.`,
    );
  }
  return { principalType };
}
