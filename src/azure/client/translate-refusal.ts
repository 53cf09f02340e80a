import type { PipelineResponse } from '@azure/core-rest-pipeline';
import type { ErrorCode } from '../../base/error-codes.ts';
import type { Outcome } from '../../base/known-error.ts';
import { AzureError } from './azure-error.ts';
import { readErrorBody } from './error-body.ts';
import { retryAfter } from './retry-rules.ts';

/** A refusal as it came: nothing of the request but what was wanted, and of the headers only what a person needs. */
export interface Refusal {
  /** `list the role assignments at …` */
  readonly what: string;
  readonly service: 'resourceManager' | 'graph';
  readonly reading: boolean;
  readonly status: number;
  readonly body: string;
  readonly requestId?: string;
  /** Milliseconds that the service asks to wait. */
  readonly retryAfter?: number;
}

interface Meaning {
  readonly code: ErrorCode;
  readonly outcome: Exclude<Outcome, 'done'>;
  readonly remedy: string;
}

const byServiceCode: Readonly<Record<string, Meaning>> = {
  insufficientpermissions: {
    code: 'AZURE_FLIP_NOT_ALLOWED',
    outcome: 'blocked',
    remedy:
      'use an operator with Owner, or with User Access Administrator and Key Vault Contributor, without a condition, at the vault or above',
  },
  scopelocked: {
    code: 'AZURE_LOCKED',
    outcome: 'blocked',
    remedy: 'have the lock there, or above it, removed for the time of the change, and run it again',
  },
  requestdisallowedbypolicy: {
    code: 'AZURE_POLICY_DENIED',
    outcome: 'blocked',
    remedy: 'have the policy assignment exempt this vault, or its effect changed, and run it again',
  },
  invalidauthenticationtokentenant: {
    code: 'AZURE_SIGN_IN',
    outcome: 'failed',
    remedy:
      'you are signed in to another tenant than that of the subscription: run `az login --tenant` with its tenant, or set AZURE_TENANT_ID',
  },
  principalnotfound: {
    code: 'AZURE_PRINCIPAL_NOT_FOUND',
    outcome: 'failed',
    remedy: 'check that the principal still exists in this tenant; one that was just made can take some minutes, then run it again',
  },
  roleassignmentupdatenotpermitted: {
    code: 'AZURE_CONFLICT',
    outcome: 'blocked',
    remedy: 'another assignment bears the name that the plan derived: run `keyturn plan` again and look at the assignments at that scope',
  },
  roleassignmentexists: {
    code: 'AZURE_CONFLICT',
    outcome: 'failed',
    remedy: 'look at the assignments at that scope and run it again',
  },
  roleassignmentlimitexceeded: {
    code: 'AZURE_LIMIT',
    outcome: 'blocked',
    remedy: 'remove role assignments of the subscription that are not needed, or give groups roles instead of their members',
  },
  roledefinitiondoesnotexist: {
    code: 'AZURE_ROLE_NOT_FOUND',
    outcome: 'failed',
    remedy: 'check that the role still exists; one that was just made can take some minutes, then run it again',
  },
  roleassignmentscopenotassignabletoroledefinition: {
    code: 'AZURE_ROLE_NOT_ASSIGNABLE',
    outcome: 'failed',
    remedy: 'look at the assignable scopes of the role; one that was just made can take some minutes, then run it again',
  },
  roledefinitionwithsamenameexists: {
    code: 'AZURE_CONFLICT',
    outcome: 'blocked',
    remedy: 'another role of the tenant bears that name, perhaps where you cannot see it: have it renamed or deleted, and run it again',
  },
  roledefinitionlimitexceeded: {
    code: 'AZURE_LIMIT',
    outcome: 'blocked',
    remedy: 'delete custom roles of the tenant that are not used, or decide for built-in roles and run `keyturn plan` again',
  },
};

const waitAndRepeat = 'wait for it to pass and run the same command again: it goes on from where this one stopped';

/** Of an answer that is no success: what its headers and body say of the refusal. */
export function refusalFrom(
  asked: Pick<Refusal, 'what' | 'service' | 'reading'>,
  { status, headers, body }: Pick<PipelineResponse, 'headers'> & Pick<Refusal, 'status' | 'body'>,
): AzureError {
  const requestId = headers.get('x-ms-request-id') ?? headers.get('request-id');
  const wait = retryAfter({ headers });
  return translateRefusal({
    ...{ ...asked, status, body },
    ...(requestId !== undefined && /^[\w-]{1,80}$/.test(requestId) && { requestId }),
    ...(wait !== undefined && (status === 429 || status === 503) && { retryAfter: wait }),
  });
}

/** Gives a refusal the stable code, the outcome and the next step that a person can work with. */
export function translateRefusal(refusal: Refusal): AzureError {
  const { code: serviceCode, message, policies } = readErrorBody(refusal.body);
  const meaning = byServiceCode[serviceCode?.toLowerCase() ?? ''] ?? meaningOfStatus(refusal);
  const said = [refusal.status, serviceCode].filter((part) => part !== undefined).join(' ');
  const tail = [
    ...(policies.length > 0 ? [`policy assignment ${policies.map((name) => `\`${name}\``).join(', ')}`] : []),
    ...(refusal.retryAfter === undefined || refusal.retryAfter <= 0
      ? []
      : [`asks to wait ${Math.ceil(refusal.retryAfter / 1000)} seconds`]),
    ...(refusal.requestId === undefined ? [] : [`request ${refusal.requestId}`]),
  ];
  const service = refusal.service === 'graph' ? 'Microsoft Graph' : 'Azure';
  const detail = [`${service} answered ${said}`, ...(message === '' ? [] : [message])].join(': ');
  const text = `could not ${refusal.what}: ${detail}${tail.length > 0 ? ` (${tail.join('; ')})` : ''}`;
  return new AzureError(meaning.outcome, meaning.code, text, meaning.remedy, {
    status: refusal.status,
    ...(serviceCode !== undefined && { serviceCode }),
    unclear: !refusal.reading && refusal.status >= 500,
    detail: message,
  });
}

function meaningOfStatus({ status, reading, service }: Refusal): Meaning {
  // What cannot be read leaves the question open; what may not be written is refused.
  const outcome = reading ? 'undetermined' : 'failed';
  const graph = service === 'graph';
  if (status === 401)
    return { code: 'AZURE_SIGN_IN', outcome: 'failed', remedy: 'sign in again, to the tenant of the vaults, and run it again' };
  if (status === 403)
    return {
      code: 'AZURE_FORBIDDEN',
      outcome: reading ? 'undetermined' : 'blocked',
      remedy: graph
        ? 'give the operator Directory.Read.All or the Directory Readers role, and run it again'
        : 'give the operator the right that is named at that scope; a new right takes some minutes',
    };
  if (status === 404) return { code: 'AZURE_NOT_FOUND', outcome, remedy: 'check the name, the subscription and the tenant signed in to' };
  if (status === 409 || status === 412)
    return { code: 'AZURE_CONFLICT', outcome, remedy: 'let the other change finish, and run the same command again' };
  if (status === 429) return { code: 'AZURE_THROTTLED', outcome, remedy: waitAndRepeat };
  if (status === 408 || status >= 500) return { code: 'AZURE_UNAVAILABLE', outcome, remedy: waitAndRepeat };
  if (status >= 400) return { code: 'AZURE_REFUSED', outcome, remedy: 'read what Azure says about it, correct that, and run it again' };
  return {
    code: 'AZURE_UNREADABLE',
    outcome: 'undetermined',
    remedy: 'check that no proxy stands between here and Azure, then run it again',
  };
}
