import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KnownError } from '../../src/base/known-error.ts';
import type { VaultPlan } from '../../src/formats/plan.ts';
import { assertSameTenant, encodePlan, readPlan } from '../../src/formats/plan-file.ts';
import { finding as aFinding, type Finding } from '../../src/model/finding.ts';
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
const severity = fc.constantFrom('blocker' as const, 'warning' as const, 'note' as const);
const subject = fc.oneof(
  fc.record({ vault: words }),
  fc.record({ vault: words, principal: words }),
  fc.record({ vault: words, principal: words, application: words }),
  fc.record({ role: words }),
  fc.constant({}),
);
const finding: fc.Arbitrary<Finding> = fc.oneof(
  fc
    .tuple(severity, subject, words)
    .map(([how, about, text]) => aFinding(how, 'PLN-DOUBT', about, { because: [{ kind: 'listUnread', list: 'roleAssignments', text }] })),
  fc.tuple(severity, subject).map(([how, about]) => ({
    ...aFinding(how, 'PLN-REPAIR', about, {}),
    answer: { kind: 'accepted' as const, reason: 'known' },
  })),
);
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

  test('is read the same with the line ends that a repository or an editor gave it, and with a mark of its encoding', () => {
    const text = encodePlan(aPlan());
    expect(readPlan(text.replaceAll('\n', '\r\n'))).toEqual(aPlan());
    expect(readPlan(`\uFEFF${text}`)).toEqual(aPlan());
    expect(readPlan(text.trimEnd())).toEqual(aPlan());
  });

  test('is refused as edited after any single change of a value', () => {
    const text = encodePlan(aPlan({ unreadable: [{ subject: 'a', because: 'b' }] }));
    const edits = [
      text.replace('"minimumAgeMinutes":15', '"minimumAgeMinutes":0'),
      text.replace('"because":"b"', '"because":"c"'),
      text.replace(
        /"digest":"sha256:([0-9a-f]{63})(.)"\}\n$/,
        (_, most: string, last) => `"digest":"sha256:${most}${last === '0' ? '1' : '0'}"}\n`,
      ),
    ];
    for (const edit of edits) {
      expect(edit).not.toBe(text);
      expect(refusal(edit)).toMatchObject({ code: 'PLAN_EDITED', outcome: 'blocked' });
    }
  });

  test('of another format names the version that wrote it, whatever its seal says', () => {
    const { formatVersion, ...rest } = aPlan();
    const newer = JSON.stringify({ ...rest, formatVersion: 3, toolVersion: '9.9.9', more: {} });
    expect(refusal(newer)).toMatchObject({ code: 'PLAN_FORMAT', outcome: 'usage' });
    expect(refusal(newer).message).toContain('9.9.9');
    const older = JSON.stringify({ ...aPlan(), formatVersion: 1 }, undefined, 2);
    expect(refusal(older)).toMatchObject({ code: 'PLAN_FORMAT', remedy: expect.stringContaining('`keyturn plan` again') as string });
    expect(refusal(JSON.stringify({ ...rest, formatVersion: 1 }))).toMatchObject({ code: 'PLAN_FORMAT' });
    expect(formatVersion).toBe(2);
  });

  test('with a right seal over what format 2 does not hold is unreadable, and the field is named', () => {
    const body = { ...bodyOf(aPlan()), settings: { minimumAgeMinutes: -1 } };
    expect(refusal(encodePlan(body))).toMatchObject({ code: 'PLAN_UNREADABLE', outcome: 'usage' });
    expect(refusal(encodePlan(body)).message).toContain('settings.minimumAgeMinutes');
  });

  test('whose doubts are no reasons of the judgement is unreadable, and so is one whose roles are chosen for no known reason', () => {
    const doubt = aFinding('warning', 'PLN-DOUBT', {}, { because: [{ kind: 'listUnread', list: 'roleAssignments', text: '403' }] });
    const vault = { vaultId: 'v', name: 'v', state: 'ready' as const, basis: { fingerprint: '', fields: {} }, gains: [], steps: [] };
    const choice = {
      roles: [],
      covered: [],
      uncovered: [],
      excess: [],
      price: 0,
      controlPlane: [],
      because: [{ kind: 'heldAlready' as const }],
    };
    const none = { keys: [], secrets: [], certificates: [], storage: [] };
    const who = {
      tenantId: 't',
      objectId: 'o',
      principal: { kind: 'user', displayName: '' },
      permissions: none,
      required: [],
      dropped: [],
    };
    const entry = { ...who, outcome: 'reproduce' as const, choice };
    const plan = bodyOf(aPlan({ vaults: [{ ...vault, entries: [entry], findings: [doubt] }] }));
    expect(readPlan(encodePlan(plan)).vaults[0]).toMatchObject({ findings: [doubt], entries: [{ choice }] });
    const forged = (kind: string) => JSON.parse(JSON.stringify(plan).replace(`"kind":"${kind}"`, '"kind":"trustMe"')) as typeof plan;
    for (const kind of ['listUnread', 'heldAlready'])
      expect(refusal(encodePlan(forged(kind))), kind).toMatchObject({ code: 'PLAN_UNREADABLE', outcome: 'usage' });
  });

  test('that was cut off after any line says so', () => {
    const lines = encodePlan(aPlan()).trimEnd().split('\n');
    for (let kept = 1; kept < lines.length; kept += 1) {
      expect(refusal(lines.slice(0, kept).join('\n'))).toMatchObject({
        code: 'PLAN_UNREADABLE',
        message: expect.stringContaining('cut off') as string,
      });
    }
  });

  test.each([
    ['nothing', ''],
    ['text', 'hello'],
    ['a list', '[]'],
    ['half a plan', encodePlan(aPlan()).slice(0, 100)],
    ['another file', '{"format":"something"}'],
    ['a reserved name', encodePlan(aPlan()).replace('"cloud"', '"__proto__": {"state": "ready"}, "cloud"')],
    ['a reserved name in disguise', encodePlan(aPlan()).replace('"cloud"', '"\\u005f_proto__": {}, "cloud"')],
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
      const text = encodePlan({ ...bodyOf(aPlan()), settings: { minimumAgeMinutes } });
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
