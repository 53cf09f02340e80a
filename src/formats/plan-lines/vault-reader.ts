import type { VaultPlan } from '../plan.ts';
import { expandVault, MissingRow } from './expand-vault.ts';
import { type SubscriptionLine, subscriptionLine, vaultLine } from './lines.ts';
import { parsedLine, type SealedPlan, unreadablePlan } from './seal-reader.ts';
import { rowKeyOf } from './share-rows.ts';
import { lineDigest } from './write-lines.ts';

/** Reads the vaults of a plan whose seal was found whole, one line after the other. */
export interface VaultReader {
  /**
   * @returns the vault that the line holds, if it holds one.
   * @throws KnownError PLAN_UNREADABLE (usage) where the line is another than the one that was sealed, or makes no sense.
   */
  push(line: string): VaultPlan | undefined;
  /** Whether the lines that are left are worth reading. */
  readonly finished: boolean;
}

/** @param wanted resource ids as the plan spells them; of the other vaults the lines are passed over. */
export function vaultReader({ head, lines }: Pick<SealedPlan, 'head' | 'lines'>, wanted?: ReadonlySet<string>): VaultReader {
  let at = 0;
  let seen = 0;
  let shared: SubscriptionLine | undefined;
  let left = 0;
  return {
    push(line) {
      const digest = lines[at++];
      if (digest === undefined) return undefined; // The seal itself.
      if (lineDigest(line) !== digest) throw unreadablePlan('it changed while it was read');
      if (line.startsWith('{"kind":"subscription"')) {
        if (left > 0) throw unreadablePlan('a subscription has fewer vaults than it says');
        shared = parsedLine(line, subscriptionLine);
        assertOwnKeys(shared);
        left = shared.vaults;
        return undefined;
      }
      if (!line.startsWith('{"kind":"vault"')) {
        if (at !== 1 && at !== lines.length) throw unreadablePlan(`line ${at} is of no known kind`);
        return undefined;
      }
      if (shared === undefined || left === 0) throw unreadablePlan(`line ${at} holds a vault that no subscription announces`);
      left -= 1;
      if (wanted !== undefined && ![...wanted].some((id) => line.startsWith(`{"kind":"vault","vaultId":${JSON.stringify(id)},`)))
        return undefined;
      seen += 1;
      return expanded(line, head.tenantId, shared);
    },
    get finished() {
      return wanted !== undefined && seen === wanted.size;
    },
  };
}

function expanded(line: string, tenantId: string, { tables }: SubscriptionLine): VaultPlan {
  try {
    return expandVault(parsedLine(line, vaultLine), tenantId, tables);
  } catch (error) {
    if (error instanceof MissingRow) throw unreadablePlan(`it names ${error.message}, which it does not hold`);
    throw error;
  }
}

/** A line stands for the rows that it names only as long as their keys follow from what they hold. */
function assertOwnKeys({ tables }: SubscriptionLine): void {
  for (const [table, rows] of Object.entries(tables)) {
    for (const [key, row] of Object.entries(rows)) {
      if (rowKeyOf(row) !== key) throw unreadablePlan(`row \`${key}\` of \`${table}\` is not what its key says`);
    }
  }
}
