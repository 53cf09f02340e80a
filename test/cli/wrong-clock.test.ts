import { readFile, writeFile } from 'node:fs/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Served, served } from './served.ts';

const sites: Served[] = [];
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(sites.splice(0).map((site) => site.close()));
});

const minute = 60_000;

/** A client that goes by the clock of its own machine, as against Azure; the sandbox's is so many minutes ahead of it. */
async function siteAhead(minutes: number): Promise<Served> {
  const start = new Date(Date.now() + minutes * minute).toISOString();
  const site = await served('one-app-one-developer', { scenario: (scenario) => ({ ...scenario, clock: start }) });
  sites.push(site);
  const cloud = site.clientEnv.KEYTURN_CLOUD ?? '';
  const { sandboxClock, ...profile } = JSON.parse(await readFile(cloud, 'utf8')) as Record<string, unknown>;
  expect(sandboxClock).toBeTypeOf('string');
  await writeFile(cloud, JSON.stringify(profile));
  return site;
}

/** Somebody assigns what the plan asks for, a moment ago. */
async function assigned(site: Served): Promise<void> {
  expect((await site.run(['plan', 'kv-shop', '-o', 'plan.json', '--quiet'])).code).toBe(0);
  const staged = await site.run(['apply', 'plan.json', '--through', 'stage', '--yes', '--quiet']);
  expect(staged.code, staged.out + staged.err).toBe(0);
}

describe('a clock that is wrong', () => {
  test.each([20, 60 * 10])('by %i minutes ahead of Azure’s makes no role assignment old enough', async (minutes) => {
    const site = await siteAhead(-minutes);
    await assigned(site);
    const { code, out, err } = await site.run(['verify', 'kv-shop']);
    expect(code, out + err).not.toBe(0);
    expect(err.match(new RegExp(`the clock of this machine is ${minutes} minutes ahead of Azure’s`, 'g'))).toHaveLength(1);
    const planned = await site.run(['explain', 'id-shop-web', 'secrets/get', 'kv-shop', '--json', '--quiet']);
    const { at } = JSON.parse(planned.out) as { at: string };
    expect(Math.abs(Date.parse(at) - site.sandbox.clock.now())).toBeLessThan(minute);
  });

  test('behind Azure’s makes nothing older, and is told', async () => {
    const site = await siteAhead(20);
    await assigned(site);
    const { code, out, err } = await site.run(['verify', 'kv-shop']);
    expect(code, out + err).not.toBe(0);
    expect(err).toContain('the clock of this machine is 20 minutes behind Azure’s');
  });

  test('is not told of where it is right', async () => {
    const site = await siteAhead(0);
    const { err } = await site.run(['inventory']);
    expect(err).not.toContain('clock');
  });
});
