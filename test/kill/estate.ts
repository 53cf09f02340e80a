const action = (name: string) => `Microsoft.KeyVault/vaults/${name}`;

/** Applications with what their entries give and say: `needs` is what a role has to give them, `call` what they do all through. */
export const applications = [
  {
    name: 'orders',
    permissions: { secrets: ['get', 'list'] },
    needs: [action('secrets/getSecret/action'), action('secrets/readMetadata/action')],
    call: 'getSecret',
    object: 'connection',
  },
  {
    name: 'billing',
    permissions: { secrets: ['Get'] },
    needs: [action('secrets/getSecret/action')],
    call: 'getSecret',
    object: 'connection',
  },
  {
    name: 'disks',
    permissions: { keys: ['get', 'wrapKey', 'unwrapKey'] },
    needs: [action('keys/read'), action('keys/wrap/action'), action('keys/unwrap/action')],
    call: 'getKey',
    object: 'code',
  },
  {
    name: 'signing',
    permissions: { keys: ['get', 'sign', 'verify'] },
    needs: [action('keys/read'), action('keys/sign/action'), action('keys/verify/action')],
    call: 'sign',
    object: 'code',
  },
  {
    name: 'gateway',
    permissions: { secrets: ['get'], certificates: ['get'] },
    needs: [action('secrets/getSecret/action'), action('certificates/read')],
    call: 'getSecret',
    object: 'connection',
  },
] as const;

/** The applications that the n-th vault lets in. */
export function holdersOf(n: number): readonly (typeof applications)[number][] {
  return applications.filter((_, at) => (at - n + 1000 * applications.length) % applications.length < 3);
}

/**
 * An estate for runs that go wrong: vaults whose applications call them all through, over two subscriptions. Every vault has three
 * entries, so that a run over 25 of them writes more than 200 events.
 */
export function shopEstate(vaultCount: number): Record<string, unknown> {
  const vaults = Array.from({ length: vaultCount }, (_, n) => ({
    name: `kv-shop-${String(n).padStart(2, '0')}`,
    group: `rg-${n % 4}`,
    holders: holdersOf(n),
  }));
  const calls = (kind: (typeof applications)[number]) =>
    vaults.filter(({ holders }) => holders.includes(kind)).map(({ name }) => `${kind.call} ${name}/${kind.object}`);
  return {
    formatVersion: 1,
    title: 'Shops',
    story: 'Applications that call their vaults all through a migration that goes wrong.',
    tenant: { domain: 'shops.example' },
    clock: '2026-11-02T08:00:00Z',
    subscriptions: { east: { displayName: 'East' }, west: { displayName: 'West' } },
    resourceGroups: Object.fromEntries(
      [0, 1, 2, 3].map((n) => [`rg-${n}`, { subscription: n % 2 === 0 ? 'east' : 'west', location: 'westeurope' }]),
    ),
    principals: {
      runner: { kind: 'managedIdentity', displayName: 'id-runner' },
      ...Object.fromEntries(applications.map(({ name }) => [name, { kind: 'managedIdentity', displayName: `id-${name}` }])),
    },
    operator: 'runner',
    vaults: Object.fromEntries(
      vaults.map(({ name, group, holders }) => [
        name,
        {
          resourceGroup: group,
          accessPolicies: holders.map(({ name: principal, permissions }) => ({ principal, ...permissions })),
          // No RSA keys: making them takes longer than the run.
          objects: { secrets: { connection: 'not a real one' }, keys: { code: 'EC' } },
        },
      ]),
    ),
    assignments: ['east', 'west'].map((name) => ({ role: 'Owner', principal: 'runner', scope: `subscriptions/${name}` })),
    // An application that no vault of a small estate lets in calls none.
    workloads: Object.fromEntries(
      applications.filter((kind) => calls(kind).length > 0).map((kind) => [kind.name, { principal: kind.name, calls: calls(kind) }]),
    ),
  };
}
