import { parseScope, rootScope } from '../model/scope.ts';
import { principalKind } from '../words/principal-words.ts';
import { describeScope } from '../words/scope-words.ts';
import type { Review } from './review.ts';

/** What the places of a review are called, in sentences; raw, as all text of a review. */
export interface ReviewNames {
  /** Name, kind, id and application id: once for each principal of a vault. */
  whole(at: number): string;
  /** The same with no more of the id than tells it apart from others of its name. */
  principal(at: number): string;
  role(at: number): string;
  group(id: string): string;
}

export function reviewNames({ principals, roles }: Pick<Review, 'principals' | 'roles'>): ReviewNames {
  return {
    whole(at) {
      const one = principals[at];
      return one === undefined ? '' : shown(one, [one.id, ...(one.appId === undefined ? [] : [`application ${one.appId}`])]);
    },
    principal(at) {
      const one = principals[at];
      return one === undefined ? '' : shown(one, [one.id.length > 14 ? `${one.id.slice(0, 8)}…${one.id.slice(-4)}` : one.id]);
    },
    role: (at) => roles[at]?.name ?? '',
    group(id) {
      const name = namesById(principals).get(id.toLowerCase()) ?? '';
      return name === '' ? id : `\`${name}\` (${id})`;
    },
  };
}

/** Without a name the id stands in for it, whole. */
function shown({ id, kind, name }: Review['principals'][number], more: readonly string[]): string {
  if (name.trim() === '') return `${id} (${principalKind(kind)})`;
  return `${name} (${[principalKind(kind), ...more].join(', ')})`;
}

const known = new WeakMap<Review['principals'], ReadonlyMap<string, string>>();

function namesById(principals: Review['principals']): ReadonlyMap<string, string> {
  const names = known.get(principals) ?? new Map(principals.map(({ id, name }) => [id, name]));
  known.set(principals, names);
  return names;
}

/** At a vault itself, or where else an assignment stands. */
export function whereOf(scope: string | undefined, vaultId: string): string {
  if (scope === undefined || scope.toLowerCase() === vaultId.toLowerCase()) return 'at this vault';
  return describeScope(parseScope(scope) ?? rootScope);
}

export function countWords(count: number, one: string, many = `${one}s`): string {
  return `${String(count).replace(/\B(?=(\d{3})+$)/g, ',')} ${count === 1 ? one : many}`;
}
