import type { VerifiedVault, VerifyReport } from '../report/verified-vault.ts';

/**
 * The report as one JSON document in pieces that are valid only together: with everybody of a large estate in it, it may be longer
 * than a text can be. One line a field, and one a person.
 */
export function* verificationJson(report: VerifyReport): Generator<string> {
  const { vaults, ...rest } = report;
  yield '{\n';
  for (const [key, value] of Object.entries(rest)) yield `${JSON.stringify(key)}: ${JSON.stringify(value)},\n`;
  yield '"vaults": [';
  for (const [at, vault] of vaults.entries()) {
    yield at === 0 ? '\n' : ',\n';
    yield* vaultJson(vault);
  }
  yield '\n]\n}\n';
}

function* vaultJson({ people, ...rest }: VerifiedVault): Generator<string> {
  yield '{\n';
  yield Object.entries(rest)
    .map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`)
    .join(',\n');
  if (people !== undefined) {
    yield ',\n"people": [';
    for (const [at, person] of people.entries()) yield `${at === 0 ? '\n' : ',\n'}${JSON.stringify(person)}`;
    yield '\n]';
  }
  yield '\n}';
}
