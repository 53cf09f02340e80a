import { shortAction } from '../../model/data-action.ts';
import type { ReviewEntry, ReviewVault } from '../../review/review.ts';
import type { App } from '../app.ts';
import { type Child, copyId, h } from '../parts/dom.ts';
import { pagedTable } from '../parts/paged-table.ts';
import { actionsOf, personCell, prose, section } from '../parts/pieces.ts';
import { choiceNames, outcomeWords, scopeWords } from '../parts/words.ts';
import { grantsOf, type Store } from '../store.ts';
import { decideForm } from './forms.ts';

/** Each access policy: what it is, what becomes of it, and what a reader decides. */
export function entriesSection(app: App, vault: ReviewVault, at: number): Child {
  const table = pagedTable(
    {
      caption: 'Access policies of the vault',
      columns: ['Principal', 'Today', 'Afterwards', 'Held already', 'Decision'],
      empty: 'The vault has no access policies.',
      size: 25,
      cells: (entry: number) => {
        const row = vault.entries[entry];
        return row === undefined
          ? []
          : [whom(app.store, row), today(app.store, row), afterwards(app.store, row), held(app.store, row), decision(app, row, at, entry)];
      },
    },
    vault.entries.map((_, entry) => entry),
  );
  return section('Access policies', 'entries', table.element);
}

function whom(store: Store, { principal, applicationId }: ReviewEntry): Child {
  const { appId } = store.person(principal);
  return [
    personCell(store, principal),
    appId === undefined ? undefined : h('div', { class: 'quiet' }, 'application ', copyId(appId, 'application id')),
    applicationId === undefined ? undefined : h('div', { class: 'quiet' }, 'through application ', copyId(applicationId, 'application id')),
  ];
}

function today(store: Store, { change }: ReviewEntry): Child {
  const { permissions = [] } = store.review.changes[change] ?? {};
  return permissions.length === 0 ? 'no permission' : permissions.map((line) => h('div', {}, line));
}

function afterwards(store: Store, { change }: ReviewEntry): Child {
  const row = store.review.changes[change];
  if (row === undefined) return undefined;
  const names = (roles: readonly number[]) => roles.map((role) => h('div', {}, h('strong', {}, store.role(role))));
  return [
    h('div', { class: 'quiet' }, outcomeWords[row.outcome]),
    names(row.roles),
    row.objects.map(({ object, roles }) => h('div', {}, 'on ', h('code', {}, object), names(roles))),
    row.conditioned === undefined
      ? undefined
      : h('div', {}, names(row.conditioned.roles), 'under ', h('code', {}, row.conditioned.condition)),
    row.lost.length === 0 ? undefined : h('div', { class: 'lost' }, `loses ${row.lost.map(shortAction).join(', ')}`),
    row.open.length === 0 ? undefined : h('div', { class: 'lost' }, `open: ${row.open.map(shortAction).join(', ')}`),
    row.extra.length === 0 ? undefined : h('details', {}, h('summary', {}, 'Extra access'), actionsOf(row.extra, 40)),
    row.because === '' ? undefined : h('details', {}, h('summary', {}, 'Why these roles'), prose(row.because)),
  ];
}

function held(store: Store, entry: ReviewEntry): Child {
  const grants = grantsOf(store, entry);
  if (grants.length === 0) return 'nothing';
  return grants.map(({ role, level, scope, assignmentId, groupName, throughGroup }) =>
    h(
      'div',
      {},
      `${store.role(role)} ${scopeWords(level, scope)}`,
      throughGroup === undefined ? undefined : `, through group ${groupName ?? throughGroup}`,
      ' ',
      copyId(assignmentId, 'assignment id', 'assignment id'),
    ),
  );
}

function decision(app: App, row: ReviewEntry, vault: number, entry: number): Child {
  const made = app.store.review.decisions[row.decision ?? -1];
  const told = made === undefined ? undefined : h('p', {}, h('strong', {}, choiceNames[made.choice]), ': ', made.reason);
  return [told, decideForm(app, vault, entry)];
}
