import { versions } from './api-versions.ts';
import type { ArmRoute } from './arm-context.ts';
import { bodiesOf, getOnScope, listOnScope } from './list-on-scope.ts';

const path = '{scope}/providers/Microsoft.Authorization/locks';
const action = 'Microsoft.Authorization/locks/read';

/** Locks are read only here: who holds a lock is not keyturn's business. A resource's list shows inherited ones too. */
export const lockRoutes: readonly ArmRoute[] = [
  {
    name: 'ManagementLocks_ListByScope',
    method: 'GET',
    path,
    versions: versions.locks,
    query: ['$filter', '$skiptoken'],
    act: (call) => listOnScope(call, { action, items: bodiesOf(call.context.state.locks) }),
  },
  {
    name: 'ManagementLocks_GetByScope',
    method: 'GET',
    path: `${path}/{lockName}`,
    versions: versions.locks,
    query: [],
    act: (call) => {
      const id = `${call.scope}/providers/Microsoft.Authorization/locks/${call.places.lockName ?? ''}`;
      return getOnScope(call, action, id, call.context.state.locks, 'LockNotFound');
    },
  },
];
