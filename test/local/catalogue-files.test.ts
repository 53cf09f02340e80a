import { expect, test } from 'vitest';
import { readCatalogueFiles } from '../../src/local/catalogue-files.ts';

test('the catalogue that comes with the package is whole', async () => {
  const catalogue = await readCatalogueFiles();
  expect(catalogue.roles.filter((role) => role.candidate).length).toBeGreaterThan(5);
  expect(catalogue.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
});
