import { deflateRawSync } from 'node:zlib';
import { longLists, type PageData, type PagePart } from '../review/page-data.ts';

/** Where the template of the page has the data of a review. */
const place = '<!--data-->';
/** Small enough to unpack between two frames, large enough to pack well. */
const partBytes = 1_000_000;

/**
 * The page of a review, in pieces: the template, the head as JSON, and the long lists packed.
 * @param template the page without its data, as the build writes it.
 */
export function* reviewHtml(template: string, data: PageData): Generator<string> {
  const [before, after] = template.split(place);
  if (before === undefined || after === undefined) throw new Error('the template of the page has no place for the data');
  yield before;
  yield `<script type="application/json" id="head">${scriptText(data.head)}</script>\n`;
  for (const part of partsOf(data)) {
    const packed = deflateRawSync(part, { level: 9 }).toString('base64');
    yield `<script type="application/octet-stream" class="part">${packed}</script>\n`;
  }
  yield after;
}

/** JSON that cannot end the element that it stands in, nor be taken for anything but JSON. */
function scriptText(value: unknown): string {
  return JSON.stringify(value).replaceAll(/[<>&\u2028\u2029]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function* partsOf({ lists }: PageData): Generator<string> {
  for (const list of longLists) {
    let rows: string[] = [];
    let size = 0;
    for (const row of lists[list]) {
      const text = JSON.stringify(row);
      rows.push(text);
      size += text.length;
      if (size < partBytes) continue;
      yield partText(list, rows);
      [rows, size] = [[], 0];
    }
    if (rows.length > 0) yield partText(list, rows);
  }
}

function partText(list: PagePart['list'], rows: readonly string[]): string {
  return `{"list":"${list}","rows":[${rows.join(',')}]}`;
}
