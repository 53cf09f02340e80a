import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { CatalogueFiles } from '../../../src/model/catalogue.ts';
import type { ScenarioFile } from '../../../src/sandbox/scenario/scenario-schema.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const mapping = (name: string): unknown => JSON.parse(readFileSync(`${root}mappings/${name}.json`, 'utf8'));

export const scenarioCatalogue: CatalogueFiles = {
  dataActions: mapping('data-actions'),
  roles: mapping('roles'),
  permissions: mapping('permissions'),
};
export const now = Date.parse('2026-11-24T08:00:00Z');
export const scenarioNames = readdirSync(`${root}fixtures/scenarios`).sort();
export const scenarioFolder = (name: string): string => `${root}fixtures/scenarios/${name}`;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The smallest tenant that means something: one vault, one application that reads a secret of it, one operator. */
export function minimalScenario(): Mutable<ScenarioFile> & { assignments: NonNullable<ScenarioFile['assignments']> } {
  return {
    formatVersion: 1,
    title: 'Small',
    story: 'One vault.',
    tenant: { domain: 'small.example' },
    subscriptions: { main: { displayName: 'Main' } },
    resourceGroups: { rg: { subscription: 'main', location: 'westeurope' } },
    principals: {
      runner: { kind: 'managedIdentity', displayName: 'runner' },
      app: { kind: 'managedIdentity', displayName: 'app' },
    },
    operator: 'runner',
    vaults: {
      'kv-one': { resourceGroup: 'rg', accessPolicies: [{ principal: 'app', secrets: ['get'] }], objects: { secrets: { db: 'value' } } },
    },
    assignments: [{ role: 'Owner', principal: 'runner', scope: 'subscriptions/main' }],
    workloads: { app: { principal: 'app', calls: ['getSecret kv-one/db'] } },
  };
}
