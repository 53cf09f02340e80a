import type { Catalogue } from '../model/catalogue.ts';
import type { Finding } from '../model/finding.ts';
import type { CustomRole } from './custom-role.ts';

/** A get of a deleted secret asks for metadata under Azure RBAC (LP-10); no log can show whether anybody needs it. */
export function remarksOnCustomRole({ dataActions }: CustomRole, { permissions }: Catalogue, subject: string): readonly Finding[] {
  const holds = (permission: string) => (permissions.get(permission) ?? []).every((name) => dataActions.includes(name));
  if (!holds('secrets/get') || holds('secrets/list')) return [];
  return [
    {
      severity: 'note',
      code: 'MAP-CUSTOM-DELETED',
      subject,
      facts: { message: 'the custom role reads values but not metadata: anyone who also looks at deleted secrets would lose that',
      remedy: 'add `list` to the set before the role is made, unless deleted secrets are not looked at' },
    },
  ];
}

/** What is said where a set would need one more role than a tenant can hold (EA-20). */
export function noCustomRoleLeft(limit: number, subject: string): Finding {
  return {
    severity: 'blocker',
    code: 'MAP-CUSTOM-LIMIT',
    subject,
    facts: { message: `no custom role is proposed: ${limit} different ones are the most that a tenant holds`,
    remedy: 'use built-in roles for some of the sets' },
  };
}
