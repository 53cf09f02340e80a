import type { Look, Style } from './look.ts';
import { plainText } from './plain-text.ts';
import { displayWidth, fitWidth } from './text/display-width.ts';
import { wrapLine } from './wrap-line.ts';

export interface Column {
  readonly title: string;
  readonly align?: 'right';
  /** Cells that the column may shrink to when the line is too long; without it the column keeps its width. */
  readonly shrinkTo?: number;
}

export type Cell = string | { readonly text: string; readonly style: Style };

const gap = '  ';

/** Lines of a table: a title line and one per row. Cells may hold untrusted text. */
export function table(columns: readonly Column[], rows: readonly (readonly Cell[])[], look: Look): readonly string[] {
  const texts = rows.map((row) => columns.map((_, i) => plainText(textOf(row[i]))));
  const natural = columns.map((column, i) => Math.max(displayWidth(column.title), ...texts.map((row) => displayWidth(row[i] ?? ''))));
  const widths = shrink(columns, natural, look.columns);
  if (look.columns > 0 && widthOf(widths) > look.columns) return folded(columns, rows, look);
  const line = (cells: readonly string[], styles: readonly (Style | undefined)[]): string =>
    cells
      .map((cell, i) => {
        const cut = fitWidth(cell, widths[i] ?? 0);
        const padding = ' '.repeat(Math.max(0, (widths[i] ?? 0) - displayWidth(cut)));
        const style = styles[i];
        const painted = style === undefined ? cut : look.paint(style, cut);
        return columns[i]?.align === 'right' ? padding + painted : painted + (i === cells.length - 1 ? '' : padding);
      })
      .join(gap)
      .trimEnd();
  const titles = columns.map((column) => column.title);
  return [
    line(
      titles,
      titles.map(() => 'dim' as const),
    ),
    ...texts.map((cells, r) =>
      line(
        cells,
        columns.map((_, i) => styleOf(rows[r]?.[i])),
      ),
    ),
  ];
}

function widthOf(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0) + gap.length * (widths.length - 1);
}

/** Where the columns do not fit beside each other: for each row its first cell, and below it the others with their titles. */
function folded(columns: readonly Column[], rows: readonly (readonly Cell[])[], look: Look): readonly string[] {
  return rows.flatMap((row) => {
    const [first = '', ...others] = columns.map((_, i) => plainText(textOf(row[i])));
    const facts = others.map((text, i) => `${columns[i + 1]?.title.toLowerCase() ?? ''} ${text}`);
    return [...wrapLine(first, look.columns, '  '), ...wrapLine(`  ${facts.join(', ')}`, look.columns, '    ')];
  });
}

/** Takes one cell at a time from the widest column that may still give one, until the line fits or none can give. */
function shrink(columns: readonly Column[], natural: readonly number[], room: number): readonly number[] {
  const widths = [...natural];
  while (room > 0 && widthOf(widths) > room) {
    const giving = widths.map((width, i) => (width > (columns[i]?.shrinkTo ?? Number.POSITIVE_INFINITY) ? width : 0));
    const widest = giving.indexOf(Math.max(...giving));
    if ((giving[widest] ?? 0) === 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function textOf(cell: Cell | undefined): string {
  return typeof cell === 'object' ? cell.text : (cell ?? '');
}

function styleOf(cell: Cell | undefined): Style | undefined {
  return typeof cell === 'object' ? cell.style : undefined;
}
