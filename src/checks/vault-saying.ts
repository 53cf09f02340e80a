import type { Severity } from '../model/finding.ts';
import type { FindingCode } from '../model/finding-facts.ts';

/** A finding about a vault before it is known which: severity, code, what is the case, what to do. */
export type VaultSaying = readonly [severity: Severity, code: FindingCode, facts: { message: string, remedy: string }];
