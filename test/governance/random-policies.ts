import fc from 'fast-check';
import { type JsonObject, type JsonValue, stringAt } from '../../src/base/json.ts';

const subscriptionId = '00000000-0000-0000-0000-000000000001';
export const subscription = `/subscriptions/${subscriptionId}`;
const group = '/providers/Microsoft.Management/managementGroups/mg';
export const vaultId = `${subscription}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv1`;
const places = [subscription, group, `${subscription}/resourceGroups/rg`, `${subscription}/resourceGroups/other`, vaultId, `${vaultId}2`];
const provider = 'providers/Microsoft.Authorization';

/** Everything that Azure Policy knows in a small tenant, as ARM answers it. */
export interface PolicyWorld {
  readonly vault: JsonObject;
  readonly definitions: readonly JsonObject[];
  readonly sets: readonly JsonObject[];
  readonly assignments: readonly JsonObject[];
  readonly exemptions: readonly JsonObject[];
}

export const now = '2026-11-28T12:00:00.000Z';

const alias = (name: string) => `Microsoft.KeyVault/vaults/${name}`;
const flag = fc.constantFrom(alias('enableRbacAuthorization'), 'microsoft.keyvault/VAULTS/enableRbacAuthorization');
const bool = fc.constantFrom<JsonValue>(true, false, 'true', 'False', "[parameters('wanted')]");

const onFlag = fc.oneof(
  fc.record({ field: flag, equals: bool }),
  fc.record({ field: flag, notEquals: bool }),
  fc.record({ field: flag, exists: fc.constantFrom('true', 'false', true, false) }),
  fc.record({ field: flag, in: fc.constant([true, 'x']) }),
  fc.record({ value: fc.constant("[field('Microsoft.KeyVault/vaults/enableRbacAuthorization')]"), equals: bool }),
) as fc.Arbitrary<JsonObject>;

const secrets = alias('accessPolicies[*].permissions.secrets[*]');
const others = fc.constantFrom<JsonObject>(
  { field: 'location', in: ['West Europe', 'northeurope'] },
  { field: 'location', notIn: "[parameters('places')]" },
  { field: 'name', like: 'kv*' },
  { field: 'name', match: 'kv#' },
  { field: "tags['env']", equals: 'prod' },
  { field: 'tags.owner', exists: 'false' },
  { field: "[concat('tags[', parameters('tag'), ']')]", exists: 'true' },
  { field: alias('enablePurgeProtection'), notEquals: true },
  { field: alias('publicNetworkAccess'), equals: 'Disabled' },
  { field: alias('sku.name'), equals: 'premium' },
  { field: alias('softDeleteRetentionInDays'), less: 90 },
  { not: { field: alias('createMode'), equals: 'recover' } },
  { field: secrets, notEquals: 'purge' },
  { count: { field: secrets, where: { field: secrets, in: ['set', 'delete'] } }, greater: 0 },
  { count: { field: alias('accessPolicies[*]'), where: { field: alias('accessPolicies[*].objectId'), like: 'a*' } }, equals: 1 },
  { count: { value: ['prod', 'test'], name: 'env', where: { value: "[current('env')]", equals: "[field('tags.env')]" } }, greater: 0 },
  { value: '[requestContext().apiVersion]', greaterOrEquals: '2021-06-01-preview' },
  { value: "[empty(field('Microsoft.KeyVault/vaults/accessPolicies'))]", equals: 'false' },
  { value: "[length(field('Microsoft.KeyVault/vaults/accessPolicies'))]", greater: 1 },
  { value: '[resourceGroup().name]', contains: 'rg' },
  { value: "[toLower(parameters('tag'))]", equals: 'env' },
);

const { condition } = fc.letrec<{ condition: JsonObject }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    onFlag,
    others,
    fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((parts) => ({ allOf: parts })),
    fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((parts) => ({ anyOf: parts })),
    tie('condition').map((part) => ({ not: part })),
  ),
}));

const ofVaults = fc.oneof(
  { weight: 5, arbitrary: fc.constant<readonly JsonObject[]>([{ field: 'type', equals: 'Microsoft.KeyVault/vaults' }]) },
  { weight: 1, arbitrary: fc.constant<readonly JsonObject[]>([{ field: 'type', like: 'Microsoft.KeyVault/*' }]) },
  { weight: 1, arbitrary: fc.constant<readonly JsonObject[]>([{ field: 'type', in: ['Microsoft.Storage/storageAccounts'] }]) },
  { weight: 1, arbitrary: fc.constant<readonly JsonObject[]>([]) },
);

