import type { ScenarioFile } from '../../src/sandbox/scenario/scenario-schema.ts';

const secrets = ['get', 'list'] as const;
const one = { secrets: { one: 'value' } };
const withPolicyOf = (principal: string, more: object = {}) => ({
  resourceGroup: 'rg-lies',
  accessPolicies: [{ principal, secrets: [...secrets] }],
  objects: one,
  ...more,
});
const reads = (principal: string, vault: string) => ({ principal, calls: [`getSecret ${vault}/one`] });
const user = (displayName: string) => ({ kind: 'user' as const, displayName });
const app = (displayName: string) => ({ kind: 'managedIdentity' as const, displayName });

/**
 * Vaults whose flip would lock somebody out, were it not for one fact that Azure tells: an end, a denial, a member of a group, a
 * condition, a subtraction, a lock, a policy, an application. Everybody calls them, so that a flip by mistake shows.
 */
export const trappedEstate: ScenarioFile = {
  formatVersion: 1,
  title: 'One fact stands between each vault and an outage',
  story: 'For answers of Azure that say something else than what is so.',
  tenant: { domain: 'lies.example', id: '11111111-2222-4333-8444-00000000000a' },
  subscriptions: { prod: { displayName: 'Production', id: '5b000000-0000-4000-8000-00000000000a' } },
  resourceGroups: {
    'rg-lies': { subscription: 'prod', location: 'westeurope' },
    'rg-condition': { subscription: 'prod', location: 'westeurope' },
    'rg-governed': { subscription: 'prod', location: 'westeurope' },
  },
  principals: {
    runner: app('id-keyturn-runner'),
    web: app('id-web'),
    tom: user('Tom Temporary'),
    pat: user('Pat Privileged'),
    denied: app('id-denied'),
    member: user('Mia Member'),
    outcasts: { kind: 'group', displayName: 'Outcasts', members: ['inner'] },
    inner: { kind: 'group', displayName: 'Inner outcasts', members: ['member'] },
    readers: { kind: 'group', displayName: 'Readers', members: ['rita'] },
    rita: user('Rita Reader'),
    conditioned: app('id-conditioned'),
    custom: app('id-custom'),
    uma: user('Uma User'),
    portal: { kind: 'servicePrincipal', displayName: 'Portal' },
    gone: { kind: 'user', displayName: 'Gone', deleted: 'gone' },
  },
  operator: 'runner',
  roles: {
    'Takes away what it seems to give': {
      assignableScopes: ['subscriptions/prod'],
      permissions: [
        {
          actions: ['Microsoft.KeyVault/vaults/read'],
          dataActions: ['Microsoft.KeyVault/vaults/secrets/*'],
          notDataActions: ['Microsoft.KeyVault/vaults/secrets/getSecret/action'],
        },
      ],
    },
  },
  vaults: {
    'kv-plain': withPolicyOf('web'),
    'kv-time-bound': withPolicyOf('tom'),
    'kv-activated': withPolicyOf('pat'),
    'kv-denied': withPolicyOf('denied'),
    'kv-denied-group': withPolicyOf('member'),
    'kv-group': withPolicyOf('readers'),
    'kv-condition': withPolicyOf('conditioned', { resourceGroup: 'rg-condition' }),
    'kv-custom': withPolicyOf('custom'),
    'kv-frozen': withPolicyOf('web'),
    'kv-governed': withPolicyOf('web', { resourceGroup: 'rg-governed' }),
    'kv-compound': {
      resourceGroup: 'rg-lies',
      accessPolicies: [{ principal: 'uma', application: 'portal', secrets: ['get'] }],
      objects: one,
    },
    'kv-nobody-knows': {
      resourceGroup: 'rg-lies',
      accessPolicies: [
        { principal: 'web', secrets: [...secrets] },
        { principal: 'gone', secrets: ['get'] },
      ],
      objects: one,
    },
  },
  assignments: [
    { role: 'Owner', principal: 'runner', scope: 'subscriptions/prod' },
    { role: 'Key Vault Secrets User', principal: 'tom', scope: 'vaults/kv-time-bound', endsInHours: 30, ageDays: 2 },
    { role: 'Key Vault Secrets User', principal: 'pat', scope: 'vaults/kv-activated', endsInHours: 4, activated: true, ageDays: 0.1 },
    { role: 'Key Vault Secrets User', principal: 'denied', scope: 'vaults/kv-denied' },
    { role: 'Key Vault Secrets User', principal: 'member', scope: 'vaults/kv-denied-group' },
    {
      role: 'Key Vault Secrets User',
      principal: 'conditioned',
      scope: 'resourceGroups/rg-condition',
      condition:
        "((!(ActionMatches{'Microsoft.KeyVault/vaults/secrets/getSecret/action'})) OR (@Resource[Microsoft.KeyVault/vaults/secrets:name] StringEquals 'other'))",
    },
    { role: 'Takes away what it seems to give', principal: 'custom', scope: 'vaults/kv-custom' },
  ],
  eligible: [{ role: 'Key Vault Secrets User', principal: 'pat', scope: 'vaults/kv-activated', endsInDays: 180 }],
  denyAssignments: [
    {
      name: 'Nobody reads',
      scope: 'vaults/kv-denied',
      principals: ['everyone'],
      except: ['web'],
      dataActions: ['Microsoft.KeyVault/vaults/secrets/*'],
    },
    {
      name: 'No outcast reads',
      scope: 'vaults/kv-denied-group',
      principals: ['outcasts'],
      dataActions: ['Microsoft.KeyVault/vaults/secrets/*'],
    },
  ],
  locks: [{ name: 'frozen', scope: 'vaults/kv-frozen', level: 'ReadOnly' }],
  policyAssignments: [
    {
      name: 'vaults-use-rbac',
      scope: 'resourceGroups/rg-governed',
      definition: '/providers/Microsoft.Authorization/policyDefinitions/12d4fa5e-1f9f-4c21-97a9-b99b3c6611b5',
      effect: 'Deny',
    },
  ],
  workloads: {
    plain: reads('web', 'kv-plain'),
    tom: reads('tom', 'kv-time-bound'),
    pat: reads('pat', 'kv-activated'),
    denied: reads('denied', 'kv-denied'),
    member: reads('member', 'kv-denied-group'),
    rita: reads('rita', 'kv-group'),
    conditioned: reads('conditioned', 'kv-condition'),
    custom: reads('custom', 'kv-custom'),
    frozen: reads('web', 'kv-frozen'),
    governed: reads('web', 'kv-governed'),
    uma: { principal: 'uma', application: 'portal', calls: ['getSecret kv-compound/one'] },
    web: reads('web', 'kv-nobody-knows'),
  },
};
