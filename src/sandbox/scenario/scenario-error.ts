import { KnownError } from '../../base/known-error.ts';

/** Names the file, and the path in it, that cannot be used. */
export function scenarioError(file: string, path: string, problem: string, cause?: unknown): KnownError {
  const where = path === '' ? `\`${file}\`` : `\`${file}\` at \`${path}\``;
  const options = cause === undefined ? undefined : { cause };
  return new KnownError(
    'usage',
    'SCENARIO_UNREADABLE',
    `scenario ${where}: ${problem}`,
    'see docs/sandbox.md for what a scenario holds',
    options,
  );
}
