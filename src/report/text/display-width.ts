import stringWidth from 'string-width';

/** Cells a terminal needs for the text. */
export function displayWidth(text: string): number {
  return stringWidth(text);
}

const graphemes = new Intl.Segmenter();

/** The text cut to at most `width` cells, with an ellipsis when something was cut. */
export function fitWidth(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let room = width - 1;
  let kept = '';
  for (const { segment } of graphemes.segment(text)) {
    room -= displayWidth(segment);
    if (room < 0) break;
    kept += segment;
  }
  return width < 1 ? '' : `${kept}…`;
}
