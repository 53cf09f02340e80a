import type { PlanMoves } from '../review/plan-moves.ts';
import type { Look } from './look.ts';
import { plainText } from './plain-text.ts';
import { markdownSentence, markdownText } from './text/markdown-table.ts';
import { someLines } from './text/within.ts';
import { wrapLine } from './wrap-line.ts';

/** Each vault that moved, with what is gone and what is new; then the count. */
export function planMovesText(moves: PlanMoves, look: Look): readonly string[] {
  return [
    ...moves.moved.flatMap(({ name, moves: own }) => [
      look.paint('bold', plainText(name)),
      ...own.flatMap(({ sign, what, text }) =>
        wrapLine(`  ${sign} ${what}: ${plainText(text)}`, look.columns, '      ').map((line) =>
          look.paint(sign === '-' ? 'red' : 'green', line),
        ),
      ),
    ]),
    ...moves.new.map(({ name }) => look.paint('green', `+ ${plainText(name)}: not in the earlier plan`)),
    ...moves.gone.map((id) => look.paint('red', `- ${plainText(id)}: not in the later plan`)),
    ...wrapLine(movesSummary(moves), look.columns, '  '),
  ];
}

/** GitHub takes 65,536 characters. */
const mostCharacters = 64_000;

/** The same as a list for a pull request; what does not fit is counted. */
export function planMovesMarkdown(moves: PlanMoves): readonly string[] {
  const lines = [
    ...moves.moved.flatMap(({ name, moves: own }) => [
      `- **${markdownText(name)}**`,
      ...own.map(({ sign, what, text }) => `  - ${sign === '-' ? 'gone' : 'new'}, ${what}: ${markdownSentence(text)}`),
    ]),
    ...moves.new.map(({ name }) => `- **${markdownText(name)}**: not in the earlier plan`),
    ...moves.gone.map((id) => `- ${markdownSentence(id)}: not in the later plan`),
  ];
  const head = ['# What moved between two plans', '', `${markdownText(movesSummary(moves))}.`, ''];
  return [
    ...head,
    ...someLines(lines, mostCharacters, (left) => `- and ${left} more lines: \`keyturn diff\` without \`--markdown\` shows all`),
  ];
}

function movesSummary({ moved, new: added, gone, same, from, to }: PlanMoves): string {
  const counts = [`${moved.length} moved`, `${added.length} new`, `${gone.length} gone`, `${same} the same`].join(', ');
  return `vaults: ${counts}; from ${plainText(from.digest)} to ${plainText(to.digest)}`;
}
