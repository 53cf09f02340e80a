import { compareText } from '../../base/compare-text.ts';
import type { VerifiedVault } from '../verified-vault.ts';
import { inVaults, saidOnce } from './said-once.ts';

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

export function toldVaults(report: { readonly vaults: readonly VerifiedVault[] }): ToldVaults {
  const vaults = [...report.vaults].sort((a, b) => compareText(a.name, b.name) || compareText(a.vaultId, b.vaultId));
  // Of a thousand vaults most have the same owners: that is said once.
  const common = saidOnce(vaults.map((vault) => ({ name: vault.name, lines: besideGaps(vault) })));
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
    shared: [...common].map(([text, names]) => `${inVaults(names, vaults.length)}: ${text}`),
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
