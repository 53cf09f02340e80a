import { everyone, type Guid, parseGuid } from '../../base/guid.ts';
import type { KnownError } from '../../base/known-error.ts';
import { nameGuid } from '../../base/name-guid.ts';
import type { BuiltInRole } from '../readers/built-in-roles.ts';
import { scenarioError } from './scenario-error.ts';
import type { ScenarioFile, ScenarioPrincipal } from './scenario-schema.ts';

/** The entry of that very name: `constructor` is a name like any other. */
function own<T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}

function unknown(path: string, what: string, name: string): KnownError {
  return scenarioError('scenario.json', path, `no ${what} is called \`${name}\``);
}

interface RoleName {
  readonly id: Guid;
  readonly name: string;
}

/** Turns the names that people write in a scenario into the ids that Azure uses: the same ids on every load. */
export interface ScenarioNames {
  readonly tenantId: Guid;
  subscriptionId(name: string, path: string): Guid;
  /** Resource id of a resource group. */
  resourceGroup(name: string, path: string): string;
  vault(name: string, path: string): string;
  /** Object id of a principal: an alias, or a GUID as it stands. */
  objectId(alias: string, path: string): string;
  appId(alias: string, path: string): string;
  principal(alias: string): ScenarioPrincipal | undefined;
  /** Full resource id of a scope in shorthand; `/` for the root. */
  scope(shorthand: string, path: string): string;
  role(nameOrId: string, path: string): RoleName;
  /** A GUID of its own for each thing of the scenario. */
  make(...parts: readonly string[]): Guid;
}

export function scenarioNames(file: ScenarioFile, roles: readonly BuiltInRole[]): ScenarioNames {
  const tenantId = parseGuid(file.tenant.id ?? '') ?? nameGuid('tenant', file.tenant.domain);
  const make = (...parts: readonly string[]) => nameGuid(tenantId, ...parts);
  const names: ScenarioNames = {
    tenantId,
    make,
    subscriptionId(name, path) {
      const subscription = own(file.subscriptions, name);
      if (subscription === undefined) throw unknown(path, 'subscription', name);
      return parseGuid(subscription.id ?? '') ?? make('subscription', name);
    },
    resourceGroup(name, path) {
      const group = own(file.resourceGroups, name);
      if (group === undefined) throw unknown(path, 'resource group', name);
      return `/subscriptions/${names.subscriptionId(group.subscription, `resourceGroups.${name}.subscription`)}/resourceGroups/${name}`;
    },
    vault(name, path) {
      const vault = own(file.vaults, name);
      if (vault === undefined) throw unknown(path, 'vault', name);
      return `${names.resourceGroup(vault.resourceGroup, `vaults.${name}.resourceGroup`)}/providers/Microsoft.KeyVault/vaults/${name}`;
    },
    principal: (alias) => own(file.principals, alias),
    objectId(alias, path) {
      const principal = own(file.principals, alias);
      if (principal !== undefined) return parseGuid(principal.id ?? '') ?? make('principal', alias);
      if (parseGuid(alias) === undefined) throw unknown(path, 'principal', alias);
      return alias;
    },
    appId: (alias, path) => appIdOf(names, alias, path),
    scope: (shorthand, path) => scopeOf(names, file, shorthand, path),
    role: (nameOrId, path) => roleOf(names, file, roles, nameOrId, path),
  };
  return names;
}

/** A registration shares its appId with its service principal. */
function appIdOf(names: ScenarioNames, alias: string, path: string): string {
  const principal = names.principal(alias);
  if (principal === undefined && parseGuid(alias) !== undefined) return alias;
  if (principal === undefined) throw unknown(path, 'principal', alias);
  if (principal.kind !== 'application' || principal.servicePrincipal === undefined)
    return 'appId' in principal ? principal.appId.toLowerCase() : names.make('appId', alias);
  const owner = `principals.${alias}.servicePrincipal`;
  const shared = names.principal(principal.servicePrincipal);
  if (shared?.kind !== 'servicePrincipal') throw unknown(owner, 'service principal', principal.servicePrincipal);
  return appIdOf(names, principal.servicePrincipal, owner);
}

function roleOf(names: ScenarioNames, file: ScenarioFile, roles: readonly BuiltInRole[], nameOrId: string, path: string): RoleName {
  const wanted = nameOrId.toLowerCase();
  const builtIn = roles.find((role) => role.name.toLowerCase() === wanted || role.id === wanted);
  if (builtIn !== undefined) return { id: builtIn.id, name: builtIn.name };
  if (own(file.roles, nameOrId) === undefined) throw unknown(path, 'role', nameOrId);
  return { id: names.make('role', nameOrId), name: nameOrId };
}

const managementGroupRoot = '/providers/Microsoft.Management/managementGroups/';

function scopeOf(names: ScenarioNames, file: ScenarioFile, shorthand: string, path: string): string {
  if (shorthand.startsWith('/')) return shorthand;
  const [kind = '', name = '', ...below] = shorthand.split('/');
  switch (kind) {
    case 'managementGroups':
      if (own(file.managementGroups, name) === undefined) throw unknown(path, 'management group', name);
      return managementGroupRoot + name;
    case 'subscriptions':
      return `/subscriptions/${names.subscriptionId(name, path)}`;
    case 'resourceGroups':
      return names.resourceGroup(name, path);
    case 'vaults':
      return [names.vault(name, path), ...below].join('/');
    default:
      throw scenarioError('scenario.json', path, `\`${shorthand}\` is no scope`);
  }
}

/** Management groups above a subscription by lower-case resource id, the nearest first. */
export function managementGroupsAbove(file: ScenarioFile, subscription: string): readonly string[] {
  const chain: string[] = [];
  let group = own(file.subscriptions, subscription)?.managementGroup ?? null;
  while (group !== null) {
    const parent: string | null | undefined = own(file.managementGroups, group);
    if (parent === undefined)
      throw scenarioError('scenario.json', `subscriptions.${subscription}.managementGroup`, `no management group is called \`${group}\``);
    const id = (managementGroupRoot + group).toLowerCase();
    if (chain.includes(id)) throw scenarioError('scenario.json', `managementGroups.${group}`, 'the management group stands above itself');
    chain.push(id);
    group = parent;
  }
  return chain;
}

export function principalsOf(names: ScenarioNames, aliases: readonly string[], path: string): readonly string[] {
  return aliases.map((alias, index) => (alias === 'everyone' ? everyone : names.objectId(alias, `${path}.${index}`)));
}
