const [quote, backslash] = ['"'.charCodeAt(0), '\\'.charCodeAt(0)];
const opening = new Set(['[', '{'].map((sign) => sign.charCodeAt(0)));
const closing = new Set([']', '}'].map((sign) => sign.charCodeAt(0)));

/** Whether lists and objects of a JSON text are nested deeper than so many levels. Looked at before it is parsed, in linear time. */
export function isNestedDeeper(text: string, levels: number): boolean {
  let [depth, at] = [0, 0];
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === quote) at = endOfText(text, at);
    else if (opening.has(code)) depth += 1;
    else if (closing.has(code)) depth -= 1;
    if (depth > levels) return true;
    at += 1;
  }
  return false;
}

/** Where the text literal ends that begins here; the end of all where it does not end. */
function endOfText(text: string, begin: number): number {
  let end = text.indexOf('"', begin + 1);
  while (end > 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length : end;
}

function isEscaped(text: string, at: number): boolean {
  let before = at - 1;
  while (text.charCodeAt(before) === backslash) before -= 1;
  return (at - before) % 2 === 0;
}
