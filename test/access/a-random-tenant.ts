import fc from 'fast-check';
import type { CheckedResource } from '../../src/access/judgement.ts';
import { everyone } from '../../src/base/guid.ts';
import { read, unreadable } from '../../src/base/reading.ts';
import { scopeLevel } from '../../src/model/scope.ts';
import * as t from '../builders/a-tenant.ts';

const { anna, ben, app, team, division } = t;
export const people = [anna, ben, app, team, division];
export const rolesInPlay = ['Secrets User', 'Secrets Officer', 'Reader', 'Administrator', 'Owner', t.id(77), t.id(78)];
export const ladder = [
  `${t.vaultId}/secrets/s1`,
  t.vaultId,
  t.group,
  t.subscription,
  '/providers/Microsoft.Management/managementGroups/mg-corp',
  '/',
];
const elsewhere = [`${t.vaultId}0`, `${t.vaultId}/secrets/s10`, `${t.vaultId}/keys/s1`];
const custom = [
  t.role(t.id(77), [{ dataActions: ['Microsoft.KeyVault/vaults/*'], notDataActions: ['Microsoft.KeyVault/vaults/secrets/*'] }]),
  t.role(t.id(78), [{ dataActions: [t.getSecret], condition: "@Resource[Microsoft.KeyVault/vaults/secrets:name] StringEquals 's1'" }]),
];
const conditions = [undefined, undefined, undefined, 'odd', "@Resource[Microsoft.KeyVault/vaults/secrets:name] StringLike 's?'"];

export const assignment = fc
  .record({
    who: fc.constantFrom(...people),
    role: fc.constantFrom(...rolesInPlay),
    at: fc.constantFrom(...ladder, ...elsewhere),
    condition: fc.constantFrom(...conditions),
    made: fc.constantFrom(undefined, undefined, '2026-11-20T12:00:00Z', '2026-11-24T10:00:00Z', '2026-11-24T11:59:00Z'),
  })
  .map(({ who, role, at, condition, made }) =>
    t.assign(who, role, at, {
      ...(condition !== undefined && { condition }),
      ...(made !== undefined && { createdOn: made, updatedOn: made }),
    }),
  );
export const denial = fc
  .record({
    who: fc.constantFrom(everyone, ...people),
    at: fc.constantFrom(...ladder.slice(0, 4), ...elsewhere),
    actions: fc.subarray([t.getSecret, t.readMetadata, 'Microsoft.KeyVault/vaults/keys/*'], { minLength: 1 }),
    own: fc.boolean(),
    spared: fc.subarray(people, { maxLength: 1 }),
    condition: fc.constantFrom(...conditions),
  })
  .map(({ who, at, actions, own, spared, condition }) => {
    const named = (id: string) => ({ id, type: id === team || id === division ? 'Group' : 'User' });
    const excludePrincipals = spared.map(named);
    return t.deny(at, [named(who)], actions, {
      excludePrincipals,
      doNotApplyToChildScopes: own,
      ...(condition !== undefined && { condition }),
    });
  });
/** Transitive, as the directory answers it: who is in the team is in the division that holds the team. */
const membership = fc.tuple(fc.subarray([anna, ben, app]), fc.subarray([anna, ben, app, team])).map(([inTeam, inDivision]) => ({
  [team]: inTeam,
  [division]: inDivision.includes(team) ? [...new Set([...inDivision, ...inTeam])] : inDivision,
}));
/** PIM for Groups ends some memberships of the team, and of the division around it (EA-61). */
const ending = fc.subarray([anna, ben, app], { maxLength: 1 }).map((ids) => {
  const of = ids.length === 0 ? {} : { ending: ids.map((principalId) => ({ principalId, until: '2026-11-24T20:00:00Z' })) };
  return [t.user(anna), t.user(ben), t.service(app), t.aGroup(team, of), t.aGroup(division, of)];
});
/** What is known of PIM: its list, that there is none, or nothing. */
const pim = fc.constantFrom<t.Tenant['facts']>(
  {},
  {},
  { activeInstances: read([]), withoutPim: 'no licence' },
  { activeInstances: unreadable('a row is not understood') },
);
export const tenant = fc.record({
  principals: ending,
  facts: pim.map((facts) => facts ?? {}),
  assignments: fc.array(assignment, { maxLength: 6 }),
  denies: fc.array(denial, { maxLength: 2 }),
  members: membership,
  roles: fc.constant(custom),
});
export const resources: readonly CheckedResource[] = [
  t.atVault,
  t.anySecret,
  t.theSecret('s1'),
  t.theSecret('s10'),
  { kind: 'anyObject', collection: 'keys' },
];
export const request = fc
  .record({
    who: fc.constantFrom(...people),
    action: fc.constantFrom(t.getSecret, t.readMetadata, t.secret('delete'), 'Microsoft.KeyVault/vaults/keys/read'),
    resource: fc.constantFrom(...resources),
  })
  .map(({ who, action, resource }) => t.ask(who, action, resource));

/** Of any object a verdict speaks apart from those that a deny assignment stands on, since they have verdicts of their own. */
export function anyOther(one: t.Tenant, resource: CheckedResource): t.Tenant {
  if (resource.kind !== 'anyObject') return one;
  return { ...one, denies: (one.denies ?? []).filter(({ scope }) => scopeLevel(scope) !== 'object') };
}

/** Whether everything in it has stood for long, and has no end that PIM for Groups knows. */
export function isSteady({ assignments = [], principals = [] }: t.Tenant): boolean {
  const ends = principals.some((one) => one.kind === 'group' && one.ending !== undefined);
  return !ends && assignments.every(({ createdOn }) => createdOn.startsWith('2026-01'));
}
