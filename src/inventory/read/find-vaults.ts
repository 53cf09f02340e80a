import { isObject, type JsonValue, stringAt } from '../../base/json.ts';
import { parseVault, unreadablePolicies, type Vault } from '../../model/vault.ts';
import type { VaultId } from '../../model/vault-id.ts';
import type { ResourceReader, SubscriptionRow } from '../ports.ts';
import { type Selection, selects } from '../selection.ts';

/** Up to this many vaults are few: they are asked for one by one, and so are their diagnostic settings. */
export const few = 25;

/** What was found in one subscription. */
export interface FoundVaults {
  readonly selected: readonly Vault[];
  /** All vaults seen, selected or not: to tell a selector that fits none from one that others narrowed down. */
  readonly seen: readonly Pick<Vault, 'name' | 'resourceGroup' | 'tags'>[];
  /** Ids that Azure says do not exist. */
  readonly missing: readonly VaultId[];
  /** Whether the vaults of the subscription were listed, so that `seen` has all of them. */
  readonly listed?: true;
  /** Whether the list of vaults was needed and could not be read. */
  readonly listUnread: boolean;
  readonly unreadable: readonly { readonly subject: string; readonly because: string }[];
}

/** The selected vaults of a subscription. Rows that are no vault are named, never left out in silence; twins count once. */
export async function findVaults(selection: Selection, row: SubscriptionRow, resources: ResourceReader): Promise<FoundVaults> {
  const { subscriptionId } = row;
  const ids = selection.ids.filter((id) => id.subscriptionId === subscriptionId);
  const byIdOnly = selection.names.length === 0 && ids.length > 0;
  if (byIdOnly && ids.length <= few) return askEach(selection, ids, resources);
  const list = await resources.vaults(row.subscriptionId);
  if (list.state === 'unreadable') {
    const unreadable = [{ subject: `/subscriptions/${row.subscriptionId}`, because: `its vaults could not be listed: ${list.because}` }];
    return { selected: [], seen: [], missing: [], listUnread: true, unreadable };
  }
  const parsed = list.value.map((raw, position) => ({ raw, position, vault: vaultOf(raw, subscriptionId) }));
  const vaults = new Map(parsed.flatMap(({ vault }) => (vault === undefined ? [] : [[vault.scope, vault] as const])));
  const wanted = [...vaults.values()].filter((vault) => selects(selection, vault));
  const twins = new Set(
    parsed.flatMap(({ vault }) => (vault === undefined || sameAs(vaults.get(vault.scope), vault) ? [] : [vault.scope])),
  );
  const unread = wanted.flatMap((vault) => whyUnread(vault, twins));
  return {
    selected: wanted.filter((vault) => !unread.some(({ subject }) => subject === vault.id)),
    seen: [...vaults.values()],
    listed: true,
    missing: ids.filter((id) => !vaults.has(id.scope)),
    listUnread: false,
    unreadable: [...parsed.flatMap(({ raw, position, vault }) => (vault === undefined ? [noVault(raw, position, row)] : [])), ...unread],
  };
}

async function askEach(selection: Selection, ids: readonly VaultId[], resources: ResourceReader): Promise<FoundVaults> {
  const answers = await Promise.all(ids.map(async (id) => ({ id, answer: await resources.vault(id) })));
  const vaults = answers.flatMap(({ id, answer }) => {
    const vault = answer.state === 'read' ? parseVault(answer.value) : undefined;
    return vault?.scope === id.scope ? [vault] : [];
  });
  const known = new Set(vaults.map((vault) => vault.scope));
  const wanted = vaults.filter((vault) => selects(selection, vault));
  return {
    selected: wanted.filter((vault) => unreadablePolicies(vault) === undefined),
    seen: vaults,
    missing: answers.flatMap(({ id, answer }) => (answer.state === 'notFound' ? [id] : [])),
    listUnread: false,
    unreadable: [
      ...answers.flatMap(({ id, answer }) => {
        if (answer.state === 'notFound' || known.has(id.scope)) return [];
        return [{ subject: id.id, because: answer.state === 'unreadable' ? answer.because : 'what Azure answered is not this vault' }];
      }),
      ...wanted.flatMap((vault) => whyUnread(vault)),
    ],
  };
}

/** By what they say of the vault: Azure may spell the same id in two ways. */
function sameAs(known: Vault | undefined, vault: Vault): boolean {
  return known === vault || JSON.stringify(known?.raw.properties) === JSON.stringify(vault.raw.properties);
}

/** A row that claims to lie in another subscription is none of this list's. */
function vaultOf(raw: JsonValue, subscriptionId: string): Vault | undefined {
  const vault = parseVault(raw);
  return vault?.subscriptionId === subscriptionId ? vault : undefined;
}

/** A vault whose policies nobody can read is not a vault without policies: it is named among what could not be read. */
function whyUnread(vault: Vault, twins: ReadonlySet<Vault['scope']> = new Set()): FoundVaults['unreadable'] {
  const because = unreadablePolicies(vault) ?? (twins.has(vault.scope) ? 'it is listed twice, and not alike' : undefined);
  return because === undefined ? [] : [{ subject: vault.id, because }];
}

function noVault(raw: JsonValue, position: number, row: SubscriptionRow): FoundVaults['unreadable'][number] {
  const id = isObject(raw) ? stringAt(raw, 'id') : undefined;
  return {
    subject: `/subscriptions/${row.subscriptionId}`,
    because: `row ${position + 1} of its list of vaults could not be read or belongs to another subscription${id === undefined ? '' : ` (\`${id}\`)`}`,
  };
}
