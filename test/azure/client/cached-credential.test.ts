import type { AccessToken, TokenCredential } from '@azure/core-auth';
import { describe, expect, test } from 'vitest';
import { cacheTokens } from '../../../src/azure/client/cached-credential.ts';

const minute = 60_000;

/** A source that counts, gives tokens of an hour, and a cache over it with a clock that stands until it is moved. */
function cached(lifetime = 60 * minute) {
  const clock = { now: 0 };
  const calls: string[] = [];
  const source: TokenCredential = {
    getToken(scopes) {
      calls.push([scopes].flat().join(' '));
      return Promise.resolve({ token: `token ${calls.length}`, expiresOnTimestamp: clock.now + lifetime });
    },
  };
  return { clock, calls, credential: cacheTokens(source, 'sign in', () => clock.now) };
}

describe('a kept token', () => {
  test('is asked for once, by however many callers at once', async () => {
    const { credential, calls } = cached();
    const tokens = await Promise.all(Array.from({ length: 20 }, () => credential.getToken('a')));
    expect(new Set(tokens.map((token) => token?.token))).toEqual(new Set(['token 1']));
    expect(calls).toEqual(['a']);
  });
  test('is waited for no longer by a caller that gives up, and comes all the same for the others', async () => {
    let give: (token: AccessToken) => void = () => undefined;
    const source: TokenCredential = { getToken: () => new Promise((resolve) => (give = resolve)) };
    const credential = cacheTokens(source, 'sign in');
    const stop = new AbortController();
    const impatient = credential.getToken('a', { abortSignal: stop.signal });
    const patient = credential.getToken('a');
    stop.abort();
    await expect(impatient).rejects.toMatchObject({ name: 'AbortError' });
    give({ token: 'x', expiresOnTimestamp: Date.now() + 60 * minute });
    expect((await patient)?.token).toBe('x');
  });
  test('is kept until shortly before its end', async () => {
    const { credential, calls, clock } = cached();
    await credential.getToken('a');
    clock.now = 54 * minute;
    await credential.getToken('a');
    expect(calls).toHaveLength(1);
    clock.now = 55 * minute;
    expect((await credential.getToken('a'))?.token).toBe('token 2');
  });
  test('near its end is not asked for at every call when the source has no better one', async () => {
    const { credential, calls, clock } = cached(2 * minute);
    for (clock.now = 0; clock.now < minute; clock.now += 1000) await credential.getToken('a');
    expect(calls).toHaveLength(2);
  });
  test('is never handed out after its end', async () => {
    const { credential, calls, clock } = cached(1000);
    await credential.getToken('a');
    clock.now = 1000;
    await credential.getToken('a');
    expect(calls).toHaveLength(2);
  });
  test('serves its own scope and tenant only', async () => {
    const { credential, calls } = cached();
    await credential.getToken('a');
    await credential.getToken(['b']);
    await credential.getToken('a', { tenantId: 't' });
    expect(calls).toEqual(['a', 'b', 'a']);
  });
  test('is asked for anew when the service challenges it', async () => {
    const { credential } = cached();
    await credential.getToken('a');
    expect((await credential.getToken('a', { claims: 'c' }))?.token).toBe('token 2');
    expect((await credential.getToken('a'))?.token).toBe('token 2');
  });
});

describe('a source that has no token', () => {
  const failing = (answer: () => Promise<AccessToken | null>) => cacheTokens({ getToken: answer }, 'run `az login`');
  test('is a sign-in that failed, with what to do about it', async () => {
    const credential = failing(() => Promise.reject(new Error('Please run az login\r\n to set up \u001b[31m an account')));
    await expect(credential.getToken('a')).rejects.toMatchObject({
      code: 'AZURE_SIGN_IN',
      outcome: 'failed',
      message: 'could not sign in: Please run az login to set up [31m an account',
      remedy: 'run `az login`',
    });
    await expect(failing(() => Promise.resolve(null)).getToken('a')).rejects.toMatchObject({ code: 'AZURE_SIGN_IN' });
  });
  test('shows no token that its error holds', async () => {
    const jwt = `eyJhbGciOiJSUzI1NiJ9.${'a'.repeat(20)}.${'b'.repeat(20)}`;
    const error: unknown = await failing(() => Promise.reject(new Error(`bad ${jwt}`)))
      .getToken('a')
      .catch((thrown: unknown) => thrown);
    expect(String(error)).toContain('(token)');
    expect(String(error)).not.toContain('aaaa');
  });
  test('is asked again at the next call', async () => {
    let turn = 0;
    const credential = failing(() => {
      turn += 1;
      return turn === 1 ? Promise.reject(new Error('no')) : Promise.resolve({ token: 't', expiresOnTimestamp: Date.now() + 3600_000 });
    });
    await expect(credential.getToken('a')).rejects.toThrow();
    expect((await credential.getToken('a'))?.token).toBe('t');
  });
});
