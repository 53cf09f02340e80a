import type { App, Place, View } from '../app.ts';
import type { Choice } from '../drafts.ts';
import { button, type Child, download, fill, h, say } from '../parts/dom.ts';
import { pagedTable } from '../parts/paged-table.ts';
import { choose, field, personCell, section, vaultLink } from '../parts/pieces.ts';
import { choiceNames, count, number } from '../parts/words.ts';
import type { EntryPlace, Store } from '../store.ts';
import { choicesFor, decideForm } from './forms.ts';

/** All that waits for a decision, one by one or all that are found at once. */
export function decideView(app: App, { params }: Place): View {
  const { store } = app;
  const all = undecided(store);
  const names = all.map(({ vault, entry }) => {
    const row = store.review.vaults[vault];
    const { name, id, kind } = store.person(row?.entries[entry]?.principal ?? -1);
    return `${row?.name ?? ''} ${name} ${id} ${kind}`.toLowerCase();
  });
  let rows = all;
  const found = h('p', { class: 'found', attrs: { role: 'status' } });
  const bulk = h('div', { class: 'card' });
  const table = pagedTable(
    {
      caption: 'Access policies to decide on',
      columns: ['Vault', 'Principal', 'Today', 'Decision'],
      empty: 'Nothing waits for a decision.',
      size: 20,
      cells: (one: EntryPlace) => undecidedCells(app, one),
    },
    rows,
  );
  const text = h('input', {
    attrs: { type: 'search', 'data-search': '', placeholder: 'vault, principal, object id, kind', autocomplete: 'off' },
  });
  text.value = params.get('text') ?? '';
  const show = (): void => {
    const words = text.value.toLowerCase().split(/\s+/);
    rows = all.filter((_, at) => words.every((word) => names[at]?.includes(word) === true));
    table.show(rows);
    const open = all.filter(({ vault, entry }) => app.drafts.decision(vault, entry) === undefined).length;
    found.textContent = `${number(rows.length)} of ${count(all.length, 'access policy', 'access policies')} to decide on; ${number(open)} still open`;
    fill(bulk, rows.length < 2 ? undefined : bulkForm(app, rows, show));
    bulk.hidden = rows.length < 2;
  };
  text.addEventListener('input', show);
  show();
  return { title: 'Decide', body: [downloads(app), h('search', { class: 'toolbar' }, field('Search', text)), found, bulk, table.element] };
}

function undecided({ review }: Store): readonly EntryPlace[] {
  return review.vaults.flatMap(({ entries }, vault) =>
    entries.flatMap(({ change }, entry) => (review.changes[change]?.outcome === 'undecided' ? [{ vault, entry }] : [])),
  );
}

function undecidedCells(app: App, { vault, entry }: EntryPlace): readonly Child[] {
  const { store } = app;
  const row = store.review.vaults[vault]?.entries[entry];
  const change = store.review.changes[row?.change ?? -1];
  return [
    h('th', { attrs: { scope: 'row' } }, vaultLink(store, vault)),
    personCell(store, row?.principal ?? -1),
    change?.permissions.map((line) => h('div', {}, line)),
    decideForm(app, vault, entry) ?? 'The id has to be mended in the vault.',
  ];
}

/** Choices that need nothing but a reason, and that can settle every entry that is shown. */
function bulkForm(app: App, rows: readonly EntryPlace[], done: () => void): Child {
  const simple = (choice: Choice) => choice !== 'narrow' && choice !== 'objectScope' && choice !== 'nameCondition';
  const sets = [...new Set(rows.map(({ vault, entry }) => choicesFor(app, vault, entry)))];
  const common = (sets[0] ?? []).filter((choice) => simple(choice) && sets.every((set) => set.includes(choice)));
  let [choice] = common;
  if (choice === undefined)
    return h('p', { class: 'quiet' }, 'No choice fits all of these. Search for those that are alike to decide on them at once.');
  const select = choose(
    common.map((one) => [one, choiceNames[one]]),
    choice,
    (value) => {
      choice = value as Choice;
    },
  );
  const reason = h('input', { attrs: { type: 'text', required: '' } });
  const form = h(
    'form',
    { class: 'row' },
    field('For all of these', select),
    field('Reason', reason),
    h('button', { attrs: { type: 'submit' } }, `Decide all ${number(rows.length)}`),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (reason.value.trim() === '' || choice === undefined) return;
    app.drafts.decideAll(rows, { choice, reason: reason.value.trim() });
    done();
    say(`Decided ${count(rows.length, 'access policy', 'access policies')}`);
  });
  return form;
}

function downloads(app: App): Child {
  const place = h('div', { class: 'card' });
  const draw = (): void => {
    const { decisions } = app.drafts.counts;
    const save = button(
      'Download the decisions file',
      () => {
        download('decisions.json', app.drafts.decisionsFile());
        app.drafts.downloaded();
      },
      { class: 'main' },
    );
    save.disabled = decisions === 0;
    const told =
      decisions === 0
        ? 'You have decided nothing yet. Decide here, or at an access policy of any vault.'
        : `You have made ${count(decisions, 'decision')} on this page. They are kept nowhere else until you download them.`;
    fill(
      place,
      h('p', {}, told),
      save,
      h('p', { class: 'quiet' }, 'A plan is made again with them, and the decisions that this plan has already are taken over:'),
      h('pre', { attrs: { tabindex: '0' } }, `keyturn plan --from-plan ${app.head.planFile} --decisions decisions.json -o plan-2.json`),
    );
  };
  draw();
  app.drafts.onChange(draw);
  return section('Your decisions', 'yours', place);
}
