import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../src/base/json.ts';
import { read, unreadable } from '../../src/base/reading.ts';
import { vaultPolicies } from '../../src/governance/vault-policy.ts';
import { parsePolicyAssignment } from '../../src/model/governance.ts';
import { parsePolicyDefinition, parsePolicyExemption } from '../../src/model/policy-definition.ts';
import { aSubscription, aVault, rawVault, subscriptionId } from '../builders/an-estate.ts';

const scope = `/subscriptions/${subscriptionId}`;
const id = `${scope}/providers/Microsoft.Authorization/policyDefinitions/d`;
const setId = `${scope}/providers/Microsoft.Authorization/policySetDefinitions/s`;
const assignmentId = `${scope}/providers/Microsoft.Authorization/policyAssignments/a`;
const flag = 'Microsoft.KeyVault/vaults/enableRbacAuthorization';
const isVault = { field: 'type', equals: 'Microsoft.KeyVault/vaults' };
const notRbac: JsonObject = { field: flag, notEquals: true };
const isRbac: JsonObject = { field: flag, equals: 'true' };

interface Told {
  readonly when?: readonly JsonObject[];
  readonly effect?: string;
  readonly details?: JsonValue;
  readonly definition?: JsonObject;
  readonly assignment?: JsonObject;
  readonly vault?: JsonObject;
  readonly set?: JsonObject;
  readonly exemption?: JsonObject;
  readonly unread?: 'exemptions';
}

/** What one assigned rule means for a vault, as `flip refuses`, with a question mark where it is not certain. */
function told({
  when = [notRbac],
  effect = 'deny',
  details,
  definition,
  assignment,
  vault,
  set,
  exemption,
  unread,
}: Told): readonly string[] {
  const then = { effect, ...(details !== undefined && { details }) };
  const rule = { if: { allOf: [isVault, ...when] }, then };
  const rows = [
    { id, properties: { displayName: 'rule', mode: 'Indexed', policyRule: rule, ...definition } },
    ...(set === undefined ? [] : [{ id: setId, properties: { displayName: 'initiative', ...set } }]),
  ];
  const definitions = new Map(rows.flatMap((row) => parsePolicyDefinition(row) ?? []).map((one) => [one.id, read(one)]));
  const assigned = { scope, displayName: 'house rules', policyDefinitionId: set === undefined ? id : setId, ...assignment };
  const exempted = {
    id: `${scope}/providers/Microsoft.Authorization/policyExemptions/e`,
    properties: { policyAssignmentId: assignmentId, ...exemption },
  };
  const exemptions = exemption === undefined ? [] : [parsePolicyExemption(exempted)].filter((one) => one !== undefined);
  const { flip, rollback } = vaultPolicies(
    aVault(rawVault('kv', [{ objectId: 'o', permissions: { secrets: ['get', 'purge'] } }], vault)),
    aSubscription({
      policyAssignments: read([parsePolicyAssignment({ id: assignmentId, properties: assigned })].filter((one) => one !== undefined)),
      policies: {
        definitions,
        exemptions: unread === undefined ? read(exemptions) : unreadable('refused'),
        readAt: '2026-11-28T12:00:00Z',
      },
    }),
  );
  const say = (to: string) => (hit: (typeof flip)[number]) =>
    `${to} ${hit.does}${hit.field === undefined ? '' : ` ${hit.field}`}${hit.certain ? '' : '?'}${hit.from === undefined ? '' : ` from ${hit.from}`}`;
  return [...flip.map(say('flip')), ...rollback.map(say('rollback'))];
}

const denied = ['rollback refuses'];
const parameters = { power: { defaultValue: 'Audit', allowedValues: ['Audit', 'Deny'] } };