const effects = ['Deny', 'Audit', 'Disabled', 'Modify', 'Modify', 'Append'];
const operation = fc.record({
  operation: fc.constantFrom('addOrReplace', 'Add'),
  field: fc.oneof(
    flag,
    fc.constantFrom(alias('enablePurgeProtection'), alias('networkAcls.defaultAction'), alias('accessPolicies'), 'tags.env'),
  ),
  value: fc.constantFrom<JsonValue>(true, false, "[parameters('wanted')]"),
});

const rule = fc.record({
  when: fc.tuple(ofVaults, condition).map(([type, other]) => ({ allOf: [...type, other] })),
  effect: fc.oneof(fc.constant("[parameters('power')]"), fc.constantFrom(...effects)),
  operations: fc.array(operation, { minLength: 1, maxLength: 2 }),
  conflictEffect: fc.constantFrom('audit', 'deny'),
  powerDefault: fc.constantFrom(...effects),
  mode: fc.constantFrom('All', 'Indexed', 'Microsoft.KeyVault.Data'),
});

/** Modify and append need details of their own kind, so each definition keeps to one of them. */
function definition(index: number, at: string, one: Parameters<Parameters<typeof rule.map>[0]>[0]): JsonObject {
  const kind = ['Modify', 'Append', 'Deny'][index % 3] ?? 'Deny';
  const fits = (effect: string) => (/modify|append/i.test(effect) ? kind : effect);
  const details =
    kind === 'Modify'
      ? { conflictEffect: one.conflictEffect, operations: one.operations }
      : one.operations.map(({ field, value }) => ({ field, value }));
  const parameters = {
    power: { type: 'String', defaultValue: fits(one.powerDefault) },
    wanted: { type: 'Boolean', defaultValue: true },
    tag: { type: 'String', defaultValue: 'env' },
    places: { type: 'Array', defaultValue: ['westeurope'] },
  };
  const then = { effect: one.effect.startsWith('[') ? one.effect : fits(one.effect), ...(kind !== 'Deny' && { details }) };
  return {
    id: `${at}/${provider}/policyDefinitions/d${index}`,
    name: `d${index}`,
    properties: { displayName: `definition ${index}`, mode: one.mode, parameters, policyRule: { if: one.when, then } },
  };
}

const power = fc.constantFrom('Deny', 'Audit', 'deny', 'Disabled');
const given: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.constant({}),
  fc.record({ power: fc.record({ value: power }), wanted: fc.record({ value: fc.boolean() }) }, { requiredKeys: [] }),
);

const passed = fc.record(
  {
    power: fc.record({ value: fc.constantFrom("[parameters('setPower')]", 'Deny', 'Audit') }),
    wanted: fc.record({ value: fc.constantFrom<JsonValue>("[parameters('setWanted')]", true, false) }),
  },
  { requiredKeys: ['power'] },
);

const references = ['first', 'second', 'third'];
const setOf = (ids: readonly string[]) =>
  fc
    .record({
      members: fc.array(fc.tuple(fc.constantFrom(...ids), passed), { minLength: 1, maxLength: 3 }),
      powerDefault: power,
    })
    .map(({ members, powerDefault }) => ({
      displayName: 'initiative',
      parameters: { setPower: { defaultValue: powerDefault }, setWanted: { defaultValue: false } },
      policyDefinitions: members.map(([policyDefinitionId, parameters], at) => ({
        policyDefinitionId,
        policyDefinitionReferenceId: references[at] ?? 'other',
        parameters,
      })),
    }));

const ofLocation = fc.constantFrom<JsonObject>(
  { kind: 'resourceLocation', in: ['westeurope'] },
  { kind: 'resourceLocation', notIn: ['West Europe', 'eastus'] },
  { kind: 'resourceType', in: ['Microsoft.KeyVault/vaults'] },
  { kind: 'resourceType', notIn: ['microsoft.keyvault/vaults'] },
  { kind: 'resourceWithoutLocation', in: ['subscriptionLevelResources'] },
);
const resourceSelectors = fc.array(
  fc.array(ofLocation, { minLength: 1, maxLength: 2 }).map((selectors) => ({ name: 's', selectors })),
  { maxLength: 2 },
);
const selector = fc.oneof(
  ofLocation,
  fc.record({ kind: fc.constant('policyDefinitionReferenceId'), in: fc.subarray([...references], { minLength: 1 }) }),
);
const overrides = fc.array(
  fc.record({
    kind: fc.constant('policyEffect'),
    value: fc.constantFrom('Deny', 'audit', 'Disabled'),
    selectors: fc.array(selector, { maxLength: 2 }),
  }),
  { maxLength: 2 },
);

