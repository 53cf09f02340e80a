import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type JsonObject, objectAt } from '../../src/base/json.ts';
import { type Served, served } from './served.ts';

const open: Served[] = [];
afterEach(() => Promise.all(open.splice(0).map((site) => site.close())));

/** A vault that another runner flipped: of its state folder nothing is left. */
async function flippedElsewhere(): Promise<Served> {
  const site = await served('one-app-one-developer');
  open.push(site);
  expect((await site.run(['plan', 'kv-shop', '-o', 'plan.json', '--quiet'])).code).toBe(0);
  const { code, out, err } = await site.run(['apply', 'plan.json', '--yes', '--quiet']);
  expect(code, out + err).toBe(0);
  await rm(path.join(site.folder, '.keyturn'), { recursive: true });
  return site;
}

const shop = (site: Served) => [...site.sandbox.tenant.vaults.values()].find(({ body }) => body.name === 'kv-shop');
const properties = (site: Served) => objectAt(shop(site)?.body ?? {}, 'properties');

test('without the state of the flip a rollback refuses in a pipeline, status promises none, and both say the flag that goes back', async () => {
  const site = await flippedElsewhere();
  const status = await site.run(['status', 'plan.json']);
  expect(status.err).toContain('the state here knows of no flip of one vault');
  expect(status.err).toContain('rollback plan.json --without-state`');
  const refused = await site.run(['rollback', 'plan.json', '--yes']);
  expect(refused.code).toBe(3);
  expect(refused.out).toContain('NOT_FLIPPED_BY_US');
  expect(refused.out.replaceAll(/\s+/g, ' ')).toContain('run it again with --without-state');
  expect(properties(site).enableRbacAuthorization).toBe(true);
}, 120_000);

test('with --without-state it goes back to the policies that Azure stores, says what is known of them, and keeps a bundle', async () => {
  const site = await flippedElsewhere();
  const before = JSON.stringify(properties(site).accessPolicies);
  const back = await site.run(['rollback', 'plan.json', '--yes', '--without-state', '--remove-assignments']);
  expect(back.code, back.out + back.err).toBe(0);
  expect(back.err).toContain('it is not known whether keyturn flipped it');
  expect(back.err).toContain('they give what they gave when the plan was made');
  expect(properties(site)).toMatchObject({ enableRbacAuthorization: false });
  expect(JSON.stringify(properties(site).accessPolicies)).toBe(before);
  // What was lost is made again: from now on it goes without the flag.
  expect((await site.run(['rollback', 'kv-shop', '--yes'])).code).toBe(0);
}, 120_000);

test('where Azure stores no policies any more they are written as the plan records them, and who had access has it again', async () => {
  const site = await flippedElsewhere();
  const before = properties(site).accessPolicies as readonly JsonObject[];
  const vault = shop(site);
  if (vault === undefined) throw new Error('the sandbox holds the vault');
  vault.body = { ...vault.body, properties: { ...properties(site), accessPolicies: [] } };
  const back = await site.run(['rollback', 'plan.json', '--yes', '--without-state']);
  expect(back.code, back.out + back.err).toBe(0);
  expect(back.err).toContain(`Azure stores no access policies for it: ${before.length} access policies will be written`);
  const words = (list: readonly JsonObject[]) =>
    list.map((one) => [one.objectId, Object.values(objectAt(one, 'permissions')).flat().sort()]).sort();
  expect(words(properties(site).accessPolicies as readonly JsonObject[])).toEqual(words(before));
}, 120_000);

test('a rollback takes the vaults of a plan that are named, and of a bundle none can be chosen', async () => {
  const site = await flippedElsewhere();
  const none = await site.run(['rollback', 'plan.json', '--yes', '--only', 'kv-shp']);
  expect(none.code).toBe(2);
  expect(none.err).toContain('did you mean `kv-shop`?');
  const wrong = await site.run(['rollback', 'kv-shop', '--yes', '--only', 'kv-shop']);
  expect(wrong.code).toBe(2);
  expect(wrong.err).toContain('choose vaults of a plan');
  const back = await site.run(['rollback', 'plan.json', '--yes', '--without-state', '--only', 'KV-SHOP']);
  expect(back.code, back.out + back.err).toBe(0);
}, 120_000);
