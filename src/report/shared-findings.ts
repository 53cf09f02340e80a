import { type Finding, sortFindings } from '../model/finding.ts';
import { findingLines, sameWords } from './findings-text.ts';
import type { Look } from './look.ts';

interface VaultWithFindings {
  readonly name: string;
  readonly findings: readonly Finding[];
}

/** Findings that several vaults have in the same words: told once at the end, so that each vault's own ones are seen. */
export interface SharedFindings {
  readonly own: (vault: VaultWithFindings) => readonly Finding[];
  readonly lines: (look: Look) => readonly string[];
}

/** At most so many vaults are named; of more, their number. */
const mostNamed = 3;

/** Blockers, and warnings about one principal, are never shared: they stay with their vault. */
export function sharedFindings(vaults: readonly VaultWithFindings[]): SharedFindings {
  const found = new Map<string, { readonly finding: Finding; readonly names: Set<string> }>();
  for (const { name, findings } of vaults) {
    for (const finding of findings.filter(mayBeShared)) {
      const one = found.get(sameWords(finding)) ?? { finding, names: new Set<string>() };
      one.names.add(name);
      found.set(sameWords(finding), one);
    }
  }
  const isShared = (finding: Finding) => mayBeShared(finding) && (found.get(sameWords(finding))?.names.size ?? 0) > 1;
  const shared = sortFindings([...found.values()].flatMap(({ finding }) => (isShared(finding) ? [finding] : [])));
  const where = (group: readonly Finding[]): string => {
    const names = group.flatMap((finding) => [...(found.get(sameWords(finding))?.names ?? [])]);
    return `in ${names.length <= mostNamed ? names.join(', ') : `${names.length} of ${vaults.length} vaults`}`;
  };
  return {
    own: ({ findings }) => findings.filter((finding) => !isShared(finding)),
    lines: (look) => findingLines(shared, look, { indent: '', about: where }),
  };
}

/** A subject with a blank names a principal besides the vault. */
function mayBeShared({ severity, subject }: Finding): boolean {
  return severity === 'note' || (severity === 'warning' && !subject.includes(' '));
}
