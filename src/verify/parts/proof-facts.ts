import { type AccessFacts, accessFacts, type FactSources } from '../../access/access-facts.ts';
import type { ParsedCondition } from '../../access/condition.ts';
import { plannedStanding } from '../../access/planned-assignments.ts';
import type { StandingAssignment, Term } from '../../access/standing-assignment.ts';
import type { PlannedAssignment } from '../../access/vault-question.ts';
import { compareText } from '../../base/compare-text.ts';
import { type Guid, parseGuid } from '../../base/guid.ts';
import { objectAt, objectsAt, stringAt } from '../../base/json.ts';
import { itemsRead, type Reading } from '../../base/reading.ts';
import { wellFormed } from '../../base/well-formed.ts';
import type { ProofBody, ProofCondition } from '../../formats/proof.ts';
import type { DenyAssignment } from '../../model/deny-assignment.ts';
import type { Principal } from '../../model/principal.ts';
import type { PermissionBlock } from '../../model/role.ts';
import { type Scope, scopeTouches } from '../../model/scope.ts';
import type { Vault } from '../../model/vault.ts';
import { subscriptionIndex } from '../../plan/subscription-index.ts';
import { proofCondition } from './proof-condition.ts';

type Facts = ProofBody['facts'];

/** Every fact that bears on the vault's verdict, in a stable order: what `check-proof` derives the verdict from. */
export function proofFacts(vault: Vault, sources: FactSources, planned: readonly PlannedAssignment[]): Facts {
  const facts = accessFacts(sources);
  const { subscription } = sources;
  const { missing, made } = plannedStanding(planned, facts);
  const standing = subscriptionIndex(subscription)
    .assignmentsTouching(vault.scope)
    .flatMap(
      (row) =>
        facts.byGrantee
          .get(row.principalId)
          ?.get(row.scope)
          ?.find(({ assignment }) => assignment === row) ?? [],
    );
  const roleAssignments = [
    ...standing.map((one) => assignmentValue(one, made.has(one.key) ? 'made' : 'no')),
    ...missing.map((one) => assignmentValue(one, 'missing')),
  ].sort((a, b) => compareText(a.id, b.id));
  const denies = itemsRead(subscription.denyAssignments).filter((deny) => bearsOn(deny, vault.scope, subscription.managementGroups));
  const roles = [...new Set([...standing, ...missing].map(({ assignment }) => assignment.roleDefinitionId))].sort(compareText);
  const people = takingPart(vault, [...standing, ...missing], denies, facts);
  return {
    accessPolicies: vault.accessPolicies.map((policy) => wellFormed(policy.raw) as Facts['accessPolicies'][number]),
    managementGroups: [...subscription.managementGroups],
    roleAssignments,
    roleDefinitions: roles.flatMap((id) => roleValue(id, facts)),
    denyAssignments: denies.map((deny) => denyValue(deny, facts)).sort((a, b) => compareText(a.id, b.id)),
    principals: people.flatMap((id) => principalValue(facts.principals.get(id))),
    groups: people.flatMap((id) => groupValue(id, people, denies.length > 0, facts)),
    unreadable: unreadLists(subscription),
  };
}

function bearsOn({ scope, permissions, auditOnly }: DenyAssignment, vault: Scope, managementGroups: readonly Scope[]): boolean {
  if (auditOnly) return false;
  return scopeTouches(scope, vault, managementGroups) && permissions.some((block) => block.dataActions.length > 0);
}

/** Whoever a policy, an assignment or a deny names, and dynamic groups inside such a group. */
function takingPart(
  { accessPolicies }: Vault,
  standing: readonly StandingAssignment[],
  denies: readonly DenyAssignment[],
  { members, principals }: AccessFacts,
): readonly Guid[] {
  const named = new Set<Guid>([
    ...accessPolicies.flatMap((policy) => parseGuid(policy.objectId) ?? []),
    ...standing.map(({ assignment }) => assignment.principalId),
    ...denies.flatMap((deny) => [...deny.principals, ...deny.excludePrincipals]),
  ]);
  const inside = [...named].flatMap((id) => {
    const reading = members.get(id);
    return reading?.state === 'read' ? [...reading.value].filter((member) => isDynamic(principals.get(member))) : [];
  });
  return [...new Set([...named, ...inside])].sort(compareText);
}

