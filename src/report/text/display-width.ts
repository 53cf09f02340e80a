// Blocks that terminals draw two cells wide: Hangul, kana, CJK, full-width forms, most emoji.
const wide =
  /[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{1fa70}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const joining = /\p{Mark}/u;

/** Cells a terminal needs for the text; combining marks need none. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/** The text cut to at most `width` cells, with an ellipsis when something was cut. */
export function fitWidth(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let room = width - 1;
  let kept = '';
  for (const character of text) {
    room -= characterWidth(character);
    if (room < 0) break;
    kept += character;
  }
  return width < 1 ? '' : `${kept}…`;
}

function characterWidth(character: string): number {
  if (joining.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}
