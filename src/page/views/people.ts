import { matrixOf } from '../access-matrix.ts';
import type { App, Place, View } from '../app.ts';
import { button, copyId, fill, h, link } from '../parts/dom.ts';
import { matrixLegend, matrixTable } from '../parts/matrix-table.ts';
import { pagedTable } from '../parts/paged-table.ts';
import { field, prose, section, tierBadge, vaultLink } from '../parts/pieces.ts';
import { count, kindWords, number, outcomeWords, standingWords } from '../parts/words.ts';
import { type EntryPlace, gainLine, grantsOf, personName, type Store } from '../store.ts';

const size = 25;

/** Principals by data actions, before and after: those that gain the worst first. */
export function peopleView(app: App, { params }: Place): View {
  const { store } = app;
  const order = weights(store);
  const found = h('p', { class: 'found', attrs: { role: 'status' } });
  const place = h('div');
  const where = h('span');
  const text = h('input', {
    attrs: {
      type: 'search',
      placeholder: 'name, object id, application id, kind',
      'data-search': '',
      autocomplete: 'off',
      spellcheck: 'false',
    },
  });
  let rows: readonly number[] = [];
  let page = 0;
  const back = button(
    'Previous',
    () => {
      turn(-1);
    },
    { class: 'turn', attrs: { 'data-turn': 'back' } },
  );
  const on = button(
    'Next',
    () => {
      turn(1);
    },
    { class: 'turn', attrs: { 'data-turn': 'on' } },
  );
  const pager = h('nav', { class: 'pager', attrs: { 'aria-label': 'Pages: principals' } }, back, where, on);
  const draw = (): void => {
    const some = rows.slice(page * size, (page + 1) * size);
    fill(
      place,
      some.length === 0
        ? h('p', { class: 'quiet' }, 'No principal fits.')
        : matrixTable(store, matrixOf(store, some), true, 'Access of principals before and after'),
    );
    fill(where, `${number(page * size + 1)} to ${number(page * size + some.length)} of ${number(rows.length)}`);
    [back.disabled, on.disabled, pager.hidden] = [page === 0, (page + 1) * size >= rows.length, rows.length <= size];
  };
  const turn = (by: number): void => {
    page += by;
    draw();
  };
  const search = (): void => {
    rows = [...app.search.people(text.value)].sort((a, b) => (order[b] ?? 0) - (order[a] ?? 0) || a - b);
    page = 0;
    found.textContent = `${number(rows.length)} of ${count(store.review.principals.length, 'principal')}; cells count vaults`;
    draw();
  };
  text.value = params.get('text') ?? '';
  text.addEventListener('input', search);
  search();
  return { title: 'Principals', body: [h('search', { class: 'toolbar' }, field('Search', text)), found, matrixLegend(), place, pager] };
}

/** Who gains the worst, and then who is in most vaults. */
function weights({ review }: Store): readonly number[] {
  const price = { A: 4, B: 3, C: 2, D: 1 };
  const worst = review.principals.map(() => 0);
  for (const { gains } of review.vaults)
    for (const { gain, principal } of gains) worst[principal] = Math.max(worst[principal] ?? 0, price[review.gains[gain]?.tier ?? 'D']);
  return review.principals.map(({ vaults }, at) => (worst[at] ?? 0) * 1e6 + vaults);
}

/** One principal: who it is, what it gains, and each of its access policies. */
export function personView({ store }: App, id: string): View {
  const at = store.review.principals.findIndex((one) => one.id === id.toLowerCase());
  const person = store.review.principals[at];
  if (person === undefined) return { title: 'No such principal', body: h('p', {}, link('people', 'Show all principals')) };
  const gains = new Map<number, number>();
  for (const vault of store.gaining(at))
    for (const { gain, principal } of store.review.vaults[vault]?.gains ?? [])
      if (principal === at) gains.set(gain, (gains.get(gain) ?? 0) + 1);
  const facts = h(
    'dl',
    { class: 'facts' },
    [
      ['Object id', copyId(person.id, 'object id')] as const,
      ['Kind', kindWords(person.kind)] as const,
      ['Standing', standingWords(person.standing)] as const,
      ['Application', person.appId === undefined ? 'none, or not known' : copyId(person.appId, 'application id')] as const,
      ['Owners', 'not in a plan: ask your directory'] as const,
    ].map(([term, value]) => [h('dt', {}, term), h('dd', {}, value)]),
  );
  const gained = [...gains].map(([gain, vaults]) =>
    h(
      'li',
      {},
      tierBadge(store.review.gains[gain]?.tier ?? 'D'),
      ' ',
      link(`gain/${gain}`, gainLine(store, gain, at)),
      ` In ${count(vaults, 'vault')}.`,
    ),
  );
  return {
    title: personName(person),
    body: [
      facts,
      section(
        'Before and after',
        'matrix',
        matrixLegend(),
        matrixTable(store, matrixOf(store, [at]), true, `Access of ${personName(person)} before and after`),
      ),
      section('Gains', 'person-gains', gained.length === 0 ? h('p', {}, 'Gains nothing.') : h('ul', { class: 'plain' }, gained)),
      section('Access policies', 'person-entries', policies(store, store.entries[at] ?? [])),
    ],
  };
}

function policies(store: Store, places: readonly EntryPlace[]): HTMLElement {
  const { review } = store;
  return pagedTable(
    {
      caption: 'Access policies of the principal',
      columns: ['Vault', 'Today', 'Afterwards', 'Held already'],
      empty: 'It has no access policy: what it gains comes through other assignments.',
      cells: ({ vault, entry }: EntryPlace) => {
        const row = review.vaults[vault]?.entries[entry];
        const change = review.changes[row?.change ?? -1];
        const roles = change?.roles.map((role) => h('div', {}, h('strong', {}, store.role(role))));
        return [
          h('th', { attrs: { scope: 'row' } }, vaultLink(store, vault)),
          change?.permissions.map((line) => h('div', {}, line)),
          [
            h('div', { class: 'quiet' }, outcomeWords[change?.outcome ?? 'inert']),
            roles,
            change?.because === undefined ? undefined : prose(change.because),
          ],
          row === undefined ? 'nothing' : grantsOf(store, row).map(({ role }) => h('div', {}, store.role(role))),
        ];
      },
    },
    places,
  ).element;
}
