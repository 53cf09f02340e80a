import type { App, Place, View } from '../app.ts';
import { type Child, h } from '../parts/dom.ts';
import { pagedTable } from '../parts/paged-table.ts';
import { choose, field, stateBadge, tierBadge, vaultLink } from '../parts/pieces.ts';
import { count, number, outcomeWords, stateWords } from '../parts/words.ts';
import { everything, type Query } from '../search.ts';
import { placeOf } from '../store.ts';
import { states } from './overview.ts';

/** Vaults, found by words and by what stands in the plan of them. */
export function vaultsView(app: App, { params }: Place): View {
  let query = queryFrom(params);
  const found = h('p', { class: 'found', attrs: { role: 'status' } });
  app.found = app.search.vaults(query);
  const table = pagedTable(
    {
      caption: 'Vaults',
      columns: ['Vault', 'State', 'Access policies', 'Gains', 'To make', 'Blocked by'],
      cells: rowOf(app),
      empty: 'No vault fits. Change or clear the filter.',
      size: 25,
    },
    app.found,
  );
  const tell = (): void => {
    found.textContent = `${number(app.found.length)} of ${count(app.store.review.vaults.length, 'vault')}`;
  };
  const change = (part: Partial<Query>): void => {
    query = { ...query, ...part };
    app.found = app.search.vaults(query);
    table.show(app.found);
    tell();
    const asked = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ''));
    history.replaceState(undefined, '', `#/vaults${asked.size === 0 ? '' : `?${asked.toString()}`}`);
  };
  tell();
  return { title: 'Vaults', body: [toolbar(app, query, change), found, table.element] };
}

function queryFrom(params: URLSearchParams): Query {
  return { ...everything, ...Object.fromEntries([...params].filter(([name]) => name in everything)) };
}

function toolbar(app: App, query: Query, change: (part: Partial<Query>) => void): HTMLElement {
  const { review } = app.store;
  const text = h('input', {
    attrs: {
      type: 'search',
      placeholder: 'name, principal, object id, role, finding',
      'data-search': '',
      autocomplete: 'off',
      spellcheck: 'false',
    },
  });
  text.value = query.text;
  text.addEventListener('input', () => {
    change({ text: text.value });
  });
  const waves = [...new Set(review.vaults.flatMap(({ wave }) => wave ?? []))].sort();
  const codes = [...new Set(review.findings.map(({ code }) => code))].sort();
  const any = (what: string) => ['', what] as const;
  const all = {
    State: choose([any('any'), ...states.map((state) => [state, stateWords[state]] as const)], query.state, (state) => {
      change({ state: state as Query['state'] });
    }),
    'Gains of tier': choose([any('any'), ['A', 'A'], ['B', 'B'], ['C', 'C'], ['D', 'D']], query.gain, (gain) => {
      change({ gain: gain as Query['gain'] });
    }),
    With: choose(
      [
        any('anything'),
        ['undecided', 'something to decide'],
        ['lost', 'access given up'],
        ['custom', 'a custom role'],
        ['moved', 'changes since the earlier plan'],
      ],
      query.about,
      (about) => {
        change({ about: about as Query['about'] });
      },
    ),
    Finding: choose([any('any'), ...codes.map((code) => [code, code] as const)], query.finding, (finding) => {
      change({ finding });
    }),
    ...(waves.length > 0 && {
      Wave: choose([any('any'), ...waves.map((wave) => [wave, wave] as const)], query.wave, (wave) => {
        change({ wave });
      }),
    }),
  };
  return h(
    'search',
    { class: 'toolbar' },
    field('Search', text),
    Object.entries(all).map(([label, control]) => field(label, control)),
  );
}

function rowOf({ store }: App): (at: number) => readonly Child[] {
  const { review } = store;
  return (at) => {
    const vault = review.vaults[at];
    if (vault === undefined) return [];
    const { group, subscription } = placeOf(vault.id);
    const outcomes = new Map<string, number>();
    for (const { change } of vault.entries) {
      const outcome = outcomeWords[review.changes[change]?.outcome ?? 'inert'];
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
    const tiers = [...new Set(vault.gains.map(({ gain }) => review.gains[gain]?.tier ?? 'D'))].sort();
    const blockers = new Set(
      vault.findings.flatMap(({ finding }) => (review.findings[finding]?.severity === 'blocker' ? [review.findings[finding].code] : [])),
    );
    return [
      h(
        'th',
        { attrs: { scope: 'row' } },
        vaultLink(store, at),
        h('div', { class: 'quiet' }, `${group}, `, h('span', { attrs: { title: subscription } }, `${subscription.slice(0, 8)}…`)),
      ),
      [stateBadge(vault.state), vault.wave === undefined ? undefined : h('span', { class: 'quiet' }, ` wave ${vault.wave}`)],
      [...outcomes].map(([words, n]) => h('div', {}, `${number(n)} ${words.toLowerCase()}`)),
      tiers.length === 0 ? 'none' : tiers.map((tier) => [tierBadge(tier), ' ']),
      [count(vault.assign.length, 'assignment'), vault.flip && h('div', {}, 'and the flip')],
      blockers.size === 0 ? 'nothing' : [...blockers].map((code) => h('div', {}, h('code', {}, code))),
    ];
  };
}
