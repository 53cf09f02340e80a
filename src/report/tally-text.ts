import type { PlanTail, VaultPlan } from '../formats/plan.ts';
import { inWaveOrder } from '../formats/wave-order.ts';
import { findingWords, nothingToDo } from '../words/finding-words.ts';
import { hinted, type Look } from './look.ts';
import { findingLines } from './parts/findings-text.ts';
import { gainWords } from './parts/gain-lines.ts';
import { plainText } from './plain-text.ts';
import type { FindingTally, PlanTally } from './plan-tally.ts';
import { shortIds } from './short-ids.ts';
import { table } from './table.ts';
import { wrapLine } from './wrap-line.ts';

/** So many gains are told one by one, those that reach most vaults first. */
const toldGains = 20;
const toldWaves = 30;

/** What there is to say of a plan of very many vaults: by subscription, by what blocks, by who gains through what. */
export function tallyText(tally: PlanTally, tail: PlanTail, look: Look): readonly string[] {
  const blockers = [...tally.blockers.values()].sort((a, b) => b.vaults - a.vaults);
  return [
    ...subscriptionTable(tally, look),
    ...(blockers.length === 0 ? [] : ['', look.paint('red', 'what blocks vaults')]),
    ...blockers.flatMap((one) => blockerLines(one, look)),
    ...gainLines(tally, look),
    ...(tail.unreadable.length + tail.findings.length === 0 ? [] : ['']),
    ...tail.unreadable.flatMap(({ subject, because }) =>
      wrapLine(`could not be read: ${shortIds(plainText(subject))}: ${shortIds(plainText(because))}`, look.columns, '  '),
    ),
    ...findingLines(tail.findings, look, { indent: '' }),
    '',
    ...wrapLine(tallySummary(tally, tail), look.columns, '  '),
    ...(tally.waves.size === 0 ? [] : wrapLine(plainText(wavesLine(tally)), look.columns, '  ')),
  ];
}

export function tallySummary({ subscriptions }: PlanTally, { unreadable }: Pick<PlanTail, 'unreadable'>): string {
  const all = [...subscriptions.values()];
  const sum = (count: (one: (typeof all)[number]) => number) => all.reduce((total, one) => total + count(one), 0);
  const states = (state: VaultPlan['state']) => sum((one) => one.states[state]);
  const vaults = states('ready') + states('blocked') + states('repair') + states('alreadyOnRbac');
  const repair = states('repair') === 0 ? '' : `${grouped(states('repair'))} to repair, `;
  const unread = unreadable.length === 0 ? '' : `, ${grouped(unreadable.length)} could not be read`;
  const [toMake, made] = [sum((one) => one.toMake), sum((one) => one.made)];
  const already = made === 0 ? '' : `, ${grouped(made)} of them made already by keyturn`;
  const where = `${grouped(vaults)} vaults in ${grouped(all.length)} subscription${all.length === 1 ? '' : 's'}`;
  return `${where}: ${grouped(states('ready'))} ready, ${grouped(states('blocked'))} blocked, ${repair}${grouped(states('alreadyOnRbac'))} already on Azure RBAC${unread}; ${grouped(toMake)} role assignments to make${already}`;
}

function subscriptionTable({ subscriptions }: PlanTally, look: Look): readonly string[] {
  const numbers = ['VAULTS', 'READY', 'BLOCKED', 'REPAIR', 'DONE', 'TO MAKE'].map((title) => ({ title, align: 'right' as const }));
  const rows = [...subscriptions.values()].map(({ subscriptionId, states, toMake }) => {
    const { ready, blocked, repair, alreadyOnRbac } = states;
    const counts = [ready + blocked + repair + alreadyOnRbac, ready, blocked, repair, alreadyOnRbac, toMake];
    return [subscriptionId, ...counts.map(grouped)];
  });
  return table([{ title: 'SUBSCRIPTION', shrinkTo: 13 }, ...numbers], rows, look);
}

function blockerLines({ finding, aboutEntries, vaults, first }: FindingTally, look: Look): readonly string[] {
  const names = `${first.map(plainText).join(', ')}${vaults > first.length ? ', …' : ''}`;
  const { message, remedy } = findingWords(finding);
  const said = `${finding.code} in ${grouped(vaults)} vault${vaults === 1 ? '' : 's'} (${names}): ${aboutEntries ? 'such as ' : ''}${shortIds(plainText(message))}`;
  const next = remedy === nothingToDo ? [] : wrapLine(`    next: ${hinted(shortIds(plainText(remedy)), look)}`, look.columns, '      ');
  return [...wrapLine(`  ${said}`, look.columns, '    '), ...next];
}

function gainLines({ gains, moreGains }: PlanTally, look: Look): readonly string[] {
  const sorted = [...gains.values()].sort((a, b) => b.vaults - a.vaults);
  if (sorted.length === 0) return [];
  const left = sorted.length - toldGains + moreGains;
  return [
    '',
    look.paint('yellow', 'gained access'),
    ...sorted
      .slice(0, toldGains)
      .flatMap(({ gain, vaults }) =>
        wrapLine(`  in ${grouped(vaults)} vault${vaults === 1 ? '' : 's'}: ${gainWords(gain, 'short')}`, look.columns, '    '),
      ),
    ...(left <= 0 ? [] : wrapLine(`  and ${grouped(left)} more: \`keyturn show PLAN VAULT\` lists those of a vault`, look.columns, '    ')),
  ];
}

/** The waves in their order; vaults without one come last. */
function wavesLine({ waves, subscriptions }: PlanTally): string {
  const all = [...subscriptions.values()].flatMap(({ states }) => Object.values(states)).reduce((sum, count) => sum + count, 0);
  const told = inWaveOrder(waves.keys()).map((name) => [name, waves.get(name) ?? 0] as const);
  const without = all - told.reduce((sum, [, count]) => sum + count, 0);
  const rest = told.length > toldWaves ? [`and ${told.length - toldWaves} more`] : [];
  const words = [...told.slice(0, toldWaves).map(([name, count]) => `${name} (${grouped(count)})`), ...rest];
  return `waves: ${words.join(', ')}${without === 0 ? '' : `; ${grouped(without)} without a wave`}`;
}

function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
