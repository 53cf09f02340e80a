import { randomUUID } from 'node:crypto';
import { type JsonObject, objectAt, stringAt, stringsAt } from '../../base/json.ts';
import type { SandboxContext } from '../context.ts';
import type { Answer, Ask, Caller, ServiceError } from '../exchange.ts';
import type { AuditRow, SandboxVault } from '../state.ts';
import { type Authorization, issuer } from './authorize.ts';
import type { Route } from './find-operation.ts';

/** What is known of a call when it has been answered; a call that got no further than its token has no route. */
export interface Audited {
  readonly ask: Ask;
  readonly vault: SandboxVault;
  readonly route?: Route;
  readonly caller?: Caller;
  readonly authorization?: Authorization;
  readonly answer: Answer;
  readonly error?: ServiceError;
}

const signatures: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
};

/** A row in the columns of AZKVAuditLogs. Bodies stay out: neither what was sent nor what was answered is in it. */
export function auditRow(context: SandboxContext, { ask, vault, route, caller, authorization, answer, error }: Audited): AuditRow {
  const { status } = answer;
  const rbac = objectAt(vault.body, 'properties').enableRbacAuthorization === true;
  const uri = `https://${ask.host}${ask.path}${ask.query.size === 0 ? '' : `?${ask.query.toString()}`}`;
  return {
    TimeGenerated: new Date(context.clock.now()).toISOString(),
    OperationName: route?.operation.name ?? 'Authentication',
    OperationVersion: ask.query.get('api-version') ?? '',
    Category: 'AuditEvent',
    ResultType: status < 400 ? 'Success' : 'Failed',
    ResultSignature: signatures[status] ?? String(status),
    ResultDescription: error?.message ?? '',
    HttpStatusCode: status,
    DurationMs: 1,
    CallerIpAddress: '127.0.0.1',
    CorrelationId: ask.headers['x-ms-client-request-id'] ?? randomUUID(),
    ClientInfo: ask.headers['user-agent'] ?? '',
    Identity: caller === undefined ? {} : { claim: claims(context, caller) },
    RequestUri: uri,
    Id: objectUri(ask, route),
    EnableRbacAuthorization: rbac,
    IsAddressAuthorized: true,
    ...evidence(authorization),
    VaultName: stringAt(vault.body, 'name') ?? '',
    ResourceGroup: vault.key.split('/')[4] ?? '',
    _ResourceId: vault.key,
  };
}

/** A list names no object, neither here nor in Azure's rows. */
function objectUri(ask: Ask, route: Route | undefined): string | null {
  if (route === undefined || route.name === '') return null;
  const version = route.version === '' ? '' : `/${route.version}`;
  return `https://${ask.host}/${route.operation.objectType}/${route.name}${version}`;
}

/** Which model let a call through or refused it; the other model's columns stay empty. */
function evidence(authorization: Authorization | undefined): JsonObject {
  const { model, allowed } = authorization ?? {};
  const assignment = authorization?.allowed === true && authorization.model === 'azureRbac' ? authorization.assignmentId : undefined;
  return {
    IsAccessPolicyMatch: model === 'accessPolicy' ? (allowed ?? false) : null,
    IsRbacAuthorized: model === 'azureRbac' ? (allowed ?? false) : null,
    AppliedAssignmentId: assignment === undefined ? null : assignment.slice(assignment.lastIndexOf('/') + 1),
  };
}

/** A user's row names the user, an application's what it is; both as their tokens do. */
function claims(context: SandboxContext, caller: Caller): JsonObject {
  const principal = context.state.directory.get(caller.objectId.toLowerCase());
  const properties = principal?.properties ?? {};
  const common = { oid: caller.objectId, appid: caller.appId, tid: caller.tenantId, iss: issuer(caller.tenantId) };
  if (principal?.kind === 'user')
    return { ...common, appidacr: '0', idtyp: 'user', scp: 'user_impersonation', upn: stringAt(properties, 'userPrincipalName') ?? '' };
  const identity = stringsAt(properties, 'alternativeNames').find((name) => name.startsWith('/subscriptions/'));
  return { ...common, appidacr: '2', idtyp: 'app', ...(identity !== undefined && { xms_mirid: identity }) };
}
