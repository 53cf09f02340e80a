import { hash } from 'node:crypto';
import { plainJson } from '../../base/plain-json.ts';
import { wellFormed } from '../../base/well-formed.ts';
import type { PlanHead, PlanTail, VaultPlan } from '../plan.ts';
import { compactVault } from './compact-vault.ts';
import type { SubscriptionLine } from './lines.ts';
import { rowBook } from './share-rows.ts';

/** Makes the lines of a plan, from the first to the seal. Each is made once, in this order. */
export interface PlanLines {
  head(head: PlanHead): string;
  /** The vaults of one subscription, which is named once. */
  subscription(subscriptionId: string, vaults: Iterable<VaultPlan>): Iterable<string>;
  end(tail: PlanTail): string;
  seal(): { readonly line: string; readonly digest: string };
}

export function planLines(): PlanLines {
  const digests: string[] = [];
  let tenantId = '';
  const line = (value: object): string => {
    const text = plainJson(JSON.stringify(value));
    digests.push(lineDigest(text));
    return text;
  };
  return {
    head(head) {
      tenantId = head.tenantId;
      return line({ kind: 'head', ...wellFormed(head) });
    },
    *subscription(subscriptionId, vaults) {
      const book = rowBook();
      // Of each vault only its line is kept: the rows stand before the lines that name them, and are known when the last is made.
      const texts: string[] = [];
      for (const vault of vaults) texts.push(plainJson(JSON.stringify(compactVault(vault, tenantId, book))));
      const shared: Omit<SubscriptionLine, 'tables'> & { tables: object } = {
        kind: 'subscription',
        subscriptionId,
        vaults: texts.length,
        tables: book.tables(),
      };
      yield line(shared);
      for (const text of texts) {
        digests.push(lineDigest(text));
        yield text;
      }
    },
    end: (tail) => line({ kind: 'end', ...wellFormed(tail) }),
    seal() {
      const digest = sealDigest(digests);
      return { line: JSON.stringify({ kind: 'seal', lines: digests, digest }), digest };
    },
  };
}

/** SHA-256 of a line's text, in hex. */
export function lineDigest(text: string): string {
  return hash('sha256', text, 'hex');
}

export function sealDigest(lines: readonly string[]): string {
  return `sha256:${hash('sha256', lines.join('\n'), 'hex')}`;
}
