import path from 'node:path';
import { parseVaultId } from '../model/vault-id.ts';
import { type BundleViews, bundleFiles } from './bundle-files.ts';
import { vaultFolderName } from './hold/vault-folder-name.ts';
import { vaultHoldFiles } from './hold/vault-hold-file.ts';
import { openJournalFile } from './journal-file.ts';
import { proofFiles } from './proof-files.ts';

/** Where keyturn keeps what a run leaves behind: one journal a plan, one bundle folder and one proof a vault, and the holds. */
export function stateFolder(folder: string, cwd: string, views: BundleViews) {
  const root = path.resolve(cwd, folder);
  return {
    root,
    bundles: bundleFiles(path.join(root, 'bundles'), views),
    proofs: proofFiles(path.join(root, 'proofs')),
    holds: vaultHoldFiles(path.join(root, 'holds')),
    bundlePath: (vaultId: string) => bundlePath(root, vaultId),
    proofPath: (vaultId: string) => proofPath(root, vaultId),
    journalPath: (planDigest: string) => journalPath(root, planDigest),
    journal: (planDigest: string) => openJournalFile(journalPath(root, planDigest)),
  };
}

/** @throws Error when the id names no vault: callers have it from a plan that was read. */
function bundlePath(root: string, vaultId: string): string {
  const id = parseVaultId(vaultId);
  if (id === undefined) throw new Error('a plan names vaults only');
  return path.join(root, 'bundles', vaultFolderName(id), 'bundle.json');
}

/** @throws Error when the id names no vault: callers have it from a vault that was read. */
function proofPath(root: string, vaultId: string): string {
  const id = parseVaultId(vaultId);
  if (id === undefined) throw new Error('proofs are about vaults only');
  return path.join(root, 'proofs', `${vaultFolderName(id)}.json`);
}

function journalPath(root: string, planDigest: string): string {
  return path.join(
    root,
    'journals',
    `${planDigest
      .replace(/^sha256:/, '')
      .replaceAll(/[^0-9a-z]/gi, '_')
      .slice(0, 64)}.jsonl`,
  );
}
