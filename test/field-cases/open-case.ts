import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ScenarioFile } from '../../src/sandbox/scenario/scenario-schema.ts';
import { type OpenScenario, openScenario } from '../scenarios/open-scenario.ts';

/** What a case changes of the estate that most reports from the field have in common. */
export type CaseChanges = Partial<ScenarioFile>;

/** One vault on access policies, one application that reads a secret of it, and an operator who owns the subscription. */
export function caseEstate(changes: CaseChanges = {}): ScenarioFile {
  return {
    formatVersion: 1,
    title: 'A case from the field',
    story: 'One vault, and what somebody met there.',
    tenant: { domain: 'field.example', id: '11111111-2222-4333-8444-000000000001' },
    subscriptions: { prod: { displayName: 'Production', id: '5b000000-0000-4000-8000-000000000001' } },
    resourceGroups: { 'rg-app': { subscription: 'prod', location: 'westeurope' } },
    principals: {
      runner: { kind: 'managedIdentity', displayName: 'id-keyturn-runner' },
      app: { kind: 'managedIdentity', displayName: 'id-shop', id: 'aaaaaaaa-0000-4000-8000-000000000001' },
    },
    operator: 'runner',
    vaults: {
      'kv-case': {
        resourceGroup: 'rg-app',
        accessPolicies: [{ principal: 'app', secrets: ['get', 'list'] }],
        objects: { secrets: { one: 'value' } },
      },
    },
    assignments: [{ role: 'Owner', principal: 'runner', scope: 'subscriptions/prod' }],
    workloads: { app: { principal: 'app', calls: ['getSecret kv-case/one'] } },
    ...changes,
  };
}

/** Serves the scenario, writes `files` into the folder to work in, and points the command line at both. */
export async function openCase(scenario: ScenarioFile, files: Readonly<Record<string, unknown>> = {}): Promise<OpenScenario> {
  const source = await mkdtemp(path.join(tmpdir(), 'keyturn-case-'));
  await writeFile(path.join(source, 'scenario.json'), JSON.stringify(scenario));
  const opened = await openScenario(source).finally(() => rm(source, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    await writeFile(path.join(opened.folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return opened;
}
