import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { nameGuid } from '../../src/base/name-guid.ts';
import { read, unreadable } from '../../src/base/reading.ts';
import { inventoryFindings } from '../../src/checks/inventory-findings.ts';
import { vaultFindings } from '../../src/checks/vault-findings.ts';
import { readEstate } from '../../src/inventory/read-estate.ts';
import { parseSelection } from '../../src/inventory/selection.ts';
import type { Estate } from '../../src/model/estate.ts';
import { findingWords } from '../../src/words/finding-words.ts';
import { catalogue } from '../builders/the-catalogue.ts';
import {
  type FakeSubscription,
  fakeAzure,
  person,
  policy,
  subscriptionId,
  tenant,
  user,
  vaultId,
  vaultRow,
} from '../inventory/fake-azure.ts';

const id = vaultId(1, 'kv');
const subscriptionScope = `/subscriptions/${subscriptionId(1)}`;

async function estateOf(properties: JsonObject, more: Partial<FakeSubscription> = {}): Promise<Estate> {
  const azure = fakeAzure([{ vaults: [vaultRow(id, properties)], ...more }], [user('u')]);
  const request = {
    selection: parseSelection({}),
    cloud: 'public',
    tenantId: tenant,
    operatorId: person('me'),
    now: () => '2026-11-24T10:00:00Z',
  };
  return await readEstate({ ...request, diagnosticSettings: 'never' }, azure);
}
const findingsIn = (estate: Estate) => estate.vaults.flatMap((facts) => vaultFindings(facts, estate));
const found = async (properties: JsonObject, more?: Partial<FakeSubscription>) =>
  findingsIn(await estateOf(properties, more)).map(({ code, severity }) => `${severity} ${code}`);

describe('a vault', () => {
  test('in good order has no findings', async () => {
    expect(await found({ enableRbacAuthorization: false, accessPolicies: [policy(person('u'))] })).toEqual([]);
    expect(await found({})).toEqual([]);
  });
  test('is what every finding is about', async () => {
    const [finding] = findingsIn(await estateOf({ enableRbacAuthorization: true }));
    expect(finding?.subject).toEqual({ vault: id });
  });
  test.each<[string, JsonObject, string]>([
    ['on RBAC already', { enableRbacAuthorization: true }, 'note INV-ALREADY-RBAC'],
    ['whose flag is neither true nor false', { enableRbacAuthorization: 'true' }, 'blocker INV-FLAG-ODD'],
    ['that is still being set up', { provisioningState: 'RegisteringDns' }, 'blocker INV-NOT-SETTLED'],
    ['that does not say its state, as some answers leave it out', { provisioningState: null }, 'note INV-STATE-UNSTATED'],
    ['that trusts another tenant than its subscription', { tenantId: nameGuid('t') }, 'blocker INV-TENANT'],
    ['that Azure services reach by a switch', { enabledForDeployment: true }, 'note INV-SERVICE-SWITCH'],
  ])('%s', async (_what, properties, expected) => {
    expect(await found(properties)).toEqual([expected]);
  });
  test('in another tenant than the one signed in to', async () => {
    const estate = { ...(await estateOf({})), tenantId: nameGuid('mine') };
    const known = findingsIn(estate);
    expect(known.map(({ code, facts }) => [code, facts])).toEqual([['INV-TENANT', { vaultTenant: tenant, signedInTo: nameGuid('mine') }]]);
  });
  test('of a subscription whose tenant is not known is not called foreign', async () => {
    const estate = await estateOf({});
    const subscriptions = estate.subscriptions.map((facts) => ({ ...facts, tenantId: '' }));
    expect(findingsIn({ ...estate, subscriptions })).toEqual([]);
  });
});

describe('logging', () => {
  const withSettings = async (...settings: JsonObject[]) => {
    const estate = await estateOf({});
    const vaults = estate.vaults.map(({ vault }) => ({ vault, diagnosticSettings: read(settings) }));
    return findingsIn({ ...estate, vaults }).map(({ code }) => code);
  };
  const setting = (log: JsonObject): JsonObject => ({ properties: { logs: [{ enabled: true, ...log }] } });
  test('is missed when no setting sends audit rows anywhere', async () => {
    expect(await withSettings()).toEqual(['INV-NO-DIAGNOSTICS']);
    expect(await withSettings(setting({ category: 'AuditEvent', enabled: false }))).toEqual(['INV-NO-DIAGNOSTICS']);
    expect(await withSettings(setting({ category: 'AzurePolicyEvaluationDetails' }))).toEqual(['INV-NO-DIAGNOSTICS']);
  });
  test.each([{ category: 'AuditEvent' }, { category: null, categoryGroup: 'audit' }, { categoryGroup: 'allLogs' }])(
    'is there with %o',
    async (log) => {
      expect(await withSettings(setting({ category: 'AzurePolicyEvaluationDetails' }), setting(log))).toEqual([]);
    },
  );
  test('that could not be read is said, and no warning', async () => {
    const estate = await estateOf({});
    const vaults = estate.vaults.map(({ vault }) => ({ vault, diagnosticSettings: unreadable('403') }));
    expect(findingsIn({ ...estate, vaults }).map(({ code, severity }) => [code, severity])).toEqual([['INV-DIAGNOSTICS-UNREAD', 'note']]);
  });
});

