import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import forge from 'node-forge';
import type { JsonValue } from '../../src/base/json.ts';
import type { Ask, Caller, Handler } from '../../src/sandbox/exchange.ts';

export interface Loopback {
  readonly origin: string;
  /** PEM of the certificate, which signs itself. */
  readonly ca: string;
  close(): Promise<void>;
}

/** Serves one handler over TLS on 127.0.0.1, so that a room can be shown to real clients without the rest of the sandbox. */
export async function serve(handler: Handler, callerOf: (bearer: string) => Caller | undefined): Promise<Loopback> {
  const { cert, key } = selfSigned();
  const server: Server = createServer({ cert, key }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const origin = `https://${request.headers.host ?? ''}`;
      const url = new URL(request.url ?? '/', origin);
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      void Promise.resolve(handler(askOf(request.method ?? '', url, headers, Buffer.concat(chunks).toString('utf8'), callerOf))).then(
        (answer) => {
          response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
          response.end(answer.body === undefined ? undefined : JSON.stringify(answer.body));
        },
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `https://127.0.0.1:${port}`,
    ca: cert,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}

/** A request as the sandbox's own server would hand it on. */
export function askOf(
  method: string,
  url: URL,
  headers: Record<string, string>,
  text: string,
  callerOf: (bearer: string) => Caller | undefined,
): Ask {
  const path = decodeURIComponent(url.pathname);
  const form = headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
  return {
    method,
    host: url.hostname,
    origin: url.origin,
    path,
    segments: path.split('/').filter((segment) => segment !== ''),
    query: url.searchParams,
    headers,
    body: text === '' ? undefined : form ? text : (JSON.parse(text) as JsonValue),
    caller: callerOf(headers.authorization ?? ''),
  };
}

function selfSigned(): { readonly cert: string; readonly key: string } {
  const keys = forge.pki.rsa.generateKeyPair(2048);
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = keys.publicKey;
  certificate.serialNumber = '01';
  certificate.validity.notBefore = new Date(Date.now() - 3600_000);
  certificate.validity.notAfter = new Date(Date.now() + 24 * 3600_000);
  const name = [{ name: 'commonName', value: 'loopback' }];
  certificate.setSubject(name);
  certificate.setIssuer(name);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: true },
    { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
  ]);
  certificate.sign(keys.privateKey, forge.md.sha256.create());
  return { cert: forge.pki.certificateToPem(certificate), key: forge.pki.privateKeyToPem(keys.privateKey) };
}