function isDynamic(principal: Principal | undefined): boolean {
  return principal?.kind === 'group' && principal.dynamic;
}

function assignmentValue(
  { assignment, condition, since, term }: StandingAssignment,
  planned: 'no' | 'made' | 'missing',
): Facts['roleAssignments'][number] {
  const { id, scope, roleDefinitionId, principalId, principalType } = assignment;
  return {
    ...{ id, scope, roleDefinitionId, principalId, principalType, planned },
    ...conditionValue(condition),
    ...(since !== undefined && { since }),
    // What the plan made has no end, so that Azure need not list it in PIM yet.
    windows: planned === 'made' && term.kind === 'unlisted' ? [] : windowsOf(term),
  };
}

function windowsOf(term: Term): Facts['roleAssignments'][number]['windows'] {
  if (term.kind === 'unread' || term.kind === 'unlisted') return null;
  return term.kind === 'lasting' ? [] : term.windows.map((window) => ({ ...window }));
}

function roleValue(id: Guid, facts: AccessFacts): Facts['roleDefinitions'] {
  const role = facts.role(id);
  if (role === undefined) return [];
  return [{ id, name: role.name.toWellFormed(), blocks: role.blocks.map((block, at) => blockValue(block, role.conditions[at])) }];
}

function blockValue(
  { dataActions, notDataActions }: PermissionBlock,
  condition: ParsedCondition | undefined,
): Facts['denyAssignments'][number]['blocks'][number] {
  return { dataActions: [...dataActions], notDataActions: [...notDataActions], ...conditionValue(condition) };
}

function conditionValue(condition: ParsedCondition | undefined): { readonly condition?: ProofCondition } {
  return condition === undefined ? {} : { condition: proofCondition(condition) };
}

function denyValue(deny: DenyAssignment, { readCondition }: AccessFacts): Facts['denyAssignments'][number] {
  const parsed = (text: string | undefined) => (text === undefined ? undefined : readCondition(text));
  const properties = objectAt(deny.raw, 'properties');
  const named = (list: 'principals' | 'excludePrincipals') =>
    objectsAt(properties, list).map((one) => {
      const id = stringAt(one, 'id') ?? '';
      return { id: parseGuid(id) ?? id.toWellFormed(), type: stringAt(one, 'type') ?? '' };
    });
  return {
    id: deny.id,
    scope: deny.scope,
    blocks: deny.permissions.map((block) => blockValue(block, parsed(block.condition))),
    principals: named('principals'),
    excludePrincipals: named('excludePrincipals'),
    doNotApplyToChildScopes: deny.doNotApplyToChildScopes,
    ...conditionValue(parsed(deny.condition)),
  };
}

function principalValue(principal: Principal | undefined): Facts['principals'] {
  if (principal === undefined) return [];
  const { objectId: id, kind } = principal;
  const name = kind === 'unresolved' ? {} : { displayName: principal.displayName.toWellFormed() };
  if (kind === 'group') return [{ id, kind, ...name, dynamic: principal.dynamic, securityEnabled: principal.securityEnabled }];
  return [{ id, kind, ...name, ...(kind === 'servicePrincipal' && { managedIdentity: principal.managedIdentity }) }];
}

/** A deny on some members of a group hangs on all of them, so they are named whole where there is one. */
function groupValue(id: Guid, people: readonly Guid[], whole: boolean, { members, principals }: AccessFacts): Facts['groups'] {
  const reading: Reading<ReadonlySet<Guid>> | undefined = members.get(id);
  if (reading === undefined) return [];
  if (reading.state === 'unreadable') return [{ id, members: null }];
  const within = whole ? [...reading.value].sort(compareText) : people.filter((one) => reading.value.has(one));
  const group = principals.get(id);
  const ending = group?.kind === 'group' ? (group.ending ?? []).filter((one) => within.includes(one.principalId)) : [];
  return [{ id, members: within, ...(ending.length > 0 && { ending: ending.map((one) => ({ ...one })) }) }];
}

function unreadLists(subscription: FactSources['subscription']): Facts['unreadable'] {
  const { activeInstances, denyAssignments, roleAssignments, roleDefinitions } = subscription;
  const lists: Readonly<Record<string, Reading<unknown>>> = { activeInstances, denyAssignments, roleAssignments, roleDefinitions };
  return Object.keys(lists).filter((name) => lists[name]?.state === 'unreadable');
}
