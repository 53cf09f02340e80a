import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { KnownError } from '../base/known-error.ts';
import { type Bundle, parseBundle, readBundle } from '../formats/bundle.ts';
import { vaultFolderName } from '../formats/vault-folder-name.ts';
import type { BundleStore } from '../migrate/state-ports.ts';
import { parseVaultId, type VaultId } from '../model/vault-id.ts';
import { atomicWrite, syncFolder } from './atomic-write.ts';
import { decodeText } from './decode-text.ts';
import { onDisk } from './on-disk.ts';

/** How a bundle is written for people and for machines without keyturn. */
export interface BundleViews {
  readonly script: (bundle: Bundle) => string;
  readonly page: (bundle: Bundle) => string;
}

/**
 * One folder a vault: `bundle.json`, a script that needs only `az`, and a page to read. A bundle of an earlier plan is
 * kept beside the new one, never overwritten.
 */
export function bundleFiles(folder: string, { script, page }: BundleViews): BundleStore {
  const bundleFile = (vault: VaultId) => path.join(folder, vaultFolderName(vault), 'bundle.json');
  return {
    async write(vault, value) {
      const bundle = parseBundle(value);
      const file = bundleFile(vault);
      const home = path.dirname(file);
      await onDisk(home, async () => {
        await mkdir(home, { recursive: true, mode: 0o700 });
        await keepEarlier(file, bundle);
      });
      await atomicWrite(path.join(home, 'rollback.sh'), script(bundle), 0o700);
      await atomicWrite(path.join(home, 'rollback.md'), page(bundle));
      await atomicWrite(file, `${JSON.stringify(bundle, undefined, 2)}\n`);
      await syncFolder(folder);
      return file;
    },
    async read(vault) {
      return readBundleFile(bundleFile(vault));
    },
  };
}

/** @throws KnownError BUNDLE_MISSING, BUNDLE_UNREADABLE (usage), BUNDLE_EDITED (blocked). */
export async function readBundleFile(file: string): Promise<Bundle> {
  let text: string;
  try {
    text = decodeText(await readFile(file));
  } catch (cause) {
    const message = `there is no rollback bundle at \`${file}\``;
    throw new KnownError('usage', 'BUNDLE_MISSING', message, 'give the bundle file, or the --state folder of the run that flipped', {
      cause,
    });
  }
  return readBundle(text);
}

/** The latest bundle of each vault with this name or resource id; a bundle that cannot be read is refused, not left out. */
export async function findBundles(folder: string, vault: string): Promise<readonly Bundle[]> {
  const wanted = parseVaultId(vault);
  const homes = (await readdir(folder).catch((): string[] => [])).sort();
  const files = homes
    .filter((home) => (wanted === undefined ? home.startsWith(`${vault.toLowerCase()}-`) : home === vaultFolderName(wanted)))
    .map((home) => path.join(folder, home, 'bundle.json'));
  const bundles = await Promise.all(files.map(readBundleFile));
  return bundles.filter(({ vaultId }) => wanted !== undefined || parseVaultId(vaultId)?.name.toLowerCase() === vault.toLowerCase());
}

async function keepEarlier(file: string, bundle: Bundle): Promise<void> {
  const earlier = await readFile(file, 'utf8').catch(() => undefined);
  if (earlier === undefined || earlier === `${JSON.stringify(bundle, undefined, 2)}\n`) return;
  for (let number = 1; ; number += 1) {
    const aside = path.join(path.dirname(file), `bundle.${number}.json`);
    const taken = await open(aside, 'wx', 0o600).catch(() => undefined);
    if (taken === undefined) continue;
    await taken.close();
    await rename(file, aside);
    return;
  }
}
