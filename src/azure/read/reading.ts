import type { ErrorCode } from '../../base/error-codes.ts';
import { KnownError } from '../../base/known-error.ts';
import { type Reading, read, unreadable } from '../../base/reading.ts';

export async function toReading<T>(work: () => Promise<T>): Promise<Reading<T>> {
  try {
    return read(await work());
  } catch (error) {
    return unreadableBecause(error);
  }
}

/** What is wrong between here and Azure: no right helps against it. */
const onTheWay: readonly ErrorCode[] = ['AZURE_CERTIFICATE', 'AZURE_PROXY', 'AZURE_NO_ANSWER', 'AZURE_SIGN_IN', 'AZURE_CLOCK'];

/** What a person can act on makes a reading unreadable. @throws an abort and a bug as they are. */
export function unreadableBecause(error: unknown): ReturnType<typeof unreadable> {
  if (error instanceof KnownError) return unreadable(error.message, onTheWay.includes(error.code) ? error.remedy : undefined);
  throw error;
}
