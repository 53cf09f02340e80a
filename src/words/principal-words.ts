import type { FindingFacts } from '../model/finding-facts.ts';

/** What an id is that belongs to no principal; completes "it is …". */
export function otherIdWords({ what, name, servicePrincipal }: FindingFacts['PRN-NO-PRINCIPAL']): string {
  if (what === 'application') {
    const ofIt =
      servicePrincipal === undefined ? ', which has no service principal in this tenant' : ` (object id \`${servicePrincipal}\`)`;
    return `the application (client) id of ${name === undefined ? 'an application' : `\`${name}\``}${ofIt}`;
  }
  if (what === 'role' || what === 'subscription') return `the id of the ${what} \`${name ?? ''}\``;
  return `${others[what]}${name === undefined ? '' : ` (\`${name}\`)`}`;
}

const others = {
  administrativeUnit: 'an administrative unit',
  allZero: 'the all-zero id, which belongs to no principal',
  device: 'a device',
  directoryRole: 'a directory role',
  mailContact: 'a mail contact',
  organization: 'the tenant itself',
  tenant: 'the id of the tenant',
};

/** Why nobody can say who a principal is. */
export function unresolvedWords(why: FindingFacts['PRN-UNRESOLVED']): string {
  switch (why.kind) {
    case 'notLookedUp':
      return 'it was not looked up';
    case 'absent':
      return 'the directory does not know it, not even as deleted; it may belong to another tenant or be hidden from you';
    case 'memberUnnamed':
      return 'a group has it as a member, and the directory does not say who it is';
    case 'unsaid':
      return 'the directory leaves it out and did not say whether it was deleted';
    case 'otherType':
      return `the directory knows it as \`${why.type}\`, which cannot hold a role`;
    case 'directoryUnread':
      return `the directory could not be read: ${why.because}`;
    case 'deletedUnread':
      return `the directory leaves it out, and its deleted items could not be read: ${why.because}`;
  }
}

const kinds: Readonly<Record<string, string>> = {
  user: 'user',
  guest: 'guest user',
  group: 'group',
  servicePrincipal: 'service principal',
  managedIdentity: 'managed identity',
  application: 'app registration',
  applicationId: 'application id',
  noPrincipal: 'no principal',
  deleted: 'deleted',
  unresolved: 'unresolved',
};

/** The kind of a principal as people call it; what is not known as one stays as it is written. */
export function principalKind(kind: string): string {
  return kinds[kind] ?? kind;
}
