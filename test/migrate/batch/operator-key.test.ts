import { describe, expect, test } from 'vitest';
import type { Guid } from '../../../src/base/guid.ts';
import { read, unreadable } from '../../../src/base/reading.ts';
import { operatorKey } from '../../../src/migrate/batch/share-answers.ts';
import type { Estate, SubscriptionFacts } from '../../../src/model/estate.ts';
import type { Scope } from '../../../src/model/scope.ts';
import { anAssignment, anEstate, aSubscription, id, operatorId, subscriptionId, vaultResourceId } from '../../builders/an-estate.ts';

const [a, b] = ['a', 'b'].map((name) => vaultResourceId(name).toLowerCase() as Scope) as [Scope, Scope];
const group = id('e');

function keys(facts: Partial<SubscriptionFacts>, estate: Partial<Estate> = {}) {
  const subscription = aSubscription({ denyAssignments: read([]), ...facts });
  const now = {
    estate: anEstate([], [], subscription, { operator: { objectId: operatorId, groups: read([group]) }, ...estate }),
    subscription,
  };
  return [operatorKey(a, now), operatorKey(b, now)];
}

describe('RF-7: what the operator may do is asked once for vaults that the same rows reach', () => {
  test.each<[string, string, string]>([
    ['nothing below the subscription', `/subscriptions/${subscriptionId}`, operatorId],
    ['an assignment to somebody else at one of them', vaultResourceId('a'), id('d', 1)],
    ['one on an object of one of them', `${vaultResourceId('a')}/secrets/x`, operatorId],
  ])('%s: the same', (_, scope, principal) => {
    const [one, other] = keys({ roleAssignments: read([anAssignment(scope, principal as Guid, 'Reader')]) });
    expect(one).toBeDefined();
    expect(one).toBe(other);
  });

  test.each<[string, string]>([
    ['its own', operatorId],
    ['one of a group of its', group],
  ])('an assignment at one of them, %s: each is asked about', (_, principal) => {
    const [one, other] = keys({ roleAssignments: read([anAssignment(vaultResourceId('a'), principal as Guid, 'Reader')]) });
    expect(one).not.toBe(other);
  });

  test('lists or groups that could not be read: nothing is the same for sure', () => {
    expect(keys({ roleAssignments: unreadable('no') })).toEqual([undefined, undefined]);
    expect(keys({ roleAssignments: read([]), denyAssignments: unreadable('no') })).toEqual([undefined, undefined]);
    expect(keys({ roleAssignments: read([]) }, { operator: { objectId: operatorId, groups: unreadable('no') } })).toEqual([
      undefined,
      undefined,
    ]);
  });
});
