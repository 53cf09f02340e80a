// Makes the scenario of a large estate: vaults in resource groups in subscriptions under management groups, entries of applications,
// services, groups and people with varied permission sets, and the role assignments that vaults inherit. The same numbers and the
// same seed make the same estate.
import { numbersFrom, pick, pickWeighed } from './numbers.mjs';
import { applicationSets, peopleSets } from './permission-sets.mjs';

const vaultsPerGroup = 10;
const managementGroups = { 'mg-platform': null, 'mg-online': 'mg-platform', 'mg-corp': 'mg-platform' };
const controlRoles = [
  [10, 'Reader'],
  [7, 'Contributor'],
  [2, 'Key Vault Contributor'],
  [2, 'User Access Administrator'],
  [1, 'Owner'],
  [1, 'Role Based Access Control Administrator'],
];

/**
 * @param asked `seed`, how many `vaults`, `entries` each, `subscriptions`, and `inherited` assignments each vault has above it;
 * `covered` is the share of entries whose access is there already, through roles at their vault, `sets` which permission sets are
 * used, `dataRoles` how many of the inherited ones in each subscription are roles on data.
 */
export function estate({ seed, vaults, entries, subscriptions, inherited, covered = 0.1, sets = {}, dataRoles = 2 }) {
  const made = {
    random: numbersFrom(seed),
    sets: { application: applicationSets, people: peopleSets, ...sets },
    principals: { runner: { kind: 'managedIdentity', displayName: 'id-runner' } },
    resourceGroups: {},
    assignments: [{ role: 'Owner', principal: 'runner', scope: 'managementGroups/mg-platform' }],
    vaults: {},
    covered,
  };
  const people = Array.from({ length: 200 }, (_, n) => user(made, `person-${n}`));
  const platform = Array.from({ length: 8 }, (_, n) => group(made, `sec-platform-${n}`, people));
  // Of every ten inherited assignments, two come from management groups, five from the subscription and three from the resource group.
  const counts = { top: Math.round(inherited * 0.1), landing: Math.round(inherited * 0.1), subscription: Math.round(inherited * 0.5) };
  const below = inherited - counts.top - counts.landing - counts.subscription;
  // The operator's own is one of them.
  assign(made, 'managementGroups/mg-platform', platform, counts.top - 1, 0);
  for (const landing of ['mg-online', 'mg-corp']) assign(made, `managementGroups/${landing}`, platform, counts.landing, 0);
  for (let s = 0; s < subscriptions; s++) {
    const teams = Array.from({ length: 12 }, (_, n) => group(made, `sec-sub${s}-team-${n}`, people));
    const services = Array.from({ length: 10 }, (_, n) => application(made, `sub${s}-service-${n}`, 'servicePrincipal'));
    assign(made, `subscriptions/sub-${s}`, [...teams, ...services], counts.subscription, dataRoles);
    const mine = Array.from({ length: Math.ceil((vaults - s) / subscriptions) }, (_, n) => s + n * subscriptions);
    for (const [n, v] of mine.entries()) {
      const name = `rg-${s}-${Math.floor(n / vaultsPerGroup)}`;
      if (made.resourceGroups[name] === undefined) {
        made.resourceGroups[name] = { subscription: `sub-${s}`, location: n % 2 === 0 ? 'westeurope' : 'northeurope' };
        assign(made, `resourceGroups/${name}`, [...teams, ...services], below, 0);
      }
      addVault(made, `kv-${String(v).padStart(5, '0')}`, name, { teams, services, people }, entries);
    }
  }
  return {
    formatVersion: 1,
    title: `${vaults} vaults`,
    story: 'Made for measuring.',
    tenant: { domain: 'bench.example' },
    managementGroups,
    subscriptions: Object.fromEntries(
      Array.from({ length: subscriptions }, (_, s) => [
        `sub-${s}`,
        { displayName: `Subscription ${s}`, managementGroup: s % 2 === 0 ? 'mg-online' : 'mg-corp' },
      ]),
    ),
    resourceGroups: made.resourceGroups,
    principals: made.principals,
    operator: 'runner',
    assignments: made.assignments,
    vaults: made.vaults,
  };
}

function user({ principals }, name) {
  principals[name] = { kind: 'user', displayName: name };
  return name;
}

function application({ principals }, name, kind) {
  principals[name] = { kind, displayName: name };
  return name;
}

function group({ principals, random }, name, people) {
  const members = new Set(Array.from({ length: 5 + Math.floor(random() * 20) }, () => pick(random, people)));
  principals[name] = { kind: 'group', displayName: name, members: [...members] };
  return name;
}

/** As many different assignments at one scope; the first ones are roles on data. */
function assign({ assignments, random }, scope, principals, count, dataRoles) {
  if (count > principals.length * 4) throw new RangeError(`${count} assignments are too many for ${principals.length} principals`);
  const seen = new Set();
  while (seen.size < count) {
    const role = seen.size < dataRoles ? ['Key Vault Reader', 'Key Vault Secrets User'][seen.size % 2] : pickWeighed(random, controlRoles);
    const principal = pick(random, principals);
    const key = `${role} ${principal}`;
    if (seen.has(key)) continue;
    seen.add(key);
    assignments.push({ role, principal, scope });
  }
}

/** Half of the entries are identities of the vault's own applications, the rest are shared services, teams and people. */
function addVault(made, name, resourceGroup, { teams, services, people }, entries) {
  const { random, sets } = made;
  const holders = new Map();
  while (holders.size < entries) {
    const own = () => application(made, `${name}-app-${holders.size}`, 'managedIdentity');
    const [principal, kind] = pickWeighed(random, [
      [5, () => [own(), 'application']],
      [2, () => [pick(random, services), 'application']],
      [2, () => [pick(random, teams), 'people']],
      [0.5, () => [pick(random, people), 'people']],
    ])();
    if (!holders.has(principal)) holders.set(principal, pickWeighed(random, sets[kind]));
  }
  made.vaults[name] = {
    resourceGroup,
    accessPolicies: [...holders].map(([principal, permissions]) => ({ principal, ...permissions })),
    tags: { wave: String(1 + Math.floor(random() * 5)) },
  };
  for (const [principal, { secrets, keys, certificates }] of holders) {
    if (keys !== undefined || certificates !== undefined || random() >= made.covered) continue;
    const role = secrets.some((word) => !/^(get|list)$/i.test(word)) ? 'Key Vault Secrets Officer' : 'Key Vault Secrets User';
    made.assignments.push({ role, principal, scope: `vaults/${name}` });
  }
}
