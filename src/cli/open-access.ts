import { type AccessFacts, accessFacts } from '../access/access-facts.ts';
import type { Asker } from '../access/access-request.ts';
import { decideLegacy } from '../access/decide-legacy.ts';
import { decideRbac } from '../access/decide-rbac.ts';
import type { Access, CheckedResource } from '../access/judgement.ts';
import { type Guid, parseGuid } from '../base/guid.ts';
import { type JsonObject, objectAt } from '../base/json.ts';
import { type Reading, read, unreadable } from '../base/reading.ts';
import { parsePrincipal } from '../inventory/parse-principal.ts';
import { readCatalogueFiles } from '../local/catalogue-files.ts';
import { parseDenyAssignment } from '../model/deny-assignment.ts';
import type { SubscriptionFacts } from '../model/estate.ts';
import type { Reason } from '../model/reason.ts';
import { parseRoleAssignment, parseRoleDefinition } from '../model/role.ts';
import { parseScheduleInstance } from '../model/schedule-instance.ts';
import { parseScope, type Scope, scopeLevel } from '../model/scope.ts';
import { parseVault, unreadablePolicies } from '../model/vault.ts';
import { parseVaultId, type VaultId } from '../model/vault-id.ts';
import { reasonInWords } from '../words/reason-words.ts';

// The build writes `dist/access.d.ts` from what this file exports; its types stand on nothing outside it.

/** Rows as Azure Resource Manager or Microsoft Graph answer them. */
export type Row = Readonly<Record<string, unknown>>;

/**
 * The facts of one subscription. A list that is left out counts as unreadable, not as empty: what hangs on it is answered with
 * `unknown`. So does a list with a row that cannot be understood.
 */
export interface AccessInput {
  readonly subscriptionId: string;
  readonly roleAssignments?: readonly Row[];
  readonly roleDefinitions?: readonly Row[];
  readonly denyAssignments?: readonly Row[];
  readonly roleAssignmentScheduleInstances?: readonly Row[];
  /** Management groups above the subscription: names or resource ids. Those that assignments name are taken to be above it. */
  readonly managementGroups?: readonly string[];
  /** Directory objects with `@odata.type`, as `directoryObjects/getByIds` answers. */
  readonly principals?: readonly Row[];
  /** Transitive member ids by group id, as `groups/{id}/transitiveMembers` answers. */
  readonly members?: Readonly<Record<string, readonly string[]>>;
}

export interface AccessQuestion {
  readonly principalId: string;
  /** The principal's own transitive groups, as `getMemberGroups` answers: used instead of `members`. */
  readonly groups?: readonly string[];
  readonly action: string;
  /** `data` when left out. One string can be an action on both planes. */
  readonly plane?: 'data' | 'control';
  /** ARM id of the vault, or of `{vault}/secrets/{name}`, keys or certificates; name `*` for any object, present or future. */
  readonly resource: string;
  /** ISO 8601: decides which time-bound assignments are active. */
  readonly at: string;
}

export interface PolicyQuestion {
  readonly principalId: string;
  readonly groups?: readonly string[];
  /** The application that calls on behalf of the principal, for a compound identity. */
  readonly applicationId?: string;
  /** The data action whose legacy permission is asked for. */
  readonly action: string;
  /** The vault as Resource Manager answers it. */
  readonly vault: Row;
}

/** A reason as data: its kind, such as `assignmentNone` or `conditionOpen`, and the parameters of that kind. */
export interface ReasonData {
  readonly kind: string;
  readonly [parameter: string]: unknown;
}

export interface Decision {
  readonly decision: 'granted' | 'notGranted' | 'unknown';
  /** Azure's word for it, where it has one: `GrantedByRBAC`, `DeniedByDenyAssignment`. */
  readonly reason?: string;
  /** Why not, or what cannot be told, in sentences. */
  readonly because: readonly string[];
  /** The same as data, in the same order. More kinds may come. */
  readonly reasons: readonly ReasonData[];
  /** The assignments that give it. */
  readonly route: readonly {
    readonly assignmentId: string;
    readonly roleDefinitionId: string;
    readonly scope: string;
    readonly throughGroup?: string;
  }[];
  /** Under access policies: keys (tenant/object[/application]) of the entries that give it. */
  readonly entries: readonly string[];
}

export interface AccessDoor {
  /** What Azure RBAC answers. */
  askRbac(question: AccessQuestion): Decision;
  /** What a vault's access policies answer. */
  askPolicies(question: PolicyQuestion): Decision;
}

/**
 * Reads keyturn's role data once and indexes the facts for any number of questions. The judgement is that of keyturn's commands,
 * over plain rows.
 * @throws TypeError when an id of the input or of a question cannot be one.
 */
export async function openAccess(input: AccessInput): Promise<AccessDoor> {
  const principals = (input.principals ?? []).flatMap((row) => parsePrincipal(row as JsonObject) ?? []);
  const members = Object.entries(input.members ?? {}).map(([group, ids]) => [idOf(group), read(new Set(ids.map(idOf)))] as const);
  const facts = accessFacts({
    subscription: subscriptionFacts(input),
    principals: new Map(principals.map((principal) => [principal.objectId, principal])),
    members: new Map(members),
    catalogue: await readCatalogueFiles(),
  });
  return {
    askRbac: (question) => askRbac(question, facts),
    askPolicies: (question) => askPolicies(question, facts),
  };
}

