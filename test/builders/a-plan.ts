import { headOf, type Plan, type PlanBody } from '../../src/formats/plan.ts';
import { sealPlan } from '../../src/formats/plan-file.ts';

/** A small plan, whole and sealed. */
export function aPlan(changes: Partial<PlanBody> = {}): Plan {
  return sealPlan({
    format: 'keyturn-plan',
    formatVersion: 2,
    toolVersion: '0.1.0',
    cloud: 'public',
    tenantId: '11111111-1111-1111-1111-111111111111',
    catalogue: { asOf: '2026-11-23', digest: 'sha256:0' },
    settings: { minimumAgeMinutes: 15 },
    vaults: [],
    unreadable: [],
    findings: [],
    ...changes,
  });
}

/** A plan without its digest, to change and seal again as somebody with bad intent could. */
export function bodyOf(plan: Plan): PlanBody {
  const { vaults, unreadable, findings } = plan;
  return { ...headOf(plan), vaults, unreadable, findings };
}
