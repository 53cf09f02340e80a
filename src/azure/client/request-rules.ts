import { isObject, type JsonObject, type JsonValue, objectsAt, stringAt } from '../../base/json.ts';
import { parseVaultId } from '../../model/vault-id.ts';
import { isAccessCheck } from '../read/access-check-rule.ts';
import { isCustomRoleWrite } from '../read/custom-role-rule.ts';

export type Service = 'resourceManager' | 'graph';
export type Mode = 'read' | 'write';

export interface OutgoingRequest {
  readonly method: string;
  readonly url: URL;
  readonly body: JsonValue | undefined;
}

const roleAssignment = /^\/+subscriptions\/.+\/providers\/+microsoft\.authorization\/+roleassignments\/[0-9a-f-]{36}\/*$/i;
const graphReads = [/^\/v1\.0\/directoryObjects\/getByIds$/, /^\/v1\.0\/directoryObjects\/[0-9a-f-]{36}\/getMemberGroups$/];
/** What a batch may ask for: each address whole, as keyturn spells it. */
const batchReads = [
  /^\/directory\/deletedItems\/[0-9a-f-]{36}$/,
  /^\/identityGovernance\/privilegedAccess\/group\/(assignment|eligibility)ScheduleInstances\?\$filter=groupId%20eq%20'[0-9a-f-]{36}'$/,
];

/**
 * What keyturn may send: in every mode it reads and may ask Azure to judge a principal, and only in write mode it makes and removes
 * single role assignments and custom roles of vault data actions, and patches the permission model of a vault, nothing else. A vault
 * is never PUT or deleted, and its access policies are never touched through their own operations: a PUT replaces the whole list.
 * @returns why the request is refused, or undefined when it may go.
 */
export function refusalOf(service: Service, mode: Mode, request: OutgoingRequest): string | undefined {
  if (isRead(service, request)) return undefined;
  const path = decodedPath(request.url);
  const shown = `${request.method} ${path}`;
  if (service === 'graph') return `${shown}: the directory is only ever read`;
  if (mode === 'read') return `${shown}: nothing is written in read mode`;
  if (['PUT', 'DELETE'].includes(request.method) && roleAssignment.test(path) && !/\/accesspolicies(\/|$)/i.test(path)) return undefined;
  if (isCustomRoleWrite(request.method, path, request.body)) return undefined;
  if (request.method === 'PATCH' && parseVaultId(path) !== undefined && isModelPatch(request.body)) return undefined;
  return `${shown}: keyturn writes role assignments, custom roles of vault data actions and the permission model of a vault, nothing else`;
}

/** True for requests that change nothing, so that they can be repeated without asking what became of the first one. */
export function isRead(service: Service, request: OutgoingRequest): boolean {
  if (request.method === 'GET' || request.method === 'HEAD') return true;
  if (request.method !== 'POST') return false;
  const path = decodedPath(request.url);
  if (service === 'resourceManager') return isAccessCheck(path, request.body);
  return graphReads.some((read) => read.test(path)) || (path === '/v1.0/$batch' && isReadBatch(request.body));
}

function decodedPath(url: URL): string {
  try {
    return decodeURIComponent(url.pathname);
  } catch {
    return url.pathname;
  }
}

/** Each request of a batch is looked at as if it were sent alone: one of the questions above, without a body or headers of its own. */
function isReadBatch(body: JsonValue | undefined): boolean {
  if (!isObject(body) || Object.keys(body).join() !== 'requests' || !Array.isArray(body.requests)) return false;
  const requests = objectsAt(body, 'requests');
  return requests.length === body.requests.length && requests.every(isBatchRead);
}

function isBatchRead(request: JsonObject): boolean {
  if (Object.keys(request).sort().join() !== 'id,method,url' || stringAt(request, 'method') !== 'GET') return false;
  return batchReads.some((read) => read.test(stringAt(request, 'url') ?? ''));
}

/** `{"properties":{"enableRbacAuthorization":…}}`, and beside `false` the whole list of access policies. */
function isModelPatch(body: JsonValue | undefined): boolean {
  if (!isObject(body) || Object.keys(body).join() !== 'properties' || !isObject(body.properties)) return false;
  const { enableRbacAuthorization: flag, accessPolicies, ...others } = body.properties;
  if (typeof flag !== 'boolean' || Object.keys(others).length > 0) return false;
  return accessPolicies === undefined || (Array.isArray(accessPolicies) && !flag);
}
