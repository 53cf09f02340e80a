import { expect, test } from 'vitest';
import { type Reading, read, unreadable } from '../../src/base/reading.ts';
import { checkProof } from '../../src/check-proof/check-proof.ts';
import type { RoleAssignment } from '../../src/model/role.ts';
import { makeProof } from '../../src/verify/make-proof.ts';
import { verifyVault } from '../../src/verify/verify-vault.ts';
import { anEstate, aSubscription, aVault, rawVault } from '../builders/an-estate.ts';
import { catalogue } from '../builders/the-catalogue.ts';

test('a vault without policies is not proved while nobody can say who gains by its flip', () => {
  const checked = (roleAssignments: Reading<readonly RoleAssignment[]>) => {
    const vault = aVault(rawVault('kv-empty', []));
    const subscription = aSubscription({ roleAssignments });
    const estate = anEstate([vault], [], subscription);
    const question = { vault, subscription, estate, catalogue, at: new Date('2026-11-24T09:00:00Z'), minimumAgeMinutes: 15 };
    return checkProof(makeProof(question, verifyVault(question), undefined));
  };
  expect(checked(read([])).verdict).toBe('proved');
  expect(checked(unreadable('forbidden'))).toEqual({
    verdict: 'refuted',
    lines: ['who gains is not known: role assignments are unread'],
  });
});
