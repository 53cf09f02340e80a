import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { loadScenario } from '../../../src/sandbox/scenario/load-scenario.ts';
import { now, scenarioCatalogue, scenarioNames } from './minimal-scenario.ts';

const page = readFileSync(fileURLToPath(new URL('../../../docs/sandbox.md', import.meta.url)), 'utf8');

describe('docs/sandbox.md', () => {
  test('shows a scenario that loads, workloads and all', async () => {
    const [, example = ''] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
    const loaded = await loadScenario([{ name: 'scenario.json', text: example }], { catalogue: scenarioCatalogue, now });
    expect(loaded.workloads.map((workload) => workload.name)).toEqual(['mailer', 'dora']);
    expect(loaded.tenant.vaults.size).toBe(1);
  });

  test('has a row for every scenario that comes along, and no other', () => {
    const rows = [...page.matchAll(/^\| ([a-z-]+) \|/gm)]
      .map(([, name]) => name ?? '')
      .filter((name) => name.includes('-') || name === 'estate');
    expect(rows.filter((name) => !/^-+$/.test(name)).sort()).toEqual([...scenarioNames]);
    expect(readdirSync(fileURLToPath(new URL('../../../fixtures/scenarios', import.meta.url))).sort()).toEqual([...scenarioNames]);
  });

  test('stays short enough to be read', () => {
    expect(page.split('\n').length).toBeLessThanOrEqual(170);
  });
});
