import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideLegacy } from '../../src/access/decide-legacy.ts';
import { decideRbac } from '../../src/access/decide-rbac.ts';
import { judgePeople } from '../../src/access/judge-people.ts';
import type { Guid } from '../../src/base/guid.ts';
import type { JsonObject } from '../../src/base/json.ts';
import * as t from '../builders/a-tenant.ts';
import { anyOther, isSteady, resources, tenant } from './a-random-tenant.ts';

const { anna, ben, app, team, division, getSecret, readMetadata } = t;
const policy = (objectId: Guid, secrets: readonly string[]): JsonObject => ({ objectId, permissions: { secrets: [...secrets] } });
const people = (one: t.Tenant, policies: readonly JsonObject[]) =>
  judgePeople({
    ...t.question(one, { vault: t.vault(policies), minimumAgeMinutes: 15 }),
    givenUp: new Map(),
    keptOnObjects: new Map(),
    byGroups: new Set(),
  }).people;

describe('what the flip means for each principal, held against single questions', () => {
  const policies = fc.array(
    fc
      .record({
        who: fc.constantFrom(anna, ben, app, team, division),
        secrets: fc.subarray(['get', 'list', 'delete'], { minLength: 1 }),
      })
      .map(({ who, secrets }) => policy(who, secrets)),
    { maxLength: 3 },
  );
  const where = (action: string) => resources.slice(0, 4).filter(({ kind }) => !(action === getSecret && kind === 'vault'));
  const asked = fc.record({
    one: tenant,
    entries: policies,
    who: fc.constantFrom(anna, ben, app),
    action: fc.constantFrom(getSecret, readMetadata),
  });

  test('no loss goes untold, and no certain one is untrue', () => {
    fc.assert(
      fc.property(asked, ({ one, entries, who, action }) => {
        const today = decideLegacy({ principalId: who, dataAction: action }, t.vault(entries), t.facts(one)).state;
        const after = where(action).map(
          (resource) => decideRbac(t.ask(who, action, resource, { whenRead: true }), t.facts(anyOther(one, resource))).state,
        );
        const row = people(one, entries).find((person) => person.principalId === who);
        const losses = (row?.losses ?? []).filter((loss) => loss.dataActions.some(({ name }) => name === action));
        if (today === 'granted' && after.includes('notGranted')) expect(losses).not.toEqual([]);
        if (today === 'granted' && losses.length === 0) expect(after.every((state) => state === 'granted')).toBe(true);
        if (losses.some((loss) => loss.certain)) {
          expect(today).toBe('granted');
          // What is too young to count, or ends, is there for now.
          if (isSteady(one)) expect(after.every((state) => state === 'granted')).toBe(false);
        }
      }),
      { numRuns: 400 },
    );
  });
  test('no gain goes untold, and no certain one is untrue', () => {
    fc.assert(
      fc.property(asked, ({ one, entries, who, action }) => {
        const today = decideLegacy({ principalId: who, dataAction: action }, t.vault(entries), t.facts(one)).state;
        const after = where(action).map(
          (resource) => decideRbac(t.ask(who, action, resource, { whenRead: true }), t.facts(anyOther(one, resource))).state,
        );
        const row = people(one, entries).find((person) => person.principalId === who);
        const gains = (row?.gains ?? []).filter((gain) => gain.dataActions.some(({ name }) => name === action));
        if (today === 'notGranted' && after.some((state) => state !== 'notGranted')) expect(gains).not.toEqual([]);
        if (today === 'granted') expect(gains).toEqual([]);
        if (gains.some((gain) => gain.certain)) expect(after).toContain('granted');
      }),
      { numRuns: 400 },
    );
  });
});
