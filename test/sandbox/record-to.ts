import { appendFileSync } from 'node:fs';

const recording = process.env.KEYTURN_TEST_RECORD;

/** With KEYTURN_TEST_RECORD set to a file, every exchange with Resource Manager is appended there: food for a contract checker. */
export function recordTo(line: string): void {
  if (recording !== undefined) appendFileSync(recording, `${line}\n`);
}
