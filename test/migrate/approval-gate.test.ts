import { describe, expect, test } from 'vitest';
import { type Approval, sealApproval } from '../../src/formats/approval.ts';
import type { ApprovalRules } from '../../src/formats/approval-rules.ts';
import type { Plan } from '../../src/formats/plan.ts';
import { encodePlan, sealPlan, sealReader } from '../../src/formats/plan-file.ts';
import { type ApprovalFacts, approvalGate, type GivenApproval } from '../../src/migrate/approval-gate.ts';
import { apply, aSimpleWorld, expectNothingWritten, isFlipped, planOf, setPolicies } from '../builders/a-migration.ts';
import { bodyOf } from '../builders/a-plan.ts';
import { id, rawPolicy, tenantId } from '../builders/an-estate.ts';

const [author, reviewer, other, team] = [id('c', 999), id('e', 1), id('e', 2), id('e', 100)];
const names = ['kv-one', 'kv-two'];

function world() {
  return aSimpleWorld({}, names);
}

/** The plan as somebody made it whose config asks for approvals. */
function planned(rules: ApprovalRules | undefined, of = world(), by: string = author): Plan {
  const { settings, ...body } = bodyOf(planOf(of));
  return sealPlan({
    ...body,
    settings: { ...settings, ...(rules !== undefined && { approvals: rules }) },
    author: by,
  });
}

function digestsOf(plan: Plan): ReadonlyMap<string, string> {
  const reader = sealReader();
  for (const line of encodePlan(plan).trimEnd().split('\n')) reader.push(line);
  return new Map(reader.done().vaults.map(({ vaultId, digest }) => [vaultId, digest]));
}

interface Given {
  readonly approver?: string;
  readonly vaults?: readonly string[];
  readonly more?: Partial<Approval>;
  readonly known?: Partial<GivenApproval>;
}

function approval(of: Plan, { approver = reviewer, vaults = names, more = {}, known = {} }: Given = {}): GivenApproval {
  const digests = digestsOf(of);
  const approved = of.vaults.filter(({ name }) => vaults.includes(name));
  const sealed = sealApproval({
    format: 'keyturn-approval',
    formatVersion: 1,
    toolVersion: '0.1.0',
    cloud: 'public',
    tenantId,
    plan: { digest: of.digest, ...(of.author !== undefined && { author: of.author }) },
    vaults: approved.map(({ vaultId }) => ({ vaultId, digest: digests.get(vaultId) ?? '' })),
    gains: [],
    approver: { objectId: approver, tenantId, knownBy: 'token' },
    at: '2026-11-24T08:30:00.000Z',
    ...more,
  });
  return { approval: sealed, file: 'plan.approval.json', signature: 'absent', ...known };
}

/** How each vault ends: the code of what refuses it, or `open`. */
function answers(plan: Plan, given: readonly GivenApproval[], more: Partial<ApprovalFacts> = {}): readonly string[] {
  const gate = approvalGate(plan, { given, digests: digestsOf(plan), ...more });
  return plan.vaults.map((vault) => {
    try {
      gate.assertApproved(vault);
      return 'open';
    } catch (error) {
      return (error as { code: string }).code;
    }
  });
}

const perVault: ApprovalRules = { need: 'vault' };

describe('without rules', () => {
  test('nothing has to be approved', () => {
    expect(answers(planned(undefined), [])).toEqual(['open', 'open']);
    expect(answers(planned({ need: 'none' }), [])).toEqual(['open', 'open']);
  });
});

