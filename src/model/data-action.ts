/**
 * Whether an action pattern of a role or deny assignment matches an action (EA-9, EA-10): no case, `*` is any run of
 * characters including `/` and none, nothing else is special, surrounding blanks do not count.
 */
export function actionMatches(pattern: string, action: string): boolean {
  const wanted = action.trim().toLowerCase();
  const [first = '', ...rest] = pattern.trim().toLowerCase().split('*');
  const last = rest.pop();
  if (last === undefined) return first === wanted;
  if (!wanted.startsWith(first)) return false;
  let from = first.length;
  for (const piece of rest) {
    const found = wanted.indexOf(piece, from);
    if (found < 0) return false;
    from = found + piece.length;
  }
  return wanted.length - last.length >= from && wanted.endsWith(last);
}

const short = new Map<string, string>();
const remembered = 1000;

/** `Microsoft.KeyVault/vaults/secrets/getSecret/action` as people read it: `secrets/getSecret`. */
export function shortAction(action: string): string {
  // The same few names are asked for again and again, and a sentence may hold forty of them.
  const known = short.get(action);
  if (known !== undefined) return known;
  const name = action.replace(/^Microsoft\.KeyVault\/vaults\//i, '').replace(/\/action$/i, '');
  if (short.size < remembered) short.set(action, name);
  return name;
}
