import path from 'node:path';
import type { ProofStore } from '../../migrate/ports.ts';
import { atomicWrite } from './atomic-write.ts';
import { vaultFolderName } from './vault-folder-name.ts';

/** One file a vault: the proof of its last verification. An older one is history that the journal names by digest. */
export function proofFiles(folder: string): ProofStore {
  return {
    async write(vault, proof) {
      await atomicWrite(path.join(folder, `${vaultFolderName(vault)}.json`), `${JSON.stringify(proof, undefined, 1)}\n`);
    },
  };
}
