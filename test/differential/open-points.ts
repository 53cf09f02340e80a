import { guidAtEnd, parseGuid } from '../../src/base/guid.ts';
import { isObject, type JsonObject, objectAt, objectsAt, stringAt, stringsAt } from '../../src/base/json.ts';
import { actionMatches } from '../../src/model/data-action.ts';
import { parseScope } from '../../src/model/scope.ts';
import { builtInIds, isIn } from './both-sides.ts';
import type { Question } from './question.ts';
import { idOf, type Leaf, managementGroups, objectNames, type Person, unmentioned, type World } from './world.ts';

/**
 * What nobody has settled and this question may hang on, by name. Only these excuse an answer of unknown; each is a row of
 * docs/semantics.md, or a fact that the directory or Azure did not give.
 */
export function openPoints(question: Question, world: World): readonly string[] {
  const { resource } = question;
  if (resource.kind !== 'anyObject') return pointsOn(question, world);
  const named = objectNames.map((name): Question => ({ ...question, resource: { ...resource, kind: 'object', name } }));
  return [...new Set([question, ...named].flatMap((one) => pointsOn(one, world)))];
}

function pointsOn(question: Question, world: World): readonly string[] {
  const asker = world.people.find(({ id }) => id === question.asker);
  if (asker === undefined) throw new Error('nobody asks');
  const names = (id: string | undefined) => ledTo(id, asker, world);
  const points = new Set<string>();
  if (!asker.visible) points.add('who asks is unresolved (EA-32)');
  if (question.model === 'accessPolicy') {
    const vault = world.vaults.find(({ id }) => id === question.vault);
    for (const policy of objectsAt(objectAt(vault ?? {}, 'properties'), 'accessPolicies')) {
      const id = stringAt(policy, 'objectId');
      add(points, names(id));
      // A policy does not say what its object id is, so one that the directory is silent about may be a group.
      const silent = world.people.some((person) => !person.visible && person !== asker && person.id === parseGuid(id ?? ''));
      if (silent && world.groupsFrom === 'members') points.add('a policy names somebody unresolved (EA-32)');
    }
    return [...points];
  }
  for (const assignment of world.assignments.filter((one) => reaches(objectAt(one, 'properties'), question))) {
    const row = objectAt(assignment, 'properties');
    const led = names(stringAt(row, 'principalId'));
    if (led === 'not concerned' || !mayGive(row, question, world)) continue;
    add(points, led);
    add(points, roleIsOpen(row, question, world));
    add(points, timeIsOpen(idOf(assignment), world));
  }
  for (const row of world.denies.map((one) => objectAt(one, 'properties')).filter((one) => reaches(one, question))) {
    for (const point of denyPoints(row, question, world, names)) points.add(point);
  }
  return [...points];
}

/** `concerned`, `not concerned`, or why nobody can say. */
type Led = string;

function add(points: Set<string>, found: Led): void {
  if (found !== 'concerned' && found !== 'not concerned') points.add(found);
}

/** Whether the id is the asker or a group with the asker in it, or why nobody can say. */
function ledTo(id: string | undefined, asker: Person, world: World): Led {
  const wanted = parseGuid(id ?? '');
  const person = world.people.find((one) => one.id === wanted);
  if (person === asker) return 'concerned';
  if (person?.kind !== 'group' || (person.deleted && person.visible)) return 'not concerned';
  if (world.groupsFrom === 'members' && !person.readable) return 'members of a group are unreadable (EA-29)';
  if (!isIn(asker, person, world)) return 'not concerned';
  if (!person.visible) return 'a group that the directory leaves out (EA-32)';
  return person.securityEnabled ? 'concerned' : 'a group without security (EA-29)';
}

function reaches(row: JsonObject, { vault, resource }: Question): boolean {
  const scope = parseScope(stringAt(row, 'scope') ?? '') ?? '/?';
  const at = (
    resource.kind === 'vault' ? vault : `${vault}/${resource.collection}/${resource.kind === 'object' ? resource.name : unmentioned}`
  ).toLowerCase();
  return scope === '' || scope === at || at.startsWith(`${scope}/`) || managementGroups.some((group) => group.toLowerCase() === scope);
}

function givingBlocks(row: JsonObject, { plane, action }: Question): readonly JsonObject[] {
  const [given, taken] = plane === 'data' ? ['dataActions', 'notDataActions'] : ['actions', 'notActions'];
  const matches = (patterns: readonly string[]) => patterns.some((pattern) => actionMatches(pattern, action));
  return objectsAt(row, 'permissions').filter((block) => matches(stringsAt(block, given)) && !matches(stringsAt(block, taken)));
}

