import type { AccessToken, GetTokenOptions, TokenCredential } from '@azure/core-auth';
import { KnownError } from '../../base/known-error.ts';
import { signInFailed, signInFailure } from './sign-in-failure.ts';

/** A token is asked for anew this long before it ends. */
const refreshBefore = 5 * 60_000;
/** A source that keeps handing out a token near its end is not asked more often than this. */
const pause = 30_000;

interface Kept {
  readonly token: AccessToken;
  readonly refreshAt: number;
}

/**
 * Keeps tokens until shortly before they end and asks the source once, however many calls wait for it: some sources start
 * a program for every token. A claims challenge always asks again.
 * @throws KnownError AZURE_SIGN_IN from `getToken` when the source has no token; its message never holds one.
 */
export function cacheTokens(source: TokenCredential, remedy: string, now: () => number = Date.now): TokenCredential {
  const kept = new Map<string, Kept>();
  const pending = new Map<string, Promise<AccessToken>>();
  const ask = async (key: string, scopes: string | string[], options: GetTokenOptions): Promise<AccessToken> => {
    const token = await fetchToken(source, scopes, options, remedy);
    kept.set(key, { token, refreshAt: Math.max(now() + pause, token.expiresOnTimestamp - refreshBefore) });
    return token;
  };
  return {
    getToken(scopes, options = {}) {
      // Callers share one request, so one caller's abort must not end it for the others: that one only waits no longer.
      const { abortSignal, ...shared } = options;
      const key = JSON.stringify([[scopes].flat(), options.tenantId ?? '']);
      const known = kept.get(key);
      const fresh = known !== undefined && now() < Math.min(known.refreshAt, known.token.expiresOnTimestamp);
      if (fresh && options.claims === undefined) return Promise.resolve(known.token);
      const pendingKey = `${key} ${options.claims ?? ''}`;
      const running = pending.get(pendingKey);
      if (running !== undefined) return unlessAborted(running, abortSignal);
      const asked = ask(key, scopes, shared).finally(() => pending.delete(pendingKey));
      pending.set(pendingKey, asked);
      return unlessAborted(asked, abortSignal);
    },
  };
}

/** A source that hangs must not keep a run that is asked to stop. */
async function unlessAborted<T>(work: Promise<T>, signal: GetTokenOptions['abortSignal']): Promise<T> {
  if (signal === undefined) return work;
  let onAbort: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => {
      reject(new DOMException('the run was asked to stop', 'AbortError'));
    };
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

async function fetchToken(
  source: TokenCredential,
  scopes: string | string[],
  options: GetTokenOptions,
  remedy: string,
): Promise<AccessToken> {
  let token: AccessToken | null;
  try {
    token = await source.getToken(scopes, options);
  } catch (error) {
    if (error instanceof KnownError) throw error;
    throw signInFailure(error, remedy);
  }
  if (token === null) throw signInFailed('no token came', remedy);
  return token;
}
