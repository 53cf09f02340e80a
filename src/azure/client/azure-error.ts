import type { ErrorCode } from '../../base/error-codes.ts';
import { KnownError, type Outcome } from '../../base/known-error.ts';
import type { OpenEnd } from '../../migrate/ports.ts';

export interface AzureErrorFacts {
  readonly status?: number;
  /** The service's own code, such as `RoleAssignmentExists`. */
  readonly serviceCode?: string;
  /** The service may have carried the request out: only reading tells. */
  readonly unclear?: boolean;
  /** Of a write whose answer did not come, after Azure was asked about it. */
  readonly openEnd?: OpenEnd;
  /** What the service said, without the words around it. */
  readonly detail?: string;
  readonly cause?: unknown;
}

/** What Azure or the way to it said, in a person's words. Holds no header, no token and no request. */
export class AzureError extends KnownError {
  readonly status: number | undefined;
  readonly serviceCode: string | undefined;
  readonly unclear: boolean;
  readonly detail: string;
  readonly openEnd: OpenEnd | undefined;

  constructor(outcome: Exclude<Outcome, 'done'>, code: ErrorCode, message: string, remedy: string, facts: AzureErrorFacts = {}) {
    super(outcome, code, message, remedy, facts.cause === undefined ? {} : { cause: facts.cause });
    this.status = facts.status;
    this.serviceCode = facts.serviceCode;
    this.unclear = facts.unclear ?? false;
    this.detail = facts.detail ?? '';
    this.openEnd = facts.openEnd;
  }
}

/** True when Azure itself says that there is no such thing: a 404 of anything else between here and there proves nothing. */
export function saysNotFound(error: unknown): boolean {
  return error instanceof AzureError && error.status === 404 && /NotFound$|DoesNotExist$/i.test(error.serviceCode ?? '');
}

/** True when Azure itself says that the tenant has no PIM (EA-58): it words it in more than one way, under one code. */
export function saysUnlicensed(error: unknown): error is AzureError {
  return error instanceof AzureError && error.status === 400 && error.serviceCode?.toLowerCase() === 'aadpremiumlicenserequired';
}

/** An answer that cannot be what it should be: never read as an empty one. */
export function unreadableAnswer(what: string, because: string, facts: AzureErrorFacts = {}): AzureError {
  const remedy = 'check that no proxy or sign-in page stands between here and Azure, then run it again';
  return new AzureError('undetermined', 'AZURE_UNREADABLE', `could not ${what}: ${because}`, remedy, facts);
}

const askFirst = 'run the same command again: it asks Azure first and repeats nothing that was done';

/** Azure accepted a write, and still did not show it when asked for the last time. */
export function unconfirmed(what: string, because: string): AzureError {
  return new AzureError('undetermined', 'AZURE_UNCONFIRMED', `could not confirm to ${what}: ${because}`, askFirst, { openEnd: 'notSeen' });
}

/** Azure accepted a change of a vault, and the vault still reads as before: something puts it back, or reads lag. */
export function notKept(what: string): AzureError {
  const message = `could not ${what}: Azure accepted it, and the vault still reads as before`;
  const remedy =
    'look in its activity log for what puts it back: an Azure Policy assignment with the effect modify or append, or a pipeline; then run the same command again, which asks Azure first';
  return new AzureError('undetermined', 'AZURE_NOT_KEPT', message, remedy, { openEnd: 'notSeen' });
}

/** No answer came, and when Azure was asked it was not done. It may still arrive. */
export function notSeen(error: AzureError): AzureError {
  const { outcome, code, message, serviceCode, status, detail, unclear } = error;
  const facts = { unclear, detail, openEnd: 'notSeen', ...(serviceCode !== undefined && { serviceCode }) } as const;
  const text = `${message}; Azure was asked, and it is not done`;
  return new AzureError(outcome, code, text, askFirst, status === undefined ? facts : { ...facts, status });
}

/** Nobody knows how a write ended: no answer came, or only one that says that it was accepted, and Azure could not be asked. */
export function notKnown(what: string, because: string, error: KnownError): AzureError {
  const message = `how it ended to ${what} is not known: ${because}, and Azure could not be asked: ${error.message}`;
  return new AzureError('undetermined', 'AZURE_UNCONFIRMED', message, askFirst, { openEnd: 'unknown' });
}