function subscriptionFacts(input: AccessInput): SubscriptionFacts {
  const roleAssignments = listOf(input.roleAssignments, parseRoleAssignment);
  const denyAssignments = listOf(input.denyAssignments, parseDenyAssignment);
  const activeInstances = listOf(input.roleAssignmentScheduleInstances, parseScheduleInstance);
  const named = [roleAssignments, denyAssignments, activeInstances].flatMap((list): readonly Scope[] =>
    list.state === 'read' ? list.value.map((row) => row.scope).filter((scope) => scopeLevel(scope) === 'managementGroup') : [],
  );
  const notAsked = unreadable('it was not given');
  return {
    subscriptionId: input.subscriptionId.toLowerCase(),
    displayName: '',
    tenantId: '',
    managementGroups: [...new Set([...named, ...(input.managementGroups ?? []).map(managementGroup)])].sort(),
    ...{ roleAssignments, denyAssignments, activeInstances, roleDefinitions: listOf(input.roleDefinitions, parseRoleDefinition) },
    // Whoever gives the list says which assignments PIM has to do with; the others have no end.
    ...(activeInstances.state === 'read' && { withoutPim: 'no instance of it was given' }),
    ...{ eligibleInstances: notAsked, locks: notAsked, policyAssignments: notAsked },
  };
}

/** A missing list is unknown, and so is one with a row that nobody understands: it must not pass for a shorter one. */
function listOf<T>(rows: readonly Row[] | undefined, parse: (row: unknown) => T | undefined): Reading<readonly T[]> {
  if (!Array.isArray(rows)) return unreadable(rows === undefined ? 'it was not given' : 'it is not a list');
  const parsed = rows.flatMap((row) => parse(row) ?? []);
  return parsed.length === rows.length ? read(parsed) : unreadable('it holds a row that cannot be understood');
}

function managementGroup(nameOrId: string): Scope {
  const scope = parseScope(nameOrId.includes('/') ? nameOrId : `/providers/Microsoft.Management/managementGroups/${nameOrId}`);
  if (scope === undefined || scopeLevel(scope) !== 'managementGroup') throw new TypeError(`\`${nameOrId}\` names no management group`);
  return scope;
}

function idOf(raw: string): Guid {
  const id = parseGuid(raw);
  if (id === undefined) throw new TypeError(`\`${raw}\` is not an object id`);
  return id;
}

function askerOf({ principalId, groups }: Pick<AccessQuestion, 'principalId' | 'groups'>): Asker {
  return { principalId: idOf(principalId), ...(groups !== undefined && { groups: read(groups.map(idOf)) }) };
}

function askRbac(question: AccessQuestion, facts: AccessFacts): Decision {
  const { plane = 'data', action, at } = question;
  if (Number.isNaN(Date.parse(at))) throw new TypeError(`\`${at}\` is not a time`);
  return decisionOf(decideRbac({ ...askerOf(question), plane, action, ...resourceOf(question.resource), at }, facts));
}

function resourceOf(raw: string): { readonly vault: VaultId; readonly resource: CheckedResource } {
  const [, before, collection, name] = /^(.*\/vaults\/[^/]+)\/(secrets|keys|certificates)\/([^/]+)\/?$/i.exec(raw.trim()) ?? [];
  const vault = parseVaultId(before ?? raw);
  if (vault === undefined) throw new TypeError(`\`${raw}\` is neither a vault nor an object in one`);
  if (collection === undefined || name === undefined) return { vault, resource: { kind: 'vault' } };
  const kind = collection.toLowerCase();
  return { vault, resource: name === '*' ? { kind: 'anyObject', collection: kind } : { kind: 'object', collection: kind, name } };
}

function askPolicies(question: PolicyQuestion, facts: AccessFacts): Decision {
  const vault = parseVault(question.vault);
  if (vault === undefined || unreadablePolicies(vault) !== undefined || !Array.isArray(objectAt(vault.raw, 'properties').accessPolicies)) {
    throw new TypeError('the vault is not a vault resource with access policies');
  }
  const through = question.applicationId === undefined ? {} : { applicationId: idOf(question.applicationId) };
  return decisionOf(decideLegacy({ ...askerOf(question), dataAction: question.action, ...through }, vault, facts));
}

function decisionOf(access: Access): Decision {
  const none = { because: [], reasons: [], route: [], entries: [] };
  switch (access.state) {
    case 'granted':
      return { ...none, decision: 'granted', route: access.by, entries: access.entries ?? [], ...reasonOf(access) };
    case 'notGranted': {
      const reasons = [access.because, ...(access.nearest === undefined ? [] : [access.nearest])];
      return { ...none, decision: 'notGranted', ...told(reasons), ...reasonOf(access) };
    }
    case 'unknown':
      return { ...none, decision: 'unknown', ...told(access.because) };
  }
}

function told(reasons: readonly Reason[]): Pick<Decision, 'because' | 'reasons'> {
  return { because: reasons.map(reasonInWords), reasons };
}

function reasonOf({ reason }: { readonly reason?: string }): { readonly reason?: string } {
  return reason === undefined ? {} : { reason };
}
