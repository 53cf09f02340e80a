import { expect, test } from 'vitest';
import type { Guid } from '../../src/base/guid.ts';
import { isObject, type JsonObject, type JsonValue, objectsAt } from '../../src/base/json.ts';
import { readEstate } from '../../src/inventory/read-estate.ts';
import { parseSelection } from '../../src/inventory/selection.ts';
import type { ScenarioFile } from '../../src/sandbox/scenario/scenario-schema.ts';
import { aTenant, ids } from '../sandbox/run-sandbox.ts';
import { type Connected, connectToScenario } from './sandbox.ts';

/** So many groups hold access to a vault, each with the application that its policy names until the evening, and with Dana, who may join. */
function tenant(count: number): ScenarioFile {
  const file = aTenant();
  const names = Array.from({ length: count }, (_, n) => `team-${n}`);
  const members = [
    { principal: 'app', endsInHours: 8 },
    { principal: 'dana', eligible: true },
  ];
  return {
    ...file,
    principals: { ...file.principals, ...Object.fromEntries(names.map((name) => [name, { kind: 'group', displayName: name, members }])) },
    assignments: [
      { role: 'Owner', principal: 'owner', scope: 'managementGroups/platform' },
      ...names.map((principal) => ({ role: 'Key Vault Secrets User', principal, scope: 'vaults/kv-a' })),
    ],
  };
}

async function estateOf({ resources, directory, sandbox }: Connected) {
  const request = {
    selection: parseSelection({ vaults: ['kv-a'] }),
    cloud: 'sandbox',
    tenantId: ids.tenant,
    operatorId: ids.owner as Guid,
  };
  const now = () => new Date(sandbox.clock.now()).toISOString();
  return await readEstate({ ...request, now, diagnosticSettings: 'never' }, { resources, directory });
}

/** Changes the answers to parts of batches from now on. */
function changeParts({ sandbox }: Connected, change: (part: JsonObject, index: number) => JsonValue | undefined): void {
  const inBatch = (body: JsonValue): JsonValue =>
    isObject(body) ? { ...body, responses: objectsAt(body, 'responses').flatMap((part, index) => change(part, index) ?? []) } : body;
  sandbox.faults.add({
    operation: 'graph POST $batch',
    times: Number.MAX_SAFE_INTEGER,
    action: { kind: 'change', change: inBatch },
  });
}

test('EA-61: what PIM says of 45 groups takes three calls a list, and is whole', async () => {
  const connected = await connectToScenario(tenant(45));
  const estate = await estateOf(connected);
  const groups = [...estate.principals.values()].filter((one) => one.kind === 'group');
  expect(groups).toHaveLength(45);
  for (const one of groups) expect(one).toMatchObject({ ending: [{ principalId: ids.app }], eligible: [ids.dana] });
  expect(estate).not.toHaveProperty('pimForGroups');
  const { operations } = connected.sandbox.metrics();
  expect(operations['graph POST $batch']).toBe(6);
  expect(Object.keys(operations).filter((name) => name.includes('privilegedAccess'))).toEqual([]);
  expect(connected.sandbox.refusedAsks()).toEqual([]);
});

test.each<[string, (part: JsonObject) => JsonValue | undefined]>([
  ['is left out', () => undefined],
  ['is refused', (part) => ({ ...part, status: 403, body: { error: { code: 'UnknownError', message: 'no' } } })],
  ['stays throttled', (part) => ({ ...part, status: 429, headers: { 'Retry-After': '1' }, body: {} })],
  ['has a next page that fails', (part) => ({ ...part, body: { value: [], '@odata.nextLink': 'https://elsewhere.example/' } })],
])('EA-61: of 45 groups those whose part of a batch %s are unread, and no other', async (_, spoil) => {
  const connected = await connectToScenario(tenant(45));
  changeParts(connected, (part, index) => (index === 0 ? spoil(part) : part));
  const { pimForGroups, principals } = await estateOf(connected);
  expect(pimForGroups).toMatchObject({ state: 'unreadable' });
  expect(pimForGroups?.groups).toHaveLength(3);
  const known = [...principals.values()].filter((one) => one.kind === 'group' && one.ending !== undefined);
  expect(known).toHaveLength(42);
  for (const { objectId } of known) expect(pimForGroups?.groups).not.toContain(objectId);
});

test('EA-58: a tenant without a licence is asked for one batch of groups', async () => {
  const file = tenant(45);
  const connected = await connectToScenario({ ...file, tenant: { ...file.tenant, licence: 'none' } });
  expect((await estateOf(connected)).pimForGroups?.state).toBe('unlicensed');
  expect(connected.sandbox.metrics().operations['graph POST $batch']).toBe(1);
});
