import { type Finding, type Severity, subjectText } from '../../model/finding.ts';
import { findingWords, nothingToDo } from '../../words/finding-words.ts';
import { hinted, type Look, type Style } from '../look.ts';
import { plainText } from '../plain-text.ts';
import { shortIds } from '../short-ids.ts';
import { wrapLine } from '../wrap-line.ts';

const styles: Record<Severity, Style> = { blocker: 'red', warning: 'yellow', note: 'dim' };

interface Layout {
  readonly indent?: string;
  /** Whom findings of the same words are about, such as `for Dana (user)`; nothing where that is plain from where they stand. */
  readonly about?: (findings: readonly Finding[]) => string;
}

/** What, about whom, and what to do, for each finding; the same one about several is said once. */
export function findingLines(findings: readonly Finding[], look: Look, { indent = '  ', about = () => '' }: Layout = {}) {
  return inSameWords(findings).flatMap((group): readonly string[] => {
    const [{ severity, code }] = group;
    const { message, remedy } = findingWords(group[0]);
    const whom = about(group);
    const said = `${code}${whom === '' ? '' : ` ${plainText(whom)}`}: ${shortIds(plainText(message))}`;
    const [first = '', ...more] = wrapLine(`${indent}${severity} ${said}`, look.columns, `${indent}  `);
    const painted = indent + look.paint(styles[severity], severity) + first.slice(indent.length + severity.length);
    const next =
      remedy === nothingToDo
        ? []
        : wrapLine(`${indent}  next: ${hinted(shortIds(plainText(remedy)), look)}`, look.columns, `${indent}    `);
    return [painted, ...more, ...next];
  });
}

/** `for` and the names of those whom the findings are about, by subject; of more than `most` the first, and how many more. */
export function forWhom(names: ReadonlyMap<string, string>, most = Number.POSITIVE_INFINITY): (findings: readonly Finding[]) => string {
  return (findings) => {
    const known = [...new Set(findings.flatMap(({ subject }) => names.get(subjectText(subject)) ?? []))];
    if (known.length === 0) return '';
    const more = known.length - most;
    return `for ${known.slice(0, most).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  };
}

/** Findings that say the same, whatever they are about, together. */
export function inSameWords(findings: readonly Finding[]): readonly (readonly [Finding, ...Finding[]])[] {
  const found = new Map<string, [Finding, ...Finding[]]>();
  for (const finding of findings) {
    const group = found.get(sameWords(finding));
    if (group === undefined) found.set(sameWords(finding), [finding]);
    else group.push(finding);
  }
  return [...found.values()];
}

/** Equal for findings that say the same, whatever they are about. */
export function sameWords(finding: Finding): string {
  const { severity, code } = finding;
  const { message, remedy } = findingWords(finding);
  return JSON.stringify([severity, code, message, remedy]);
}
