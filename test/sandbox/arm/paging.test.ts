import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type JsonObject, objectsAt, stringAt } from '../../../src/base/json.ts';
import type { ArmCall } from '../../../src/sandbox/arm/arm-context.ts';
import { pageOf } from '../../../src/sandbox/arm/page.ts';
import { aTenant, ids, runSandbox } from '../run-sandbox.ts';

const path = `/subscriptions/${ids.subscription}/providers/Microsoft.KeyVault/vaults`;

test('following nextLinks shows every row once and in order, whatever the page size and the empty pages', () => {
  fc.assert(
    fc.property(fc.nat(12), fc.integer({ min: 1, max: 5 }), fc.nat(3), (rows, size, emptyPages) => {
      const items = Array.from({ length: rows }, (_, index): JsonObject => ({ index }));
      const seen: JsonObject[] = [];
      let next: string | undefined = `https://127.0.0.1:1${path}?api-version=2026-02-01&%24filter=a%20b`;
      for (let pages = 0; next !== undefined; pages++) {
        expect(pages).toBeLessThan(100);
        const url: URL = new URL(next);
        expect(url.searchParams.get('$filter')).toBe('a b');
        const ask = { origin: url.origin, path: url.pathname, query: url.searchParams };
        const answer = pageOf({ ask, context: { paging: { size, emptyPages } } } as unknown as ArmCall, items);
        const body = answer.body as JsonObject;
        seen.push(...objectsAt(body, 'value'));
        expect(objectsAt(body, 'value').length).toBeLessThanOrEqual(size);
        next = stringAt(body, 'nextLink');
      }
      expect(seen).toEqual(items);
    }),
  );
});

test('the SDK reads past empty pages', async () => {
  const azure = await runSandbox(aTenant(), { paging: { size: 1, emptyPages: 2 } });
  try {
    const names: (string | undefined)[] = [];
    for await (const vault of azure.vaults().listBySubscription({ top: 5 })) names.push(vault.name);
    expect(names).toEqual(['kv-a', 'kv-b']);
    const scopes: (string | undefined)[] = [];
    for await (const row of azure.authorization().roleAssignments.listForSubscription({ filter: 'atScope()' })) scopes.push(row.scope);
    expect(scopes).toHaveLength(2);
    expect(azure.metrics().operations).toEqual({ RoleAssignments_ListForScope: 7, Vaults_ListBySubscription: 7 });
    const forged = await azure.call('GET', `${path}?api-version=2026-02-01&%24skiptoken=forged`);
    expect(forged.status).toBe(400);
  } finally {
    await azure.close();
  }
});