describe('where each vault has to be approved', () => {
  test('a vault that nobody approved is refused, and the one that somebody approved is carried out', () => {
    const plan = planned(perVault);
    expect(answers(plan, [])).toEqual(['NOT_APPROVED', 'NOT_APPROVED']);
    expect(answers(plan, [approval(plan, { vaults: ['kv-two'] })])).toEqual(['NOT_APPROVED', 'open']);
  });

  test('who made the plan may not approve it, and no spelling of the id helps', () => {
    const plan = planned(perVault);
    expect(answers(plan, [approval(plan, { approver: author.toUpperCase() })])).toEqual(['APPROVER_IS_AUTHOR', 'APPROVER_IS_AUTHOR']);
    expect(
      answers(planned({ ...perVault, selfApproval: true }), [approval(planned({ ...perVault, selfApproval: true }), { approver: author })]),
    ).toEqual(['open', 'open']);
  });

  test('an author that somebody else took the place of by planning again is still no approver of what they made', () => {
    const mine = approval(planned(perVault), { approver: author });
    expect(answers(planned(perVault, world(), other), [mine])).toEqual(['APPROVER_IS_AUTHOR', 'APPROVER_IS_AUTHOR']);
  });

  test('a plan that does not say who made it cannot be approved by anybody', () => {
    const plan = planned(perVault);
    const { author: made, ...without } = plan;
    expect(made).toBe(author);
    expect(answers(without, [approval(plan)])).toEqual(['NOT_APPROVED', 'NOT_APPROVED']);
  });

  test('approvals outlive a new plan for vaults that did not move, and are void for those that did', () => {
    const before = planned(perVault);
    const of = world();
    setPolicies(of, [rawPolicy(id('d', 1), { secrets: ['get', 'list', 'set'] })], 'kv-two');
    const after = planned(perVault, of);
    expect(after.digest).not.toBe(before.digest);
    expect(answers(after, [approval(before)])).toEqual(['open', 'APPROVAL_STALE']);
  });

  test('two are needed where the rules say two, and one person is one however often they approve', () => {
    const plan = planned({ need: 'vault', count: 2 });
    const twice = [approval(plan), approval(plan, { more: { note: 'again' } })];
    expect(answers(plan, twice)).toEqual(['NOT_APPROVED', 'NOT_APPROVED']);
    expect(answers(plan, [...twice, approval(plan, { approver: other })])).toEqual(['open', 'open']);
  });

  test('only those who are named may approve, themselves or through a group, and a group that cannot be read opens nothing', () => {
    const plan = planned({ need: 'vault', by: [other, team] });
    expect(answers(plan, [approval(plan, { approver: other })])).toEqual(['open', 'open']);
    expect(answers(plan, [approval(plan, { known: { groups: { state: 'read', value: [team] } } })])).toEqual(['open', 'open']);
    expect(answers(plan, [approval(plan, { known: { groups: { state: 'read', value: [] } } })])).toEqual(['NOT_APPROVED', 'NOT_APPROVED']);
    const unread: GivenApproval = approval(plan, { known: { groups: { state: 'unreadable', because: 'refused' } } });
    const gate = approvalGate(plan, { given: [unread], digests: digestsOf(plan) });
    expect(() => {
      for (const vault of plan.vaults) gate.assertApproved(vault);
    }).toThrow(expect.objectContaining({ code: 'NOT_APPROVED', outcome: 'undetermined' }) as Error);
  });

  test('an approval from another tenant, or of a cloud of the same names, is none', () => {
    const plan = planned(perVault);
    expect(answers(plan, [approval(plan, { more: { tenantId: id('f') } })])).toEqual(['NOT_APPROVED', 'NOT_APPROVED']);
    expect(answers(plan, [approval(plan, { more: { cloud: 'usgov' } })])).toEqual(['NOT_APPROVED', 'NOT_APPROVED']);
    const guest = { objectId: reviewer, tenantId: id('f'), knownBy: 'token' } as const;
    expect(answers(plan, [approval(plan, { more: { approver: guest } })])).toEqual(['NOT_APPROVED', 'NOT_APPROVED']);
  });
});

