import { type JsonObject, stringAt } from '../../src/base/json.ts';

export interface Person {
  readonly kind: 'user' | 'group' | 'servicePrincipal' | 'application';
  readonly id: string;
  readonly appId: string;
  readonly members: readonly string[];
  readonly deleted: boolean;
  readonly dynamic: boolean;
  readonly securityEnabled: boolean;
  /** Whether Graph answers for it; whom it leaves out is unresolved (EA-32). */
  readonly visible: boolean;
  /** Whether the members of the group can be read. */
  readonly readable: boolean;
  /** Who is in the group only until PIM for Groups ends it (EA-61). */
  readonly ending?: readonly string[];
}

/** One thing that a condition tests, kept beside its text so that open points can be told without reading the text. */
export type Leaf =
  | {
      readonly kind: 'name';
      readonly attribute: 'vault' | 'resource' | 'request';
      readonly values: readonly string[];
      readonly plain: boolean;
    }
  | { readonly kind: 'exists' | 'action' | 'role' }
  | { readonly kind: 'undocumented' };

/** A random tenant in the shapes of ARM and Graph. Everything in it is JSON, so that a failing one can be printed. */
export interface World {
  readonly people: readonly Person[];
  readonly roles: readonly JsonObject[];
  readonly assignments: readonly JsonObject[];
  readonly denies: readonly JsonObject[];
  readonly instances: readonly JsonObject[];
  /**
   * What can be read of them. `none`: the tenant has no PIM, and the list is empty. `listed`: Azure lists one for every assignment, save for
   * those in `unlisted`, which it leaves out. Otherwise the list is not there, or holds a row that nobody understands.
   */
  readonly pim: 'none' | 'listed' | 'missing' | 'damaged';
  /** Ids of assignments whose instances the list leaves out. */
  readonly unlisted: readonly string[];
  readonly vaults: readonly JsonObject[];
  readonly conditions: Readonly<Record<string, readonly Leaf[]>>;
  /** From whose side groups are known: members of each group, or the groups of who asks. */
  readonly groupsFrom: 'members' | 'asker';
}

export const tenantId = '11111111-2222-3333-4444-555555555555';
export const foreignTenant = '99999999-2222-3333-4444-555555555555';
export const subscriptionId = '5b000000-0000-0000-0000-00000000000a';
export const subscription = `/subscriptions/${subscriptionId}`;
export const managementGroup = (name: string) => `/providers/Microsoft.Management/managementGroups/${name}`;
export const managementGroups = [managementGroup('mg-team'), managementGroup('mg-root')];
export const now = '2026-11-24T12:00:00.000Z';
export const vaultId = (group: string, name: string) =>
  `${subscription}/resourceGroups/${group}/providers/Microsoft.KeyVault/vaults/${name}`;
export const vaultIds = [vaultId('rg-a', 'kv1'), vaultId('rg-a', 'kv10'), vaultId('rg-ab', 'Kv-Mixed')];
/** `s1` is a prefix of `s10`, and one name has letters of both cases. */
export const objectNames = ['s1', 's10', 'app-db', 'app-api', 'Db-Main'];
/** An object that no fact speaks of: it stands for every other one. */
export const unmentioned = 'zz-unmentioned';
export const collections = ['secrets', 'keys', 'certificates'] as const;

export const idOf = (row: JsonObject): string => stringAt(row, 'id') ?? '';
