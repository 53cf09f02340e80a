import { answersOf } from '../../review/answers.ts';
import { type Question, questions } from '../../review/questions.ts';
import type { ReviewVault } from '../../review/review.ts';
import { matrixOf } from '../access-matrix.ts';
import type { App, View } from '../app.ts';
import { canBeApproved } from '../drafts.ts';
import { button, type Child, copyId, fill, h, link, name } from '../parts/dom.ts';
import { matrixLegend, matrixTable } from '../parts/matrix-table.ts';
import { pagedTable } from '../parts/paged-table.ts';
import { personCell, personLink, prose, section, stateBadge, tierBadge } from '../parts/pieces.ts';
import { count, number, scopeWords, severityWords } from '../parts/words.ts';
import { assignmentId, gainLine, placeOf, type Store } from '../store.ts';
import { entriesSection } from './entries.ts';
import { acceptForm } from './forms.ts';

/** One vault: the answers first, all that they stand on below. */
export function vaultView(app: App, called: string): View {
  const { store } = app;
  const at = store.vaultNamed(called);
  const vault = store.review.vaults[at ?? -1];
  if (at === undefined || vault === undefined) return { title: 'No such vault', body: h('p', {}, link('vaults', 'Show all vaults')) };
  const principals = [...new Set([...vault.entries, ...vault.gains].map(({ principal }) => principal))];
  return {
    title: vault.name,
    body: [
      heading(app, vault, at),
      answersPart(store, vault),
      section(
        'Before and after',
        'matrix',
        matrixLegend(),
        matrixTable(store, matrixOf(store, principals, at), false, `Access in ${vault.name} before and after`),
      ),
      entriesSection(app, vault, at),
      gainsSection(store, vault),
      findingsSection(app, vault, at),
      callsSection(store, vault),
      sinceSection(vault),
    ],
  };
}

/** What every reviewer asks, with what the plan answers. */
function answersPart(store: Store, vault: ReviewVault): HTMLElement {
  const answers = answersOf(vault, store.review);
  return h(
    'dl',
    { class: 'answers' },
    (Object.keys(questions) as Question[]).map((question) => answer(questions[question], answers[question])),
  );
}

/** What fits on the first screen, and all of it to unfold. */
function answer(asked: string, lines: readonly string[]): HTMLElement {
  const short = h(
    'p',
    { class: 'short' },
    lines.slice(0, 4).map((line) => h('span', { class: 'line' }, prose(line))),
  );
  const long = lines.length > 3 || lines.join().length > 150;
  const paragraphs = lines.map((line) => h('li', {}, prose(line)));
  const full = h(
    'details',
    {},
    h('summary', {}, lines.length > 1 ? `All ${number(lines.length)} lines` : 'In full'),
    h('ul', { class: 'all' }, paragraphs),
  );
  return h('div', {}, h('dt', {}, asked), h('dd', {}, short, long && full));
}

function heading(app: App, vault: ReviewVault, at: number): Child {
  const { group, subscription } = placeOf(vault.id);
  const here = app.found.indexOf(at);
  const step = (by: number, title: string, key: string) => {
    const next = here < 0 ? undefined : app.store.review.vaults[app.found[here + by] ?? -1];
    return next === undefined
      ? undefined
      : h('span', { attrs: { [`data-${key}`]: '' } }, link(`vault/${encodeURIComponent(next.name)}`, title));
  };
  const approve = h('span');
  const draw = (): void => {
    const yes = app.drafts.approved(at);
    fill(
      approve,
      button(
        yes ? 'Taken into the approval. Take out' : 'Take into the approval',
        () => {
          app.drafts.approve([at], !yes);
          draw();
        },
        { attrs: { 'aria-pressed': String(yes) } },
      ),
    );
  };
  draw();
  return [
    h(
      'p',
      { class: 'under' },
      stateBadge(vault.state),
      vault.wave === undefined ? undefined : ` wave ${vault.wave}`,
      ' in resource group ',
      name(group),
      ', subscription ',
      name(subscription),
      ' ',
      copyId(vault.id, 'resource id', 'resource id'),
    ),
    h(
      'p',
      { class: 'steps' },
      canBeApproved(vault.state) && approve,
      step(-1, 'Previous vault', 'previous'),
      step(1, 'Next vault', 'next'),
    ),
  ];
}

