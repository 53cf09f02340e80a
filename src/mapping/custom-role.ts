import { digestOf } from '../base/canonical-json.ts';
import { compareText } from '../base/compare-text.ts';
import type { Guid } from '../base/guid.ts';
import { KnownError } from '../base/known-error.ts';
import { nameGuid } from '../base/name-guid.ts';
import { parseScope, type Scope, scopeLevel } from '../model/scope.ts';

/** A role definition with exactly the data actions that an entry needs. */
export interface CustomRole {
  /** The GUID that the definition will have. It and the name follow from scope and data actions: one role for one set. */
  readonly id: Guid;
  readonly name: string;
  readonly dataActions: readonly string[];
  readonly assignableScopes: readonly string[];
}

/** Custom roles proposed so far, one per distinct set of data actions. */
export interface CustomRoleBook {
  /** The role of a set; undefined when it would be one more than a tenant holds (EA-20). */
  propose(dataActions: readonly string[]): CustomRole | undefined;
  /** What a tenant holds at most, in front of people. */
  readonly limit: number;
}

/** How many custom roles a tenant holds (EA-20). */
export const customRolesPerTenant = { public: 5000, usgov: 5000, china: 2000 } as const;

/**
 * @param room how many more roles may be proposed: what a tenant holds, less what it has where that is known.
 * @param there ids of roles that the tenant has: they take no further place.
 */
export function customRoleBook(
  assignableScope: Scope,
  room: number,
  there: ReadonlySet<Guid> = new Set(),
  limit: number = room,
): CustomRoleBook {
  const book = new Map<string, CustomRole>();
  let added = 0;
  return {
    limit,
    propose(dataActions) {
      const sorted = [...new Set(dataActions)].sort(compareText);
      const key = sorted.join();
      const known = book.get(key);
      if (known !== undefined) return known;
      const role = customRole(assignableScope, sorted);
      const isNew = !there.has(role.id);
      if (isNew && added >= room) return undefined;
      added += isNew ? 1 : 0;
      book.set(key, role);
      return role;
    },
  };
}

/** @param dataActions in any order and case; they are kept as they are written. */
export function customRole(assignableScope: Scope, dataActions: readonly string[]): CustomRole {
  const sorted = [...new Set(dataActions)].sort(compareText);
  const key = [assignableScope, ...sorted.map((action) => action.toLowerCase())];
  const digest = digestOf(key).slice('sha256:'.length);
  const name = `Key Vault custom ${digest.slice(0, 16)}`;
  return { id: nameGuid('custom role', ...key), name, dataActions: sorted, assignableScopes: [assignableScope] };
}

/**
 * Where custom roles are to be assignable: a role with data actions cannot be at a management group (EA-20), and one that
 * names a vault would be of use to no other.
 * @throws KnownError CUSTOM_ROLE_SCOPE (usage).
 */
export function customRoleScope(raw: string): Scope {
  const scope = parseScope(raw);
  const level = scope === undefined ? undefined : scopeLevel(scope);
  if (scope !== undefined && (level === 'subscription' || level === 'resourceGroup')) return scope;
  const message = `custom roles cannot be made assignable at \`${raw}\``;
  throw new KnownError(
    'usage',
    'CUSTOM_ROLE_SCOPE',
    message,
    'give the id of a subscription or a resource group, such as /subscriptions/…',
  );
}
