import type { ErrorCode } from '../../base/error-codes.ts';
import type { ErrorHelp } from './help.ts';

/** Errors of Azure, of signing in, and of the network in between. */
export const azureErrorHelp: Readonly<Record<Extract<ErrorCode, `AZURE_${string}`>, ErrorHelp>> = {
  AZURE_CERTIFICATE: {
    outcomes: ['failed'],
    cause:
      'The certificate of the server that answered is not trusted on this machine, or not valid at this time. Often a proxy opens the connection with a certificate of its own.',
    consequence: 'keyturn did not use the answer.',
    remedy:
      'Name the certificate authority of your proxy in NODE_EXTRA_CA_CERTS, or that of the sandbox in the cloud profile. If the certificate is not valid at this time, check the clock of this machine first.',
  },
  AZURE_CLOCK: {
    outcomes: ['failed'],
    cause: 'The time of this machine and that of the sign-in service differ, or a certificate is not valid at the time of this machine.',
    consequence: 'You could not be signed in, so nothing was read or changed.',
    remedy: 'Set the clock of this machine, best by a time service, and run the command again.',
  },
  AZURE_CONFLICT: {
    outcomes: ['blocked', 'failed', 'undetermined'],
    cause:
      'Something stands in Azure where keyturn wants to write: the same role under another condition, another assignment or role with the planned name or id, or a change that is still under way.',
    consequence: 'The write was not made. What stands there was left as it is.',
    remedy:
      'Let the other change finish and run the same command again. If an assignment or a role stands in the way, do what the error says about it, then run `keyturn plan` again.',
  },
  AZURE_FLIP_NOT_ALLOWED: {
    outcomes: ['blocked'],
    cause:
      'Azure refused the change of the permission model: the operator lacks `vaults/write` or `roleAssignments/write` without a condition (EA-43).',
    consequence: 'The permission model of the vault stays as it is.',
    remedy:
      'Run the command as an operator with Owner, or with User Access Administrator and Key Vault Contributor, without a condition, at the vault or above.',
  },
  AZURE_FORBIDDEN: {
    outcomes: ['undetermined', 'blocked'],
    cause:
      'Azure or Microsoft Graph answered 403: the operator lacks a right. The exit code is 4 where something was to be read, and 3 where it was to be written.',
    consequence: 'What could not be read counts as unknown, and what could not be written was not written.',
    remedy:
      'Give the operator the right that the error names at the scope that it names; for Microsoft Graph the role Directory Readers or Directory.Read.All. A new right takes some minutes.',
  },
  AZURE_ID: {
    outcomes: ['usage'],
    cause: 'An id in the plan does not name a role assignment or a custom role.',
    consequence: 'Nothing was written for that step.',
    remedy: 'Run `keyturn plan` again and apply the new plan.',
  },
  AZURE_LIMIT: {
    outcomes: ['blocked'],
    cause: 'The subscription holds all the role assignments, or the tenant all the custom roles, that Azure allows (EA-51, EA-20).',
    consequence: 'The assignment or role was not made. What was made before stays and does nothing before a flip.',
    remedy:
      'Remove role assignments or custom roles that nobody needs, give roles to groups instead of their members, or decide for built-in roles and run `keyturn plan` again.',
  },
  AZURE_LOCKED: {
    outcomes: ['blocked'],
    cause: 'A lock at the resource or above it forbids the change.',
    consequence: 'The change was not made.',
    remedy: 'Have the lock removed for the time of the change, and run the command again. keyturn never removes locks.',
  },
  AZURE_NOT_FOUND: {
    outcomes: ['undetermined', 'failed'],
    cause: 'Azure answered 404: what was asked for does not exist, or not in the subscription and tenant that you are signed in to.',
    consequence: 'What could not be read counts as unknown; a write to it was not made.',
    remedy: 'Check the name, the subscription and the tenant that you are signed in to, then run the command again.',
  },
  AZURE_NOT_KEPT: {
    outcomes: ['undetermined'],
    cause: 'Azure accepted a change of the vault, and the vault still reads as before: something puts it back, or reading lags.',
    consequence: 'Whether the change arrives after all is open. The journal says so.',
    remedy:
      'Look in the activity log of the vault for what puts it back, such as an Azure Policy assignment with the effect modify or append, or a pipeline. Then run the same command again; it asks Azure first.',
  },
  AZURE_NO_ANSWER: {
    outcomes: ['undetermined', 'failed'],
    cause: 'No whole answer came from Azure or from the sign-in service: the network, a name or a connection failed.',
    consequence: 'What was to be read counts as unknown. Whether a write arrived is asked of Azure before anything is repeated.',
    remedy: 'Check the network, and HTTPS_PROXY and NO_PROXY where a proxy stands in between, and run the same command again.',
  },
  AZURE_POLICY_DENIED: {
    outcomes: ['blocked'],
    cause: 'Azure Policy refused the write. The error names the policy assignments that Azure named.',
    consequence: 'The change was not made.',
    remedy: 'Have the vault exempted from the policy assignment, or its effect changed, and run the command again.',
  },
  AZURE_PRINCIPAL_NOT_FOUND: {
    outcomes: ['failed'],
    cause:
      'Azure does not find the principal of a role assignment in the tenant. One that was just made can take some minutes to be known.',
    consequence: 'The assignment was not made.',
    remedy:
      'Check that the principal still exists. If it is new, wait some minutes; then run the command again. If it is gone, run `keyturn plan` again.',
  },
  AZURE_PROXY: {
    outcomes: ['failed'],
    cause: 'The proxy refused the connection to Azure or to the sign-in service, or asks for credentials.',
    consequence: 'Nothing reached Azure.',
    remedy: 'Have the proxy let the hosts of the cloud through, or set its address and credentials in HTTPS_PROXY.',
  },
  AZURE_REFUSED: {
    outcomes: ['failed', 'undetermined'],
    cause: 'Azure refused the request for a reason that keyturn has no code for. The error holds what Azure says.',
    consequence: 'What was to be read counts as unknown; what was to be written was not written.',
    remedy: 'Correct what Azure names, and run the command again.',
  },
  AZURE_ROLE_NOT_ASSIGNABLE: {
    outcomes: ['failed'],
    cause: 'The custom role cannot be assigned at this scope. For one that was just made, Azure may need some minutes.',
    consequence: 'The assignment was not made.',
    remedy: 'Look at the assignable scopes of the role. If they reach the vault, wait some minutes and run the command again.',
  },
  AZURE_ROLE_NOT_FOUND: {
    outcomes: ['failed'],
    cause: 'Azure does not find the role of a role assignment. One that was just made can take some minutes to be known.',
    consequence: 'The assignment was not made.',
    remedy: 'Check that the role still exists. If it is new, wait some minutes; then run the command again.',
  },
  AZURE_SIGN_IN: {
    outcomes: ['failed'],
    cause:
      'No token could be had: nobody is signed in, the sign-in has run out, it is one to another tenant, a Conditional Access policy refuses it, or the secret of an application is wrong or has run out.',
    consequence: 'Nothing was read or changed.',
    remedy:
      'Run `az login`, with `--tenant` and the tenant of the vaults where you have several, or set the AZURE_… variables of an application. `--auth` chooses the way to sign in.',
  },
  AZURE_THROTTLED: {
    outcomes: ['undetermined', 'failed'],
    cause: 'Azure answered 429 too many requests for a quarter of an hour, or asked to wait longer than that.',
    consequence: 'What could not be read counts as unknown; what was to be written was not written.',
    remedy:
      'See what else uses the same identity in that subscription, wait, and run the same command again; it goes on from where this one stopped.',
  },
  AZURE_UNAVAILABLE: {
    outcomes: ['undetermined', 'failed'],
    cause: 'Azure answered with an error of its own (408, or 500 and above), also after keyturn had tried again.',
    consequence: 'What could not be read counts as unknown. Whether a write arrived is asked of Azure before anything is repeated.',
    remedy: 'Wait some minutes and run the same command again; it goes on from where this one stopped.',
  },
  AZURE_UNCONFIRMED: {
    outcomes: ['undetermined'],
    cause:
      'A write was sent, and either its answer did not come and Azure could not be asked, or Azure accepted it and does not show it yet.',
    consequence: 'Whether the write took effect is open. The journal holds it as begun.',
    remedy: 'Run the same command again: it asks Azure first and repeats nothing that was done.',
  },
  AZURE_UNREADABLE: {
    outcomes: ['undetermined'],
    cause:
      'An answer is not what Azure answers there: it is not JSON, is broken off, too large, contradicts itself or holds rows that cannot be understood (EA-59).',
    consequence: 'The answer counts as unknown and is never read as an empty list.',
    remedy: 'Check that no proxy or sign-in page stands between this machine and Azure, then run the command again.',
  },
};
