import { isObject } from '../../base/json.ts';
import type { Answer, Ask } from '../exchange.ts';
import { checkApiVersion } from './api-versions.ts';
import type { ArmContext, ArmRoute } from './arm-context.ts';
import { authenticate } from './authenticate.ts';
import { checkAccessRoutes } from './check-access.ts';
import { deletedVaultRoutes } from './deleted-vaults.ts';
import { denyAssignmentRoutes } from './deny-assignments.ts';
import { diagnosticSettingRoutes } from './diagnostic-settings.ts';
import { lockRoutes } from './locks.ts';
import { managementGroupRoutes } from './management-groups.ts';
import { matchRoutes, type RouteMatch } from './match-route.ts';
import { permissionRoutes } from './permissions.ts';
import { policyRoutes } from './policies.ts';
import { objectReadRoutes } from './read-objects.ts';
import { roleAssignmentReadRoutes } from './read-role-assignments.ts';
import { roleDefinitionReadRoutes } from './read-role-definitions.ts';
import { vaultReadRoutes } from './read-vaults.ts';
import { UnknownAsk } from './refusals.ts';
import { scheduleInstanceRoutes } from './schedule-instances.ts';
import { subscriptionRoutes } from './subscriptions.ts';
import { roleAssignmentWriteRoutes } from './write-role-assignment.ts';
import { roleDefinitionWriteRoutes } from './write-role-definition.ts';
import { vaultWriteRoutes } from './write-vault.ts';

const routes: readonly ArmRoute[] = [
  ...subscriptionRoutes,
  ...managementGroupRoutes,
  ...vaultReadRoutes,
  ...objectReadRoutes,
  ...vaultWriteRoutes,
  ...deletedVaultRoutes,
  ...roleAssignmentReadRoutes,
  ...roleAssignmentWriteRoutes,
  ...roleDefinitionReadRoutes,
  ...roleDefinitionWriteRoutes,
  ...denyAssignmentRoutes,
  ...permissionRoutes,
  ...checkAccessRoutes,
  ...lockRoutes,
  ...scheduleInstanceRoutes,
  ...policyRoutes,
  ...diagnosticSettingRoutes,
];

/** The operation's name for metrics and faults; `arm unknown` where there is none. */
export function armOperation({ method, segments }: Pick<Ask, 'method' | 'segments'>): string {
  const found = matchRoutes(routes, segments).find(({ route }) => route.method === method);
  return found?.route.name ?? 'arm unknown';
}

/**
 * Resource Manager, strict: a route, method, query parameter, filter or body member that it does not know is an error
 * that names it, never a silent 200.
 * @throws ServiceError
 */
export function arm(context: ArmContext): (ask: Ask) => Promise<Answer> {
  return async (ask) => {
    const { route, places, scope } = findRoute(ask);
    const apiVersion = checkApiVersion(ask.query.get('api-version'), ask.path, route.versions);
    checkQuery(ask, route);
    const caller = authenticate(ask, context.state.tenantId);
    const body = isObject(ask.body) ? ask.body : {};
    if (ask.body !== undefined && !isObject(ask.body))
      throw new UnknownAsk(400, 'InvalidRequestContent', 'The request content was invalid: it has to be a JSON object.');
    return await route.act({ context, ask, caller, places, scope, apiVersion, body });
  };
}

function findRoute(ask: Ask): RouteMatch {
  const matches = matchRoutes(routes, ask.segments);
  const found = matches.find(({ route }) => route.method === ask.method);
  if (found !== undefined) return found;
  if (matches.length > 0) {
    const allow = [...new Set(matches.map(({ route }) => route.method))].join(', ');
    throw new UnknownAsk(405, 'MethodNotAllowed', `The method '${ask.method}' is not allowed on '${ask.path}'.`, { headers: { allow } });
  }
  const [, namespace, type] = /\/providers\/([^/]+)\/([^/]+)(?!.*\/providers\/)/i.exec(ask.path) ?? [];
  if (namespace !== undefined && !/^microsoft\.(keyvault|authorization|insights|management)$/i.test(namespace))
    throw new UnknownAsk(
      404,
      'InvalidResourceNamespace',
      `The resource namespace '${namespace}' is invalid: the sandbox does not know ${ask.method} ${ask.path}.`,
    );
  const what = type === undefined ? 'The resource' : `The resource type '${type}'`;
  throw new UnknownAsk(404, 'InvalidResourceType', `${what} could not be found: the sandbox does not know ${ask.method} ${ask.path}.`);
}

function checkQuery(ask: Ask, route: ArmRoute): void {
  const seen = new Set<string>();
  for (const name of ask.query.keys()) {
    const lower = name.toLowerCase();
    if (lower !== 'api-version' && !route.query.includes(lower))
      throw new UnknownAsk(400, 'InvalidQueryParameter', `The query parameter '${name}' is not known for ${route.name}.`);
    if (seen.has(lower)) throw new UnknownAsk(400, 'InvalidQueryParameter', `The query parameter '${name}' was given twice.`);
    seen.add(lower);
  }
}
