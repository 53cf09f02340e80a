import type { Finding, Severity } from '../model/finding.ts';
import type { Look, Style } from './look.ts';
import { plainText } from './plain-text.ts';
import { wrapLine } from './wrap-line.ts';

const styles: Record<Severity, Style> = { blocker: 'red', warning: 'yellow', note: 'dim' };

/** What, and what to do, for each finding. */
export function findingLines(findings: readonly Finding[], look: Look, indent = '  '): readonly string[] {
  return findings.flatMap(({ severity, code, message, remedy }) => {
    const [first = '', ...more] = wrapLine(`${indent}${severity} ${code}: ${plainText(message)}`, look.columns, `${indent}  `);
    const painted = indent + look.paint(styles[severity], severity) + first.slice(indent.length + severity.length);
    return [painted, ...more, ...wrapLine(`${indent}  next: ${plainText(remedy)}`, look.columns, `${indent}    `)];
  });
}
