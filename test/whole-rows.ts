import type { JsonObject } from '../src/model/json.ts';

/** A permission block with the four lists that Azure always writes. */
export function wholeBlock(block: object): JsonObject {
  return { actions: [], notActions: [], dataActions: [], notDataActions: [], ...block };
}

type Row = Readonly<Record<string, unknown>> & { readonly properties?: Readonly<Record<string, unknown>> };

/** A role definition as Azure lists it, from what a test says of it. */
export function wholeRole(row: Row): JsonObject {
  const properties = { type: 'BuiltInRole', assignableScopes: ['/'], ...row.properties };
  return { ...row, properties: { ...properties, permissions: blocksOf(row.properties?.permissions) } } as JsonObject;
}

/** A deny assignment as Azure lists it, from what a test says of it. */
export function wholeDeny(row: Row): JsonObject {
  const properties = { denyAssignmentName: 'deny', excludePrincipals: [], doNotApplyToChildScopes: false, ...row.properties };
  return { ...row, properties: { ...properties, permissions: blocksOf(row.properties?.permissions) } } as JsonObject;
}

function blocksOf(permissions: unknown): readonly JsonObject[] {
  return (Array.isArray(permissions) ? (permissions as readonly object[]) : []).map(wholeBlock);
}
