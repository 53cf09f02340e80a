import { parseSelection, type Selection } from '../inventory/selection.ts';
import type { Io } from './io.ts';
import type { SelectionOptions } from './options.ts';
import { readTextFile } from './read-text-file.ts';
import { vaultListLines } from './vault-list.ts';

/** @throws KnownError (usage) for words that can be no vault, and for a file that cannot be read. */
export async function selectionFromOptions(vaults: readonly string[], options: SelectionOptions, io: Pick<Io, 'cwd'>): Promise<Selection> {
  const list = options.from === undefined ? undefined : await readTextFile(options.from, io.cwd, 'the list of vaults', 'LIST_UNREADABLE');
  return parseSelection({
    vaults,
    subscriptions: options.subscription ?? [],
    resourceGroups: options.resourceGroup ?? [],
    managementGroups: options.managementGroup ?? [],
    tags: options.tag ?? [],
    ...(list !== undefined && { list: vaultListLines(list, options.from ?? '') }),
  });
}