const assignmentOf = (ids: readonly string[]) =>
  fc
    .record({
      scope: fc.constantFrom(...places.slice(0, 4), subscription, group),
      policyDefinitionId: fc.constantFrom(...ids),
      enforcementMode: fc.constantFrom('Default', 'Default', 'Default', 'DoNotEnforce', 'Enroll'),
      notScopes: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.subarray([...places]) }),
      parameters: fc.tuple(given, power).map(([own, setPower]) => ({ ...own, setPower: { value: setPower } })),
      resourceSelectors: fc.oneof(fc.constant([]), resourceSelectors),
      overrides: fc.oneof(fc.constant([]), overrides),
    })
    .map((properties) => ({ ...properties, displayName: 'assigned' }));

const exemptionOf = (ids: readonly string[]) =>
  fc.record({
    at: fc.constantFrom(...places),
    properties: fc.record(
      {
        policyAssignmentId: fc.constantFrom(...ids),
        exemptionCategory: fc.constantFrom('Waiver', 'Mitigated'),
        policyDefinitionReferenceIds: fc.subarray([...references]),
        expiresOn: fc.constantFrom('2026-11-01T00:00:00Z', '2027-01-01T00:00:00.0000000Z'),
        resourceSelectors,
        assignmentScopeValidation: fc.constantFrom('Default', 'DoNotValidate'),
      },
      { requiredKeys: ['policyAssignmentId'] },
    ),
  });

const vault = fc
  .record({
    location: fc.constantFrom('westeurope', 'West Europe', 'eastus'),
    tags: fc.record({ env: fc.constantFrom('prod', 'Test'), owner: fc.constant('me') }, { requiredKeys: [] }),
    properties: fc.record(
      {
        sku: fc.record({ family: fc.constant('A'), name: fc.constantFrom('standard', 'premium') }),
        enableRbacAuthorization: fc.constantFrom<JsonValue>(false, null),
        enablePurgeProtection: fc.constant(true),
        softDeleteRetentionInDays: fc.constantFrom(7, 90),
        publicNetworkAccess: fc.constantFrom('Enabled', 'Disabled'),
        networkAcls: fc.constant({ defaultAction: 'Deny' }),
        accessPolicies: fc.array(
          fc.record({ objectId: fc.constantFrom('a1', 'b1'), permissions: fc.record({ secrets: fc.subarray(['get', 'set', 'purge']) }) }),
          { maxLength: 3 },
        ),
      },
      { requiredKeys: ['sku', 'accessPolicies'] },
    ),
  })
  .map((body): JsonObject => ({ id: vaultId, name: 'kv1', type: 'Microsoft.KeyVault/vaults', ...body }));

/** Initiatives and definitions, assigned here and there, with overrides, selectors and exemptions. */
export const policyWorlds: fc.Arbitrary<PolicyWorld> = fc
  .tuple(vault, fc.array(fc.tuple(fc.constantFrom(subscription, group, ''), rule), { minLength: 1, maxLength: 4 }))
  .chain(([body, rules]) => {
    const definitions = rules.map(([at, one], index) => definition(index, at, one));
    const ids = definitions.map((one) => stringAt(one, 'id') ?? '');
    const sets = fc
      .array(setOf(ids), { maxLength: 2 })
      .map((all) =>
        all.map((properties, index): JsonObject => ({ id: `${group}/${provider}/policySetDefinitions/s${index}`, properties })),
      );
    return sets.chain((madeSets) => {
      const assignable = [...ids, ...madeSets.map((one) => stringAt(one, 'id') ?? '')];
      const assignments = fc.array(assignmentOf(assignable), { minLength: 1, maxLength: 3 }).map((all) =>
        all.map(
          (properties, index): JsonObject => ({
            id: `${properties.scope}/${provider}/policyAssignments/a${index}`,
            name: `a${index}`,
            properties,
          }),
        ),
      );
      return assignments.chain((assigned) =>
        fc.array(exemptionOf(assigned.map((one) => stringAt(one, 'id') ?? '')), { maxLength: 2 }).map((exempted): PolicyWorld => {
          const exemptions = exempted.map(
            ({ at, properties }, index): JsonObject => ({
              id: `${at}/${provider}/policyExemptions/e${index}`,
              name: `e${index}`,
              properties,
            }),
          );
          return { vault: body, definitions, sets: madeSets, assignments: assigned, exemptions };
        }),
      );
    });
  });
