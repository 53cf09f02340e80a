import { type Guid, parseGuid } from '../base/guid.ts';
import { isObject, type JsonObject, objectAt, stringAt } from '../base/json.ts';
import { strictly } from '../base/strict.ts';
import { conditionIn, type PermissionBlock, parsePermissionBlocks } from './role.ts';
import { parseWrittenScope, type Scope } from './scope.ts';

/** A deny assignment (EA-22..27): blocks even where a role grants. */
export interface DenyAssignment {
  readonly id: string;
  readonly name: string;
  readonly scope: Scope;
  readonly permissions: readonly PermissionBlock[];
  readonly principals: readonly Guid[];
  readonly excludePrincipals: readonly Guid[];
  readonly doNotApplyToChildScopes: boolean;
  readonly condition?: string;
  /** It logs what it would deny, and denies nothing (EA-26). */
  readonly auditOnly?: true;
  readonly raw: JsonObject;
}

/**
 * @returns undefined when a member that the judgement reads is not understood. One that denies nothing to nobody is not: Azure has no
 * deny assignment without permissions or principals, so a row that lacks them is a damaged one (EA-22).
 */
export function parseDenyAssignment(raw: unknown): DenyAssignment | undefined {
  if (!isObject(raw)) return undefined;
  const row = strictly(raw);
  const members = row.object('properties');
  const properties = strictly(members);
  const scope = parseWrittenScope(properties.text('scope'));
  const permissions = parsePermissionBlocks(properties.objects('permissions')) ?? [];
  const [listed, spared] = [properties.objects('principals'), properties.objects('excludePrincipals')];
  const doNotApplyToChildScopes = properties.flag('doNotApplyToChildScopes');
  const { state, ...condition } = conditionIn(properties);
  const id = row.text('id');
  const name = stringAt(members, 'denyAssignmentName') ?? '';
  const denying = permissions.every(({ actions, dataActions }) => actions.length + dataActions.length > 0);
  const whole = row.understood() && properties.understood() && [...listed, ...spared].every(isNamed) && denying;
  if (scope === undefined || state === 'odd' || permissions.length === 0 || listed.length === 0 || !whole) return undefined;
  return {
    ...{ id, name, scope, permissions, principals: idsOf(listed), excludePrincipals: idsOf(spared), doNotApplyToChildScopes },
    ...condition,
    ...(isAuditOnly(raw) && { auditOnly: true }),
    raw,
  };
}

/** Whether a row says that it denies nothing; older versions of the API say nothing of it. */
export function isAuditOnly(raw: JsonObject): boolean {
  return stringAt(objectAt(raw, 'properties'), 'denyAssignmentEffect')?.toLowerCase() === 'audit';
}

/** An id that is not a GUID is kept as one that nobody can be told by; a missing id is not understood. */
function isNamed(principal: JsonObject): boolean {
  const one = strictly(principal);
  one.text('id');
  one.textOrNone('type');
  return one.understood();
}

function idsOf(listed: readonly JsonObject[]): readonly Guid[] {
  return listed.flatMap((principal) => parseGuid(stringAt(principal, 'id') ?? '') ?? []);
}