describe('signatures', () => {
  test.each([
    ['none', 'absent'],
    ['one that nobody could check', 'unchecked'],
    ['a bad one', { bad: 'Could not verify signature.' }],
  ] as const)('where they are asked for, an approval with %s counts for nothing', (_, signature) => {
    const plan = planned({ need: 'vault', signed: true });
    expect(answers(plan, [approval(plan, { known: { signature } })])).toEqual(['SIGNATURE_BAD', 'SIGNATURE_BAD']);
    expect(answers(plan, [approval(plan, { known: { signature: 'good' } })])).toEqual(['open', 'open']);
  });

  test('a bad one counts for nothing also where none is asked for', () => {
    const plan = planned(perVault);
    expect(answers(plan, [approval(plan, { known: { signature: { bad: 'no' } } })])).toEqual(['SIGNATURE_BAD', 'SIGNATURE_BAD']);
  });
});

describe('where the plan has to be approved as a whole', () => {
  const whole: ApprovalRules = { need: 'plan' };

  test('approving one of two vaults approves neither', () => {
    const plan = planned(whole);
    expect(answers(plan, [approval(plan, { vaults: ['kv-one'] })])).toEqual(['NOT_APPROVED', 'NOT_APPROVED']);
    expect(answers(plan, [approval(plan)])).toEqual(['open', 'open']);
  });

  test('one vault that moved makes the approval stale for all', () => {
    const before = planned(whole);
    const of = world();
    setPolicies(of, [rawPolicy(id('d', 1), { secrets: ['get', 'list', 'set'] })], 'kv-two');
    expect(answers(planned(whole, of), [approval(before)])).toEqual(['APPROVAL_STALE', 'APPROVAL_STALE']);
  });
});

describe('the rules of the machine that carries out', () => {
  test('they may ask for more than the plan does', () => {
    const plan = planned(undefined);
    expect(answers(plan, [], { rules: perVault })).toEqual(['NOT_APPROVED', 'NOT_APPROVED']);
    expect(answers(plan, [approval(plan)], { rules: perVault })).toEqual(['open', 'open']);
  });

  test('they cannot ask for less', () => {
    expect(answers(planned(perVault), [], { rules: { need: 'none' } })).toEqual(['NOT_APPROVED', 'NOT_APPROVED']);
    const own = planned(perVault);
    expect(answers(own, [approval(own, { approver: author })], { rules: { need: 'none', selfApproval: true } })).toEqual([
      'APPROVER_IS_AUTHOR',
      'APPROVER_IS_AUTHOR',
    ]);
  });
});

describe('a run', () => {
  test('writes nothing at a vault that is not approved, whoever forgot to hand the approvals over', async () => {
    const azure = world();
    await expectNothingWritten(azure, async () => {
      const results = await apply(azure, planned(perVault, azure));
      expect(results.map(({ outcome, code }) => [outcome, code])).toEqual([
        ['blocked', 'NOT_APPROVED'],
        ['blocked', 'NOT_APPROVED'],
      ]);
    });
  });

  test('carries out the vaults that are approved, and leaves the others alone', async () => {
    const azure = world();
    const plan = planned(perVault, azure);
    const approvals = { given: [approval(plan, { vaults: ['kv-two'] })], digests: digestsOf(plan), file: 'my plan.json' };
    const [one, two] = await apply(azure, plan, { approvals });
    expect([one?.code, two?.outcome]).toEqual(['NOT_APPROVED', 'done']);
    expect(one?.remedy).toContain("`keyturn approve 'my plan.json' --vault kv-one`");
    expect([isFlipped(azure, 'kv-one'), isFlipped(azure, 'kv-two')]).toEqual([false, true]);
  });

  test('a plan from which somebody took the rules is another plan: approvals of its vaults still bind to what is planned', () => {
    const plan = planned(perVault);
    const { settings, ...body } = bodyOf(plan);
    const { minimumAgeMinutes } = settings;
    const forged = sealPlan({ ...body, settings: { minimumAgeMinutes } });
    expect(forged.digest).not.toBe(plan.digest);
    expect(answers(forged, [], { rules: perVault })).toEqual(['NOT_APPROVED', 'NOT_APPROVED']);
  });
});
