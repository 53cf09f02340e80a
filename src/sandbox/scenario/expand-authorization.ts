import type { JsonObject } from '../../base/json.ts';
import type { BuiltInRole } from '../readers/built-in-roles.ts';
import type { StoredBlock } from '../readers/permission-block.ts';
import type { Stored } from '../state.ts';
import { scenarioError } from './scenario-error.ts';
import { principalsOf, type ScenarioNames } from './scenario-names.ts';
import type { ScenarioFile } from './scenario-schema.ts';

const day = 24 * 3600_000;
const provider = 'providers/Microsoft.Authorization';

/** `since` in sandbox milliseconds and the same moment as ISO 8601. */
export function ago(now: number, days: number): { readonly since: number; readonly at: string } {
  const since = now - days * day;
  return { since, at: new Date(since).toISOString() };
}

/** The id of a thing that hangs on a scope; the root scope is `/`. */
export function idAt(scope: string, type: string, name: string): string {
  return `${scope === '/' ? '' : scope}/${provider}/${type}/${name}`;
}

/** The built-in roles of the catalogue and the scenario's own. */
export function expandRoleDefinitions(
  file: ScenarioFile,
  names: ScenarioNames,
  roles: readonly BuiltInRole[],
  now: number,
): Map<string, Stored> {
  const changed = new Map(Object.entries(file.builtInRoles ?? {}).map(([name, blocks]) => [builtInId(name, roles), blocks]));
  const builtIn = roles.map((role) => {
    const about = { roleName: role.name, type: 'BuiltInRole', description: '', assignableScopes: ['/'] };
    return roleDefinition('/', role.id, ago(now, 2000), {
      ...about,
      permissions: (changed.get(role.id) ?? role.permissions).map(permissionBlock),
    });
  });
  const custom = Object.entries(file.roles ?? {}).map(([name, role]) => {
    const path = `roles.${name}`;
    const assignableScopes = role.assignableScopes.map((scope, index) => names.scope(scope, `${path}.assignableScopes.${index}`));
    // A custom role's id names the subscription that it was made in.
    const home = `/${(assignableScopes[0] ?? '').split('/').slice(1, 3).join('/')}`;
    const about = { roleName: name, type: 'CustomRole', description: role.description ?? '', assignableScopes };
    return roleDefinition(home, names.role(name, path).id, ago(now, 180), { ...about, permissions: role.permissions.map(permissionBlock) });
  });
  return new Map([...builtIn, ...custom]);
}

function builtInId(name: string, roles: readonly BuiltInRole[]): string {
  const role = roles.find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (role === undefined) throw scenarioError('scenario.json', `builtInRoles.${name}`, `there is no built-in role \`${name}\``);
  return role.id;
}

function roleDefinition(scope: string, name: string, made: ReturnType<typeof ago>, about: JsonObject): readonly [string, Stored] {
  const id = idAt(scope, 'roleDefinitions', name);
  const properties = { ...about, createdOn: made.at, updatedOn: made.at, createdBy: null, updatedBy: null };
  return [id.toLowerCase(), { since: made.since, body: { properties, id, type: 'Microsoft.Authorization/roleDefinitions', name } }];
}

type Lists = Partial<Omit<StoredBlock, 'condition'>>;

function permissionBlock({ condition, ...lists }: Lists & { readonly condition?: string }): JsonObject {
  return { ...permissionLists(lists), ...(condition !== undefined && { condition, conditionVersion: '2.0' }) };
}

function permissionLists({ actions = [], notActions = [], dataActions = [], notDataActions = [] }: Lists): JsonObject {
  return { actions, notActions, dataActions, notDataActions };
}

/** As Azure writes it: with the subscription of the scope in front, or with nothing where there is none. */
export function roleDefinitionId(scope: string, role: string): string {
  const subscription = /^\/subscriptions\/[^/]+/i.exec(scope)?.[0] ?? '';
  return `${subscription}/${provider}/roleDefinitions/${role}`;
}

/** The principalType that a role assignment carries; a principal that the scenario does not describe is taken for a service principal. */
export function principalTypeOf(names: ScenarioNames, alias: string): 'User' | 'Group' | 'ServicePrincipal' {
  const kind = names.principal(alias)?.kind;
  if (kind === 'user') return 'User';
  return kind === 'group' ? 'Group' : 'ServicePrincipal';
}

export function expandDenyAssignments(file: ScenarioFile, names: ScenarioNames, now: number): Map<string, Stored> {
  const denies = new Map<string, Stored>();
  for (const [index, deny] of (file.denyAssignments ?? []).entries()) {
    const path = `denyAssignments.${index}`;
    const scope = names.scope(deny.scope, `${path}.scope`);
    const name = names.make('deny', String(index), deny.name);
    const id = idAt(scope, 'denyAssignments', name);
    const { since, at } = ago(now, 90);
    // Azure lists these ids without dashes.
    const listed = (aliases: readonly string[], at: string) =>
      principalsOf(names, aliases, at).map((objectId, i) => ({
        id: objectId.replaceAll('-', ''),
        type: aliases[i] === 'everyone' ? 'SystemDefined' : principalTypeOf(names, aliases[i] ?? ''),
      }));
    const properties = {
      denyAssignmentName: deny.name,
      description: null,
      permissions: [permissionLists(deny)],
      scope,
      doNotApplyToChildScopes: deny.doNotApplyToChildScopes ?? false,
      principals: listed(deny.principals, `${path}.principals`),
      excludePrincipals: listed(deny.except ?? [], `${path}.except`),
      isSystemProtected: deny.systemProtected ?? true,
      denyAssignmentEffect: deny.effect ?? 'enforced',
      createdOn: at,
      updatedOn: at,
      createdBy: null,
      updatedBy: null,
    };
    denies.set(id.toLowerCase(), { since, body: { properties, id, type: 'Microsoft.Authorization/denyAssignments', name } });
  }
  return denies;
}