function gainsSection(store: Store, vault: ReviewVault): Child {
  if (vault.gains.length === 0) return undefined;
  const lines = vault.gains.map(({ gain, principal }) => {
    const row = store.review.gains[gain];
    return h(
      'li',
      {},
      tierBadge(row?.tier ?? 'D'),
      ' ',
      prose(gainLine(store, gain, principal, vault.id)),
      row?.because.map((why) => h('div', { class: 'quiet' }, prose(why))),
      row?.assignmentId === undefined ? undefined : h('div', {}, copyId(row.assignmentId, 'assignment id')),
    );
  });
  return section('Gains', 'vault-gains', h('ul', { class: 'plain' }, lines));
}

function findingsSection(app: App, { findings, accepted }: ReviewVault, at: number): Child {
  const { store, head } = app;
  if (findings.length === 0) return undefined;
  const order = { blocker: 0, warning: 1, note: 2 };
  const sorted = findings
    .flatMap(({ finding, principal }) =>
      store.review.findings[finding] === undefined ? [] : [{ row: store.review.findings[finding], principal }],
    )
    .sort((a, b) => order[a.row.severity] - order[b.row.severity]);
  const table = pagedTable(
    {
      caption: 'Findings of the vault',
      columns: ['Severity', 'Finding', 'About', 'What to do'],
      empty: '',
      cells: ({ row, principal }) => [
        h('span', { class: `badge ${row.severity}` }, severityWords[row.severity]),
        [h('div', {}, h('code', {}, row.code)), prose(row.message)],
        principal === undefined ? 'the vault' : personLink(store, principal),
        [
          prose(row.remedy),
          row.severity === 'blocker' && head.acceptable.includes(row.code)
            ? acceptForm(app, { vault: at, finding: row.code, ...(principal !== undefined && { principal }) })
            : undefined,
        ],
      ],
    },
    sorted,
  );
  const passed = accepted.map(({ code, reason }) => h('p', {}, h('code', {}, code), ' was accepted: ', reason));
  return section('Findings', 'vault-findings', passed, table.element);
}

function callsSection(store: Store, vault: ReviewVault): Child {
  const table = pagedTable(
    {
      caption: 'Role assignments to make',
      columns: ['Principal', 'Role', 'On', 'Assignment'],
      empty: 'No assignment has to be made.',
      cells: (one: ReviewVault['assign'][number]) => [
        personCell(store, one.principal),
        [
          store.role(one.role),
          one.condition === undefined ? undefined : h('div', { class: 'quiet' }, 'under the condition ', h('code', {}, one.condition)),
        ],
        one.on ?? 'the vault',
        copyId(assignmentId(vault, one), 'assignment id', one.name),
      ],
    },
    vault.assign,
  );
  const custom = vault.customRoles
    .flatMap((at) => store.review.customRoles[at] ?? [])
    .map(({ roleName, scope, dataActions }) =>
      h('p', {}, 'Custom role ', name(roleName), ` ${scopeWords('subscription', scope)}: ${count(dataActions.length, 'data action')}.`),
    );
  const others = vault.handOff.map((command) => h('pre', { attrs: { tabindex: '0' } }, command));
  const handed = others.length === 0 ? undefined : [h('h3', {}, 'For someone with the rights, before the plan is applied'), others];
  return section(
    'What will be made',
    'calls',
    custom,
    table.element,
    h('p', {}, vault.flip ? 'Then one PATCH flips the vault to Azure RBAC.' : 'The vault is not flipped.'),
    handed,
  );
}

function sinceSection({ since }: ReviewVault): Child {
  if (since === undefined || since.moves.length === 0) return undefined;
  const table = pagedTable(
    {
      caption: 'Changes since the earlier plan',
      columns: ['', 'About', 'What'],
      empty: '',
      cells: ({ sign, what, text }: (typeof since.moves)[number]) => [sign === '+' ? 'new' : 'gone', what, prose(text)],
    },
    since.moves,
  );
  return section('Since the earlier plan', 'vault-since', table.element);
}
