import { KnownError } from '../../base/known-error.ts';

interface ServiceError {
  readonly statusCode?: unknown;
  readonly code?: unknown;
  readonly message: string;
}

function isServiceError(error: unknown): error is Error & ServiceError {
  return error instanceof Error && ('statusCode' in error || 'code' in error);
}

/** The service's own word for what went wrong, such as `LeaseAlreadyPresent`; empty where no answer came. */
export function codeOf(error: unknown): string {
  if (!isServiceError(error)) return '';
  const details = 'details' in error ? (error as { details?: { errorCode?: unknown } }).details : undefined;
  const code = details?.errorCode ?? error.code;
  return typeof code === 'string' ? code : '';
}

export function statusOf(error: unknown): number | undefined {
  return isServiceError(error) && typeof error.statusCode === 'number' ? error.statusCode : undefined;
}

export const isMissing = (error: unknown): boolean => statusOf(error) === 404 && codeOf(error) !== 'ContainerNotFound';

/** Whether the blob is leased by somebody else, or our own lease is none any more. */
export const isLeased = (error: unknown): boolean =>
  ['LeaseAlreadyPresent', 'LeaseIdMismatchWithLeaseOperation', 'LeaseIsBreakingAndCannotBeAcquired', 'LeaseIdMissing'].includes(
    codeOf(error),
  );
export const isLost = (error: unknown): boolean => [409, 412].includes(statusOf(error) ?? 0) && /^Lease/.test(codeOf(error));

/** What a person is told of a state that cannot be reached. Any other error is handed on. */
export async function onBlobs<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof KnownError || !isServiceError(error)) throw error;
    throw unreachable(what, error);
  }
}

function unreachable(what: string, cause: Error): KnownError {
  const [status, code] = [statusOf(cause), codeOf(cause)];
  const said = code === '' ? cause.message.split('\n')[0] : `Azure Storage answered ${status ?? ''} ${code}`.replace(/\s+/g, ' ');
  return new KnownError('failed', 'STATE_UNREACHABLE', `the state at ${what} cannot be used: ${said}`, remedyFor(code, status), { cause });
}

function remedyFor(code: string, status: number | undefined): string {
  if (code === 'ContainerNotFound') return 'make the container, or correct `--state`';
  if (status === 401 || status === 403)
    return 'get the role Storage Blob Data Contributor on the container, and let the network of this machine through the firewall of the account';
  return 'see that the storage account can be reached from here, and run it again';
}
