import fc from 'fast-check';
import { expect, test } from 'vitest';
import { objectAt } from '../../src/base/json.ts';
import { createLatency } from '../../src/sandbox/latency.ts';
import { aTenant, runSandbox, vaultId } from './run-sandbox.ts';

test('an operation takes what the first rule that fits it says, and else what all take', () => {
  const latency = createLatency({
    milliseconds: 150,
    operations: { 'roleAssignments_*': { milliseconds: 400 }, '*_Delete': { milliseconds: 900 }, SecretGet: {} },
  });
  const asked = [
    'RoleAssignments_Create',
    'RoleAssignments_Delete',
    'RoleDefinitions_Delete',
    'SecretGet',
    'Vaults_Get',
    'graph POST $batch',
  ];
  expect(asked.map((operation) => latency.next(operation))).toEqual([400, 400, 900, 0, 150, 150]);
});

test('without settings a call takes nothing more', () => {
  expect(createLatency().next('Vaults_Get')).toBe(0);
});

test('jitter is drawn from the seed: within its bounds, the same again, whatever other operations do in between', () => {
  const operations = fc.array(fc.constantFrom('Vaults_Get', 'Vaults_Update', 'SecretGet'), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(fc.integer(), fc.nat(500), fc.nat(500), operations, (seed, milliseconds, jitterMilliseconds, calls) => {
      const settings = { milliseconds, jitterMilliseconds, seed };
      const [mixed, alone] = [createLatency(settings), createLatency(settings)];
      const drawn = calls.map((operation) => ({ operation, takes: mixed.next(operation) }));
      for (const { takes } of drawn) {
        expect(takes).toBeGreaterThanOrEqual(milliseconds);
        expect(takes).toBeLessThanOrEqual(milliseconds + jitterMilliseconds);
      }
      const gets = drawn.filter(({ operation }) => operation === 'Vaults_Get').map(({ takes }) => takes);
      expect(gets.map(() => alone.next('Vaults_Get'))).toEqual(gets);
      mixed.set(settings);
      expect(calls.map((operation) => mixed.next(operation))).toEqual(drawn.map(({ takes }) => takes));
    }),
  );
});

test('jitter spreads, and another seed spreads otherwise', () => {
  const draw = (seed: number) => {
    const latency = createLatency({ jitterMilliseconds: 1000, seed });
    return Array.from({ length: 50 }, () => latency.next('Vaults_Get'));
  };
  const draws = draw(1);
  expect(new Set(draws).size).toBe(50);
  expect(Math.max(...draws) - Math.min(...draws)).toBeGreaterThan(500);
  expect(draw(2)).not.toEqual(draws);
});

test('a call that takes long is not carried out at once, and holds up no other', async () => {
  const azure = await runSandbox(aTenant(), { latency: { operations: { Vaults_Update: { milliseconds: 600_000 } } } });
  try {
    const vault = `${vaultId('kv-a')}?api-version=2026-02-01`;
    const slow = azure.call('PATCH', vault, { body: { properties: { enableRbacAuthorization: true } } }).catch(() => 'cut off');
    for (let n = 0; n < 3; n++) expect((await azure.call('GET', vault)).status).toBe(200);
    // Moving the sandbox's clock does not hurry it: latency is real time.
    azure.clock.advance(3_600_000);
    expect(objectAt((await azure.call('GET', vault)).body, 'properties').enableRbacAuthorization).not.toBe(true);
    expect(azure.metrics().operations).toEqual({ Vaults_Get: 4 });
    await azure.close();
    expect(await slow).toBe('cut off');
  } finally {
    await azure.close();
  }
});

test('it can be changed while the sandbox runs, and what it does not know is refused', async () => {
  const azure = await runSandbox(aTenant(), { latency: { milliseconds: 1 } });
  try {
    const control = (method: string, body?: Parameters<typeof azure.call>[2]) =>
      azure.call(method, '/_sandbox/latency', { as: null, ...body });
    expect((await control('GET')).body).toEqual({ milliseconds: 1 });
    const next = { jitterMilliseconds: 2, seed: 5, operations: { 'Vaults_*': { milliseconds: 3 } } };
    expect((await control('POST', { body: next })).status).toBe(200);
    expect((await control('GET')).body).toEqual(next);
    for (const body of [{ seconds: 3 }, { milliseconds: -1 }, { milliseconds: 600_001 }, { operations: { Vaults_Get: 3 } }])
      expect((await control('POST', { body })).status).toBe(400);
    expect(azure.latency.settings).toEqual(next);
  } finally {
    await azure.close();
  }
});
