import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { KnownError } from '../base/known-error.ts';

/** What a signature is over, and for what use it was made. */
export interface SignedText {
  readonly text: string;
  readonly namespace: string;
}

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/**
 * Signs with OpenSSH. A passphrase is asked for by `ssh-keygen` itself, on the terminal.
 * @returns the armoured signature.
 * @throws KnownError SIGNATURE_FAILED (usage).
 */
export async function signWithSsh(keyFile: string, { text, namespace }: SignedText): Promise<string> {
  const { code, out, err } = await sshKeygen(['-Y', 'sign', '-q', '-f', keyFile, '-n', namespace], text);
  if (code === 0 && out.startsWith('-----BEGIN SSH SIGNATURE-----')) return out;
  const message = `\`ssh-keygen\` did not sign with \`${keyFile}\`: ${firstLine(err)}`;
  throw new KnownError('usage', 'SIGNATURE_FAILED', message, 'give a private key, or a public key whose private one an agent holds');
}

/**
 * Whether the signature is one of `identity`, by the file of allowed signers.
 * @returns undefined where it is, else why it is not.
 * @throws KnownError SIGNATURE_FAILED (failed) without `ssh-keygen`.
 */
export async function faultOfSignature(
  signature: string,
  { text, namespace, identity, allowedSigners }: SignedText & { readonly identity: string; readonly allowedSigners: string },
): Promise<string | undefined> {
  const folder = await mkdtemp(path.join(tmpdir(), 'keyturn-signature-'));
  try {
    const file = path.join(folder, 'signature');
    await writeFile(file, signature, { mode: 0o600 });
    const words = ['-Y', 'verify', '-f', allowedSigners, '-I', identity, '-n', namespace, '-s', file];
    const { code, err, out } = await sshKeygen(words, text);
    return code === 0 ? undefined : firstLine(err || out);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function firstLine(text: string): string {
  return (
    text
      .split(/\r?\n/)
      .find((line) => line.trim() !== '')
      ?.slice(0, 300) ?? 'it says nothing more'
  );
}

function sshKeygen(words: readonly string[], input: string): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn('ssh-keygen', words, { stdio: ['pipe', 'pipe', 'pipe'] });
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', (cause) => {
      const message = `\`ssh-keygen\` cannot be run: ${(cause as NodeJS.ErrnoException).code ?? 'no'}`;
      reject(new KnownError('failed', 'SIGNATURE_FAILED', message, 'install the OpenSSH client, version 8.1 or later', { cause }));
    });
    child.on('close', (code) => {
      resolve({ code, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() });
    });
    // One that ends before it has read everything says why on stderr.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
