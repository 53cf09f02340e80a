/** One word of a POSIX shell, whatever the text holds; control characters have no place in an id and would only mislead a reader. */
export function shellWord(text: string): string {
  return `'${text.replaceAll(/\p{Cc}/gu, '').replaceAll("'", `'\\''`)}'`;
}
