import type { Fate, Matrix } from '../access-matrix.ts';
import type { Store } from '../store.ts';
import { type Child, h, unseen } from './dom.ts';
import { personLink } from './pieces.ts';
import { count, number } from './words.ts';

const signs: readonly (readonly [fate: Fate, sign: string, words: string])[] = [
  ['kept', '=', 'keeps'],
  ['gained', '+', 'gains'],
  ['maybe', '+?', 'may gain'],
  ['lost', '\u2212', 'loses'],
  ['open', '?', 'undecided'],
];

export function matrixLegend(): HTMLElement {
  return h(
    'p',
    { class: 'legend' },
    signs.map(([fate, sign, words]) => [h('span', { class: `fate ${fate}`, attrs: { 'aria-hidden': 'true' } }, sign), ` ${words} `]),
  );
}

/** Before and after: principals by data actions. In more than one vault the cells count vaults. */
export function matrixTable(store: Store, { columns, rows }: Matrix, counted: boolean, caption: string): HTMLElement {
  const titles = columns.map((column) => {
    const [type = '', action = ''] = column.split('/');
    return h('th', { class: 'turned', attrs: { scope: 'col' } }, h('span', {}, h('span', { class: 'quiet' }, `${type}/`), action));
  });
  const counts = counted ? [h('th', { attrs: { scope: 'col' } }, 'Vaults')] : [];
  const lines = rows.map(({ principal, cells }) =>
    h(
      'tr',
      {},
      h('th', { attrs: { scope: 'row' } }, personLink(store, principal)),
      counted && h('td', { class: 'number' }, number(store.person(principal).vaults)),
      columns.map((column) => h('td', { class: 'cell' }, cell(cells.get(column), counted))),
    ),
  );
  const head = h('thead', {}, h('tr', {}, h('th', { attrs: { scope: 'col' } }, 'Principal'), counts, titles));
  const table = h('table', { class: 'matrix' }, h('caption', { class: 'unseen' }, caption), head, h('tbody', {}, lines));
  return h('div', { class: 'wide', attrs: { role: 'region', tabindex: '0', 'aria-label': caption } }, table);
}

function cell(fates: Readonly<Record<Fate, number>> | undefined, counted: boolean): Child {
  if (fates === undefined) return unseen('none');
  return signs.flatMap(([fate, sign, words]) => {
    const n = fates[fate];
    if (n === 0) return [];
    const told = counted ? `${words} in ${count(n, 'vault')}` : words;
    const seen = h('span', { attrs: { 'aria-hidden': 'true' } }, counted ? `${sign}${number(n)}` : sign);
    return [h('span', { class: `fate ${fate}`, attrs: { title: told } }, seen, unseen(told))];
  });
}
