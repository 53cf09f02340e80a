import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { vaultFolderName } from '../formats/vault-folder-name.ts';
import type { ProofStore } from '../migrate/state-ports.ts';
import { atomicWrite } from './atomic-write.ts';
import { onDisk } from './on-disk.ts';

interface ProofFiles extends ProofStore {
  /** Writes without waiting until the disk has it: a check can be run again, and there may be thousands of vaults. */
  readonly jot: ProofStore['write'];
  readonly fileOf: (vault: Parameters<ProofStore['write']>[0]) => string;
}

/** One file a vault: the proof of its last verification. An older one is history that the journal names by digest. */
export function proofFiles(folder: string): ProofFiles {
  const fileOf: ProofFiles['fileOf'] = (vault) => path.join(folder, `${vaultFolderName(vault)}.json`);
  const made = { folder: false };
  return {
    fileOf,
    write: (vault, proof) => atomicWrite(fileOf(vault), textOf(proof)),
    async jot(vault, proof) {
      const file = fileOf(vault);
      await onDisk(file, async () => {
        if (!made.folder) await mkdir(folder, { recursive: true, mode: 0o700 });
        made.folder = true;
        await writeFile(`${file}.tmp`, textOf(proof), { mode: 0o600 });
        await rename(`${file}.tmp`, file);
      });
    },
  };
}

function textOf(proof: unknown): string {
  return `${JSON.stringify(proof)}\n`;
}
