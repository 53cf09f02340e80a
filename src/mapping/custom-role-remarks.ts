import type { Catalogue } from '../model/catalogue.ts';
import type { Remark } from '../model/finding.ts';
import type { CustomRole } from './custom-role.ts';

/** A get of a deleted secret asks for metadata under Azure RBAC (LP-10); no log can show whether anybody needs it. */
export function remarksOnCustomRole({ dataActions }: CustomRole, { permissions }: Catalogue): readonly Remark[] {
  const holds = (permission: string) => (permissions.get(permission) ?? []).every((name) => dataActions.includes(name));
  return holds('secrets/get') && !holds('secrets/list') ? [['note', 'MAP-CUSTOM-DELETED', {}]] : [];
}

/** What is said where a set would need one more role than a tenant can hold (EA-20). */
export function noCustomRoleLeft(limit: number): Remark {
  return ['blocker', 'MAP-CUSTOM-LIMIT', { limit }];
}
