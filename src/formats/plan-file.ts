import { digestOf, digestOrNone } from '../base/canonical-json.ts';
import { KnownError } from '../base/known-error.ts';
import { plainJson } from '../base/plain-json.ts';
import { parseUntrusted } from '../base/untrusted-json.ts';
import { wellFormed } from '../base/well-formed.ts';
import { type Plan, type PlanBody, planFile } from './plan.ts';

const again = 'run `keyturn plan` again';

/** The plan with the digest over its canonical form (RFC 8785): what an approval and a journal bind to. */
export function sealPlan(body: PlanBody): Plan {
  const clean = wellFormed(body);
  return { ...clean, digest: digestOf(clean) };
}

/** The plan as text: names in the order of the format's description, two blanks a level, one newline at the end. */
export function encodePlan(plan: Plan): string {
  return `${plainJson(JSON.stringify(planFile.parse(plan), undefined, 2))}\n`;
}

/**
 * Reads a plan that may come from anywhere: version before digest, digest before meaning.
 * @throws KnownError PLAN_UNREADABLE or PLAN_FORMAT (usage), PLAN_EDITED (blocked).
 */
export function readPlan(text: string): Plan {
  const value = parseUntrusted(text, { what: 'the plan', code: 'PLAN_UNREADABLE', remedy: again, limit: 400_000_000 });
  if (value.format !== 'keyturn-plan') throw unreadable('it is not a keyturn plan file');
  if (value.formatVersion !== 1) {
    const version = typeof value.formatVersion === 'number' ? value.formatVersion : 'none';
    const writer = typeof value.toolVersion === 'string' ? value.toolVersion.slice(0, 40) : 'unknown';
    const message = `the plan has format \`${version}\`, written by version \`${writer}\`; this version reads format 1`;
    throw new KnownError('usage', 'PLAN_FORMAT', message, `${again} with this version, or use the version that wrote it`);
  }
  const { digest, ...body } = value;
  if (digest !== digestOrNone(body)) {
    throw new KnownError('blocked', 'PLAN_EDITED', 'the plan was changed after it was written', `${again} and have it approved`);
  }
  const parsed = planFile.safeParse(value);
  if (parsed.success) return parsed.data;
  throw unreadable(`\`${parsed.error.issues[0]?.path.join('.') ?? ''}\` is not valid in format version 1`);
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

function unreadable(why: string): KnownError {
  return new KnownError('usage', 'PLAN_UNREADABLE', `the plan cannot be read: ${why}`, again);
}
