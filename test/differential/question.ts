import type { CheckedResource } from '../../src/access/judgement.ts';
import { parseGuid } from '../../src/base/guid.ts';
import { objectAt, stringAt } from '../../src/base/json.ts';
import { objectTypes } from '../../src/model/access-policy.ts';
import { builtInIds, catalogue } from './both-sides.ts';
import type { Random } from './random.ts';
import { collections, objectNames, vaultIds, type World } from './world.ts';

/** One question, asked of both sides in their own words. */
export interface Question {
  readonly model: 'rbac' | 'accessPolicy';
  readonly plane: 'data' | 'control';
  readonly asker: string;
  /** The application through which the asker calls, for a compound identity. */
  readonly throughAppId?: string;
  readonly action: string;
  readonly vault: string;
  readonly resource: CheckedResource;
  /** For the right to assign: the role that is to be given. */
  readonly assigning?: string;
}

const controlActions = [
  'Microsoft.Authorization/roleAssignments/write',
  'Microsoft.KeyVault/vaults/write',
  'Microsoft.KeyVault/vaults/keys/read',
];
const secretActions = catalogue.dataActions.filter((action) => action.collection === 'secrets');
/** Of a secret that they write a condition knows the name in another way. */
const writing = secretActions.filter(({ name }) => /\/(setSecret|restore)\//.test(name));

export function randomQuestion(random: Random, world: World): Question {
  const askers = world.people.filter((person) => person.kind !== 'group');
  const base = { asker: random.pick(askers).id, vault: random.pick(vaultIds) };
  const dice = random.int(100);
  if (dice < 8) {
    const action = random.pick(controlActions);
    const assigning = action.includes('roleAssignments') ? { assigning: random.pick(builtInIds) } : {};
    return { ...base, model: 'rbac', plane: 'control', action, resource: { kind: 'vault' }, ...assigning };
  }
  const named = dice >= 75 ? namedObject(random, world) : undefined;
  if (named !== undefined) {
    const { asker, vault, ...resource } = named;
    const { name: action } = random.pick(catalogue.dataActions.filter((one) => one.collection === resource.collection));
    return { asker: asker ?? base.asker, vault, model: 'rbac', plane: 'data', action, resource };
  }
  const { name: action, collection } = random.pick(random.chance(10) ? writing : random.chance(55) ? secretActions : catalogue.dataActions);
  if (dice < 30) {
    const through = random.chance(30) ? { throughAppId: random.pick(world.people).appId } : {};
    return { ...base, model: 'accessPolicy', plane: 'data', action, resource: { kind: 'vault' }, ...through };
  }
  return { ...base, model: 'rbac', plane: 'data', action, resource: randomResource(random, collection) };
}

/** An object that an assignment or a deny stands on, mostly for whom it names: few questions hit one by chance. */
function namedObject(random: Random, world: World) {
  const rows = [...world.assignments, ...world.denies].map((row) => objectAt(row, 'properties'));
  const onObjects = rows.filter((row) => /\/vaults\/[^/]+\/[^/]+\/[^/]/i.test(stringAt(row, 'scope') ?? ''));
  if (onObjects.length === 0) return undefined;
  const properties = random.pick(onObjects);
  const scope = (stringAt(properties, 'scope') ?? '').toLowerCase();
  const vault = vaultIds.find((id) => scope.startsWith(`${id.toLowerCase()}/`));
  const [type, object] = scope.slice((vault ?? '').length + 1).split('/');
  const collection = collections.find((one) => one === type);
  const name = objectNames.find((one) => one.toLowerCase() === object);
  if (vault === undefined || collection === undefined || name === undefined) return undefined;
  const id = parseGuid(stringAt(properties, 'principalId') ?? '');
  return { asker: world.people.find((one) => one.id === id && one.kind !== 'group')?.id, vault, kind: 'object' as const, collection, name };
}

/** An action on one kind of object is asked about on that kind alone: no call asks otherwise. */
function randomResource(random: Random, collection: string | undefined): CheckedResource {
  const dice = random.int(100);
  if (collection === undefined || dice < 20) return { kind: 'vault' };
  return dice < 40 ? { kind: 'anyObject', collection } : { kind: 'object', collection, name: random.pick(objectNames) };
}

/** Legacy permissions that give a data action, by object type. */
export const permissionsGiving = new Map(
  catalogue.dataActions.map(({ name }) => [
    name,
    [...catalogue.permissions].flatMap(([key, actions]) => {
      const [type, permission] = key.split('/');
      const objectType = objectTypes.find((one) => one === type);
      return objectType !== undefined && permission !== undefined && actions.includes(name) ? [{ objectType, permission }] : [];
    }),
  ]),
);
