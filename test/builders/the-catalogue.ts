import dataActions from '../../mappings/data-actions.json' with { type: 'json' };
import permissions from '../../mappings/permissions.json' with { type: 'json' };
import roles from '../../mappings/roles.json' with { type: 'json' };
import services from '../../mappings/services.json' with { type: 'json' };
import type { Guid } from '../../src/base/guid.ts';
import { unreadable } from '../../src/base/reading.ts';
import { candidateRoles } from '../../src/mapping/candidates.ts';
import { parseCatalogue } from '../../src/model/catalogue.ts';
import { shortAction } from '../../src/model/data-action.ts';

export const catalogue = parseCatalogue({ dataActions, permissions, roles, services });

/** The built-in roles that may be proposed, as the catalogue has them. */
export const builtIn = candidateRoles(catalogue, unreadable('not asked')).roles;

/** By its name, which may leave out `Key Vault`. */
export function roleId(name: string): Guid {
  const role = catalogue.roles.find((known) => known.name === name || known.name === `Key Vault ${name}`);
  if (role === undefined) throw new Error(`the catalogue has no ${name}`);
  return role.id;
}

/** Data actions of permissions written as `secrets/get`, looked up here and not by the engine. */
export function actionsOf(...words: readonly string[]): readonly string[] {
  const known = (word: string): readonly string[] => {
    const actions = catalogue.permissions.get(word.toLowerCase());
    if (actions === undefined) throw new Error(`the catalogue has no ${word}`);
    return actions;
  };
  return [...new Set(words.flatMap(known))].sort();
}

/** `secrets: get, list` as words: `secrets/get`, `secrets/list`. */
export function words(type: string, list: string): readonly string[] {
  return list === '' ? [] : list.split(/[ ,]+/).map((word) => `${type}/${word}`);
}

/** All legacy permissions of an object type, as `secrets/get`. */
export function allWords(type: string): readonly string[] {
  return permissions.permissions.filter((row) => row.objectType === type).map((row) => `${type}/${row.permission}`);
}

export const short = (names: readonly string[]) => names.map(shortAction);
