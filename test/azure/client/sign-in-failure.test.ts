import { describe, expect, test } from 'vitest';
import { translateFailure } from '../../../src/azure/client/answer-guard.ts';
import { assertProxyAddress } from '../../../src/azure/client/proxy-address.ts';
import { signInFailure } from '../../../src/azure/client/sign-in-failure.ts';

const named = (name: string, message: string, code?: string) =>
  Object.assign(new Error(message), { name, ...(code !== undefined && { code }) });
const unavailable = (message: string) => named('CredentialUnavailableError', message);
const chained = (...errors: readonly Error[]) =>
  Object.assign(named('AggregateAuthenticationError', 'ChainedTokenCredential failed'), { errors });
const remedy = 'run `az login`';

describe('a sign-in that failed says first what is the case, and a remedy that helps', () => {
  test('nobody is signed in: in a few words, whatever the chain of ways had to say', () => {
    const error = signInFailure(
      chained(
        unavailable('EnvironmentCredential is unavailable. No underlying credential could be used.'),
        unavailable('VisualStudioCodeCredential: install the extension'),
        unavailable('Azure CLI could not be found. Please visit https://aka.ms/azure-cli'),
        unavailable("Please run 'az login' from a command prompt to authenticate."),
      ),
      remedy,
    );
    expect(error).toMatchObject({ code: 'AZURE_SIGN_IN', message: 'could not sign in: nobody is signed in', remedy });
  });

  test.each<[string, Error, string, RegExp, RegExp]>([
    [
      'no network',
      named('AuthenticationError', 'network_error: Network request failed'),
      'AZURE_NO_ANSWER',
      /did not answer/,
      /check the network/,
    ],
    [
      'no name',
      named('AuthenticationError', 'getaddrinfo ENOTFOUND login.microsoftonline.com'),
      'AZURE_NO_ANSWER',
      /did not answer/,
      /network/,
    ],
    ['a proxy that refuses', named('Error', 'CONNECT response 403 Forbidden'), 'AZURE_PROXY', /proxy refuses/, /HTTPS_PROXY/],
    [
      'a proxy that wants a password',
      named('Error', 'HTTP 407 Proxy Authentication Required'),
      'AZURE_PROXY',
      /proxy/,
      /credentials in HTTPS_PROXY/,
    ],
    [
      'an authority nobody trusts',
      named('Error', 'self-signed certificate in chain', 'SELF_SIGNED_CERT_IN_CHAIN'),
      'AZURE_CERTIFICATE',
      /not trusted/,
      /NODE_EXTRA_CA_CERTS/,
    ],
    [
      'a clock that is wrong',
      named('Error', 'AADSTS700024: Client assertion is not within its valid time range.'),
      'AZURE_CLOCK',
      /time of this machine/,
      /clock/,
    ],
    ['a certificate of tomorrow', named('Error', 'certificate is not yet valid', 'CERT_NOT_YET_VALID'), 'AZURE_CLOCK', /time/, /clock/],
    [
      'Conditional Access',
      named('Error', 'AADSTS53003: Access has been blocked by Conditional Access policies.'),
      'AZURE_SIGN_IN',
      /Conditional Access/,
      /administrator/,
    ],
    [
      'a second factor',
      named('Error', 'AADSTS50076: you must use multi-factor authentication'),
      'AZURE_SIGN_IN',
      /Conditional Access/,
      /az login/,
    ],
    ['another tenant', named('Error', "AADSTS90002: Tenant 'x' not found."), 'AZURE_SIGN_IN', /tenant is not the one/, /AZURE_TENANT_ID/],
    [
      'an application elsewhere',
      named('Error', 'AADSTS700016: Application was not found in the directory'),
      'AZURE_SIGN_IN',
      /tenant/,
      /AZURE_TENANT_ID/,
    ],
    [
      'a secret that ran out',
      named('Error', 'AADSTS7000222: The provided client secret keys are expired.'),
      'AZURE_SIGN_IN',
      /run out/,
      /make a new one/,
    ],
    ['a sign-in that ran out', named('Error', 'AADSTS700082: The refresh token has expired'), 'AZURE_SIGN_IN', /run out/, /az login/],
  ])('%s', (_, cause, code, says, next) => {
    for (const error of [cause, chained(unavailable('EnvironmentCredential is unavailable'), cause)]) {
      const failure = signInFailure(error, 'set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET');
      expect(failure).toMatchObject({ outcome: 'failed', code });
      expect(failure.message).toMatch(says);
      expect(failure.message).toContain(cause.message.slice(0, 20));
      expect(failure.remedy).toMatch(next);
    }
  });
});

test.each(['proxy:8080', 'proxy.example', 'socks5://proxy:1080', '//proxy:8080'])(
  'a proxy written as `%s` is told before anything is sent',
  (value) => {
    for (const name of ['HTTPS_PROXY', 'https_proxy']) {
      expect(() => {
        assertProxyAddress({ [name]: value });
      }).toThrow(
        expect.objectContaining({ code: 'PROXY_ADDRESS', outcome: 'usage', remedy: expect.stringContaining('http://') as unknown }),
      );
    }
    expect(() => {
      assertProxyAddress({ HTTPS_PROXY: 'http://user:word@proxy:8080', HTTP_PROXY: '' });
    }).not.toThrow();
  },
);

test.each([
  ['CERT_HAS_EXPIRED', 'certificate has expired', 'AZURE_CERTIFICATE', /clock/],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate', 'AZURE_CERTIFICATE', /NODE_EXTRA_CA_CERTS/],
  ['', 'CONNECT response 407', 'AZURE_PROXY', /HTTPS_PROXY/],
  ['ENOTFOUND', 'getaddrinfo', 'AZURE_NO_ANSWER', /network/],
])('a request that ends with %s %s names it, and what helps', (code, message, name, remedyWords) => {
  const failure = translateFailure(Object.assign(named('RestError', message), { code }), 'list the subscriptions', true);
  expect(failure).toMatchObject({ code: name, remedy: expect.stringMatching(remedyWords) as unknown });
});
