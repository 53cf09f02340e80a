import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBlobJournal } from '../../../src/azure/state/blob-journal.ts';
import { stateBlob } from '../../../src/azure/state-blob.ts';
import { KnownError } from '../../../src/base/known-error.ts';
import { type Bundle, makeBundle } from '../../../src/formats/bundle.ts';
import type { JournalEntry } from '../../../src/formats/journal.ts';
import { vaultFolderName } from '../../../src/formats/vault-folder-name.ts';
import { stateFolder } from '../../../src/local/state-folder.ts';
import type { StateDocument, StateStore, VaultLease } from '../../../src/migrate/state-ports.ts';
import { parseVault } from '../../../src/model/vault.ts';
import { parseVaultId, type VaultId } from '../../../src/model/vault-id.ts';
import { type Azurite, azuriteIsThere, startAzurite } from './azurite.ts';

const id = '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-a';
const vault = parseVaultId(id) as VaultId;
const holder = { pid: process.pid, host: 'runner-1' };
const digest = `sha256:${'ab'.repeat(32)}`;
const entry = (step: string): JournalEntry => ({ v: 1, at: '2026-11-28T12:00:00.000Z', event: 'began', vaultId: id, step });
const failing = async (work: Promise<unknown>): Promise<KnownError> => {
  try {
    await work;
  } catch (error) {
    if (error instanceof KnownError) return error;
    throw error;
  }
  throw new Error('it did not fail');
};

