import { canonicalJson } from '../base/canonical-json.ts';
import type { JsonObject } from '../base/json.ts';
import type { Stored, TenantState } from './state.ts';

const kept = [
  'vaults',
  'roleDefinitions',
  'roleAssignments',
  'denyAssignments',
  'activeInstances',
  'eligibleInstances',
  'locks',
  'policyAssignments',
  'policyDefinitions',
  'policySetDefinitions',
  'policyExemptions',
  'diagnosticSettings',
] as const;

/**
 * Everything that Resource Manager holds, as canonical JSON: two states are the same exactly when the texts are. Left out
 * is what every change moves and nobody can put back: `systemData` of vaults, and assignments that are removed already.
 */
export function armStateJson(state: TenantState): string {
  const resources = kept.map((name) => [name, bodies(state[name])] as const);
  const groups = Object.fromEntries([...state.resourceGroups].map(([key, group]) => [key, { ...group }]));
  const subscriptions = Object.fromEntries([...state.subscriptions].map(([key, subscription]) => [key, { ...subscription }]));
  return canonicalJson({ subscriptions, resourceGroups: groups, ...Object.fromEntries(resources) });
}

function bodies(items: ReadonlyMap<string, Stored & { removedAt?: number }>): JsonObject {
  const standing = [...items].filter(([, { removedAt }]) => removedAt === undefined);
  return Object.fromEntries(
    standing.map(([key, { body }]) => [key, Object.fromEntries(Object.entries(body).filter(([name]) => name !== 'systemData'))]),
  );
}