describe('what stands above a vault', () => {
  const lock = (scope: string, level: string): JsonObject => ({
    id: `${scope}/providers/Microsoft.Authorization/locks/l`,
    properties: { level },
  });
  test.each([
    [subscriptionScope, 'ReadOnly', ['blocker INV-LOCK-READONLY']],
    [`${subscriptionScope}/resourceGroups/RG`, 'readonly', ['blocker INV-LOCK-READONLY']],
    [id, 'CanNotDelete', ['warning INV-LOCK-DELETE']],
    [id, 'NotSpecified', []],
    [`${id}2`, 'ReadOnly', []],
    [`${subscriptionScope}/resourceGroups/rg2`, 'ReadOnly', []],
  ])('a lock at %s of level %s', async (scope, level, expected) => {
    expect(await found({}, { locks: [lock(scope, level)] })).toEqual(expected);
  });

  const rbacOnly = '12d4fa5e-1f9f-4c21-97a9-b99b3c6611b5';
  const assigned = (effect: string | undefined, more: JsonObject = {}, definition: string = rbacOnly): JsonObject => ({
    id: 'assignment',
    properties: {
      scope: subscriptionScope,
      displayName: 'house rules',
      policyDefinitionId: `/providers/Microsoft.Authorization/policyDefinitions/${definition}`,
      parameters: effect === undefined ? {} : { effect: { value: effect } },
      ...more,
    },
  });
  const denied = ['blocker INV-POLICY-DENIES-ROLLBACK'];
  test.each<[string, JsonObject, readonly string[]]>([
    ['that denies vaults without RBAC, and so the rollback', assigned('deny'), denied],
    ['that only audits them', assigned('Audit'), []],
    ['that leaves it to the definition, which audits vaults without RBAC', assigned(undefined), []],
    ['that is not enforced', assigned('Deny', { enforcementMode: 'DoNotEnforce' }), []],
    ['that leaves the vault out', assigned('Deny', { notScopes: [id.toUpperCase()] }), []],
    ['that leaves its neighbour out', assigned('Deny', { notScopes: [`${id}2`] }), denied],
    ['of another subscription', assigned('Deny', { scope: '/subscriptions/other' }), []],
    ['that is enforced where somebody enrolled', assigned('Deny', { enforcementMode: 'Enroll' }), denied],
    ['whose definition nobody can read', assigned('Deny', {}, nameGuid('definition')), denied],
  ])('Azure Policy: an assignment %s', async (_what, assignment, expected) => {
    expect(await found({}, { policies: [assignment] })).toEqual(expected);
  });
  test('Azure Policy is past for a vault that is on RBAC already', async () => {
    expect(await found({ enableRbacAuthorization: true }, { policies: [assigned('Deny')] })).toEqual(['note INV-ALREADY-RBAC']);
  });
  test('policy assignments that could not be read leave open whether there is a rollback', async () => {
    const estate = await estateOf({}, { unreadable: ['policies'] });
    const [finding] = findingsIn(estate);
    const facts = { kind: 'unread', because: expect.stringContaining('policies refused') as string };
    expect(finding).toMatchObject({ severity: 'blocker', code: 'INV-POLICY-DENIES-ROLLBACK', facts });
  });

  test.each<[string, string, readonly string[], readonly string[]]>([
    ['on data', id, ['*/read'], ['warning INV-DENY']],
    ['on data inside it', `${id}/secrets/s`, ['Microsoft.KeyVault/vaults/secrets/*'], ['warning INV-DENY']],
    ['on data of other services', id, ['Microsoft.Storage/*'], []],
    ['on no data', id, [], []],
    ['on data of its neighbour', `${id}2`, ['*'], []],
  ])('EA-27: a deny assignment %s', async (_what, scope, dataActions, expected) => {
    const deny = { id: 'deny', properties: { scope, permissions: [{ dataActions }], principals: [{ id: person('u') }] } };
    expect(await found({}, { denies: [deny] })).toEqual(expected);
  });

  test.each([
    ['assignments', 'roleAssignments', 'blocker'],
    ['definitions', 'roleDefinitions', 'blocker'],
    ['denies', 'denyAssignments', 'blocker'],
    ['active', 'activeInstances', 'blocker'],
    ['eligible', 'eligibleInstances', 'warning'],
    ['locks', 'locks', 'warning'],
  ])('%s that could not be read (%s): a %s', async (list, named, severity) => {
    const estate = await estateOf({}, { unreadable: [list] });
    const findings = findingsIn(estate);
    expect(findings.map((finding) => [finding.code, finding.severity])).toEqual([['INV-UNREAD', severity]]);
    expect(findings[0]?.facts).toEqual({ list: named, because: expect.stringContaining(`${list} refused`) as string });
  });
});

describe('the findings of an inventory', () => {
  test('are those of vaults and of their entries, blockers first', async () => {
    const entries = [
      policy(person('u')),
      policy(person('nobody')),
      policy(person('u'), ['get'], { applicationId: nameGuid('app') }),
      policy(person('u'), ['get'], { tenantId: nameGuid('elsewhere') }),
      policy(person('u'), ['frobnicate']),
      policy('no id'),
    ];
    const estate = await estateOf({ enableRbacAuthorization: true, accessPolicies: entries });
    const findings = inventoryFindings(estate, catalogue);
    expect(findings.map(({ code }) => code)).toEqual([
      'INV-ENTRY-ODD',
      'MAP-UNKNOWN-PERMISSION',
      'PRN-COMPOUND',
      'PRN-UNRESOLVED',
      'PRN-FOREIGN-TENANT',
      'INV-ALREADY-RBAC',
    ]);
    expect(findings.every((finding) => finding.subject.vault === id && findingWords(finding).remedy !== '')).toBe(true);
  });
});
