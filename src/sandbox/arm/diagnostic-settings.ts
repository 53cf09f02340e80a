import { stringAt } from '../../base/json.ts';
import type { Answer } from '../exchange.ts';
import { versions } from './api-versions.ts';
import type { ArmCall, ArmRoute } from './arm-context.ts';
import { requireAction } from './authorize.ts';
import { bodiesOf, getOnScope } from './list-on-scope.ts';
import { requireScope } from './require-scope.ts';

const path = '{scope}/providers/Microsoft.Insights/diagnosticSettings';
const action = 'Microsoft.Insights/diagnosticSettings/read';

export const diagnosticSettingRoutes: readonly ArmRoute[] = [
  { name: 'DiagnosticSettings_List', method: 'GET', path, versions: versions.diagnosticSettings, query: [], act: listSettings },
  {
    name: 'DiagnosticSettings_Get',
    method: 'GET',
    path: `${path}/{name}`,
    versions: versions.diagnosticSettings,
    query: [],
    act: (call) => {
      const id = `${call.scope}/providers/Microsoft.Insights/diagnosticSettings/${call.places.name ?? ''}`;
      return getOnScope(call, action, id, call.context.state.diagnosticSettings, 'ResourceNotFound');
    },
  },
];

/** The settings of one resource; nothing is inherited, and the list is never paged. */
function listSettings(call: ArmCall): Answer {
  requireScope(call.context.state, call.scope);
  requireAction(call, action, call.scope);
  const prefix = `${call.scope}/providers/Microsoft.Insights/diagnosticSettings/`.toLowerCase();
  const value = bodiesOf(call.context.state.diagnosticSettings).filter((body) =>
    (stringAt(body, 'id') ?? '').toLowerCase().startsWith(prefix),
  );
  return { status: 200, body: { value } };
}
