import type { PageHead } from '../../review/page-data.ts';
import type { View } from '../app.ts';
import { type Child, copyId, h, link } from '../parts/dom.ts';
import { prose, section, tierBadge } from '../parts/pieces.ts';
import { count, list, number, severityWords, stateWords, tierWords } from '../parts/words.ts';

type Headline = PageHead['review']['headline'];

/** What stands first. It needs nothing that is long, so it is there at once. */
export function overview({ review, planFile }: PageHead): View {
  const { headline } = review;
  return {
    title: `${count(headline.vaults, 'vault')}: who has access after the move`,
    body: [
      h('p', { class: 'lead' }, leadWords(headline)),
      h('div', { class: 'tiles' }, tiles(headline)),
      gainsSection(headline),
      wideSection(review),
      sinceSection(review),
      planFindings(review),
      unreadable(review),
      section('This plan', 'plan', facts(review, planFile)),
    ],
  };
}

function leadWords({ states, losses, gains }: Headline): string {
  const at = gains.filter(({ tier }) => tier === 'A' || tier === 'B');
  return [
    `${count(states.ready, 'vault')} can be flipped as planned, ${number(states.blocked)} cannot yet.`,
    at.length === 0
      ? 'Nobody gains secret values, destruction or use of what is protected.'
      : 'Some gain what nobody gave them: read the gains first.',
    losses.decided.entries === 0
      ? 'Nothing is given up.'
      : `${count(losses.decided.entries, 'access policy gives', 'access policies give')} something up, by a decision.`,
    losses.undecided.entries === 0
      ? 'Nothing waits for a decision.'
      : `${count(losses.undecided.entries, 'access policy waits', 'access policies wait')} for a decision.`,
  ].join(' ');
}

function tiles({ states, entries, losses, toMake, unreadable: unread }: Headline): readonly Child[] {
  const tile = (title: string, figure: number, route: string, more: string, look = false) =>
    h(
      'div',
      { class: look && figure > 0 ? 'tile look' : 'tile' },
      h('h2', {}, link(route, title)),
      h('p', { class: 'figure' }, number(figure)),
      h('p', { class: 'quiet' }, more),
    );
  const some = (n: number, words: string) => (n === 0 ? 'none' : words);
  return [
    tile(
      'Ready',
      states.ready,
      'vaults?state=ready',
      `${number(states.alreadyOnRbac)} on Azure RBAC already, ${number(states.repair)} to repair`,
    ),
    tile(
      'Blocked',
      states.blocked,
      'vaults?state=blocked',
      unread === 0 ? some(states.blocked, 'each says what blocks it') : `${count(unread, 'thing')} could not be read`,
      true,
    ),
    tile(
      'To decide',
      losses.undecided.entries,
      'decide',
      some(losses.undecided.entries, `${count(losses.undecided.vaults, 'vault waits', 'vaults wait')} for it`),
      true,
    ),
    tile(
      'Given up',
      losses.decided.entries,
      'losses',
      some(losses.decided.entries, `in ${count(losses.decided.vaults, 'vault')}, by a decision`),
    ),
    tile(
      'Not covered',
      losses.uncovered.entries,
      'losses',
      some(losses.uncovered.entries, `in ${count(losses.uncovered.vaults, 'vault')}: nothing planned gives it`),
      true,
    ),
    tile(
      'Assignments',
      toMake.assignments,
      'vaults',
      `${count(toMake.customRoles, 'custom role')}; ${count(toMake.flips, 'flip')}; ${count(entries.alreadyCovered, 'policy is', 'policies are')} held already`,
    ),
  ];
}

function gainsSection({ gains }: Headline): Child {
  const rows = gains.map(({ tier, cause, principals, vaults }) =>
    h(
      'tr',
      {},
      h('td', {}, tierBadge(tier), ` ${tierWords[tier]}`),
      h(
        'td',
        {},
        link(`gains?tier=${tier}&cause=${cause}`, cause === 'plan' ? 'roles that the plan assigns' : 'assignments that stand already'),
      ),
      h('td', { class: 'number' }, number(principals)),
      h('td', { class: 'number' }, number(vaults)),
    ),
  );
  const head = h(
    'tr',
    {},
    ['What they can do with it', 'Through', 'Principals', 'Vaults'].map((title, at) =>
      h('th', { class: at > 1 ? 'number' : '', attrs: { scope: 'col' } }, title),
    ),
  );
  const table = h('table', {}, h('caption', { class: 'unseen' }, 'Gains by tier and cause'), h('thead', {}, head), h('tbody', {}, rows));
  const told =
    gains.length === 0
      ? h('p', {}, 'Nobody gains anything.')
      : h('div', { class: 'wide', attrs: { role: 'region', tabindex: '0', 'aria-label': 'Gains' } }, table);
  return section('Who gains what nobody had', 'gains', told);
}