describe.skipIf(!azuriteIsThere)('a state in Azure Blob Storage, on Microsoft’s own emulator', { timeout: 120_000 }, () => {
  let azurite: Azurite;
  let count = 0;
  beforeAll(async () => {
    azurite = await startAzurite();
  }, 60_000);
  afterAll(() => azurite.close());

  /** A state of its own, as often as runners open it. */
  async function aState() {
    const name = `state-${++count}`;
    const container = await azurite.container(name);
    const open = (): StateStore =>
      stateBlob({
        address: `${azurite.account}/${name}/team`,
        profile: azurite.profile,
        credential: azurite.credential,
        views: { script: () => '#!/bin/sh\n', page: () => '# Page\n' },
        holder,
      });
    return { open, container };
  }

  test('a journal that one runner wrote is read by the next, and by nobody written to meanwhile', async () => {
    const { open } = await aState();
    const [first, second] = [await open().journal(digest), await open().journal(digest)];
    await Promise.all(['a', 'b', 'c'].map((step) => first.append(entry(step))));
    const busy = await failing(second.append(entry('x')));
    expect(busy).toMatchObject({ code: 'JOURNAL_BUSY', outcome: 'blocked' });
    expect(busy.message).toContain(`process ${process.pid} on \`runner-1\` since`);
    await first.close();
    await second.append(entry('d'));
    expect(second.entries.map(({ step }) => step)).toEqual(['a', 'b', 'c', 'd']);
    await second.close();
  });

  test('a run that lost its lease writes nothing more to the journal, whatever it believes', async () => {
    const { open, container } = await aState();
    const first = await open().journal(digest);
    await first.append(entry('a'));
    const blob = container.getAppendBlobClient(`team/journals/${'ab'.repeat(32)}.00001.jsonl`);
    await blob.getBlobLeaseClient().breakLease(0);
    const second = await open().journal(digest);
    await second.append(entry('b'));
    expect(await failing(first.append(entry('never')))).toMatchObject({ code: 'JOURNAL_LOST', outcome: 'blocked' });
    await second.close();
    await first.close();
    expect((await blob.downloadToBuffer()).toString()).not.toContain('never');
  });

  test('a vault is held by one run at a time; who died is taken over when the lease ran out, and not before', async () => {
    const { open, container } = await aState();
    const held = await open().holds.hold(vault);
    expect(await failing(open().holds.hold(vault))).toMatchObject({ code: 'VAULT_BUSY' });
    await held.assertOurs();
    await held.release();
    const blob = container.getBlockBlobClient(`team/holds/${vaultFolderName(vault)}.lock`);
    // The shortest lease there is, by somebody who gives no further sign of life.
    await blob.getBlobLeaseClient().acquireLease(15);
    const began = Date.now();
    expect(await failing(open().holds.hold(vault))).toMatchObject({ code: 'VAULT_BUSY' });
    let next: VaultLease | undefined;
    while (next === undefined) {
      await wait(1000);
      next = await open()
        .holds.hold(vault)
        .catch(() => undefined);
    }
    expect(Date.now() - began).toBeGreaterThan(13_000);
    await next.release();
  });

  test('a hold that somebody broke is lost before the next write', async () => {
    const { open, container } = await aState();
    const held = await open().holds.hold(vault);
    await container
      .getBlockBlobClient(`team/holds/${vaultFolderName(vault)}.lock`)
      .getBlobLeaseClient()
      .breakLease(0);
    expect(await failing(held.assertOurs())).toMatchObject({ code: 'VAULT_LOST', outcome: 'blocked' });
    await held.release();
  });

  test('a journal goes on in another blob before the first is full, and is read as one', async () => {
    const { container } = await aState();
    const place = { container, stem: 'team/journals/x', name: 'here', holder, limits: { blocks: 2, bytes: 400 } };
    const journal = await openBlobJournal(place);
    for (let number = 0; number < 7; number += 1) await journal.append(entry(`s${number}`));
    await journal.close();
    const names: string[] = [];
    for await (const { name } of container.listBlobsFlat()) names.push(name);
    expect(names).toEqual([1, 2, 3, 4].map((number) => `team/journals/x.0000${number}.jsonl`));
    const again = await openBlobJournal(place);
    expect(again.entries.map(({ step }) => step)).toEqual([0, 1, 2, 3, 4, 5, 6].map((number) => `s${number}`));
    await again.append(entry('s7'));
    expect(again.entries).toHaveLength(8);
    await again.close();
  });

  test('a bundle is found by the vault’s name and id, and one of an earlier plan is kept', async () => {
    const { open, container } = await aState();
    const { bundles } = open();
    expect(await bundles.find('kv-a')).toEqual([]);
    expect(await failing(bundles.read(vault))).toMatchObject({ code: 'BUNDLE_MISSING' });
    const [one, two] = [aBundle(1), aBundle(2)];
    await bundles.write(vault, one);
    await bundles.write(vault, two);
    expect(await bundles.read(vault)).toEqual(two);
    expect([await bundles.find('KV-A'), await bundles.find(id.toUpperCase())]).toEqual([[two], [two]]);
    const names: string[] = [];
    for await (const { name } of container.listBlobsFlat()) names.push(name.replace(/^.*\//, ''));
    expect(names.sort()).toEqual([`bundle.${one.digest.slice(7, 23)}.json`, 'bundle.json', 'rollback.md', 'rollback.sh'].sort());
  });

  test.each([
    ['http://account.blob.core.windows.net/state', 'does not begin with `https://`'],
    ['https://account.blob.core.windows.net/state?sv=2024&sig=secret', 'you sign in as to Azure'],
    ['https://evil.example/state', 'a sandbox keeps its state on this machine'],
    ['https://127.0.0.1:1/devstoreaccount1', 'names no container'],
    ['https://127.0.0.1:1/devstoreaccount1/Not_A_Container', 'cannot be a container'],
  ])('%s is refused before anything is sent, and no signature is printed', (address, why) => {
    const open = () =>
      stateBlob({ address, profile: azurite.profile, credential: azurite.credential, views: { script: String, page: String }, holder });
    expect(open).toThrow(expect.objectContaining({ code: 'STATE_ADDRESS', message: expect.stringContaining(why) as string }));
    expect(open).toThrow(expect.objectContaining({ message: expect.not.stringContaining('secret') as string }));
  });

  test('outside a sandbox a token for storage goes to storage accounts of Azure alone', () => {
    const { sandboxClock, caPem, ...rest } = azurite.profile;
    expect([sandboxClock, caPem].every((one) => one !== undefined)).toBe(true);
    const profile = { ...rest, resourceManager: 'https://management.azure.com' };
    const open = (address: string) => () =>
      stateBlob({ address, profile, credential: azurite.credential, views: { script: String, page: String }, holder });
    expect(open('https://evil.example/state')).toThrow(/not a storage account of Azure/);
    expect(open('https://127.0.0.1:1/devstoreaccount1/state')).toThrow(/on this machine/);
    expect(open('https://account.blob.core.windows.net/state/team').name).toBeDefined();
    expect(open('https://account.blob.core.windows.net/state/team')().name).toBe('https://account.blob.core.windows.net/state/team');
  });

  test('documents go from a folder into blobs and back, byte for byte; a journal is one whatever it lies in', async () => {
    const { open } = await aState();
    const documents = [
      {
        path: `journals/${'ab'.repeat(32)}.jsonl`,
        text: Array.from({ length: 40_000 }, (_, at) => `{"v":1,"step":"${at}","detail":"${'x'.repeat(60)}"}\n`).join(''),
      },
      { path: 'bundles/kv-a-0123456789/bundle.json', text: '{"name":"Ω"}\n' },
      { path: 'bundles/kv-a-0123456789/rollback.sh', text: '#!/bin/sh\n' },
      { path: 'proofs/kv-a-0123456789.json', text: '{}\n' },
    ];
    const store = open();
    for (const document of documents) expect(await store.put(document)).toBe('written');
    for (const document of documents) expect(await store.put(document)).toBe('same');
    for (const document of documents) expect(await store.put({ ...document, text: `${document.text} ` })).toBe('other');
    const folder = stateFolder(await mkdtemp(path.join(tmpdir(), 'keyturn-state-')), '/', { script: () => '', page: () => '' });
    for await (const document of store.documents()) expect(await folder.put(document)).toBe('written');
    const back: StateDocument[] = [];
    for await (const document of folder.documents()) back.push(document);
    expect(back).toEqual(documents);
    expect(await folder.put({ path: 'bundles/../../outside', text: 'x' })).toBe('other');
  });

  test('what is leased is shown with its holder, and unlocking it stops that run before its next write', async () => {
    const { open } = await aState();
    const store = open();
    const [held, journal] = [await store.holds.hold(vault), await store.journal(digest)];
    await journal.append(entry('a'));
    const places = await open().held();
    expect(places.map(({ kind, holder: { host }, live }) => [kind, host, live])).toEqual([
      ['journal', 'runner-1', true],
      ['vault', 'runner-1', true],
    ]);
    for (const place of places) await open().unlock(place);
    expect(await open().held()).toEqual([]);
    expect(await failing(held.assertOurs())).toMatchObject({ code: 'VAULT_LOST' });
    expect(await failing(journal.append(entry('b')))).toMatchObject({ code: 'JOURNAL_LOST' });
    await Promise.all([held.release(), journal.close()]);
  });

  test('a container that is not there is said as that', async () => {
    const store = stateBlob({
      address: `${azurite.account}/nowhere/x`,
      profile: azurite.profile,
      credential: azurite.credential,
      views: { script: String, page: String },
      holder,
    });
    const error = await failing(store.holds.hold(vault));
    expect(error).toMatchObject({ code: 'STATE_UNREACHABLE', outcome: 'failed' });
    expect([error.message, error.remedy].join(' ')).toMatch(/ContainerNotFound.*make the container/s);
  });
});

function aBundle(number: number): Bundle {
  const raw = {
    id,
    name: 'kv-a',
    location: 'westeurope',
    properties: { tenantId: '00000000-0000-4000-8000-00000000000a', accessPolicies: [] },
  };
  const read = parseVault(raw);
  if (read === undefined) throw new Error('that is a vault');
  const plan = { cloud: 'sandbox', tenantId: '00000000-0000-4000-8000-00000000000a', digest: `sha256:${String(number).repeat(64)}` };
  return makeBundle(read, plan, [], new Date(0));
}
