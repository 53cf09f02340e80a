import type { DirectoryObject } from '../state.ts';

const types: Partial<Record<DirectoryObject['kind'], string>> = { user: 'User', group: 'Group', servicePrincipal: 'ServicePrincipal' };

/** How role assignments call an object of the directory; undefined for kinds that hold none. */
export function principalTypeOf(kind: DirectoryObject['kind'] | undefined): string | undefined {
  return kind === undefined ? undefined : types[kind];
}
