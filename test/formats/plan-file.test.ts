import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KnownError } from '../../src/base/known-error.ts';
import type { VaultPlan } from '../../src/formats/plan.ts';
import { assertSameTenant, encodePlan, readPlan, sealPlan } from '../../src/formats/plan-file.ts';
import { aPlan, bodyOf } from '../builders/a-plan.ts';

function refusal(text: string): KnownError {
  try {
    readPlan(text);
  } catch (error) {
    if (error instanceof KnownError) return error;
    throw error;
  }
  throw new Error('the plan was read');
}

const words = fc.string({ unit: 'grapheme', maxLength: 12 });
const finding = fc.record({
  severity: fc.constantFrom('blocker' as const, 'warning' as const, 'note' as const),
  code: words,
  subject: words,
  message: words,
  remedy: words,
});
const gain = fc.record({
  principalId: words,
  principal: fc.record({ kind: words, displayName: words }),
  dataActions: fc.array(fc.record({ dataAction: words, tier: fc.constantFrom('A' as const, 'B' as const) }), { maxLength: 2 }),
  assignmentId: words,
  scope: words,
  certain: fc.boolean(),
  cause: fc.constantFrom('plan' as const, 'flip' as const),
});
const basis = fc.record({
  fingerprint: words,
  fields: fc.dictionary(
    fc.string({ minLength: 1, maxLength: 8 }).filter((name) => !['__proto__', 'constructor', 'prototype'].includes(name)),
    fc.array(words, { maxLength: 3 }),
    { noNullPrototype: true },
  ),
});
const vaultPlan = fc.record({
  vaultId: words,
  name: words,
  state: fc.constantFrom('ready' as const, 'blocked' as const, 'alreadyOnRbac' as const),
  basis,
  entries: fc.constant<VaultPlan['entries']>([]),
  gains: fc.array(gain, { maxLength: 2 }),
  findings: fc.array(finding, { maxLength: 2 }),
  steps: fc.constant<VaultPlan['steps']>([]),
});

describe('a plan file', () => {
  test('comes back from its text as it was, whatever it holds', () => {
    fc.assert(
      fc.property(fc.array(vaultPlan, { maxLength: 3 }), fc.array(finding, { maxLength: 3 }), (vaults, findings) => {
        const plan = aPlan({ vaults, findings });
        const text = encodePlan(plan);
        expect(readPlan(text)).toEqual(plan);
        expect(encodePlan(readPlan(text))).toBe(text);
        expect(text.endsWith('}\n')).toBe(true);
      }),
    );
  });

  test('keeps its digest when somebody only lays it out differently', () => {
    expect(readPlan(JSON.stringify(aPlan()))).toEqual(aPlan());
  });

  test('is refused as edited after any single change of a value', () => {
    const plan = aPlan({ unreadable: [{ subject: 'a', because: 'b' }] });
    const edits = [
      encodePlan(plan).replace('"minimumAgeMinutes": 15', '"minimumAgeMinutes": 0'),
      encodePlan(plan).replace('"because": "b"', '"because": "c"'),
      encodePlan(plan).replace(
        plan.digest,
        plan.digest.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
      ),
      encodePlan({ ...plan, digest: '' }),
    ];
    for (const text of edits) {
      expect(text).not.toBe(encodePlan(plan));
      expect(refusal(text)).toMatchObject({ code: 'PLAN_EDITED', outcome: 'blocked' });
    }
  });

  test('of a newer format names the version that wrote it, whatever its digest says', () => {
    const newer = JSON.stringify({ ...aPlan(), formatVersion: 2, toolVersion: '9.9.9', more: {} });
    expect(refusal(newer)).toMatchObject({ code: 'PLAN_FORMAT', outcome: 'usage' });
    expect(refusal(newer).message).toContain('9.9.9');
  });

  test('with a right digest over what format 1 does not hold is unreadable, and the field is named', () => {
    const body = { ...bodyOf(aPlan()), settings: { minimumAgeMinutes: -1 } };
    expect(refusal(JSON.stringify(sealPlan(body)))).toMatchObject({ code: 'PLAN_UNREADABLE', outcome: 'usage' });
    expect(refusal(JSON.stringify(sealPlan(body))).message).toContain('settings.minimumAgeMinutes');
  });

  test.each([
    ['nothing', ''],
    ['text', 'hello'],
    ['a list', '[]'],
    ['half a plan', encodePlan(aPlan()).slice(0, 100)],
    ['another file', '{"format":"something"}'],
    ['a reserved name', encodePlan(aPlan()).replace('"vaults"', '"__proto__": {"state": "ready"}, "vaults"')],
    ['a reserved name in disguise', encodePlan(aPlan()).replace('"vaults"', '"\\u005f_proto__": {}, "vaults"')],
    ['a name given twice', encodePlan(aPlan()).replace('"cloud"', '"cloud": "usgov", "cloud"')],
    ['a lone surrogate', encodePlan(aPlan()).replace('"public"', '"\\ud800"')],
  ])('that is %s is refused in one line, and nobody’s prototype changes', (_, text) => {
    const error = refusal(text);
    expect(['PLAN_UNREADABLE', 'PLAN_EDITED']).toContain(error.code);
    expect(error.message).not.toContain('\n');
    expect(error.remedy).not.toBe('');
    expect(Object.getOwnPropertyNames({})).toEqual([]);
    expect('state' in {}).toBe(false);
  });

  test.each([44_641, 5e11, Number.MAX_SAFE_INTEGER])(
    'that asks for an age of %d minutes is unreadable: no wait could end',
    (minimumAgeMinutes) => {
      const text = JSON.stringify(sealPlan({ ...bodyOf(aPlan()), settings: { minimumAgeMinutes } }));
      expect(refusal(text)).toMatchObject({ code: 'PLAN_UNREADABLE', outcome: 'usage' });
    },
  );

  test('nested a million levels deep is refused, not a crash', () => {
    expect(refusal(`{"vaults":${'['.repeat(1_000_000)}`).code).toBe('PLAN_UNREADABLE');
    expect(refusal(`{"vaults":${'{"a":'.repeat(200_000)}`).code).toBe('PLAN_UNREADABLE');
  });

  test('of another tenant or cloud is a refusal of its own', () => {
    const plan = aPlan();
    expect(() => {
      assertSameTenant(plan, { tenantId: plan.tenantId.toUpperCase(), cloud: 'public' });
    }).not.toThrow();
    expect(() => {
      assertSameTenant(plan, { tenantId: '22222222-2222-2222-2222-222222222222', cloud: 'public' });
    }).toThrow(expect.objectContaining({ code: 'PLAN_TENANT', outcome: 'blocked' }));
    expect(() => {
      assertSameTenant(plan, { tenantId: plan.tenantId, cloud: 'china' });
    }).toThrow(expect.objectContaining({ code: 'PLAN_TENANT' }));
  });
});
