import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { scenarioJsonSchema } from '../../../src/sandbox/scenario/scenario-schema.ts';
import { minimalScenario, scenarioFolder, scenarioNames } from './minimal-scenario.ts';

const published = fileURLToPath(new URL('../../../docs/schemas/scenario.schema.json', import.meta.url));

describe('the published JSON Schema of scenarios', () => {
  // To make it anew: UPDATE_SCHEMAS=1 npx vitest run test/sandbox/scenario && npx biome format --write docs/schemas
  test('is the one that keyturn judges by', () => {
    if (process.env.UPDATE_SCHEMAS === '1') writeFileSync(published, `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`);
    expect(JSON.parse(readFileSync(published, 'utf8'))).toEqual(scenarioJsonSchema());
  });

  const validate = new Ajv2020({ strict: true, allowUnionTypes: true, validateFormats: false }).compile(
    JSON.parse(readFileSync(published, 'utf8')) as object,
  );

  test.each(scenarioNames)('accepts %s in a validator written by others', (name) => {
    expect(validate(JSON.parse(readFileSync(`${scenarioFolder(name)}/scenario.json`, 'utf8'))), JSON.stringify(validate.errors)).toBe(true);
  });

  test('refuses a misspelt field', () => {
    expect(validate({ ...minimalScenario(), vualts: {} })).toBe(false);
  });
});
