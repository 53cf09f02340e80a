import { plainText } from '../../report/plain-text.ts';

/** What may stand in an element: text becomes a text node, harmless whatever it holds. */
export type Child = Node | string | number | undefined | false | readonly Child[];

interface Props {
  readonly class?: string;
  readonly id?: string;
  /** Further attributes; none of them holds an address. */
  readonly attrs?: Readonly<Record<string, string>>;
  readonly on?: Readonly<Record<string, (event: Event) => void>>;
}

/** An element. Everything that a review holds goes through here. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  props: Props = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  if (props.class !== undefined) made.className = props.class;
  if (props.id !== undefined) made.id = props.id;
  for (const [name, value] of Object.entries(props.attrs ?? {})) made.setAttribute(name, plainText(value));
  for (const [name, act] of Object.entries(props.on ?? {})) made.addEventListener(name, act);
  add(made, children);
  return made;
}

export function add(to: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child === undefined || child === false) continue;
    if (typeof child === 'string' || typeof child === 'number') to.append(plainText(String(child)));
    else if (child instanceof Node) to.append(child);
    else add(to, child);
  }
}

export function fill(element: Element, ...children: readonly Child[]): void {
  element.replaceChildren();
  add(element, children);
}

/** A name that somebody else gave, whose direction of writing is its own. */
export function name(text: string): HTMLElement {
  return h('bdi', {}, text);
}

/** A place of this page: the only addresses that it has. */
export function link(route: string, ...children: readonly Child[]): HTMLAnchorElement {
  const made = h('a', {}, ...children);
  made.setAttribute('href', `#/${route}`);
  return made;
}

export function button(label: Child, act: () => void, props: Props = {}): HTMLButtonElement {
  return h('button', { ...props, attrs: { type: 'button', ...props.attrs }, on: { click: act } }, label);
}

/** Read aloud, not seen. */
export function unseen(text: string): HTMLElement {
  return h('span', { class: 'unseen' }, text);
}

/** An id that can be copied: shortened for the eye, whole for the clipboard. */
export function copyId(id: string, what: string, shown = id): HTMLElement {
  const copy = button('Copy', () => void copyText(id, `Copied the ${what}`), {
    class: 'copy',
    attrs: { 'aria-label': `Copy the ${what} ${id}` },
  });
  return h('span', { class: 'id' }, h('code', { attrs: { title: id } }, shown), copy);
}

async function copyText(text: string, done: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    say(done);
  } catch {
    say('This browser does not let the page copy. Select the id and copy it.');
  }
}

/** Told to those who cannot see what changed, and shown for a moment to those who can. */
export function say(text: string): void {
  const line = document.getElementById('said');
  if (line !== null) fill(line, text);
}

/** Hands the text over as a file. */
export function download(file: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const anchor = h('a', { attrs: { download: file } });
  anchor.href = address;
  anchor.click();
  URL.revokeObjectURL(address);
  say(`Downloaded ${file}`);
}
