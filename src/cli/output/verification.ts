import type { Look } from '../../report/look.ts';
import type { VerifiedVault, VerifyReport } from '../../report/verified-vault.ts';
import { verifyMarkdown, verifyText } from '../../report/verify-report.ts';
import { jsonDocument } from './json.ts';

export interface Verification {
  readonly report: VerifyReport;
  /** Whether it tells of each person, which makes it long. */
  readonly perPerson: boolean;
}

export function verificationText({ report }: Verification, look: Look): readonly string[] {
  return verifyText(report, look);
}

export function verificationMarkdown({ report }: Verification): readonly string[] {
  return verifyMarkdown(report);
}

export function verificationJson({ report, perPerson }: Verification): Iterable<string> {
  return perPerson ? verificationPieces(report) : jsonDocument(report);
}

/**
 * The report as one JSON document in pieces that are valid only together: with everybody of a large estate in it, it may be longer
 * than a text can be. One line a field, and one a person.
 */
export function* verificationPieces(report: VerifyReport): Generator<string> {
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
