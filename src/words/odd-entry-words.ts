import type { FindingFacts } from '../model/finding-facts.ts';

/** What of an access policy entry cannot be understood. */
export function oddEntryWords(odd: FindingFacts['INV-ENTRY-ODD']): string {
  switch (odd.kind) {
    case 'tenantId':
      return `tenant id \`${odd.written}\` is not a GUID`;
    case 'objectId':
      return `object id \`${odd.written}\` is not a GUID`;
    case 'category':
      return `permission category \`${odd.written}\``;
    case 'list':
      return `permissions.${odd.category} is not a list of words`;
    case 'noPermissions':
      return 'permissions are missing';
    case 'applicationId':
      return 'the application id is not text';
    case 'letterCase':
      return 'a member is spelled in another letter case';
  }
}
