import type { Checked } from '../../check-proof/check-proof.ts';
import { plainText } from '../../report/plain-text.ts';

/** What `check-proof` prints, version 1. */
export interface CheckedProof extends Checked {
  readonly format: 'keyturn-checked-proof';
  readonly formatVersion: 1;
  readonly vaultId: string;
  readonly at: string;
  readonly digest: string;
}

const words: Readonly<Record<Checked['verdict'], string>> = {
  proved: 'proved: everybody keeps the access that the policies give',
  refuted: 'not ready: the proof confirms that the vault is not ready to flip',
  wrong: 'wrong: what the proof says does not follow from what it holds',
  edited: 'edited: the proof was changed after it was written',
};

export function checkedProofText({ verdict, vaultId, at, lines }: CheckedProof): readonly string[] {
  return [words[verdict], `  vault ${plainText(vaultId)}, facts of ${at}`, ...lines.map((line) => `  ${plainText(line)}`)];
}
