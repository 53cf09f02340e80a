import { KnownError, type Outcome } from '../model/known-error.ts';

export interface AzureErrorFacts {
  readonly status?: number;
  /** The service's own code, such as `RoleAssignmentExists`. */
  readonly serviceCode?: string;
  /** The service may have carried the request out: only reading tells. */
  readonly unclear?: boolean;
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

  constructor(outcome: Exclude<Outcome, 'done'>, code: string, message: string, remedy: string, facts: AzureErrorFacts = {}) {
    super(outcome, code, message, remedy, facts.cause === undefined ? {} : { cause: facts.cause });
    this.status = facts.status;
    this.serviceCode = facts.serviceCode;
    this.unclear = facts.unclear ?? false;
    this.detail = facts.detail ?? '';
  }
}

/** True when Azure itself says that there is no such thing: a 404 of anything else between here and there proves nothing. */
export function saysNotFound(error: unknown): boolean {
  return error instanceof AzureError && error.status === 404 && /NotFound$|DoesNotExist$/i.test(error.serviceCode ?? '');
}

/** An answer that cannot be what it should be: never read as an empty one. */
export function unreadableAnswer(what: string, because: string, facts: AzureErrorFacts = {}): AzureError {
  const remedy = 'check that no proxy or sign-in page stands between here and Azure, then run it again';
  return new AzureError('undetermined', 'AZURE_UNREADABLE', `could not ${what}: ${because}`, remedy, facts);
}

/** Azure accepted a write, and still did not show it when asked for the last time. */
export function unconfirmed(what: string, because: string): AzureError {
  const remedy = 'run the same command again: it asks Azure first and repeats nothing that was done';
  return new AzureError('undetermined', 'AZURE_UNCONFIRMED', `could not confirm to ${what}: ${because}`, remedy);
}
