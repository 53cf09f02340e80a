import { compareText } from '../base/compare-text.ts';
import { grouped } from '../base/grouped.ts';
import { KnownError } from '../base/known-error.ts';
import { wellFormed } from '../base/well-formed.ts';
import { subscriptionIdOf } from '../model/vault-id.ts';
import { headOf, type Plan, type PlanBody, type VaultPlan } from './plan.ts';
import { sealReader } from './plan-lines/seal-reader.ts';
import { vaultReader } from './plan-lines/vault-reader.ts';
import { planLines } from './plan-lines/write-lines.ts';

export { planLine } from './plan-lines/lines.ts';
export { type SealedPlan, sealReader } from './plan-lines/seal-reader.ts';
export { rowKeyOf } from './plan-lines/share-rows.ts';
export { vaultReader } from './plan-lines/vault-reader.ts';
export { lineDigest, planLines, sealDigest } from './plan-lines/write-lines.ts';

/** The plan with the digest that its seal will bear: what an approval and a journal bind to. */
export function sealPlan(body: PlanBody): Plan {
  const clean = wellFormed(body);
  return { ...clean, digest: encoded(clean).digest };
}

/** The lines of a plan that is whole in memory, each with its end. */
export function encodePlan(plan: PlanBody): string {
  return encoded(plan)
    .lines.map((line) => `${line}\n`)
    .join('');
}

function encoded({ vaults, unreadable, findings, ...head }: PlanBody) {
  const lines = planLines();
  const before = [
    lines.head(headOf(head)),
    ...bySubscription(vaults).flatMap(([id, own]) => [...lines.subscription(id, own)]),
    lines.end({ unreadable, findings }),
  ];
  const seal = lines.seal();
  return { lines: [...before, seal.line], digest: seal.digest };
}

/** Vaults by the subscription that they lie in, in the order of the file. */
function bySubscription(vaults: readonly VaultPlan[]): readonly (readonly [string, readonly VaultPlan[]])[] {
  return [...grouped(vaults, subscriptionIdOf)].sort(([a], [b]) => compareText(a, b));
}

/**
 * Reads a whole plan into memory.
 * @param text the file, or its lines without their ends.
 * @throws KnownError PLAN_UNREADABLE or PLAN_FORMAT (usage), PLAN_EDITED (blocked).
 */
export function readPlan(text: string | readonly string[]): Plan {
  const lines = typeof text === 'string' ? linesOf(text) : text;
  const reader = sealReader();
  for (const line of lines) reader.push(line);
  const sealed = reader.done();
  const vaults = vaultReader(sealed);
  return {
    ...sealed.head,
    vaults: lines.flatMap((line) => vaults.push(line) ?? []),
    ...sealed.tail,
    digest: sealed.digest,
  };
}

/** Ends of lines may have been changed on the way, by a repository or an editor. */
function linesOf(text: string): readonly string[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

/** @throws KnownError PLAN_TENANT (blocked) when the plan was made in another tenant or cloud. */
export function assertSameTenant(
  plan: Pick<Plan, 'tenantId' | 'cloud'>,
  here: { readonly tenantId: string; readonly cloud: string },
): void {
  const tenants = plan.tenantId.toLowerCase() !== here.tenantId.toLowerCase();
  if (!tenants && plan.cloud === here.cloud) return;
  const message = tenants
    ? `the plan is for tenant \`${plan.tenantId}\`, and you are signed in to \`${here.tenantId}\``
    : `the plan is for cloud \`${plan.cloud}\`, and this is \`${here.cloud}\``;
  throw new KnownError('blocked', 'PLAN_TENANT', message, 'sign in to the tenant of the plan, or make a plan here');
}
