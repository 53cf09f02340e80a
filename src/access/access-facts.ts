import { grouped } from '../base/grouped.ts';
import type { Guid } from '../base/guid.ts';
import { itemsRead, type Reading } from '../base/reading.ts';
import type { Catalogue, DataAction } from '../model/catalogue.ts';
import type { DenyAssignment } from '../model/deny-assignment.ts';
import type { Estate, SubscriptionFacts } from '../model/estate.ts';
import type { FactList, Reason } from '../model/reason.ts';
import type { RoleDefinition } from '../model/role.ts';
import type { Scope } from '../model/scope.ts';
import type { ParsedCondition } from './condition.ts';
import { parseCondition } from './conditions/parse-condition.ts';
import { declaredTypeOf, mayBeGroup } from './rbac/group-kind.ts';
import { type ConditionReader, type RoleRule, roleRule } from './role-rule.ts';
import { type StandingAssignment, standingAssignment, termsFrom } from './standing-assignment.ts';

/** Facts of one subscription and the directory, indexed so that thousands of questions can be asked of them. */
export interface AccessFacts {
  readonly subscription: SubscriptionFacts;
  readonly principals: Estate['principals'];
  readonly members: Estate['members'];
  readonly catalogue: Catalogue;
  /** Assignments by the principal they name, then by scope. */
  readonly byGrantee: ReadonlyMap<Guid, ReadonlyMap<Scope, readonly StandingAssignment[]>>;
  /** Grantees that are groups, or may be. */
  readonly groupGrantees: readonly { readonly id: Guid; readonly declaredType: string }[];
  readonly byScope: ReadonlyMap<Scope, readonly StandingAssignment[]>;
  readonly deniesByScope: ReadonlyMap<Scope, readonly DenyAssignment[]>;
  /** Scopes, below a vault, of assignments and deny assignments; by the vault's scope. */
  readonly objectScopes: ReadonlyMap<string, readonly Scope[]>;
  readonly role: (id: Guid) => RoleRule | undefined;
  /** The catalogue's data actions that a role gives, with or without a condition; undefined when the role is not known. */
  readonly dataActionsOf: (role: Guid) => readonly DataAction[] | undefined;
  readonly dataAction: (name: string) => DataAction | undefined;
  readonly readCondition: ConditionReader;
}

export interface FactSources {
  readonly subscription: SubscriptionFacts;
  readonly principals: Estate['principals'];
  readonly members: Estate['members'];
  readonly catalogue: Catalogue;
}

const prepared = new WeakMap<SubscriptionFacts, AccessFacts>();

/** Indexes the facts once for all vaults of a subscription: the same sources give the same value back. */
export function accessFacts(sources: FactSources): AccessFacts {
  const { subscription, principals, members, catalogue } = sources;
  const known = prepared.get(subscription);
  if (known?.principals === principals && known.members === members && known.catalogue === catalogue) return known;
  const facts = indexFacts(sources);
  prepared.set(subscription, facts);
  return facts;
}

function indexFacts({ subscription, principals, members, catalogue }: FactSources): AccessFacts {
  const readCondition = remember<string, ParsedCondition>(parseCondition);
  const termOf = termsFrom(subscription);
  const standing = itemsRead(subscription.roleAssignments).map((row) => standingAssignment(row, termOf, readCondition));
  const denies = itemsRead(subscription.denyAssignments).filter((deny) => deny.auditOnly !== true);
  const definitions = new Map<Guid, RoleDefinition>(itemsRead(subscription.roleDefinitions).map((role) => [role.id, role]));
  const byGrantee = grouped(standing, ({ assignment }) => assignment.principalId);
  const role = remember((id: Guid) => roleRule(id, definitions.get(id), catalogue, readCondition));
  const actions = new Map(catalogue.dataActions.map((action) => [action.name.toLowerCase(), action]));
  const scopes = new Set([...standing.map(({ assignment }) => assignment.scope), ...denies.map((deny) => deny.scope)]);
  return {
    subscription,
    principals,
    members,
    catalogue,
    byGrantee: new Map([...byGrantee].map(([id, rows]) => [id, grouped(rows, ({ assignment }) => assignment.scope)])),
    groupGrantees: [...byGrantee].flatMap(([id, rows]) => {
      const declaredType = declaredTypeOf(rows.map(({ assignment }) => assignment.principalType));
      return members.has(id) || mayBeGroup(id, declaredType, { principals }) ? [{ id, declaredType }] : [];
    }),
    byScope: grouped(standing, ({ assignment }) => assignment.scope),
    deniesByScope: grouped(denies, (deny) => deny.scope),
    objectScopes: grouped(
      [...scopes].filter((scope) => /\/vaults\/[^/]+\/./.test(scope)),
      (scope) => scope.replace(/(\/vaults\/[^/]+)\/.*$/, '$1'),
    ),
    role,
    dataActionsOf: remember((id: Guid) => {
      const rule = role(id);
      return rule && catalogue.dataActions.filter((action) => rule.matching('data', action.name).length > 0);
    }),
    dataAction: (name) => actions.get(name.trim().toLowerCase()),
    readCondition,
  };
}

function remember<K, V>(find: (key: K) => V): (key: K) => V {
  const found = new Map<K, V>();
  return (key) => {
    const known = found.get(key);
    if (known !== undefined || found.has(key)) return known as V;
    const value = find(key);
    found.set(key, value);
    return value;
  };
}

const weighed = ['denyAssignments', 'activeInstances', 'roleAssignments', 'roleDefinitions'] as const;

/** Lists that could not be read and so leave answers open. */
export function unreadLists({ subscription }: Pick<AccessFacts, 'subscription'>, lists: readonly FactList[] = weighed): readonly Reason[] {
  return lists.flatMap((list) => {
    const reading: Reading<unknown> = subscription[list];
    return reading.state === 'unreadable' ? [{ kind: 'listUnread', list, text: reading.because }] : [];
  });
}
