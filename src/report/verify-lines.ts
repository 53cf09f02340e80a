import { compareText } from '../model/finding.ts';
import type { VerifiedVault } from './verify-report.ts';

/** What is to be read about one vault: what is wrong, each with what to do where that is not said for all at the end. */
interface VaultLines {
  readonly vault: VerifiedVault;
  readonly lines: readonly { readonly text: string; readonly next?: string }[];
}

/** Everything that is to be read about vaults, each sentence once. */
export interface ToldVaults {
  readonly vaults: readonly VaultLines[];
  /** What holds for several vaults in the same words, with where. */
  readonly shared: readonly string[];
  readonly next: readonly string[];
}

/** At most so many vaults are named; of more, their number. */
const mostNamed = 3;

export function toldVaults(report: { readonly vaults: readonly VerifiedVault[] }): ToldVaults {
  const vaults = [...report.vaults].sort((a, b) => compareText(a.name, b.name) || compareText(a.vaultId, b.vaultId));
  const common = holdForSeveral(vaults);
  const nextOf = (vault: VerifiedVault) => new Map(vault.gaps?.map(({ line, next }) => [line, next]));
  const atEnd = saidAtEnd(vaults);
  return {
    vaults: vaults.map((vault) => {
      const ways = nextOf(vault);
      const gaps = vault.lines.map((text) => {
        const next = ways.get(text);
        return { text, ...(next !== undefined && !atEnd.has(next) && { next }) };
      });
      const besides = besideGaps(vault).filter((text) => !common.has(text));
      return { vault, lines: [...inGroups(gaps), ...besides.map((text) => ({ text }))] };
    }),
    shared: [...common].map(([text, names]) => {
      const of = names.length === vaults.length ? `all ${names.length}` : `${names.length} of ${vaults.length}`;
      const where = names.length <= mostNamed ? names.join(', ') : `${of} vaults`;
      return `in ${where}: ${text}`;
    }),
    next: [...atEnd, ...secondOpinionNext(vaults)],
  };
}

/** What has the same way out stands together, and the way out after the last of it. */
function inGroups(lines: VaultLines['lines']): VaultLines['lines'] {
  const ways = [...new Set(lines.map(({ next }) => next))];
  return ways.flatMap((way) => {
    const same = lines.filter(({ next }) => next === way);
    return same.map((line, at) => (at === same.length - 1 ? line : withoutNext(line)));
  });
}

function withoutNext({ text }: VaultLines['lines'][number]): VaultLines['lines'][number] {
  return { text };
}

/** Doubts, gains and who may grant: what is to be known of a vault besides its gaps. */
function besideGaps({ permissionModel, doubts, answers, secondOpinion, lines }: VerifiedVault): readonly string[] {
  return [
    ...doubts.filter((doubt) => !lines.some((line) => line.includes(doubt))).map((doubt) => `in doubt: ${doubt}`),
    ...(answers?.gainedByPlan ?? []).map((line) => `by the plan: ${line}`),
    ...(answers?.gainedByFlip ?? []).map((line) => `${permissionModel === 'azureRbac' ? 'beyond the policies' : 'by the flip'}: ${line}`),
    ...(answers?.granting ?? []),
    ...(secondOpinion?.remarks ?? []).map((line) => `second opinion: ${line}`),
  ];
}

/** Of a thousand vaults most have the same owners: that is said once. In the order in which they were met. */
function holdForSeveral(vaults: readonly VerifiedVault[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const vault of vaults) {
    for (const text of new Set(besideGaps(vault))) {
      const names = found.get(text) ?? [];
      names.push(vault.name);
      found.set(text, names);
    }
  }
  return new Map([...found].filter(([, names]) => names.length > 1));
}

/** Ways out that several vaults share, or that are the only one there is. */
function saidAtEnd(vaults: readonly VerifiedVault[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const { gaps = [] } of vaults)
    for (const next of new Set(gaps.map((gap) => gap.next))) counts.set(next, (counts.get(next) ?? 0) + 1);
  return new Set([...counts].filter(([, count]) => count > 1 || counts.size === 1).map(([next]) => next));
}

function secondOpinionNext(vaults: readonly VerifiedVault[]): readonly string[] {
  return vaults.some(({ secondOpinion }) => (secondOpinion?.against.length ?? 0) > 0)
    ? ['flip nothing before the second opinion is explained: look at what Azure names, or at why it gave none, then verify again']
    : [];
}
