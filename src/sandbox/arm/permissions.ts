import { permissionBlocks } from '../evaluator/decide.ts';
import type { Answer } from '../exchange.ts';
import { versions } from './api-versions.ts';
import type { ArmCall, ArmRoute } from './arm-context.ts';
import { pageOf } from './page.ts';
import { renderBlock } from './read-role-definitions.ts';
import { requireScope } from './require-scope.ts';

/** What the caller itself may do at a scope; nobody needs a right to ask that. */
export const permissionRoutes: readonly ArmRoute[] = [
  {
    name: 'Permissions_ListForScope',
    method: 'GET',
    path: '{scope}/providers/Microsoft.Authorization/permissions',
    versions: versions.permissions,
    query: ['$skiptoken'],
    act: listPermissions,
  },
];

/** Conditions are shown from 2022-05-01-preview on; before, a conditioned right looks like a free one. */
function listPermissions(call: ArmCall): Answer {
  const { context, caller, scope, apiVersion } = call;
  requireScope(context.state, scope);
  return pageOf(
    call,
    permissionBlocks(context.view(), caller, scope).map((block) => renderBlock({ ...block }, apiVersion)),
  );
}
