import type { FindingCode } from '../../model/finding-facts.ts';
import type { FindingHelp } from './help.ts';

/** Findings about whom access policies name. */
export const principalFindingHelp: Readonly<Record<Extract<FindingCode, `PRN-${string}`>, FindingHelp>> = {
  'PRN-APPLICATION-ID': {
    severities: ['warning'],
    cause: 'The access policy names an application (client) id where an object id belongs. No token carries it as an object id (EA-28).',
    consequence: 'The policy grants nothing today, so nothing is lost with it.',
    remedy:
      'Nothing to do for the flip. If the application needs access, give it to the object id of its service principal: that is a new grant.',
  },
  'PRN-APPLICATION-OBJECT': {
    severities: ['warning'],
    cause: 'The access policy names the object id of an app registration. Tokens carry the id of the service principal instead (EA-28).',
    consequence: 'The policy grants nothing today, so nothing is lost with it.',
    remedy: 'Nothing to do for the flip. If the application needs access, give it to its service principal: that is a new grant.',
  },
  'PRN-COMPOUND': {
    severities: ['blocker', 'warning', 'note'],
    cause: 'The access policy names a principal and an application: it holds only while that application acts for the principal (LP-3).',
    consequence:
      'Azure RBAC has no such grant, so a person has to decide. It is a note once decided, and a warning on a vault that is on Azure RBAC.',
    remedy:
      'Decide `drop` for it, with its `applicationId`. If the principal or the application needs the access by itself, give it an access policy of its own first and plan again.',
  },
  'PRN-DELETED': {
    severities: ['blocker', 'warning', 'note'],
    cause: 'The principal that the access policy names was deleted from the directory.',
    consequence:
      'No role can be assigned to it, so a person has to decide. It is a note once decided, and a warning on a vault that is on Azure RBAC.',
    remedy:
      'Restore the principal and plan again, or decide `drop`. One rule `{ "when": { "principal": "deleted" }, "choice": "drop" }`, with a reason, decides for all vaults.',
  },
  'PRN-FOREIGN-TENANT': {
    severities: ['warning'],
    cause: 'The access policy names another tenant than the vault’s own (LP-2).',
    consequence: 'It grants nothing today, so nothing is lost with it.',
    remedy:
      'Nothing to do for the flip. To give that party access, invite a guest or use a multi-tenant application of the vault’s own tenant.',
  },
  'PRN-GROUP-DYNAMIC': {
    severities: ['note'],
    cause: 'Membership of the group follows a rule.',
    consequence: 'People may join or leave the group after the plan was approved.',
    remedy: 'Nothing to do.',
  },
  'PRN-GROUP-NOT-SECURITY': {
    severities: ['warning'],
    cause: 'The group is not security-enabled. Whether a token of its members carries it is not known (EA-29).',
    consequence: 'The access policy may give nothing today, and neither may the role that replaces it.',
    remedy: 'Check whether anybody uses this access policy. Decide `drop` if nobody does.',
  },
  'PRN-GUEST': {
    severities: ['note'],
    cause: 'The principal is a guest of the tenant.',
    consequence: 'The roles work as for any other user.',
    remedy: 'Nothing to do.',
  },
  'PRN-NO-PRINCIPAL': {
    severities: ['warning'],
    cause:
      'The id in the access policy belongs to something that is not a user, a group or a service principal, such as a device, a directory role or a subscription (EA-28), or it is the all-zero id (LP-13).',
    consequence: 'The policy grants nothing today, so nothing is lost with it.',
    remedy: 'Nothing to do for the flip. If somebody was meant, a role for that principal is a new grant.',
  },
  'PRN-UNRESOLVED': {
    severities: ['blocker', 'warning', 'note'],
    cause: 'keyturn could not find out whom the object id stands for: the directory does not know it, or could not be read (EA-32).',
    consequence:
      'Not found is not proof of deletion, so a person has to decide. It is a note once decided, and a warning on a vault that is on Azure RBAC.',
    remedy:
      'If the directory could not be read, get the role Directory Readers and plan again. If the id is not known there, find out whom it was for and decide `drop`; one rule `{ "when": { "principal": "unresolved" }, "choice": "drop" }`, with a reason, decides for all vaults.',
  },
};
