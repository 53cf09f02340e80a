import { exitCode, KnownError } from '../../base/known-error.ts';
import { parseUntrusted } from '../../base/untrusted-json.ts';
import { type Checked, checkProof } from '../../check-proof/check-proof.ts';
import { proofFile } from '../../formats/proof.ts';
import { plainText } from '../../report/plain-text.ts';
import type { Io } from '../io.ts';
import type { CommonOptions } from '../options.ts';
import { readTextFile } from '../read-text-file.ts';
import { viewOf } from '../view.ts';

export interface CheckProofRequest extends CommonOptions {
  readonly file: string;
}

const code = 'PROOF_UNREADABLE';
const remedy = 'give a file of the folder `proofs` that a verification wrote into the state folder';
const words: Readonly<Record<Checked['verdict'], string>> = {
  proved: 'proved: everybody keeps the access that the policies give',
  refuted: 'not ready: the proof confirms that the vault is not ready to flip',
  wrong: 'wrong: what the proof says does not follow from what it holds',
  edited: 'edited: the proof was changed after it was written',
};

/** Checks a proof with nothing but the proof: 0 when it proves that nobody loses access, 3 when it does not. */
export async function checkProofCommand({ file, ...options }: CheckProofRequest, io: Io): Promise<number> {
  const text = await readTextFile(file, io.cwd, 'the proof', code);
  const value = parseUntrusted(text, { what: 'the proof', code, remedy, limit: 256 * 1024 * 1024 });
  if (value.format !== 'keyturn-proof' || value.formatVersion !== 1) throw unreadable('it is not a proof file of format version 1');
  const parsed = proofFile.safeParse(value);
  if (!parsed.success) throw unreadable(`\`${parsed.error.issues[0]?.path.join('.') ?? ''}\` is not valid in format version 1`);
  const { verdict, lines } = checkProof(parsed.data);
  const { vaultId, at, digest } = parsed.data;
  const view = viewOf(options, io);
  if (options.json === true) view.document({ format: 'keyturn-checked-proof', formatVersion: 1, vaultId, at, digest, verdict, lines });
  else view.lines([words[verdict], `  vault ${plainText(vaultId)}, facts of ${at}`, ...lines.map((line) => `  ${plainText(line)}`)]);
  return verdict === 'proved' ? exitCode.done : exitCode.blocked;
}

function unreadable(why: string): KnownError {
  return new KnownError('usage', code, `the proof cannot be read: ${why}`, remedy);
}
