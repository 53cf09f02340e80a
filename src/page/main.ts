import { type App, type Place, placeFrom, type View } from './app.ts';
import { draftsOf } from './drafts.ts';
import { listenToKeys } from './keys.ts';
import { readHead, readParts } from './load.ts';
import { button, fill, h, link, name, say } from './parts/dom.ts';
import { count, number } from './parts/words.ts';
import { everything, searchIn } from './search.ts';
import { storeOf } from './store.ts';
import { approveView } from './views/approve.ts';
import { decideView } from './views/decide.ts';
import { findingsView } from './views/findings.ts';
import { gainsView, gainView } from './views/gains.ts';
import { lossesView } from './views/losses.ts';
import { overview } from './views/overview.ts';
import { peopleView, personView } from './views/people.ts';
import { vaultView } from './views/vault.ts';
import { vaultsView } from './views/vaults.ts';

/** Parts of the page, with the views that belong to each. */
const parts: readonly (readonly [route: string, title: string, ...within: string[]])[] = [
  ['overview', 'Overview'],
  ['vaults', 'Vaults', 'vault'],
  ['people', 'Principals', 'person'],
  ['gains', 'Gains', 'gain'],
  ['losses', 'Losses'],
  ['findings', 'Findings'],
  ['decide', 'Decide'],
  ['approve', 'Approve'],
];

const head = readHead();
const main = document.getElementById('main') ?? document.body;
const top = document.getElementById('top') ?? document.body;
const links = new Map(parts.map(([route, title]) => [route, link(route, title)]));
let app: App | undefined;

function viewAt({ view, argument, ...place }: Place): View {
  if (view === 'overview') return overview(head);
  if (app === undefined) return { title: 'One moment', body: h('p', {}, `Reading ${count(head.lengths.vaults, 'vault')}.`) };
  const at = { view, argument, ...place };
  switch (view) {
    case 'vaults':
      return vaultsView(app, at);
    case 'vault':
      return vaultView(app, argument);
    case 'people':
      return peopleView(app, at);
    case 'person':
      return personView(app, argument);
    case 'gains':
      return gainsView(app, at);
    case 'gain':
      return gainView(app, argument);
    case 'losses':
      return lossesView(app);
    case 'findings':
      return findingsView(app);
    case 'decide':
      return decideView(app, at);
    case 'approve':
      return approveView(app);
    default:
      return { title: 'No such part', body: h('p', {}, link('overview', 'Go to the overview')) };
  }
}

function show(focus: boolean): void {
  const place = placeFrom(location.hash);
  app?.drafts.offChange();
  const { title, body } = viewAt(place);
  const heading = h('h1', { attrs: { tabindex: '-1' } }, name(title));
  fill(main, heading, body);
  document.title = `${title} · keyturn review`;
  for (const [route, , ...within] of parts) {
    if (route === place.view || within.includes(place.view)) links.get(route)?.setAttribute('aria-current', 'page');
    else links.get(route)?.removeAttribute('aria-current');
  }
  if (!focus) return;
  heading.focus({ preventScroll: true });
  scrollTo(0, 0);
}

function themeSwitch(): HTMLElement {
  const themes = ['auto', 'light', 'dark'] as const;
  let at = 0;
  const made = button('Colours: auto', () => {
    at = (at + 1) % themes.length;
    const theme = themes[at] ?? 'light';
    if (theme === 'auto') document.documentElement.removeAttribute('data-theme');
    else document.documentElement.setAttribute('data-theme', theme);
    fill(made, `Colours: ${theme}`);
  });
  return made;
}

function showTop(help: () => void): void {
  const list = h(
    'ul',
    {},
    parts.map(([route]) => h('li', {}, links.get(route))),
  );
  const tools = h(
    'div',
    { class: 'tools' },
    themeSwitch(),
    button('Keys', help, { attrs: { 'aria-keyshortcuts': '?' } }),
    button('Print', () => {
      print();
    }),
  );
  fill(
    top,
    h('div', { class: 'brand' }, h('strong', {}, 'keyturn'), ' review'),
    h('nav', { attrs: { 'aria-label': 'Parts' } }, list),
    tools,
  );
}

function tellCounts(): void {
  if (app === undefined) return;
  const { decisions, vaults } = app.drafts.counts;
  for (const [route, n] of [
    ['decide', decisions],
    ['approve', vaults],
  ] as const) {
    const title = parts.find(([one]) => one === route)?.[1] ?? '';
    fill(links.get(route) ?? top, title, n > 0 && h('span', { class: 'count' }, number(n)));
  }
}

async function start(): Promise<void> {
  const { help } = listenToKeys((part) => {
    location.hash = `#/${parts[part]?.[0] ?? 'overview'}`;
  });
  showTop(help);
  show(false);
  addEventListener('hashchange', () => {
    show(true);
  });
  // The overview is painted before the long lists are unpacked.
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  const store = storeOf(head, await readParts());
  const drafts = draftsOf(store);
  app = { head, store, search: searchIn(store), drafts, found: store.review.vaults.map((_, at) => at) };
  drafts.always(tellCounts);
  addEventListener('beforeunload', (event) => {
    if (drafts.unsaved) event.preventDefault();
  });
  document.documentElement.setAttribute('data-ready', '');
  if (placeFrom(location.hash).view !== 'overview') show(true);
  // The first search is slower than those after it: it is made before anybody waits for it.
  app.search.vaults({ ...everything, text: 'keyturn' });
}

start().catch((cause: unknown) => {
  say('The page cannot be read.');
  fill(
    main,
    h('h1', {}, 'The page cannot be read'),
    h(
      'p',
      {},
      `It is damaged, or the browser is too old: ${String(cause)}. Make it again with `,
      h('code', {}, 'keyturn review PLAN --html FILE'),
      '.',
    ),
  );
});
