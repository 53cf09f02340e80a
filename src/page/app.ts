import type { PageHead } from '../review/page-data.ts';
import type { Drafts } from './drafts.ts';
import type { Child } from './parts/dom.ts';
import type { Search } from './search.ts';
import type { Store } from './store.ts';

/** What every view is given. */
export interface App {
  readonly head: PageHead;
  readonly store: Store;
  readonly search: Search;
  readonly drafts: Drafts;
  /** What the last search of vaults found, which the vault's view steps through. */
  found: readonly number[];
}

/** Where the page is: `vaults?text=shop` or `vault/kv-shop`. */
export interface Place {
  readonly view: string;
  readonly argument: string;
  readonly params: URLSearchParams;
}

export interface View {
  readonly title: string;
  readonly body: Child;
}

export function placeFrom(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#\//, '').split('?');
  const [view = '', argument = ''] = path.split('/');
  return {
    view: view === '' || hash === '' || !hash.startsWith('#/') ? 'overview' : view,
    argument: decoded(argument),
    params: new URLSearchParams(query),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
