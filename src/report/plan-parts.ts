import type { PlanTail } from '../formats/plan.ts';
import type { Look } from './look.ts';
import { plainText } from './plain-text.ts';
import type { PlanTally } from './plan-tally.ts';
import { table } from './table.ts';
import { tallySummary } from './tally-text.ts';
import { markdownTable } from './text/markdown-table.ts';
import { wrapLine } from './wrap-line.ts';

/** One of several plans. */
export interface PlanPartFile {
  readonly part: string;
  readonly file: string;
  readonly tally: PlanTally;
  readonly tail: PlanTail;
}

export function planPartsText(parts: readonly PlanPartFile[], look: Look): readonly string[] {
  const rows = parts.map((one) => [one.part, ...Object.values(countsOf(one)).map(String), one.file]);
  const numbers = ['VAULTS', 'READY', 'BLOCKED', 'TO MAKE'].map((title) => ({ title, align: 'right' as const }));
  return [
    ...table([{ title: 'PART', shrinkTo: 12 }, ...numbers, { title: 'FILE' }], rows, look),
    ...(parts.flatMap(({ tail }) => tail.unreadable).length === 0
      ? []
      : wrapLine('some of it could not be read: `keyturn show` with a file says what', look.columns, '  ')),
  ];
}

export function planPartsMarkdown(parts: readonly PlanPartFile[]): readonly string[] {
  const rows = parts.map(({ part, file, tally, tail }) => [plainText(part), plainText(file), tallySummary(tally, tail)]);
  return ['# Plans', '', ...markdownTable(['part', 'file', 'holds'], rows)];
}

export function planPartsDocument(parts: readonly PlanPartFile[]) {
  return {
    format: 'keyturn-plan-parts',
    formatVersion: 1,
    parts: parts.map((one) => ({ part: one.part, file: one.file, ...countsOf(one) })),
  };
}

function countsOf({ tally }: PlanPartFile) {
  const all = [...tally.subscriptions.values()];
  const sum = (count: (one: (typeof all)[number]) => number) => all.reduce((total, one) => total + count(one), 0);
  return {
    vaults: sum(({ states }) => states.ready + states.blocked + states.repair + states.alreadyOnRbac),
    ready: sum(({ states }) => states.ready),
    blocked: sum(({ states }) => states.blocked),
    toMake: sum(({ toMake }) => toMake),
  };
}
