import type { Decisions } from '../formats/decisions.ts';
import type { PlanTail, VaultPlan } from '../formats/plan.ts';
import { planLines } from '../formats/plan-file.ts';
import type { EstatePiece } from '../inventory/read-estate.ts';
import type { Estate, VaultFacts } from '../model/estate.ts';
import { namesVault } from '../plan/acceptances.ts';
import { type PlanInputs, planHead, planPart, planTail } from '../plan/build-plan.ts';
import { madeAlready } from '../plan/made-already.ts';
import { rowsElsewhere } from '../plan/rows-elsewhere.ts';
import { type PlanTally, tallyBook } from '../report/plan-tally.ts';

/** A plan whose lines are made as its subscriptions are read: no more than one of them is in memory. */
export interface PlanInPieces {
  /** To be taken once, in order. @throws KnownError as reading and planning do. */
  lines(): AsyncGenerator<string>;
  /** Known when the last line was taken. */
  readonly tally: PlanTally;
  readonly tail: PlanTail;
}

/** @param place cloud and tenant. @param pieces of an estate that does not come whole. */
export function planInPieces(
  place: Pick<Estate, 'cloud' | 'tenantId'>,
  pieces: AsyncIterable<EstatePiece>,
  inputs: PlanInputs,
): PlanInPieces {
  const tally = tallyBook();
  const named = vaultsOfRows(inputs);
  const tails: PlanTail[] = [];
  let tail: PlanTail = { unreadable: [], findings: [] };
  return {
    tally,
    get tail() {
      return tail;
    },
    async *lines() {
      const lines = planLines();
      yield lines.head(planHead(place, inputs));
      for await (const piece of pieces) {
        if (piece.kind === 'rest') {
          const unreadable = piece.unreadable.map(({ subject, because }) => ({ subject, because }));
          tails.push({ unreadable, findings: [...named.elsewhere(piece)] });
          continue;
        }
        const { vaults, ...part } = planPart(piece.estate, inputs);
        const made = madeAlready({ vaults }, piece.estate);
        for (const vault of vaults) tally.add(vault, made);
        named.see(piece.estate, vaults);
        tails.push(part);
        yield* lines.subscription(piece.estate.subscriptions[0]?.subscriptionId ?? '', vaults);
      }
      tail = planTail(tails);
      yield lines.end(tail);
      yield lines.seal().line;
    },
  };
}

/** Of the vaults that went by, those that rows of the decisions file name: no more than it has rows. */
function vaultsOfRows({
  decisions,
  acceptances = [],
  gains = [],
}: Pick<PlanInputs, 'acceptances' | 'gains'> & Pick<Decisions, 'decisions'>) {
  const words = [...new Set([...decisions, ...acceptances, ...gains].map((row) => row.vault))];
  const seen: VaultFacts[] = [];
  const plans: VaultPlan[] = [];
  return {
    see({ vaults }: Estate, planned: readonly VaultPlan[]): void {
      const here = vaults.filter(({ vault }) => words.some((word) => namesVault(word, vault)));
      const ids = new Set(here.map(({ vault }) => vault.id));
      seen.push(...here);
      plans.push(...planned.filter(({ vaultId }) => ids.has(vaultId)));
    },
    elsewhere(rest: Pick<Estate, 'vaultsInReach'>) {
      return rowsElsewhere({ decisions, acceptances, gains }, { ...rest, vaults: seen }, plans);
    },
  };
}
