import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type JsonObject, objectAt, stringAt } from '../../src/base/json.ts';
import { read } from '../../src/base/reading.ts';
import { type PolicyHit, vaultPolicies } from '../../src/governance/vault-policy.ts';
import type { SubscriptionFacts } from '../../src/model/estate.ts';
import { parsePolicyAssignment } from '../../src/model/governance.ts';
import { parsePolicyDefinition, parsePolicyExemption } from '../../src/model/policy-definition.ts';
import type { Scope } from '../../src/model/scope.ts';
import { parseVault } from '../../src/model/vault.ts';
import { ServiceError } from '../../src/sandbox/exchange.ts';
import { governed } from '../../src/sandbox/policy/govern.ts';
import { aSubscription } from '../builders/an-estate.ts';
import { now, type PolicyWorld, policyWorlds, subscription, vaultId } from './random-policies.ts';

const managementGroup = '/providers/microsoft.management/managementgroups/mg';

function facts({ definitions, sets, assignments, exemptions }: PolicyWorld): SubscriptionFacts {
  const all = [...definitions, ...sets].flatMap((raw) => parsePolicyDefinition(raw) ?? []);
  return aSubscription({
    managementGroups: [managementGroup as Scope],
    policyAssignments: read(assignments.flatMap((raw) => parsePolicyAssignment(raw) ?? [])),
    policies: {
      definitions: new Map(all.map((one) => [one.id, read(one)])),
      exemptions: read(exemptions.flatMap((raw) => parsePolicyExemption(raw) ?? [])),
      readAt: now,
    },
  });
}

function ours(world: PolicyWorld) {
  const vault = parseVault(world.vault);
  if (vault === undefined) throw new Error('no vault');
  return vaultPolicies(vault, facts(world));
}

type Outcome = 'refused' | 'undone' | 'cleared' | 'kept';

/** What becomes of a PATCH of the flag in the sandbox, whose policies are judged by code of its own. */
function theirs(world: PolicyWorld, flag: boolean): Outcome {
  const stored = (items: readonly JsonObject[]) =>
    new Map(items.map((body) => [(stringAt(body, 'id') ?? '').toLowerCase(), { body, since: 0 }]));
  const state = {
    subscriptions: new Map([[subscription, { id: subscription.slice(15), displayName: '', managementGroups: [managementGroup] }]]),
    policyAssignments: stored(world.assignments),
    policyDefinitions: stored(world.definitions),
    policySetDefinitions: stored(world.sets),
    policyExemptions: stored(world.exemptions),
  };
  const before: JsonObject = { ...objectAt(world.vault, 'properties'), enableRbacAuthorization: flag };
  const about = {
    id: vaultId,
    type: 'Microsoft.KeyVault/vaults',
    name: 'kv1',
    location: stringAt(world.vault, 'location') ?? '',
    tags: objectAt(world.vault, 'tags'),
  };
  try {
    const after = governed(
      state,
      { ...about, properties: before, sent: ['enableRbacAuthorization'], apiVersion: '2026-02-01' },
      Date.parse(now),
    );
    if (JSON.stringify(after.enableRbacAuthorization).toLowerCase().replaceAll('"', '') !== String(flag)) return 'undone';
    return JSON.stringify(after.accessPolicies) === JSON.stringify(before.accessPolicies) ? 'kept' : 'cleared';
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'RequestDisallowedByPolicy') return 'refused';
    throw error;
  }
}

const failing = (outcome: Outcome) => outcome === 'refused' || outcome === 'undone';
const certain = (hits: readonly PolicyHit[]) =>
  hits.some((hit) => hit.certain && hit.from === undefined && (hit.does === 'refuses' || hit.does === 'undoes'));

const runs = 1000;

test('Azure Policy: what is said of flip and rollback for sure is what the sandbox does, and nothing that it refuses goes unsaid', () => {
  const seen = { refused: 0, undone: 0, cleared: 0, kept: 0, unsure: 0 };
  fc.assert(
    fc.property(policyWorlds, (world) => {
      const { flip, rollback } = ours(world);
      const [flipped, back] = [theirs(world, true), theirs(world, false)];
      seen[flipped]++;
      seen[back]++;
      if ([...flip, ...rollback].some((hit) => !hit.certain)) seen.unsure++;
      if (certain(flip)) expect(failing(flipped)).toBe(true);
      if (certain(rollback)) expect(failing(back)).toBe(true);
      const open = flip.filter((hit) => hit.from === undefined);
      if (failing(flipped)) expect(open.some((hit) => hit.does !== 'changes')).toBe(true);
      if (flipped === 'cleared') expect(open.length).toBeGreaterThan(0);
      // With the flip gone through there is something to go back from, and a rollback that fails has to have been said.
      if (!failing(flipped) && failing(back)) expect(rollback.filter((hit) => hit.from === undefined).length).toBeGreaterThan(0);
    }),
    { numRuns: runs },
  );
  // The worlds have to be worth asking about.
  expect(seen.refused).toBeGreaterThan(runs / 20);
  expect(seen.undone).toBeGreaterThan(0);
  expect(seen.kept).toBeGreaterThan(runs / 4);
  expect(seen.unsure).toBeLessThan(runs / 2);
});
