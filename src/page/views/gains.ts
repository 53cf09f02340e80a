import type { App, Place, View } from '../app.ts';
import { hasToBeAccepted } from '../drafts.ts';
import { type Child, copyId, h, link } from '../parts/dom.ts';
import { pagedTable } from '../parts/paged-table.ts';
import { actionsOf, choose, field, personCell, personLink, prose, section, tierBadge, vaultLink } from '../parts/pieces.ts';
import { count, number, scopeWords } from '../parts/words.ts';
import type { Store } from '../store.ts';

/** Gains by the assignment that brings them, the worst first. */
export function gainsView(app: App, { params }: Place): View {
  const { gains } = app.store.review;
  let [tier, cause] = [params.get('tier') ?? '', params.get('cause') ?? ''];
  const found = h('p', { class: 'found', attrs: { role: 'status' } });
  const fitting = (): readonly number[] => {
    const all = gains.flatMap((gain, at) =>
      (tier === '' || gain.dataActions.some((one) => one.tier === tier)) && (cause === '' || gain.cause === cause) ? [at] : [],
    );
    return all.sort((a, b) => compareGains(app.store, a, b));
  };
  const table = pagedTable(
    {
      caption: 'Gains by assignment',
      columns: ['Tier', 'Who', 'Role and scope', 'What it gives', 'Vaults', 'Your acceptance'],
      empty: 'Nobody gains anything of this kind.',
      cells: (at: number) => gainCells(app, at),
    },
    fitting(),
  );
  const show = (): void => {
    const rows = fitting();
    table.show(rows);
    found.textContent = `${number(rows.length)} of ${count(gains.length, 'gain')}`;
  };
  show();
  const tiers = choose(
    [
      ['', 'any'],
      ['A', 'A'],
      ['B', 'B'],
      ['C', 'C'],
      ['D', 'D'],
    ],
    tier,
    (value) => {
      tier = value;
      show();
    },
  );
  const causes = choose(
    [
      ['', 'anything'],
      ['plan', 'roles that the plan assigns'],
      ['flip', 'assignments that stand already'],
    ],
    cause,
    (value) => {
      cause = value;
      show();
    },
  );
  const told =
    'An assignment that stands already does nothing while a vault is on access policies. It takes effect at the flip, and no step of the plan brings it: where it opens, destroys or changes what is in the vault, it has to be accepted by name.';
  return {
    title: 'Gains',
    body: [h('p', {}, told), h('search', { class: 'toolbar' }, field('With tier', tiers), field('Through', causes)), found, table.element],
  };
}

function compareGains({ review }: Store, a: number, b: number): number {
  const [one, other] = [review.gains[a], review.gains[b]];
  if (one === undefined || other === undefined) return 0;
  return one.tier < other.tier ? -1 : one.tier > other.tier ? 1 : other.vaults - one.vaults;
}

function gainCells(app: App, at: number): readonly Child[] {
  const { store } = app;
  const gain = store.review.gains[at];
  if (gain === undefined) return [];
  const who = gain.principal === undefined ? link(`gain/${at}`, count(gain.principals, 'principal')) : personCell(store, gain.principal);
  return [
    tierBadge(gain.tier),
    [
      who,
      !gain.certain && h('div', { class: 'quiet' }, 'may gain'),
      gain.throughGroup === undefined ? undefined : h('div', {}, 'through group ', copyId(gain.throughGroup, 'object id')),
    ],
    roleAndScope(store, at),
    actionsOf(gain.dataActions),
    link(`gain/${at}`, count(gain.vaults, 'vault')),
    acceptBox(app, at),
  ];
}

function roleAndScope(store: Store, at: number): Child {
  const gain = store.review.gains[at];
  if (gain === undefined) return undefined;
  return [
    h('strong', {}, store.role(gain.role)),
    ` ${gain.cause === 'plan' ? (gain.level === 'resource' ? 'at each vault' : 'on objects') : scopeWords(gain.level, gain.scope)}`,
    h('div', { class: 'quiet' }, gain.cause === 'plan' ? 'assigned by the plan' : 'stands already'),
    gain.assignmentId === undefined ? undefined : copyId(gain.assignmentId, 'assignment id', 'assignment id'),
  ];
}

/** A box where a gain has to be accepted; words why not elsewhere. */
function acceptBox(app: App, at: number): Child {
  const gain = app.store.review.gains[at];
  if (!hasToBeAccepted(app.store, at, () => true)) return h('span', { class: 'quiet' }, whyNot(app, at, gain?.cause));
  const box = h('input', { attrs: { type: 'checkbox' } });
  box.checked = app.drafts.gainAccepted(at);
  box.addEventListener('change', () => {
    app.drafts.acceptGain(at, box.checked);
  });
  return h('label', { class: 'check' }, box, ' Accept');
}

function whyNot({ store }: App, at: number, cause: 'plan' | 'flip' | undefined): string {
  if (cause === 'plan') return 'approved with the plan';
  const accepted = store.review.vaults.some((vault) => vault.acceptedGains.some(({ gain }) => gain === at));
  return accepted ? 'accepted in the plan' : 'not needed';
}

/** One gain, with each vault that it comes to. */
export function gainView(app: App, argument: string): View {
  const at = Number(argument);
  const { store } = app;
  const gain = store.review.gains[at];
  if (gain === undefined) return { title: 'No such gain', body: h('p', {}, link('gains', 'Show all gains')) };
  const rows = (store.withGain[at] ?? []).flatMap((vault) =>
    (store.review.vaults[vault]?.gains ?? []).flatMap((one) => (one.gain === at ? [{ vault, principal: one.principal }] : [])),
  );
  const table = pagedTable(
    {
      caption: 'Vaults with this gain',
      columns: ['Vault', 'Who gains'],
      empty: '',
      cells: (row: (typeof rows)[number]) => [
        h('th', { attrs: { scope: 'row' } }, vaultLink(store, row.vault)),
        personLink(store, row.principal),
      ],
    },
    rows,
  );
  return {
    title: `Gain: ${store.role(gain.role)}`,
    body: [
      h(
        'div',
        { class: 'card' },
        h('p', {}, tierBadge(gain.tier), ' ', roleAndScope(store, at)),
        gain.because.map((why) => h('p', {}, prose(why))),
        actionsOf(gain.dataActions, 40),
        acceptBox(app, at),
      ),
      section(`${count(gain.vaults, 'vault')}, ${count(gain.principals, 'principal')}`, 'gain-vaults', table.element),
    ],
  };
}
