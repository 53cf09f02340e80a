import { shortAction } from '../../model/data-action.ts';
import type { Tier } from '../../review/review.ts';
import { personName, type Store } from '../store.ts';
import { add, type Child, copyId, h, link, name, unseen } from './dom.ts';
import { kindWords, number, stateWords, tierWords } from './words.ts';

/** A sentence: what stands between backticks is code. */
export function prose(text: string): HTMLElement {
  const made = h('span', { class: 'prose' });
  add(
    made,
    text.split('`').map((part, at) => (at % 2 === 1 ? h('code', {}, part) : part)),
  );
  return made;
}

export function tierBadge(tier: Tier): HTMLElement {
  return h('span', { class: `badge tier-${tier}`, attrs: { title: `Tier ${tier}: ${tierWords[tier]}` } }, unseen('Tier '), tier);
}

export function stateBadge(state: keyof typeof stateWords): HTMLElement {
  return h('span', { class: `badge state-${state}` }, stateWords[state]);
}

export function vaultLink(store: Store, at: number): Child {
  const called = store.review.vaults[at]?.name ?? '';
  return link(`vault/${encodeURIComponent(called)}`, name(called));
}

export function personLink(store: Store, at: number): Child {
  const person = store.person(at);
  return link(`person/${encodeURIComponent(person.id)}`, name(personName(person)));
}

/** The name, what it is, and its id to copy. */
export function personCell(store: Store, at: number): Child {
  const { id, kind, standing } = store.person(at);
  const odd = standing === 'found' ? undefined : h('span', { class: 'badge look' }, standing === 'deleted' ? 'Deleted' : 'Not found');
  return [personLink(store, at), ' ', h('span', { class: 'quiet' }, kindWords(kind)), ' ', odd, h('div', {}, copyId(id, 'object id'))];
}

export function actionsOf(all: readonly { readonly dataAction: string; readonly tier: Tier }[], most = 6): Child {
  const actions = [...all].sort((a, b) => (a.tier < b.tier ? -1 : a.tier > b.tier ? 1 : 0));
  const shown = actions
    .slice(0, most)
    .map(({ dataAction, tier }) => h('li', {}, tierBadge(tier), ' ', h('code', {}, shortAction(dataAction))));
  if (actions.length <= most) return h('ul', { class: 'actions' }, shown);
  const rest = actions.slice(most).map(({ dataAction, tier }) => h('li', {}, tierBadge(tier), ' ', h('code', {}, shortAction(dataAction))));
  const more = h('details', {}, h('summary', {}, `and ${number(rest.length)} more`), h('ul', { class: 'actions' }, rest));
  return [h('ul', { class: 'actions' }, shown), more];
}

export function section(title: string, id: string, ...children: readonly Child[]): HTMLElement {
  return h('section', { attrs: { 'aria-labelledby': id } }, h('h2', { id }, title), children);
}

export function field(label: string, control: HTMLElement): HTMLElement {
  return h('label', { class: 'field' }, h('span', {}, label), control);
}

export function choose(
  options: readonly (readonly [value: string, shown: string])[],
  chosen: string,
  act: (value: string) => void,
): HTMLSelectElement {
  const made = h(
    'select',
    {},
    options.map(([value, shown]) => {
      const option = h('option', {}, shown);
      option.value = value;
      option.selected = value === chosen;
      return option;
    }),
  );
  made.addEventListener('change', () => {
    act(made.value);
  });
  return made;
}
