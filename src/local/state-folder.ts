import path from 'node:path';
import { journalStem } from '../formats/journal.ts';
import type { StateStore } from '../migrate/state-ports.ts';
import { parseVaultId, type VaultId } from '../model/vault-id.ts';
import { type BundleViews, bundleFiles, findBundles } from './bundle-files.ts';
import { heldPlaces, unlockPlace } from './hold/held-places.ts';
import { vaultHoldFiles } from './hold/vault-hold-file.ts';
import { openJournalFile } from './journal-file.ts';
import { onDisk } from './on-disk.ts';
import { proofFiles } from './proof-files.ts';
import { documentsIn, putDocument } from './state-documents.ts';

/** A state in a folder: one journal a plan, one bundle folder and one proof a vault, and the holds. */
export function stateFolder(folder: string, cwd: string, views: BundleViews): StateStore {
  const root = path.resolve(cwd, folder);
  const shown = (place: string) => path.relative(cwd, place) || place;
  const bundles = path.join(root, 'bundles');
  const proofs = proofFiles(path.join(root, 'proofs'));
  return {
    name: shown(root),
    journal: (planDigest) => openJournalFile(path.join(root, 'journals', `${journalStem(planDigest)}.jsonl`)),
    bundles: { ...bundleFiles(bundles, views), find: (vault) => findBundles(bundles, vault), name: shown(bundles) },
    proofs: { ...proofs, nameOf: (vaultId) => shown(proofs.fileOf(vaultOf(vaultId))) },
    holds: vaultHoldFiles(path.join(root, 'holds')),
    held: () => onDisk(root, () => heldPlaces(root)),
    unlock: (held) => onDisk(root, () => unlockPlace(root, held)),
    documents: () => documentsIn(root),
    put: (document) => putDocument(root, document),
  };
}

/** @throws Error when the id names no vault: callers have it from a vault that was read. */
function vaultOf(vaultId: string): VaultId {
  const id = parseVaultId(vaultId);
  if (id === undefined) throw new Error('proofs are about vaults only');
  return id;
}
