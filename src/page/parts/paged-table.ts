import { button, type Child, fill, h } from './dom.ts';
import { number } from './words.ts';

interface TableOf<Row> {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly cells: (row: Row) => readonly Child[];
  /** Shown where there are no rows. */
  readonly empty: string;
  readonly size?: number;
}

export interface PagedTable<Row> {
  readonly element: HTMLElement;
  show(rows: readonly Row[]): void;
  /** The rows of the page that is shown. */
  shown(): readonly Row[];
}

/** A table of which so many rows are drawn as a person reads: the browser never holds ten thousand. */
export function pagedTable<Row>({ caption, columns, cells, empty, size = 50 }: TableOf<Row>, first: readonly Row[]): PagedTable<Row> {
  const body = h('tbody');
  const head = h(
    'thead',
    {},
    h(
      'tr',
      {},
      columns.map((title) => h('th', { attrs: { scope: 'col' } }, title)),
    ),
  );
  const table = h('table', {}, h('caption', { class: 'unseen' }, caption), head, body);
  const wide = h('div', { class: 'wide', attrs: { role: 'region', tabindex: '0', 'aria-label': caption } }, table);
  const nothing = h('p', { class: 'quiet' }, empty);
  const where = h('span');
  const back = button(
    'Previous',
    () => {
      turn(-1);
    },
    { class: 'turn', attrs: { 'data-turn': 'back' } },
  );
  const on = button(
    'Next',
    () => {
      turn(1);
    },
    { class: 'turn', attrs: { 'data-turn': 'on' } },
  );
  const pager = h('nav', { class: 'pager', attrs: { 'aria-label': `Pages: ${caption}` } }, back, where, on);
  let rows = first;
  let page = 0;
  const shown = () => rows.slice(page * size, (page + 1) * size);
  const draw = (): void => {
    const from = page * size;
    const some = shown();
    fill(
      body,
      some.map((row) =>
        h(
          'tr',
          {},
          cells(row).map((cell) => (cell instanceof HTMLTableCellElement ? cell : h('td', {}, cell))),
        ),
      ),
    );
    fill(where, `${number(from + 1)} to ${number(from + some.length)} of ${number(rows.length)}`);
    labelCells(body, columns);
    back.disabled = page === 0;
    on.disabled = from + size >= rows.length;
    pager.hidden = rows.length <= size;
    wide.hidden = rows.length === 0;
    nothing.hidden = rows.length > 0;
  };
  const turn = (by: number): void => {
    page += by;
    draw();
    wide.scrollIntoView({ block: 'nearest' });
    if (back.disabled || on.disabled) wide.focus();
  };
  draw();
  return {
    element: h('div', { class: 'paged' }, nothing, wide, pager),
    show(next) {
      [rows, page] = [next, 0];
      draw();
    },
    shown,
  };
}

/** On a narrow screen each cell stands on its own line, after the name of its column. */
function labelCells(body: HTMLElement, columns: readonly string[]): void {
  for (const row of body.children)
    for (const [at, cell] of [...row.children].entries()) cell.setAttribute('data-column', columns[at] ?? '');
}
