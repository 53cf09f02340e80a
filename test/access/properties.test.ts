import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decideRbac } from '../../src/access/decide-rbac.ts';
import { judgeVault } from '../../src/access/judge-vault.ts';
import type { Access } from '../../src/access/judgement.ts';
import { everyone } from '../../src/base/guid.ts';
import type { RoleAssignment } from '../../src/model/role.ts';
import * as t from '../builders/a-tenant.ts';
import { anyOther, assignment, denial, ladder, people, request, resources, rolesInPlay, tenant } from './a-random-tenant.ts';

const { anna, ben, app, team, division } = t;
const rank: Readonly<Record<Access['state'], number>> = { notGranted: 0, unknown: 1, granted: 2 };
const decide = (one: t.Tenant, asked: ReturnType<typeof t.ask>) => decideRbac(asked, t.facts(one));
const runs = { numRuns: 500 };

test('EA-5: one more assignment never takes access away', () => {
  fc.assert(
    fc.property(tenant, assignment, request, (one, extra, asked) => {
      const after = decide({ ...one, assignments: [...one.assignments, extra] }, asked);
      expect(rank[after.state]).toBeGreaterThanOrEqual(rank[decide(one, asked).state]);
    }),
    runs,
  );
});
test('EA-12: the same assignment at a wider scope never takes access away', () => {
  fc.assert(
    fc.property(tenant, fc.nat(ladder.length - 2), fc.constantFrom(...rolesInPlay), request, (one, step, role, asked) => {
      const at = (rung: number) =>
        decide({ ...one, assignments: [...one.assignments, t.assign(asked.principalId, role, ladder[rung])] }, asked);
      expect(rank[at(step + 1).state]).toBeGreaterThanOrEqual(rank[at(step).state]);
    }),
    runs,
  );
});
test('EA-2: a deny for everyone always wins', () => {
  fc.assert(
    fc.property(tenant, fc.constantFrom(...ladder.slice(1)), request, (one, at, asked) => {
      const denied = decide({ ...one, denies: [...one.denies, t.deny(at, [everyone], ['*'])] }, asked);
      expect(denied.state).toBe('notGranted');
    }),
    runs,
  );
});
test('EA-2: one more deny never gives access', () => {
  fc.assert(
    fc.property(tenant, denial, request, (one, extra, asked) => {
      const after = decide({ ...one, denies: [...one.denies, extra] }, asked);
      expect(rank[after.state]).toBeLessThanOrEqual(rank[decide(one, asked).state]);
    }),
    runs,
  );
});
test('the order in which Azure lists things is irrelevant', () => {
  fc.assert(
    fc.property(tenant, request, (one, asked) => {
      const turned = { ...one, assignments: one.assignments.toReversed(), denies: one.denies.toReversed(), roles: one.roles.toReversed() };
      expect(decide(turned, asked)).toEqual(decide(one, asked));
    }),
    runs,
  );
});
test('EA-29: what a group is given, its members are given', () => {
  fc.assert(
    fc.property(tenant, request, (one, asked) => {
      const free = { ...one, denies: [] };
      if (!(one.members[team] ?? []).includes(asked.principalId)) return;
      const asGroup = decide(free, { ...asked, principalId: team });
      expect(rank[decide(free, asked).state]).toBeGreaterThanOrEqual(rank[asGroup.state]);
    }),
    runs,
  );
});

const requirements = people.map((principalId) => {
  return { principalId, dataActions: [t.getSecret, t.readMetadata], ...(principalId !== ben && { alsoByGroups: true as const }) };
});
const vault = t.vault([{ objectId: anna, permissions: { secrets: ['get'] } }]);
const judge = (one: t.Tenant) => judgeVault(t.question(one, { requirements, vault, minimumAgeMinutes: 15 }));

test('EA-37: what is durably covered is granted now', () => {
  fc.assert(
    fc.property(tenant, (one) => {
      for (const { state, principalId, dataAction, resource } of judge(one).pairs)
        if (state === 'covered') expect(decide(anyOther(one, resource), t.ask(principalId, dataAction, resource)).state).toBe('granted');
    }),
    { numRuns: 150 },
  );
});
test('EA-37: one more assignment never takes coverage away', () => {
  fc.assert(
    fc.property(tenant, assignment, (one, extra) => {
      const key = (pair: { principalId: string; dataAction: string; resource: unknown }) =>
        JSON.stringify([pair.principalId, pair.dataAction, pair.resource]);
      const covered = (of: t.Tenant) =>
        judge(of)
          .pairs.filter((pair) => pair.state === 'covered')
          .map(key);
      const after = new Set(covered({ ...one, assignments: [...one.assignments, extra] as readonly RoleAssignment[] }));
      expect(covered(one).filter((pair) => !after.has(pair))).toEqual([]);
    }),
    { numRuns: 150 },
  );
});
test('a judgement is the same whatever the order of its facts', () => {
  fc.assert(
    fc.property(tenant, (one) => {
      const turned = { ...one, assignments: one.assignments.toReversed(), denies: one.denies.toReversed() };
      expect(judge(turned)).toEqual(judge(one));
    }),
    { numRuns: 150 },
  );
});
test('no access that is given and no policy gives goes without being told as a gain', () => {
  fc.assert(
    fc.property(tenant, fc.constantFrom(anna, ben, app), fc.constantFrom(t.getSecret, t.readMetadata), (one, who, action) => {
      const held = who === anna && action === t.getSecret;
      const given = resources.slice(0, 4).filter((resource) => !(action === t.getSecret && resource.kind === 'vault'));
      const now = given.some((resource) => decide(one, t.ask(who, action, resource)).state !== 'notGranted');
      const groups = [team, division].filter((group) => (one.members[group] ?? []).includes(who));
      const told = judge(one).gains.some(
        (gain) => [who, ...groups].includes(gain.principalId) && gain.dataActions.some(({ name }) => name === action),
      );
      if (now && !held) expect(told).toBe(true);
    }),
    runs,
  );
});
