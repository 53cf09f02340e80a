// ANSI and other terminal sequences: CSI and its like, OSC and other strings up to their end, two-character escapes.
// biome-ignore-start lint/suspicious/noControlCharactersInRegex: control characters are what this removes
const escapeSequence =
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?|(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?|\u001b[ -/]*[0-~]?/g;
const blank = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;
// C0, C1, soft hyphen, zero-width characters, bidirectional marks, embeddings, overrides and isolates, tag characters.
const hidden =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;
// biome-ignore-end lint/suspicious/noControlCharactersInRegex: see above

/**
 * Text that came from Azure, from a file or from the command line, made safe to show: one line, nothing that moves the
 * cursor, colours, hides or reorders what stands around it. Everything untrusted that is printed goes through here.
 */
export function plainText(untrusted: string): string {
  return untrusted.toWellFormed().replace(escapeSequence, '').replace(blank, ' ').replace(hidden, '');
}
