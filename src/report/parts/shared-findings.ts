import { type Finding, sortFindings } from '../../model/finding.ts';
import type { Look } from '../look.ts';
import { plainText } from '../plain-text.ts';
import { findingLines, forWhom, sameWords } from './findings-text.ts';
import { inVaults } from './said-once.ts';

interface VaultWithFindings {
  readonly name: string;
  readonly findings: readonly Finding[];
}

/** Findings that several vaults have in the same words: told once at the end, so that each vault's own ones are seen. */
export interface SharedFindings {
  readonly own: (vault: VaultWithFindings) => readonly Finding[];
  readonly lines: (look: Look) => readonly string[];
}

interface Group {
  readonly finding: Finding;
  readonly findings: Finding[];
  readonly names: Set<string>;
  hidden: boolean;
}

/**
 * Blockers, and warnings about one principal, are never shared: they stay with their vault, where that is shown by itself.
 * @param people what the principals are called that findings are about, by subject.
 * @param shown the vaults that are shown by themselves; of the others everything is told at the end.
 */
export function sharedFindings<Vault extends VaultWithFindings>(
  vaults: readonly Vault[],
  people: ReadonlyMap<string, string>,
  shown: readonly Vault[] = vaults,
): SharedFindings {
  const isShown = new Set<VaultWithFindings>(shown);
  const found = new Map<string, Group>();
  for (const vault of vaults) {
    const hidden = !isShown.has(vault);
    for (const finding of vault.findings.filter((one) => hidden || mayBeShared(one))) {
      const one = found.get(sameWords(finding)) ?? { finding, findings: [], names: new Set<string>(), hidden };
      one.findings.push(finding);
      one.names.add(vault.name);
      one.hidden ||= hidden;
      found.set(sameWords(finding), one);
    }
  }
  const isTold = ({ names, hidden }: Group) => hidden || names.size > 1;
  const isShared = (finding: Finding) => {
    const group = found.get(sameWords(finding));
    return mayBeShared(finding) && group !== undefined && isTold(group);
  };
  const told = sortFindings([...found.values()].flatMap((group) => (isTold(group) ? [group.finding] : [])));
  const where = (same: readonly Finding[]): string => {
    const groups = same.flatMap((finding) => found.get(sameWords(finding)) ?? []);
    const whom = forWhom(people, mostPeople)(groups.flatMap((group) => group.findings));
    const names = groups.flatMap((group) => [...group.names]).map(plainText);
    return [inVaults(names, vaults.length), ...(whom === '' ? [] : [whom])].join(' ');
  };
  return {
    own: (vault) => (isShown.has(vault) ? vault.findings.filter((finding) => !isShared(finding)) : []),
    lines: (look) => findingLines(told, look, { indent: '', about: where }),
  };
}

/** At most so many principals are named where several vaults say the same of theirs. */
const mostPeople = 10;

function mayBeShared({ severity, subject }: Finding): boolean {
  return severity === 'note' || (severity === 'warning' && subject.principal === undefined);
}
