import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodePlan, readPlan } from '../../src/formats/plan-file.ts';
import { type Served, served } from './served.ts';

/** The estate's vaults so many times, under other names in the same places. */
function often(times: number) {
  return (scenario: Record<string, unknown>): Record<string, unknown> => {
    const vaults = Object.entries(scenario.vaults as Record<string, object>);
    const copies = Array.from({ length: times - 1 }, (_, at) =>
      vaults.map(([name, vault]) => [`${name.slice(0, 20)}-${at}`, vault] as const),
    );
    return { ...scenario, vaults: Object.fromEntries([...vaults, ...copies.flat()]) };
  };
}

let site: Served;
beforeAll(async () => {
  site = await served('estate', { scenario: often(9) });
  expect((await site.run(['plan', '-o', 'plan.json.gz', '--quiet'])).code).toBe(0);
}, 120_000);
afterAll(() => site.close());

const planText = async () => gunzipSync(await readFile(path.join(site.folder, 'plan.json.gz'))).toString('utf8');

test('a plan that is made subscription by subscription is byte for byte the plan that is made in one piece', async () => {
  const text = await planText();
  const plan = readPlan(text);
  expect(plan.vaults.length).toBe(270);
  expect(encodePlan(plan)).toBe(text);
  expect(text.match(/^\{"kind":"subscription"/gm)).toHaveLength(3);
});

test('goes to standard output as the same lines', async () => {
  const { out } = await site.run(['plan', '-o', '-', '--quiet']);
  expect(out).toBe(await planText());
});

test('is told by subscription and by who gains, in a page or two', async () => {
  const { out, err } = await site.run(['plan', '-o', 'again.json']);
  const lines = out.trimEnd().split('\n');
  expect(lines.length).toBeLessThan(90);
  expect(out).toMatch(/^SUBSCRIPTION +VAULTS +READY +BLOCKED/m);
  expect(lines.at(-1)).toMatch(/role assignments to make/);
  expect(err).toContain('`keyturn show again.json VAULT` shows a vault');
});

test('show tells the same from the file alone, and a vault of it in full', async () => {
  const away = { env: { NO_COLOR: '1' } };
  const all = await site.run(['show', 'plan.json.gz'], away);
  expect(all).toMatchObject({ code: 0, err: '' });
  expect(all.out).toBe((await site.run(['plan', '-o', 'again.json', '--quiet'])).out);
  const one = await site.run(['show', 'plan.json.gz', 'kv-basket-retail'], away);
  expect(one.out).toMatch(/^kv-basket-retail {2}(ready|blocked)/);
  expect(one.out).not.toContain('SUBSCRIPTION');
  const json = JSON.parse((await site.run(['show', 'plan.json.gz', 'KV-BASKET-RETAIL', '--json'], away)).out) as {
    vaults: { name: string; findings: { message: string }[]; steps: { undo: object }[] }[];
  };
  expect(json.vaults.map(({ name }) => name)).toEqual(['kv-basket-retail']);
  const document = JSON.parse((await site.run(['show', 'plan.json.gz', '--json'], away)).out) as { vaults: object[]; digest: string };
  expect(document.vaults).toHaveLength(270);
  expect(document.digest).toBe(readPlan(await planText()).digest);
});

test('show names the vault that was perhaps meant', async () => {
  const { code, err } = await site.run(['show', 'plan.json.gz', 'kv-basket-retial']);
  expect(code).toBe(2);
  expect(err).toMatch(/VAULT_NOT_PLANNED: .*`kv-basket-retial`.*did you mean `kv-basket-retail`/s);
});

test('a compressed plan that was cut off or damaged is refused in a line', async () => {
  const bytes = await readFile(path.join(site.folder, 'plan.json.gz'));
  await writeFile(path.join(site.folder, 'cut.gz'), bytes.subarray(0, bytes.length / 2));
  await writeFile(path.join(site.folder, 'damaged.gz'), bytes.fill(0x55, 200, 300));
  for (const [file, why] of [
    ['cut.gz', 'cut off'],
    ['damaged.gz', 'damaged'],
  ] as const) {
    const { code, err } = await site.run(['show', file]);
    expect(code).toBe(2);
    expect(err).toMatch(new RegExp(`PLAN_UNREADABLE: .*${file}.*${why}`));
  }
});

test('can be split by a tag, by subscription or by count: every vault is in one of the plans, each of which stands by itself', async () => {
  const splits = [
    ['tag:wave', /^by-tag-(1|2|3|untagged)\.json$/],
    ['subscription', /^by-subscription-[0-9a-f-]{36}\.json$/],
    ['count:100', /^by-count-[123]\.json$/],
  ] as const;
  for (const [by, name] of splits) {
    const output = `by-${by.split(':')[0] ?? ''}.json`;
    const { code, out } = await site.run(['plan', '-o', output, '--split-by', by, '--json', '--quiet']);
    expect(code).toBe(0);
    const { parts } = JSON.parse(out) as { parts: { file: string; vaults: number }[] };
    const plans = await Promise.all(parts.map(async ({ file }) => readPlan(await readFile(path.join(site.folder, file), 'utf8'))));
    expect(parts.length, by).toBeGreaterThan(1);
    for (const [at, { file, vaults }] of parts.entries()) {
      expect(file).toMatch(name);
      expect(plans[at]?.vaults).toHaveLength(vaults);
    }
    const ids = plans.flatMap(({ vaults }) => vaults.map(({ vaultId }) => vaultId));
    expect(new Set(ids).size).toBe(270);
    expect(ids).toHaveLength(270);
  }
});

test('is not split into more plans than anybody could review, nor by what it is not known by, and then no file is left', async () => {
  const before = (await site.files()).length;
  expect(await site.run(['plan', '-o', 'many.json', '--split-by', 'count:0'])).toMatchObject({ code: 2 });
  expect(await site.run(['plan', '-o', 'many.json', '--split-by', 'weather'])).toMatchObject({ code: 2 });
  expect(await site.run(['plan', '-o', '-', '--split-by', 'subscription'])).toMatchObject({ code: 2 });
  expect((await site.files()).length).toBe(before);
});

test('made again from an earlier one asks for the same vaults, and is the same as long as nothing moved', async () => {
  await site.run(['plan', '--tag', 'wave=1', '-o', 'wave.json', '--quiet']);
  expect((await site.run(['plan', '--from-plan', 'wave.json', '-o', 'wave-again.json', '--quiet'])).code).toBe(0);
  const [first, again] = await Promise.all(['wave.json', 'wave-again.json'].map((file) => readFile(path.join(site.folder, file), 'utf8')));
  expect(again).toBe(first);
  expect(await site.run(['plan', '--from-plan', 'nowhere.json'])).toMatchObject({ code: 2 });
});

test('is a list of vaults for another command, packed or not', async () => {
  const { code } = await site.run(['plan', '--from', 'plan.json.gz', '-o', 'listed.json', '--quiet']);
  expect(code).toBe(0);
  const listed = readPlan(await readFile(path.join(site.folder, 'listed.json'), 'utf8'));
  expect(listed.vaults).toEqual(readPlan(await planText()).vaults);
});

test('tells how many vaults are in each wave that it was given, by the plan and by show', async () => {
  const planned = await site.run(['plan', '-o', 'waves.json', '--wave-by', 'tag:wave']);
  expect(planned.out.trimEnd().split('\n').at(-1)).toMatch(/^waves: 1 \(\d+\), 2 \(\d+\), 3 \(\d+\)(; \d+ without a wave)?$/);
  expect((await site.run(['show', 'waves.json'])).out).toBe(planned.out);
});

test('is carried out with progress that counts its vaults, wave by wave, and names none that ends well', { timeout: 120_000 }, async () => {
  let asked = 0;
  const now = () => {
    asked += 1;
    return new Date(asked * 100);
  };
  const { code, err } = await site.run(['stage', 'plan.json.gz', '--yes', '--waves', '60'], { now });
  expect(code).toBe(0);
  expect(err).toMatch(/^wave 1 of 5: 60 vaults\nwave 1 of 5: stage: 0 of 60 done$/m);
  expect(err).toMatch(/^wave 1 of 5: stage: [1-9]\d* of 60 done, \d+ a minute, .* left$/m);
  expect(err).toMatch(/^wave 1 of 5: 60 of 60 done\nwave 2 of 5: 60 vaults$/m);
  expect(err.slice(err.indexOf('wave 1 of 5'))).not.toMatch(/^ +kv-/m);
});
