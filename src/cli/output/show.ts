import { outputTaken } from '../../local/process.ts';
import type { Io } from '../io.ts';
import type { CommonOptions } from '../options.ts';
import { viewOf } from '../view.ts';
import { type Format, type FormatOptions, formats, type Page, type Pages, type Renderer } from './formats.ts';
import { jsonLine } from './json.ts';

const asked = Object.keys(formats).filter((name) => name !== 'text') as readonly Exclude<Format, 'text'>[];
const batch = 64 * 1024;

/** The format that was asked for: nothing else looks at these flags. */
export function formatOf(options: FormatOptions): Format {
  return asked.find((format) => options[format] === true) ?? 'text';
}

/** The options with another format asked for. */
export function inFormat<T extends FormatOptions>(format: Format, options: T): T {
  return { ...options, ...Object.fromEntries(asked.map((name) => [name, name === format])) };
}

/** Prints a result on stdout, in the format that was asked for. */
export async function show<P extends Page>(page: P, shown: Pages[P], options: CommonOptions, io: Io): Promise<void> {
  const format = formatOf(options);
  const row: { readonly end: string; readonly pages: { readonly [Q in Page]?: () => Promise<Renderer<Pages[Q]>> } } = formats[format];
  const load = row.pages[page];
  if (load === undefined) throw new Error(`${page} cannot be shown as ${format}`);
  const draw = await load();
  await print(draw(shown, viewOf(options, io).look), row.end, io);
}

/** What happens, while it happens: a line of JSON each, and nothing in any other format. */
export function eventPrinter(options: FormatOptions, io: Io): (event: unknown) => void {
  if (formatOf(options) !== 'json') return () => undefined;
  return (event) => {
    io.out(jsonLine(event));
  };
}

/** In batches, each as soon as the reader has taken the one before. */
async function print(pieces: Iterable<string> | AsyncIterable<string>, end: string, io: Io): Promise<void> {
  let text = '';
  for await (const piece of pieces) {
    text += piece + end;
    if (text.length < batch) continue;
    io.out(text);
    text = '';
    await outputTaken();
  }
  io.out(text);
}
