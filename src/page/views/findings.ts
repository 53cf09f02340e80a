import type { App, View } from '../app.ts';
import { h, link } from '../parts/dom.ts';
import { pagedTable } from '../parts/paged-table.ts';
import { choose, field, prose } from '../parts/pieces.ts';
import { count, number, severityWords } from '../parts/words.ts';

const order = { blocker: 0, warning: 1, note: 2 };

/** What a person should know, each sentence once with the number of vaults. */
export function findingsView({ store }: App): View {
  const all = [...store.review.findings, ...store.review.planFindings].sort(
    (a, b) => order[a.severity] - order[b.severity] || b.vaults - a.vaults,
  );
  let [severity, text] = ['', ''];
  const found = h('p', { class: 'found', attrs: { role: 'status' } });
  const table = pagedTable(
    {
      caption: 'Findings',
      columns: ['Severity', 'Finding', 'What to do', 'Vaults'],
      empty: 'No finding fits.',
      cells: (one: (typeof all)[number]) => [
        h('span', { class: `badge ${one.severity}` }, severityWords[one.severity]),
        [h('div', {}, h('code', {}, one.code)), prose(one.message)],
        prose(one.remedy),
        one.vaults === 0 ? 'the plan' : link(`vaults?finding=${encodeURIComponent(one.code)}`, number(one.vaults)),
      ],
    },
    all,
  );
  const show = (): void => {
    const rows = all.filter(
      (one) => (severity === '' || one.severity === severity) && `${one.code} ${one.message}`.toLowerCase().includes(text.toLowerCase()),
    );
    table.show(rows);
    found.textContent = `${number(rows.length)} of ${count(all.length, 'finding')}`;
  };
  show();
  const search = h('input', { attrs: { type: 'search', 'data-search': '', placeholder: 'code or words', autocomplete: 'off' } });
  search.addEventListener('input', () => {
    text = search.value;
    show();
  });
  const severities = choose(
    [
      ['', 'any'],
      ['blocker', 'Blocks'],
      ['warning', 'Warning'],
      ['note', 'Note'],
    ],
    '',
    (value) => {
      severity = value;
      show();
    },
  );
  return {
    title: 'Findings',
    body: [h('search', { class: 'toolbar' }, field('Search', search), field('Severity', severities)), found, table.element],
  };
}
