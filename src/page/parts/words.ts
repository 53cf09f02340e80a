import type { Review, ReviewPrincipal, ReviewVault } from '../../review/review.ts';

const numbers = new Intl.NumberFormat('en');

export function number(count: number): string {
  return numbers.format(count);
}

/** `3 vaults`, `1 vault`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${number(n)} ${n === 1 ? one : many}`;
}

export function list(words: readonly string[], most = words.length): string {
  const shown = words.slice(0, most);
  if (words.length > most) return `${shown.join(', ')} and ${number(words.length - most)} more`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1) ?? ''}`;
}

export const stateWords: Readonly<Record<ReviewVault['state'], string>> = {
  ready: 'Ready',
  blocked: 'Blocked',
  repair: 'To repair',
  alreadyOnRbac: 'On Azure RBAC already',
};

export const outcomeWords: Readonly<Record<Review['changes'][number]['outcome'], string>> = {
  reproduce: 'Replaced by roles',
  alreadyCovered: 'Held already',
  drop: 'Given up',
  inert: 'Grants nothing today',
  undecided: 'Undecided',
};

export const tierWords: Readonly<Record<'A' | 'B' | 'C' | 'D', string>> = {
  A: 'reads secret values or destroys for good',
  B: 'uses, replaces or copies what is protected',
  C: 'settings and undo',
  D: 'metadata and public keys',
};

export const lossWords: Readonly<Record<Review['losses'][number]['kind'], string>> = {
  decided: 'Given up by a decision',
  undecided: 'Waits for a decision',
  uncovered: 'Not covered by what is planned',
};

export const severityWords: Readonly<Record<Review['findings'][number]['severity'], string>> = {
  blocker: 'Blocks',
  warning: 'Warning',
  note: 'Note',
};

export const choiceNames: Readonly<Record<Review['decisions'][number]['choice'], string>> = {
  reproduce: 'Narrowest roles for all of it',
  preferFewer: 'Fewer roles, more extra access',
  customRole: 'A custom role with exactly its data actions',
  narrow: 'Only some permissions',
  dropStorage: 'All but its storage permissions',
  objectScope: 'Only named objects, by assignments on them',
  nameCondition: 'Only named secrets, by a condition on their names',
  keepExisting: 'Only what roles give already',
  drop: 'Give all of it up',
};

const kinds: Readonly<Record<string, string>> = {
  user: 'user',
  guest: 'guest user',
  group: 'group',
  servicePrincipal: 'service principal',
  managedIdentity: 'managed identity',
  application: 'app registration, which nobody signs in as',
  applicationId: 'application id, which nobody signs in as',
  noPrincipal: 'id of something else',
  deleted: 'deleted',
  unresolved: 'unknown to the directory',
};

export function kindWords(kind: string): string {
  return kinds[kind] ?? kind;
}

const standings: Readonly<Record<ReviewPrincipal['standing'], string>> = {
  found: 'in the directory',
  deleted: 'deleted',
  noPrincipal: 'not a security principal',
  unknown: 'the directory does not know it, or could not be asked',
};

export function standingWords(standing: ReviewPrincipal['standing']): string {
  return standings[standing];
}

/** Where a scope is, in a few words. */
export function scopeWords(level: Review['gains'][number]['level'], scope = ''): string {
  const last = scope.split('/').at(-1) ?? '';
  switch (level) {
    case 'root':
      return 'at the root of the tenant';
    case 'managementGroup':
      return `at management group ${last}`;
    case 'subscription':
      return `at subscription ${last}`;
    case 'resourceGroup':
      return `at resource group ${last}`;
    case 'resource':
      return 'at the vault';
    case 'object':
      return `on ${scope === '' ? 'single objects' : scope.split('/').slice(-2).join('/')}`;
  }
}
