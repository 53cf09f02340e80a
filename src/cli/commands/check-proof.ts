import { exitCode, KnownError } from '../../base/known-error.ts';
import { parseUntrusted } from '../../base/untrusted-json.ts';
import { checkProof } from '../../check-proof/check-proof.ts';
import { proofFile } from '../../formats/proof.ts';
import type { Io } from '../io.ts';
import type { CommonOptions } from '../options.ts';
import { show } from '../output/show.ts';
import { readTextFile } from '../read-text-file.ts';

export interface CheckProofRequest extends CommonOptions {
  readonly file: string;
}

const code = 'PROOF_UNREADABLE';
const remedy = 'give a file of the folder `proofs` that a verification wrote into the state folder';

/** Checks a proof with nothing but the proof: 0 when it proves that nobody loses access, 3 when it does not. */
export async function checkProofCommand({ file, ...options }: CheckProofRequest, io: Io): Promise<number> {
  const text = await readTextFile(file, io.cwd, 'the proof', code);
  const value = parseUntrusted(text, { what: 'the proof', code, remedy, limit: 256 * 1024 * 1024 });
  if (value.format !== 'keyturn-proof' || value.formatVersion !== 1) throw unreadable('it is not a proof file of format version 1');
  const parsed = proofFile.safeParse(value);
  if (!parsed.success) throw unreadable(`\`${parsed.error.issues[0]?.path.join('.') ?? ''}\` is not valid in format version 1`);
  const { verdict, lines } = checkProof(parsed.data);
  const { vaultId, at, digest } = parsed.data;
  await show('check-proof', { format: 'keyturn-checked-proof', formatVersion: 1, vaultId, at, digest, verdict, lines }, options, io);
  return verdict === 'proved' ? exitCode.done : exitCode.blocked;
}

function unreadable(why: string): KnownError {
  return new KnownError('usage', code, `the proof cannot be read: ${why}`, remedy);
}
