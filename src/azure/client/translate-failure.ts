import { KnownError } from '../../base/known-error.ts';
import { AzureError } from './azure-error.ts';
import { oneLine } from './error-body.ts';
import { neverSent } from './retry-rules.ts';

const certificateCodes = /^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_|ERR_TLS_|HOSTNAME_MISMATCH|ERR_SSL)/;

/**
 * Gives a failure without an answer (a network error, a timeout, a body that broke off) a person's words. Errors that
 * are known already, and an abort by the person, pass as they are.
 */
export function translateFailure(error: unknown, what: string, reading: boolean): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  if (error instanceof KnownError || error.name !== 'RestError') return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const detail = oneLine(`${code} ${error.message}`);
  if (certificateCodes.test(code)) {
    if (/NOT_YET_VALID|HAS_EXPIRED/.test(code)) {
      const clock =
        'set the clock of this machine right; if it is right, the certificate of the server that answered has expired: tell the people who run it';
      return new AzureError(
        'failed',
        'AZURE_CERTIFICATE',
        `could not ${what}: the certificate is not valid at this time: ${detail}`,
        clock,
      );
    }
    const remedy = 'name your proxy’s certificate authority in NODE_EXTRA_CA_CERTS, or the sandbox’s in the cloud profile';
    return new AzureError('failed', 'AZURE_CERTIFICATE', `could not ${what}: the certificate is not trusted: ${detail}`, remedy);
  }
  if (/\b407\b|Proxy Authentication|proxy connection|CONNECT response/i.test(detail)) {
    const remedy = 'have the proxy let the hosts of the cloud through, or set its address and credentials in HTTPS_PROXY';
    return new AzureError('failed', 'AZURE_PROXY', `could not ${what}: the proxy refuses the way: ${detail}`, remedy);
  }
  return new AzureError(
    reading ? 'undetermined' : 'failed',
    'AZURE_NO_ANSWER',
    `could not ${what}: no whole answer came: ${detail}`,
    'check the network and the proxy, and run the same command again: it asks Azure what was done',
    { unclear: !reading && !neverSent.includes(code), detail },
  );
}
