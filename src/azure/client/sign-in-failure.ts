import type { ErrorCode } from '../../base/error-codes.ts';
import { KnownError } from '../../base/known-error.ts';
import { oneLine } from './error-body.ts';

interface Cause {
  readonly code: ErrorCode;
  /** What is the case, shortly; what the service said follows it. */
  readonly says: string;
  readonly remedy: string;
}

const network: Cause = {
  code: 'AZURE_NO_ANSWER',
  says: 'the sign-in service did not answer',
  remedy: 'check the network, and HTTPS_PROXY and NO_PROXY where a proxy stands between; the sign-in itself was not judged',
};
const proxy: Cause = {
  code: 'AZURE_PROXY',
  says: 'the proxy refuses the way to the sign-in service',
  remedy: 'have the proxy let the hosts of the cloud through, or set its address and credentials in HTTPS_PROXY',
};
const certificate: Cause = {
  code: 'AZURE_CERTIFICATE',
  says: 'the certificate that the sign-in service showed is not trusted',
  remedy: 'name the certificate authority of your proxy in NODE_EXTRA_CA_CERTS, or that of a sandbox in the cloud profile',
};
const clock: Cause = {
  code: 'AZURE_CLOCK',
  says: 'the time of this machine and that of the sign-in service differ',
  remedy: 'set the clock of this machine right, best by a time service, and run it again',
};
const conditionalAccess: Cause = {
  code: 'AZURE_SIGN_IN',
  says: 'a Conditional Access policy asks for more, or refuses this device or place',
  remedy: 'run `az login` on a device and network that the policy allows, or have an administrator look up the refusal in the sign-in log',
};
const tenant: Cause = {
  code: 'AZURE_SIGN_IN',
  says: 'the tenant is not the one of this account or application',
  remedy: 'run `az login --tenant` with the tenant of the vaults, or set AZURE_TENANT_ID to it',
};
const secret: Cause = {
  code: 'AZURE_SIGN_IN',
  says: 'the secret or certificate of the application is wrong or has run out',
  remedy: 'make a new one for the application, and set AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH to it',
};
const over: Cause = { code: 'AZURE_SIGN_IN', says: 'the sign-in has run out', remedy: 'run `az login` again' };

/** Microsoft may change its numbers at any time: they choose what to say first, and what the service said is always added. */
const causes: readonly (readonly [RegExp, Cause])[] = [
  [/CERT_NOT_YET_VALID|CERT_HAS_EXPIRED|certificate (is not yet valid|has expired)/i, clock],
  [
    /UNABLE_TO_(VERIFY|GET)|SELF_SIGNED|DEPTH_ZERO|self[- ]signed certificate|unable to (verify|get) .*certificate|ERR_TLS_CERT/i,
    certificate,
  ],
  [/AADSTS(700024|50013[0-9]?)\b/, clock],
  [/AADSTS(5300\d|530\d{2,4}|50076|50079|50158|50005|50097|50131|50072)\b/, conditionalAccess],
  [/AADSTS(90002|900023|50020|50034|700016|500011|51004|90072)\b/, tenant],
  [/AADSTS(7000215|7000222|700027|7000218)\b/, secret],
  [/AADSTS(700082|700084|70008|70043|50173|50078|50089)\b/, over],
  [/\b407\b|Proxy Authentication|proxy connection|CONNECT response|tunneling socket|proxy.*(refus|denied|forbid)/i, proxy],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|network_error|endpoints_resolution_error|network request failed|socket hang up/i,
    network,
  ],
];

/**
 * Why no token came, by its real cause: that nobody is signed in is no more the case where the network is down than that a right is
 * missing. The error itself is left out of the result on purpose: errors of token requests can hold what was sent.
 * @param remedy what to do where nobody is signed in this way.
 */
export function signInFailure(error: unknown, remedy: string): KnownError {
  const tried = attemptsIn(error);
  // Ways to sign in that are not set up say nothing about one that is.
  const failed = tried.filter((one) => !isUnavailable(one));
  const text = (failed.length > 0 ? failed : tried).map(wordsOf).join('; ');
  const cause = causes.find(([pattern]) => pattern.test(text))?.[1];
  if (cause !== undefined) return new KnownError('failed', cause.code, `could not sign in: ${cause.says}: ${shown(text)}`, cause.remedy);
  if (failed.length === 0) return signInFailed('nobody is signed in', remedy);
  return signInFailed(text, remedy);
}

export function signInFailed(because: string, remedy: string): KnownError {
  return new KnownError('failed', 'AZURE_SIGN_IN', `could not sign in: ${shown(because)}`, remedy);
}

function shown(text: string): string {
  return oneLine(text).replace(/\beyJ[\w-]{8,}(\.[\w-]*){0,2}/g, '(token)');
}

/** What each way of a chain said. */
function attemptsIn(error: unknown): readonly unknown[] {
  const errors = typeof error === 'object' && error !== null && 'errors' in error ? error.errors : undefined;
  return Array.isArray(errors) && errors.length > 0 ? (errors as readonly unknown[]) : [error];
}

function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'CredentialUnavailableError' && !causes.some(([pattern]) => pattern.test(wordsOf(error)));
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? `${error.code} ` : '';
  return `${error.message.includes(code.trim()) ? '' : code}${error.message}`;
}