describe('what Azure Policy does to a flip and to its rollback', () => {
  test.each<[string, Told, readonly string[]]>([
    ['AP-1: a rule is held against the vault as it would be after the write', {}, denied],
    ['AP-1: and so against all that the write does not name', { when: [{ field: 'location', equals: 'West Europe' }] }, ['flip refuses']],
    ['AP-2: under DoNotEnforce nothing is enforced', { assignment: { enforcementMode: 'DoNotEnforce' } }, []],
    ['AP-2: under Enroll nobody can say', { assignment: { enforcementMode: 'Enroll' } }, ['rollback refuses?']],
    ['AP-2: a scope that is left out is left out', { assignment: { notScopes: [`${scope}/resourceGroups/RG-app`] } }, []],
    ['AP-2: scopes left out in a way that is not understood', { assignment: { notScopes: [7] } }, ['rollback refuses?']],
    [
      'AP-3: the effect by a parameter of any name',
      { effect: "[parameters('Power')]", definition: { parameters }, assignment: { parameters: { power: { value: 'Deny' } } } },
      denied,
    ],
    ['AP-3: else by its default', { effect: "[parameters('power')]", definition: { parameters } }, []],
    [
      'AP-3: without either it may be what the parameter allows',
      { effect: "[parameters('power')]", definition: { parameters: { power: { allowedValues: ['Audit', 'Deny'] } } } },
      ['rollback refuses?'],
    ],
    [
      'AP-3: and nothing that weighs where none is allowed',
      { effect: "[parameters('power')]", definition: { parameters: { power: { allowedValues: ['Audit'] } } } },
      [],
    ],
    ['AP-3: an override is stronger', { assignment: { overrides: [{ kind: 'policyEffect', value: 'Audit' }] } }, []],
    [
      'AP-3: of two overrides either may win',
      {
        assignment: {
          overrides: [
            { kind: 'policyEffect', value: 'Audit' },
            { kind: 'policyEffect', value: 'Deny' },
          ],
        },
      },
      ['rollback refuses?'],
    ],
    [
      'AP-3: another version of the definition may say something else',
      { definition: { version: '2.1.0' }, assignment: { definitionVersion: '1.*.*' } },
      ['flip refuses?', 'rollback refuses?'],
    ],
    [
      'AP-3: the version that was read is the one that is meant',
      { definition: { version: '2.1.0' }, assignment: { definitionVersion: '2.*.*' } },
      denied,
    ],
    [
      'AP-4: a selector of another region',
      { assignment: { resourceSelectors: [{ selectors: [{ kind: 'resourceLocation', notIn: ['West Europe'] }] }] } },
      [],
    ],
    [
      'AP-4: one of several selectors is enough',
      {
        assignment: {
          resourceSelectors: [
            { selectors: [{ kind: 'resourceLocation', in: ['eastus'] }] },
            { selectors: [{ kind: 'resourceType', in: ['microsoft.keyvault/vaults'] }] },
          ],
        },
      },
      denied,
    ],
    [
      'AP-4: a selector of a kind nobody knows',
      { assignment: { resourceSelectors: [{ selectors: [{ kind: 'moonPhase', in: ['full'] }] }] } },
      ['rollback refuses?'],
    ],
    ['AP-5: an exemption lifts the rule', { exemption: {} }, []],
    [
      'AP-5: one that ends, until then',
      { exemption: { expiresOn: '2026-12-01T00:00:00.0000000Z' } },
      ['rollback refuses from 2026-12-01T00:00:00.0000000Z'],
    ],
    ['AP-5: one that has ended does nothing', { exemption: { expiresOn: '2026-11-01T00:00:00Z' } }, denied],
    ['AP-5: whose end is not a time', { exemption: { expiresOn: 'soon' } }, ['rollback refuses?']],
    ['AP-5: exemptions that could not be read', { unread: 'exemptions' }, ['rollback refuses?']],
    ['AP-6: an append that would replace the flag refuses', { effect: 'append', details: [{ field: flag, value: true }] }, denied],
    [
      'AP-6: a modify that replaces it undoes',
      { effect: 'modify', details: { operations: [{ operation: 'addOrReplace', field: flag, value: true }] } },
      ['rollback undoes'],
    ],
    [
      'AP-6: also the flip',
      { when: [isRbac], effect: 'modify', details: { operations: [{ operation: 'addOrReplace', field: flag, value: false }] } },
      ['flip undoes'],
    ],
    [
      'AP-6: a modify of the stored policies takes them away',
      {
        when: [isRbac],
        effect: 'modify',
        details: { operations: [{ operation: 'addOrReplace', field: 'Microsoft.KeyVault/vaults/accessPolicies', value: [] }] },
      },
      ['flip clears accessPolicies'],
    ],
    [
      'AP-6: a modify below what the write sends may be left out',
      {
        when: [],
        effect: 'modify',
        details: {
          operations: [{ operation: 'addOrReplace', field: 'Microsoft.KeyVault/vaults/networkAcls.defaultAction', value: 'Deny' }],
        },
      },
      ['flip changes networkAcls.defaultAction?'],
    ],
    [
      'AP-6: tags are left aside',
      {
        when: [],
        effect: 'modify',
        details: { operations: [{ operation: 'addOrReplace', field: "[concat('tags[', parameters('name'), ']')]", value: 'x' }] },
      },
      [],
    ],
    [
      'AP-6: a template that speaks of the flag may put it back',
      {
        effect: 'deployIfNotExists',
        details: { deployment: { properties: { template: { properties: { enableRbacAuthorization: true } } } } },
      },
      ['rollback undoes?'],
    ],
    ['AP-6: one that does not is left aside', { effect: 'deployIfNotExists', details: { deployment: {} } }, []],
    ['AP-6: what audits is left aside', { effect: 'auditIfNotExists' }, []],
    ['AP-7: rules about the data plane see no vaults', { definition: { mode: 'Microsoft.KeyVault.Data' } }, []],
    [
      'AP-7: rules about other types are silent',
      {
        when: [
          { field: 'type', equals: 'Microsoft.Storage/storageAccounts' },
          { value: '[moonPhase()]', equals: 'full' },
        ],
      },
      [],
    ],
    [
      'AP-8: what is not there equals nothing',
      { when: [notRbac, { field: 'Microsoft.KeyVault/vaults/createMode', equals: 'recover' }] },
      [],
    ],
    [
      'AP-8: a condition on a list is asked of each member',
      { when: [isRbac, { field: 'Microsoft.KeyVault/vaults/accessPolicies[*].permissions.secrets[*]', notEquals: 'purge' }] },
      [],
    ],
    [
      'AP-8: members are counted one by one',
      {
        when: [
          isRbac,
          {
            count: {
              field: 'Microsoft.KeyVault/vaults/accessPolicies[*].permissions.secrets[*]',
              where: { field: 'Microsoft.KeyVault/vaults/accessPolicies[*].permissions.secrets[*]', equals: 'purge' },
            },
            equals: 1,
          },
        ],
      },
      ['flip refuses'],
    ],
    [
      'AP-8: the api-version of the request is known',
      { when: [notRbac, { value: '[requestContext().apiVersion]', less: '2021-06-01-preview' }] },
      [],
    ],
    [
      'AP-8: a function nobody knows makes it unknown',
      { when: [notRbac, { value: "[ipRangeContains('10.0.0.0/8', '10.1.1.1')]", equals: true }] },
      ['rollback refuses?'],
    ],
    [
      'AP-8: and false where something else is false for sure',
      {
        when: [
          { value: '[moonPhase()]', equals: 'full' },
          { field: 'name', equals: 'other' },
        ],
      },
      [],
    ],
    [
      'AP-9: a rule that cannot tell the flip from the rollback shows at the flip',
      { when: [{ value: '[moonPhase()]', equals: 'full' }] },
      ['flip refuses?'],
    ],
    [
      'AP-9: one that may is open for the rollback',
      { when: [{ anyOf: [{ value: '[moonPhase()]', equals: 'full' }, notRbac] }, { value: '[moonPhase()]', equals: 'x' }] },
      ['flip refuses?', 'rollback refuses?'],
    ],
    ['AP-9: what refuses both is told of the flip', { when: [] }, ['flip refuses']],
  ])('%s', (_what, world, expected) => {
    expect(told(world)).toEqual(expected);
  });

  test.each<[string, JsonValue, readonly string[]]>([
    ['what the initiative passes on', 'Deny', denied],
    ['an expression over its own parameters', "[parameters('strength')]", denied],
    ['a value that nobody can work out', '[moonPhase()]', ['rollback refuses?']],
    ['what it turns off', 'Disabled', []],
  ])('AP-3: in an initiative the effect is %s', (_what, value, expected) => {
    const member = { policyDefinitionId: id, policyDefinitionReferenceId: 'one', parameters: { power: { value } } };
    const set = { parameters: { strength: { defaultValue: 'Deny' } }, policyDefinitions: [member] };
    expect(told({ effect: "[parameters('power')]", definition: { parameters: { power: {} } }, set })).toEqual(expected);
  });
  test('AP-5: an exemption of one member leaves the others', () => {
    const member = (policyDefinitionReferenceId: string) => ({ policyDefinitionId: id, policyDefinitionReferenceId });
    const set = { policyDefinitions: [member('one'), member('two')] };
    expect(told({ set, exemption: { policyDefinitionReferenceIds: ['ONE'] } })).toEqual(denied);
    expect(told({ set, exemption: { policyDefinitionReferenceIds: ['one', 'two'] } })).toEqual([]);
  });
  test('AP-3: an override of one member leaves the others', () => {
    const selectors = [{ kind: 'policyDefinitionReferenceId', in: ['other'] }];
    const set = { policyDefinitions: [{ policyDefinitionId: id, policyDefinitionReferenceId: 'one' }] };
    expect(told({ set, assignment: { overrides: [{ kind: 'policyEffect', value: 'Audit', selectors }] } })).toEqual(denied);
  });
  test('AP-10: a definition that was not read leaves open what it does', () => {
    expect(told({ assignment: { policyDefinitionId: `${id}2` } })).toEqual(['flip refuses?', 'rollback refuses?']);
  });
});
