import type { Finding } from '../model/finding.ts';
import type { FindingFacts } from '../model/finding-facts.ts';
import type { Review, ReviewChange, ReviewLoss, ReviewVault } from './review.ts';
import { rows, vaultCount } from './rows.ts';

/** Counts what is lost: by whose decision, for want of one, or because nothing planned covers it. */
export function lossBook(changes: readonly ReviewChange[]) {
  const losses = rows<ReviewLoss>();
  const inVaults = vaultCount();
  const count = (key: string, loss: Pick<ReviewLoss, 'kind' | 'decision' | 'dataActions'>, vault: number): void => {
    const at = losses.at(key, () => ({ ...loss, entries: 0, vaults: 0 }));
    const row = losses.all[at];
    if (row !== undefined) row.entries += 1;
    inVaults.add(at, vault);
  };
  return {
    add({ entries }: Pick<ReviewVault, 'entries'>, findings: readonly Finding[], vault: number): void {
      for (const { change, decision } of entries) {
        const { outcome, lost = [], open = [] } = changes[change] ?? {};
        if (outcome === 'undecided') count(`undecided ${open.join()}`, { kind: 'undecided', dataActions: [...open] }, vault);
        else if (lost.length > 0) {
          const by = decision === undefined ? {} : { decision };
          count(`decided ${decision ?? ''} ${lost.join()}`, { kind: 'decided', ...by, dataActions: [...lost] }, vault);
        }
      }
      for (const dataActions of findings.flatMap(uncovered)) {
        count(`uncovered ${dataActions.join()}`, { kind: 'uncovered', dataActions: [...dataActions] }, vault);
      }
    },
    all: (): Review['losses'] => losses.all.map((one, at) => ({ ...one, vaults: inVaults.of(at) })),
  };
}

function uncovered({ code, facts }: Finding): readonly (readonly string[])[] {
  return code === 'PLN-UNCOVERED' ? [(facts as FindingFacts['PLN-UNCOVERED']).dataActions] : [];
}
