import { describe, expect, test } from 'vitest';
import { read } from '../../../src/base/reading.ts';
import type { PlanBody, VaultPlan } from '../../../src/formats/plan.ts';
import type { RoleDefinition } from '../../../src/model/role.ts';
import { buildPlan } from '../../../src/plan/build-plan.ts';
import {
  anAssignment,
  anEstate,
  application,
  aSubscription,
  aVault,
  id,
  operatorId,
  rawPolicy,
  rawVault,
  roleDefinitions,
  subscriptionId,
} from '../../builders/an-estate.ts';
import { catalogue } from '../../builders/the-catalogue.ts';

const app = id('d', 1);
const subscription = `/subscriptions/${subscriptionId}`;

function planFor(
  permissions: Record<string, readonly string[]>,
  { settings, roles = [], operator }: { settings: Partial<PlanBody['settings']>; roles?: readonly RoleDefinition[]; operator?: string },
): VaultPlan {
  const facts = aSubscription({
    roleDefinitions: read([...roleDefinitions, ...roles]),
    roleAssignments: read(operator === undefined ? [] : [anAssignment(subscription, operatorId, operator)]),
  });
  const estate = anEstate([aVault(rawVault('kv-app', [rawPolicy(app, permissions)]))], [application(app)], facts);
  const plan = buildPlan(estate, { catalogue, decisions: [], settings: { minimumAgeMinutes: 15, ...settings }, toolVersion: '0.1.0' });
  const [vault] = plan.vaults;
  if (vault === undefined) throw new Error('one vault was planned');
  return vault;
}

const roleNames = (vault: VaultPlan) => vault.steps.flatMap((step) => (step.kind === 'ensureRoleAssignment' ? step.roleName : []));
const codes = (vault: VaultPlan) => vault.findings.map((finding) => finding.code);

describe('the roles of the tenant', () => {
  const getOnly = ['Microsoft.KeyVault/vaults/secrets/getSecret/action'];
  const own = (
    changes: Partial<RoleDefinition> = {},
    dataActions: readonly string[] = getOnly,
    actions: readonly string[] = [],
  ): RoleDefinition => ({
    id: id('8'),
    name: 'Secret values only',
    kind: 'custom',
    permissions: [{ actions, notActions: [], dataActions, notDataActions: [] }],
    assignableScopes: [subscription],
    raw: {},
    ...changes,
  });
  const block = { actions: [], notActions: [], dataActions: getOnly, notDataActions: [] };
  const secretsGet = { secrets: ['get'] };
  const chosen = (role: RoleDefinition) => roleNames(planFor(secretsGet, { settings: { tenantRoles: true }, roles: [role] }));

  test('are chosen when asked for, where they are narrower, and the reviewer is told that they are custom', () => {
    const vault = planFor(secretsGet, { settings: { tenantRoles: true }, roles: [own()] });
    expect(roleNames(vault)).toEqual(['Secret values only']);
    expect(vault.entries[0]?.choice?.price).toBe(0);
    expect(codes(vault)).toContain('MAP-TENANT-ROLE');
    expect(vault.state).toBe('ready');
  });
  test('are left alone when nobody asked for them', () => {
    expect(roleNames(planFor(secretsGet, { settings: {}, roles: [own()] }))).toEqual(['Key Vault Secrets User']);
  });
  test('may be assignable at the vault’s own resource group, in any spelling', () => {
    expect(chosen(own({ assignableScopes: [`${subscription}/resourceGroups/RG-App/`] }))).toEqual(['Secret values only']);
  });
  test.each([
    ['assignable only elsewhere (EA-20)', own({ assignableScopes: [`${subscription}/resourceGroups/rg-application`] })],
    ['that bring control-plane actions beside reading', own({}, getOnly, ['*'])],
    ['that bring a control-plane write', own({}, getOnly, ['Microsoft.KeyVault/vaults/write'])],
    ['that give it under a condition (EA-19)', own({ permissions: [{ ...block, condition: '@Resource[a:b] StringEquals 1' }] })],
    ['that are called built-in', own({ kind: 'builtIn' })],
    ['that take it out again (EA-4)', own({ permissions: [{ ...block, notDataActions: getOnly }] })],
  ])('are not chosen when they are ones %s', (_, role) => {
    expect(chosen(role)).toEqual(['Key Vault Secrets User']);
  });
  test('make a plan stale when somebody changes them: the definition is part of what the plan stands on', () => {
    const lines = (role: RoleDefinition) =>
      planFor(secretsGet, { settings: { tenantRoles: true }, roles: [role] }).basis.fields.roleDefinitions ?? [];
    expect(lines(own()).some((line) => line.includes(id('8')))).toBe(true);
  });
});

describe('P20: an operator who may not assign the narrowest role', () => {
  const wanted = { certificates: ['get', 'list'], secrets: ['get'] };
  const operator = 'Key Vault Data Access Administrator';

  test('hands it over: the step stays, with the command for somebody who may', () => {
    const vault = planFor(wanted, { settings: {}, operator });
    expect(roleNames(vault)).toEqual(['Key Vault Certificate User']);
    const [step] = vault.steps;
    expect(vault.handOff).toEqual([{ step: step?.id, command: expect.stringContaining('az role assignment create ') as string }]);
    expect(vault.handOff?.[0]?.command).toContain(`--assignee-object-id '${app}' --assignee-principal-type ServicePrincipal`);
    expect(vault.handOff?.[0]?.command).toContain(
      `--scope '${subscription}/resourceGroups/rg-app/providers/Microsoft.KeyVault/vaults/kv-app'`,
    );
  });
  test('or has it replaced by the best of those that he may, at the price that is told', () => {
    const vault = planFor(wanted, { settings: { operatorLimits: 'replace' }, operator });
    expect(roleNames(vault).sort()).toEqual(['Key Vault Reader', 'Key Vault Secrets User']);
    expect(vault.handOff).toBeUndefined();
    expect(codes(vault)).toContain('MAP-OPERATOR-LIMIT');
    expect(codes(vault)).not.toContain('PLN-OPERATOR-ASSIGN');
  });
  test('hands over nothing that he may do himself, nor does an owner', () => {
    expect(planFor({ secrets: ['get', 'list'] }, { settings: {}, operator }).handOff).toBeUndefined();
    expect(planFor(wanted, { settings: {}, operator: 'Owner' }).handOff).toBeUndefined();
  });
  test('is told what stays open when no role that he may assign gives it', () => {
    const vault = planFor({ keys: ['get'] }, { settings: { operatorLimits: 'replace' }, operator: 'Key Vault Reader' });
    expect(vault.state).toBe('blocked');
    expect(codes(vault)).toContain('MAP-UNCOVERED');
  });
});