function wideSection({ headline, roles }: PageHead['review']): Child {
  if (headline.wide.length === 0) return undefined;
  const lines = headline.wide.map(({ role, tier, assignments, vaults }) =>
    h('li', {}, tierBadge(tier), ' ', roles[role]?.name ?? 'a role', `: ${count(assignments, 'assignment')} in ${count(vaults, 'vault')}`),
  );
  return section('Roles that bring more than was asked for', 'wide', h('ul', { class: 'plain' }, lines));
}

function sinceSection({ since }: PageHead['review']): Child {
  if (since === undefined) return undefined;
  const told = `${count(since.moved, 'vault')} moved, ${number(since.new)} are new, ${number(since.same)} are the same, ${number(since.gone.length)} are not in this plan any more.`;
  return section('Since the earlier plan', 'since', h('p', {}, told, ' ', link('vaults?about=moved', 'Show those that moved')));
}

function planFindings({ planFindings: all }: PageHead['review']): Child {
  if (all.length === 0) return undefined;
  const lines = all.map(({ severity, code, message, remedy }) =>
    h(
      'li',
      {},
      h('span', { class: `badge ${severity}` }, severityWords[severity]),
      ' ',
      h('code', {}, code),
      ' ',
      prose(message),
      remedy === '' ? undefined : h('div', { class: 'quiet' }, prose(remedy)),
    ),
  );
  return section('About the whole plan', 'whole', h('ul', { class: 'plain' }, lines));
}

function unreadable({ unreadable: all }: PageHead['review']): Child {
  if (all.length === 0) return undefined;
  const lines = all.slice(0, 20).map(({ subject, because }) => h('li', {}, h('code', {}, subject), ': ', because));
  const more = all.length > 20 ? h('p', {}, `And ${number(all.length - 20)} more.`) : undefined;
  return section('What could not be read', 'unread', h('ul', { class: 'plain' }, lines), more);
}

function facts({ plan }: PageHead['review'], planFile: string): Child {
  const { selection = {} } = plan;
  const asked = [selection.vaults, selection.subscriptions, selection.resourceGroups, selection.managementGroups, selection.tags].flatMap(
    (one) => one ?? [],
  );
  const rows: readonly (readonly [string, Child])[] = [
    ['Digest', copyId(plan.digest, 'digest')],
    ['File', h('code', {}, planFile)],
    ['Tenant', [copyId(plan.tenantId, 'tenant id'), ` in the ${plan.cloud} cloud`]],
    ['Roles as of', plan.catalogue],
    ['Asked for', asked.length === 0 ? 'every vault in reach' : list(asked, 10)],
    ['Waits', `${count(plan.minimumAgeMinutes, 'minute')} after assignments before a flip`],
    ['Made by', [`keyturn ${plan.toolVersion}`, plan.author === undefined ? undefined : [', run as ', copyId(plan.author, 'object id')]]],
    ['Approvals', approvalWords(plan.approvals)],
  ];
  return h(
    'dl',
    { class: 'facts' },
    rows.map(([term, value]) => [h('dt', {}, term), h('dd', {}, value)]),
  );
}

function approvalWords(rules: PageHead['review']['plan']['approvals']): string {
  if (rules === undefined || rules.need === 'none') return 'none is needed; gains at the flip of tier A or B have to be accepted by name';
  const who = rules.by === undefined ? 'anybody in the tenant' : count(rules.by.length, 'person or group', 'people or groups');
  const more = [rules.signed === true && 'signed', rules.selfApproval === true && 'who made the plan may approve it'].filter(
    (one) => one !== false,
  );
  return [`${rules.need === 'plan' ? 'the whole plan' : 'each vault'}, by ${number(rules.count ?? 1)} of ${who}`, ...more].join('; ');
}

/** In the order in which the overview counts them. */
export const states = Object.keys(stateWords) as (keyof typeof stateWords)[];
