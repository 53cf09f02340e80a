import type { App, View } from '../app.ts';
import { canBeApproved, gainsToAccept } from '../drafts.ts';
import { button, type Child, download, fill, h } from '../parts/dom.ts';
import { pagedTable } from '../parts/paged-table.ts';
import { field, personLink, section, stateBadge, tierBadge, vaultLink } from '../parts/pieces.ts';
import { count, number, scopeWords } from '../parts/words.ts';

/** Chooses vaults and gains, and writes what `keyturn approve` is given: the page cannot know who reads it. */
export function approveView(app: App): View {
  const { store, drafts } = app;
  const { vaults } = store.review;
  const ready = vaults.flatMap(({ state }, at) => (canBeApproved(state) ? [at] : []));
  const table = pagedTable(
    {
      caption: 'Vaults to approve',
      columns: ['Approve', 'Vault', 'State', 'To make'],
      empty: 'No vault can be approved.',
      cells: (at: number) => vaultCells(app, at),
    },
    ready,
  );
  const gains = h('div');
  const end = h('div', { class: 'card' });
  const note = h('textarea', { attrs: { rows: '2', maxlength: '2000' } });
  const drawGains = (): void => {
    fill(gains, gainsPart(app));
  };
  const drawEnd = (): void => {
    fill(
      end,
      summary(app, () => note.value),
    );
  };
  const choose = (some: readonly number[], yes: boolean): void => {
    drafts.approve(some, yes);
    table.show(ready);
  };
  const foundReady = app.found.filter((at) => ready.includes(at));
  const searched = app.found.length > 0 && app.found.length < vaults.length && foundReady.length > 0;
  drawGains();
  drawEnd();
  drafts.onChange(() => {
    drawGains();
    drawEnd();
  });
  return {
    title: 'Approve',
    body: [
      h(
        'p',
        {},
        'An approval is bound to each vault as this plan has it. The page cannot know who you are: it writes down what you chose, and ',
        h('code', {}, 'keyturn approve'),
        ' makes the approval of it, in the name of who is signed in.',
      ),
      section(
        'Vaults',
        'approve-vaults',
        h(
          'p',
          { class: 'row' },
          button(`Choose all ${number(ready.length)} that can be carried out`, () => {
            choose(ready, true);
          }),
          searched &&
            button(`Choose the ${number(foundReady.length)} of your last search`, () => {
              choose(foundReady, true);
            }),
          button('Choose none', () => {
            choose(ready, false);
          }),
        ),
        table.element,
      ),
      section('Gains to accept by name', 'approve-gains', gains),
      section('Download', 'approve-end', field('Note for the record, if you like', note), end),
    ],
  };
}

function vaultCells(app: App, at: number): readonly Child[] {
  const vault = app.store.review.vaults[at];
  if (vault === undefined) return [];
  const box = h('input', { attrs: { type: 'checkbox', 'aria-label': `Approve ${vault.name}` } });
  box.checked = app.drafts.approved(at);
  box.addEventListener('change', () => {
    app.drafts.approve([at], box.checked);
  });
  return [
    box,
    h('th', { attrs: { scope: 'row' } }, vaultLink(app.store, at)),
    stateBadge(vault.state),
    `${count(vault.assign.length, 'assignment')}${vault.flip ? ' and the flip' : ''}`,
  ];
}

function gainsPart(app: App): Child {
  const { store, drafts } = app;
  const all = gainsToAccept(store, (vault) => drafts.approved(vault));
  if (all.length === 0)
    return h(
      'p',
      {},
      drafts.counts.vaults === 0
        ? 'Choose vaults first.'
        : 'None: nothing takes effect at the flip of these vaults that has to be accepted.',
    );
  const open = all.filter((at) => !drafts.gainAccepted(at));
  const lines = all.slice(0, 200).map((at) => {
    const gain = store.review.gains[at];
    const box = h('input', { attrs: { type: 'checkbox' } });
    box.checked = drafts.gainAccepted(at);
    box.addEventListener('change', () => {
      drafts.acceptGain(at, box.checked);
    });
    const told = [
      tierBadge(gain?.tier ?? 'A'),
      ' ',
      personLink(store, gain?.principal ?? -1),
      `: ${store.role(gain?.role)} ${scopeWords(gain?.level ?? 'resource', gain?.scope)}, ${count(gain?.vaults ?? 0, 'vault')}`,
    ];
    return h('li', {}, h('label', { class: 'check' }, box, ' Accept '), told);
  });
  const rest = all.length > 200 ? h('p', {}, `And ${number(all.length - 200)} more: accept them on the page of gains.`) : undefined;
  return [
    h('p', {}, `${number(open.length)} of ${number(all.length)} are not accepted. A vault with one of them is approved, but not flipped.`),
    h('ul', { class: 'plain' }, lines),
    rest,
  ];
}

function summary(app: App, note: () => string): Child {
  const { drafts, head } = app;
  const { vaults } = drafts.counts;
  const gains = gainsToAccept(app.store, (vault) => drafts.approved(vault)).filter((at) => drafts.gainAccepted(at)).length;
  const save = button(
    'Download what to approve',
    () => {
      download('approval-draft.json', drafts.approvalDraft(note()));
      drafts.downloaded();
    },
    { class: 'main' },
  );
  save.disabled = vaults === 0;
  return [
    h('p', {}, `${count(vaults, 'vault')}, ${count(gains, 'gain')} accepted.`),
    save,
    h('p', { class: 'quiet' }, 'Then, signed in as yourself:'),
    h('pre', { attrs: { tabindex: '0' } }, `keyturn approve ${head.planFile} --from approval-draft.json`),
  ];
}
