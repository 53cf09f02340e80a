import { canonicalJson } from '../../base/canonical-json.ts';
import type { JsonObject } from '../../base/json.ts';
import { samePolicies, storedPolicies } from '../../formats/bundle.ts';
import type { VaultNow } from '../../model/vault-now.ts';
import { without } from '../../plan/compare-basis.ts';
import { Refusal } from '../vault-result.ts';
import type { RollbackRun } from './rollback-run.ts';

/**
 * Whether the saved policies may be written: they are those that Azure stores, or the journal says that keyturn wrote this very bundle, or
 * a person has seen what differs and said so. A digest alone says that a bundle is whole, and not who wrote it.
 * @throws Refusal BUNDLE_UNVOUCHED (blocked) where going back without them would cut off everybody. Nothing is written then.
 */
export async function mayWritePolicies(run: RollbackRun, { vault }: VaultNow): Promise<boolean> {
  const { bundle, options } = run;
  if (bundle === undefined) return false;
  const stored = storedPolicies(vault.raw);
  if (samePolicies(stored, bundle.accessPolicies) || run.vouched === true || isVouched(run)) return true;
  const lines = differing(run, stored);
  if ((await options.mayReplace?.(run.id.name, lines)) === true) return true;
  if (stored.length > 0) return false;
  const message = `Azure stores no access policies for vault \`${run.id.name}\`, and nothing vouches for those in the bundle: nothing was changed`;
  throw unvouched(message, lines);
}

/** What is said when the flag is back and the saved policies were not written. */
export function policiesLeft(run: RollbackRun, stored: readonly JsonObject[]): Refusal {
  const message = `vault \`${run.id.name}\` is back on the access policies that Azure stores; the saved ones differ, and nothing vouches for them`;
  return unvouched(message, differing(run, stored));
}

function unvouched(message: string, lines: readonly string[]): Refusal {
  const remedy = 'give the --state folder of the run that flipped, or run it on a terminal, look at what differs and confirm it';
  return new Refusal('blocked', 'BUNDLE_UNVOUCHED', message, remedy, lines);
}

function isVouched({ bundle, vaultId, ports }: RollbackRun): boolean {
  return ports.journal.entries.some(
    (entry) => entry.event === 'bundleWritten' && entry.detail === bundle?.digest && entry.vaultId?.toLowerCase() === vaultId.toLowerCase(),
  );
}

function differing({ id, bundle }: RollbackRun, stored: readonly JsonObject[]): readonly string[] {
  const before = stored.map((policy) => canonicalJson(policy));
  const after = (bundle?.accessPolicies ?? []).map((policy) => canonicalJson(policy));
  const gone = without(before, after);
  const came = without(after, before);
  const order = gone.length + came.length === 0 ? ' (the same entries in another order)' : '';
  return [
    `@@ ${id.name}: accessPolicies, as stored and as saved${order}`,
    ...gone.map((line) => `- ${line}`),
    ...came.map((line) => `+ ${line}`),
  ];
}
