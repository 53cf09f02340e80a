import type { JsonObject } from '../../base/json.ts';
import type { SandboxContext } from '../context.ts';
import { type Answer, type Ask, type Caller, type Handler, ServiceError } from '../exchange.ts';
import type { SandboxVault } from '../state.ts';
import { auditRow } from './audit.ts';
import { authenticate, parseVaultHost, type VaultHost } from './authenticate.ts';
import { type Authorization, authorize, checkedResource } from './authorize.ts';
import type { Act } from './call.ts';
import { certificateOperations } from './certificates.ts';
import { findOperation, type Route } from './find-operation.ts';
import { keyOperations } from './keys.ts';
import type { OperationName } from './operations.ts';
import { readQuery } from './read-query.ts';
import { readBody } from './request-body.ts';
import { secretOperations } from './secrets.ts';

const acts: Readonly<Record<OperationName, Act>> = { ...secretOperations, ...keyOperations, ...certificateOperations };

/**
 * The data plane of every vault, `https://{vault}.vault.azure.net`. A call is authenticated, then authorized by the model
 * that rules the vault at this moment, and only then looked at closer: 403 comes before 400 and 404.
 */
export function dataPlane(context: SandboxContext): Handler {
  return async (ask) => {
    const host = parseVaultHost(ask.host);
    const vault = host === undefined ? undefined : findVault(context, host);
    if (host === undefined || vault === undefined)
      throw new ServiceError(404, 'VaultNotFound', `no vault answers at \`${ask.host}\`: in Azure the name would not resolve`);
    return await answer(context, ask, vault, host);
  };
}

function findVault({ state }: SandboxContext, { vaultName }: VaultHost): SandboxVault | undefined {
  const ending = `/providers/microsoft.keyvault/vaults/${vaultName}`;
  return [...state.vaults.values()].find(({ key }) => key.endsWith(ending));
}

/** What has become known while a call was handled, for its audit row. */
interface CallFacts {
  caller?: Caller;
  route?: Route;
  authorization?: Authorization;
}

async function answer(context: SandboxContext, ask: Ask, vault: SandboxVault, host: VaultHost): Promise<Answer> {
  const known: CallFacts = {};
  try {
    const done = await handle(context, ask, vault, host, known);
    context.recordAudit(auditRow(context, { ...known, ask, vault, answer: done }));
    return done;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const refused = refusalAnswer(error);
    context.recordAudit(auditRow(context, { ...known, ask, vault, answer: refused, error }));
    if (error.status === 403) recordDenial(context, vault, known, error);
    return refused;
  }
}

async function handle(context: SandboxContext, ask: Ask, vault: SandboxVault, host: VaultHost, known: CallFacts): Promise<Answer> {
  const caller = authenticate(ask, vault, host);
  known.caller = caller;
  const route = findOperation(ask);
  known.route = route;
  readQuery(route.operation, ask.query);
  const sent: JsonObject = typeof ask.body === 'object' && ask.body !== null && !Array.isArray(ask.body) ? (ask.body as JsonObject) : {};
  const authorization = authorize(context, vault, route, caller, sent);
  known.authorization = authorization;
  if (!authorization.allowed) throw authorization.refusal;
  const body = readBody(route.operation.name, ask.body);
  const call = {
    ...route,
    vault,
    body,
    query: ask.query,
    now: context.clock.now(),
    vaultUri: `https://${ask.host}`,
    origin: originOf(ask),
  };
  const done = await acts[route.operation.name](call);
  return { status: 200, ...done, headers: { ...commonHeaders, ...evidenceHeader(authorization) } };
}

/** A client that only says the vault's name in a header follows links to that name too. */
function originOf({ origin, host }: Ask): string {
  return new URL(origin).hostname === host ? origin : `https://${host}`;
}

const commonHeaders = { 'cache-control': 'no-cache', 'x-ms-keyvault-region': 'sandbox', 'x-ms-keyvault-service-version': '1.9.0.0' };

function evidenceHeader(authorization: Authorization): Readonly<Record<string, string>> {
  if (authorization.model !== 'azureRbac' || !authorization.allowed) return {};
  const { assignmentId } = authorization;
  return { 'x-ms-keyvault-rbac-assignment-id': assignmentId.slice(assignmentId.lastIndexOf('/') + 1) };
}

/** Errors of vaults carry their second code in `innererror`. */
function refusalAnswer(error: ServiceError): Answer {
  const innererror = error.innerCode === undefined ? {} : { innererror: { code: error.innerCode } };
  return {
    status: error.status,
    headers: { ...commonHeaders, ...error.headers },
    body: { error: { code: error.code, message: error.message, ...innererror } },
  };
}

function recordDenial(context: SandboxContext, vault: SandboxVault, { caller, route }: CallFacts, error: ServiceError): void {
  if (caller === undefined || route === undefined) return;
  context.recordDenial({
    at: new Date(context.clock.now()).toISOString(),
    vault: vault.key.slice(vault.key.lastIndexOf('/') + 1),
    operation: route.operation.name,
    resource: checkedResource(vault, route),
    objectId: caller.objectId,
    appId: caller.appId,
    code: error.innerCode ?? error.code,
  });
}
