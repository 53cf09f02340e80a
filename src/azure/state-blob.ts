import type { TokenCredential } from '@azure/core-auth';
import type { ContainerClient } from '@azure/storage-blob';
import { KnownError } from '../base/known-error.ts';
import { type Bundle, parseBundle, readBundle } from '../formats/bundle.ts';
import { journalStem } from '../formats/journal.ts';
import { vaultFolderName } from '../formats/vault-folder-name.ts';
import type { StateStore } from '../migrate/state-ports.ts';
import { parseVaultId, type VaultId } from '../model/vault-id.ts';
import type { CloudProfile } from './cloud-profile.ts';
import { documentsIn, heldIn, putDocument, textOf, unlockPlace } from './state/blob-documents.ts';
import { onBlobs } from './state/blob-errors.ts';
import { vaultHoldBlobs } from './state/blob-holds.ts';
import { openBlobJournal } from './state/blob-journal.ts';
import type { LeaseHolder } from './state/blob-lease.ts';
import { parseBlobPlace } from './state/blob-place.ts';
import { openContainer } from './state/open-container.ts';

/** How a bundle is written for people and for machines without keyturn. */
interface BundleViews {
  readonly script: (bundle: Bundle) => string;
  readonly page: (bundle: Bundle) => string;
}

interface BlobState {
  readonly address: string;
  readonly profile: CloudProfile;
  readonly credential: TokenCredential;
  readonly views: BundleViews;
  readonly holder: Omit<LeaseHolder, 'since'>;
}

/**
 * A state in blobs, laid out as in a folder: journals, a folder of each vault's bundle, proofs, holds. Azure keeps what it answered for,
 * so a bundle is safe when its upload was answered, and is read back before the flip all the same.
 * @throws KnownError STATE_ADDRESS (usage).
 */
export function stateBlob({ address, profile, credential, views, holder }: BlobState): StateStore {
  const parsed = parseBlobPlace(address, profile);
  const container = openContainer(parsed, profile, credential);
  const name = `${parsed.container}/${parsed.prefix}`.replace(/\/$/, '');
  const place = { container, prefix: parsed.prefix, name };
  const at = (folder: string) => `${parsed.prefix}${folder}/`;
  const shown = (folder: string) => `${name}/${folder}`;
  const keep = (blob: string, text: string): Promise<void> =>
    onBlobs(name, async () => {
      await container.getBlockBlobClient(blob).upload(text, Buffer.byteLength(text));
    });
  const proofOf = (vault: Pick<VaultId, 'name' | 'scope'>) => `${vaultFolderName(vault)}.json`;
  return {
    name,
    journal: (planDigest) => openBlobJournal({ container, stem: `${at('journals')}${journalStem(planDigest)}`, name, holder }),
    bundles: bundleBlobs({ container, folder: at('bundles'), name: shown('bundles'), put: keep }, views),
    proofs: {
      write: (vault, proof) => keep(`${at('proofs')}${proofOf(vault)}`, `${JSON.stringify(proof)}\n`),
      jot: (vault, proof) => keep(`${at('proofs')}${proofOf(vault)}`, `${JSON.stringify(proof)}\n`),
      nameOf: (vaultId) => `${shown('proofs')}/${proofOf(vaultOf(vaultId))}`,
    },
    held: () => heldIn(place),
    unlock: (held) => unlockPlace(place, held),
    documents: () => documentsIn(place),
    put: (document) => putDocument(place, document),
    holds: vaultHoldBlobs({ container, folder: at('holds'), name, holder }),
  };
}

interface BundleFolder {
  readonly container: ContainerClient;
  readonly folder: string;
  readonly name: string;
  readonly put: (blob: string, text: string) => Promise<void>;
}

function bundleBlobs({ container, folder, name, put }: BundleFolder, { script, page }: BundleViews): StateStore['bundles'] {
  const bundleOf = (home: string) => `${folder}${home}/bundle.json`;
  const read = (home: string): Promise<string | undefined> => onBlobs(name, () => textOf(container, bundleOf(home)));
  const readFrom = async (home: string): Promise<Bundle | undefined> => {
    const text = await read(home);
    return text === undefined ? undefined : readBundle(text);
  };
  return {
    name,
    async write(vault, value) {
      const bundle = parseBundle(value);
      const home = vaultFolderName(vault);
      const text = `${JSON.stringify(bundle, undefined, 2)}\n`;
      const earlier = await read(home);
      // A bundle of an earlier plan is kept beside the new one, under its own digest.
      if (earlier !== undefined && earlier !== text) await put(`${folder}${home}/bundle.${earlierName(earlier)}.json`, earlier);
      await put(`${folder}${home}/rollback.sh`, script(bundle));
      await put(`${folder}${home}/rollback.md`, page(bundle));
      await put(bundleOf(home), text);
      return `${name}/${home}/bundle.json`;
    },
    async read(vault) {
      const found = await readFrom(vaultFolderName(vault));
      if (found !== undefined) return found;
      const message = `there is no rollback bundle at \`${name}/${vaultFolderName(vault)}\``;
      throw new KnownError('usage', 'BUNDLE_MISSING', message, 'give the bundle file, or the --state of the run that flipped');
    },
    async find(vault) {
      const wanted = parseVaultId(vault);
      if (wanted !== undefined) return [await readFrom(vaultFolderName(wanted))].filter((one) => one !== undefined);
      const homes = await onBlobs(name, () =>
        homesOf(container, `${folder}${vault.toLowerCase().replaceAll(/[^a-z0-9-]/g, '_')}-`, folder),
      );
      const found = await Promise.all(homes.map(readFrom));
      return found.flatMap((one) =>
        one !== undefined && parseVaultId(one.vaultId)?.name.toLowerCase() === vault.toLowerCase() ? [one] : [],
      );
    },
  };
}

async function homesOf(container: ContainerClient, prefix: string, folder: string): Promise<readonly string[]> {
  const homes: string[] = [];
  for await (const item of container.listBlobsByHierarchy('/', { prefix }))
    if (item.kind === 'prefix') homes.push(item.name.slice(folder.length).replace(/\/$/, ''));
  return homes.sort();
}

function earlierName(text: string): string {
  return /"digest":\s*"sha256:([0-9a-f]{16})/.exec(text)?.[1] ?? 'unreadable';
}

/** @throws Error when the id names no vault: callers have it from a vault that was read. */
function vaultOf(vaultId: string): VaultId {
  const id = parseVaultId(vaultId);
  if (id === undefined) throw new Error('proofs are about vaults only');
  return id;
}
