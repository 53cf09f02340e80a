import type { TenantState } from '../state.ts';
import { badRequest, notFound, resourceNotFound } from './refusals.ts';

type Where = Pick<TenantState, 'subscriptions' | 'resourceGroups' | 'vaults'>;

/**
 * @param scope as the client wrote it; the root is empty
 * @throws ServiceError 404 when subscription, resource group or vault on the way do not exist; 400 when it is no scope
 */
export function requireScope(state: Where, scope: string): void {
  const parts = scope.toLowerCase().split('/').slice(1);
  if (scope === '' || /^\/providers\/microsoft\.management\/managementgroups\/[^/]+$/i.test(scope)) return;
  const [word, subscription = '', groups, group = '', providers, namespace = '', ...rest] = parts;
  if (word !== 'subscriptions' || subscription === '') throw badRequest('InvalidScope', `The scope '${scope}' is not valid.`);
  if (!state.subscriptions.has(`/subscriptions/${subscription}`))
    throw notFound('SubscriptionNotFound', `The subscription '${subscription}' could not be found.`);
  if (groups === undefined) return;
  if (groups !== 'resourcegroups' || group === '') throw badRequest('InvalidScope', `The scope '${scope}' is not valid.`);
  if (!state.resourceGroups.has(`/subscriptions/${subscription}/resourcegroups/${group}`))
    throw notFound('ResourceGroupNotFound', `Resource group '${scope.split('/')[4] ?? group}' could not be found.`);
  if (providers === undefined) return;
  const [type = '', name = '', kind, object, ...below] = rest;
  if (providers !== 'providers' || namespace !== 'microsoft.keyvault' || type !== 'vaults' || name === '')
    throw notFound('ResourceNotFound', `The resource '${scope}' was not found: the sandbox holds vaults only.`);
  if (!state.vaults.has(scope.toLowerCase().split('/').slice(0, 9).join('/')))
    throw resourceNotFound('Microsoft.KeyVault/vaults', scope.split('/')[8] ?? name, scope.split('/')[4] ?? group);
  if (kind !== undefined && (!['secrets', 'keys', 'certificates'].includes(kind) || object === undefined || below.length > 0))
    throw badRequest('InvalidScope', `The scope '${scope}' is not valid.`);
}
