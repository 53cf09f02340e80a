import { styleText } from 'node:util';

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** How text is drawn: the caller knows the terminal, this room does not. */
export interface Look {
  /** Cells in a line; 0 when nothing is to be cut, as in a pipe or a file. */
  readonly columns: number;
  readonly paint: (style: Style, text: string) => string;
  /** Makes commands in a sentence run as printed; where it is left out, they stand as they are written. */
  readonly hint?: (text: string) => string;
}

/** What to do, with its commands as whoever reads it can run them. */
export function hinted(text: string, { hint = (same) => same }: Look): string {
  return hint(text);
}

/** For pipes and files: the same bytes everywhere. */
export const plainLook: Look = { columns: 0, paint: (_style, text) => text };

export function colourLook(columns: number): Look {
  return { columns, paint: (style, text) => styleText(style, text, { validateStream: false }) };
}