/** A custom role that names the action in none of its blocks has nothing to do with the question. */
function mayGive(row: JsonObject, question: Question, world: World): boolean {
  const body = world.roles.find(({ name }) => name === guidAtEnd(stringAt(row, 'roleDefinitionId') ?? ''));
  return body === undefined || givingBlocks(objectAt(body, 'properties'), question).length > 0;
}

function timeIsOpen(assignment: string, { pim, unlisted }: World): Led {
  if (pim === 'missing' || pim === 'damaged') return 'nobody could read when assignments are active (EA-35)';
  return unlisted.includes(assignment) ? 'an assignment that PIM does not list (EA-35)' : 'concerned';
}

function roleIsOpen(row: JsonObject, question: Question, world: World): Led {
  const id = guidAtEnd(stringAt(row, 'roleDefinitionId') ?? '');
  const body = world.roles.find(({ name }) => name === id);
  if (body === undefined && !builtInIds.includes(id ?? '')) return 'a role that Azure does not list (EA-2)';
  const definition = objectAt(body ?? {}, 'properties');
  if (body !== undefined && stringAt(definition, 'type') === 'BuiltInRole') return 'a built-in role newer than the catalogue (EA-19)';
  const blocks = body === undefined ? [] : givingBlocks(definition, question);
  if (body !== undefined && blocks.length === 0) return 'concerned';
  return conditionsAreOpen([row, ...blocks], question, world) ? 'a condition that cannot be judged (EA-40, EA-41)' : 'concerned';
}

function denyPoints(row: JsonObject, question: Question, world: World, names: (id: string | undefined) => Led): readonly string[] {
  if (stringAt(row, 'denyAssignmentEffect')?.toLowerCase() === 'audit') return [];
  const blocks = givingBlocks(row, question);
  const led = (list: string) => objectsAt(row, list).map((one) => names(stringAt(one, 'id')));
  const everybody = objectsAt(row, 'principals').some((one) => /^[0-]+$/.test(stringAt(one, 'id') ?? ''));
  const principals = led('principals');
  if (blocks.length === 0 || (!everybody && principals.every((one) => one === 'not concerned'))) return [];
  const points = new Set<string>();
  for (const one of [...principals, ...led('excludePrincipals')]) add(points, one);
  const spared = objectsAt(row, 'excludePrincipals').some(
    (one) => parseGuid(stringAt(one, 'id') ?? '') !== question.asker && names(stringAt(one, 'id')) === 'concerned',
  );
  if (spared) points.add('excluded from a deny through a group (EA-22)');
  if (conditionsAreOpen([row, ...blocks], question, world)) points.add('a deny whose condition cannot be judged (EA-25)');
  return [...points];
}

function conditionsAreOpen(carriers: readonly JsonObject[], question: Question, world: World): boolean {
  return carriers.some((carrier) => {
    const text = isObject(carrier) ? stringAt(carrier, 'condition') : undefined;
    return text !== undefined && (world.conditions[text] ?? []).some((leaf) => leafIsOpen(leaf, question));
  });
}

/** Conditions are documented for secrets, with three attributes, and case is contradictory; elsewhere the action alone is known, and of assigning the role. */
function leafIsOpen(leaf: Leaf, { plane, action, vault, resource, assigning }: Question): boolean {
  if (plane === 'control') return !(leaf.kind === 'action' || (leaf.kind === 'role' && assigning !== undefined));
  if (leaf.kind === 'action') return false;
  if (!action.startsWith('Microsoft.KeyVault/vaults/secrets/')) return true;
  // Of what is done to deleted secrets nobody says whether the call carries a name when it is checked on the vault.
  if (leaf.kind !== 'name')
    return leaf.kind !== 'exists' || (resource.kind === 'vault' && !/\/(setSecret|restore|readMetadata)\//.test(action));
  const vaultName = vault.split('/').at(-1) ?? '';
  const writes = /\/(setSecret|restore)\//.test(action);
  const secret = resource.kind === 'object' && resource.collection === 'secrets' ? resource.name : undefined;
  const value = leaf.attribute === 'vault' ? vaultName : (leaf.attribute === 'request') === writes ? secret : undefined;
  return value === undefined || leaf.plain || [value, ...leaf.values].some((one) => one !== one.toLowerCase());
}
