import { button, fill, h } from './parts/dom.ts';

const keys: readonly (readonly [key: string, does: string])[] = [
  ['/', 'search'],
  ['j, k', 'next and previous row'],
  ['Enter', 'open the row'],
  ['[, ]', 'previous and next page of a table'],
  ['n, p', 'next and previous vault of the last search'],
  ['1 to 8', 'the parts of the page, from left to right'],
  ['?', 'this help'],
  ['Esc', 'close it'],
];

/** Keys without a modifier, which a reader can turn off: some speak to their computer. */
export function listenToKeys(go: (part: number) => void): { readonly help: () => void } {
  let active = true;
  const dialog = h('dialog', { attrs: { 'aria-labelledby': 'keys-title' } });
  const box = h('input', { attrs: { type: 'checkbox' } });
  box.checked = true;
  box.addEventListener('change', () => {
    active = box.checked;
  });
  const rows = keys.map(([key, does]) =>
    h(
      'tr',
      {},
      h(
        'th',
        { attrs: { scope: 'row' } },
        key.split(' ').map((one) => (/^(to|,)$/.test(one) ? ` ${one} ` : h('kbd', {}, one))),
      ),
      h('td', {}, does),
    ),
  );
  fill(
    dialog,
    h('h2', { id: 'keys-title' }, 'Keys'),
    h('table', {}, h('tbody', {}, rows)),
    h('p', {}, h('label', { class: 'check' }, box, ' Use these keys')),
    button('Close', () => {
      dialog.close();
    }),
  );
  document.body.append(dialog);
  const help = () => {
    dialog.showModal();
  };
  document.addEventListener('keydown', (event) => {
    if (!active || event.ctrlKey || event.metaKey || event.altKey || dialog.open || isTyping(event.target)) return;
    if (act(event.key, { go, help })) event.preventDefault();
  });
  return { help };
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input:not([type=checkbox]), textarea, select') !== null;
}

function act(key: string, { go, help }: { readonly go: (part: number) => void; readonly help: () => void }): boolean {
  switch (key) {
    case '/':
      return focus(document.querySelector('[data-search]'));
    case 'j':
      return focusRow(1);
    case 'k':
      return focusRow(-1);
    case '[':
      return press('[data-turn=back]');
    case ']':
      return press('[data-turn=on]');
    case 'n':
      return press('[data-next] a');
    case 'p':
      return press('[data-previous] a');
    case '?':
      help();
      return true;
  }
  if (!/^[1-8]$/.test(key)) return false;
  go(Number(key) - 1);
  return true;
}

function focus(element: Element | null | undefined): boolean {
  if (!(element instanceof HTMLElement)) return false;
  element.focus();
  element.scrollIntoView({ block: 'nearest' });
  return true;
}

function press(selector: string): boolean {
  const element = document.querySelector<HTMLElement>(`main ${selector}`);
  element?.click();
  return element !== null;
}

/** The first link of a row stands for it. */
function focusRow(by: number): boolean {
  const links = [...document.querySelectorAll('main tbody tr')].flatMap((row) => row.querySelector('a') ?? []);
  const at = links.findIndex((one) => one.closest('tr')?.contains(document.activeElement) === true);
  return focus(links[at < 0 ? (by > 0 ? 0 : links.length - 1) : at + by]);
}
