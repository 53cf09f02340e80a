import type { Finding, Severity } from '../model/finding.ts';
import type { Look, Style } from './look.ts';
import { plainText } from './plain-text.ts';

const styles: Record<Severity, Style> = { blocker: 'red', warning: 'yellow', note: 'dim' };

/** Two lines a finding: what, and what to do. */
export function findingLines(findings: readonly Finding[], look: Look, indent = '  '): readonly string[] {
  return findings.flatMap(({ severity, code, message, remedy }) => [
    `${indent}${look.paint(styles[severity], severity)} ${code}: ${plainText(message)}`,
    `${indent}  next: ${plainText(remedy)}`,
  ]);
}
