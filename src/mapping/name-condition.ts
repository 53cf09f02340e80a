import { compareText } from '../base/compare-text.ts';

/** The longest condition that Azure takes, in bytes. */
export const conditionLimit = 8 * 1024;

const attribute = {
  existing: '@Resource[Microsoft.KeyVault/vaults/secrets:name]',
  written: '@Request[Microsoft.KeyVault/vaults/secrets:name]',
} as const;
/** Data actions whose call carries the name of a secret that need not be there yet (EA-39). */
const writing = /\/secrets\/(setSecret|restore)\//i;

/**
 * A condition of version 2.0 under which a role gives the data actions on the named secrets alone, and everything else as
 * before (EA-39, EA-40), by operators alone that Key Vault's own page shows. Names compare with case, so they are to be given as the vault spells them (EA-41).
 * @param dataActions of secrets, without wildcards.
 */
export function nameCondition(names: readonly string[], dataActions: readonly string[]): string {
  const unique = [...new Set(names)].sort(compareText);
  const clause = (source: string, actions: readonly string[]) => {
    const others = actions.map((action) => `!(ActionMatches{'${action}'})`).join(' AND ');
    return `((${others}) OR (${unique.map((name) => `${source} StringEquals '${name}'`).join(' OR ')}))`;
  };
  const sorted = [...new Set(dataActions)].sort(compareText);
  const [written, existing] = [sorted.filter((action) => writing.test(action)), sorted.filter((action) => !writing.test(action))];
  const clauses = [
    ...(existing.length === 0 ? [] : [clause(attribute.existing, existing)]),
    ...(written.length === 0 ? [] : [clause(attribute.written, written)]),
  ];
  return clauses.length === 1 ? clauses.join('') : `(${clauses.join(' AND ')})`;
}

/**
 * Whether the text is a condition as `nameCondition` writes it, and no longer than Azure takes: one from elsewhere could ask for
 * anything.
 */
export function isNameCondition(text: string): boolean {
  const inside = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, found = '']) => found);
  const names = inside(/ StringEquals '([0-9a-z-]+)'/gi);
  const dataActions = inside(/ActionMatches\{'(microsoft\.keyvault\/vaults\/secrets\/[a-z/]+)'\}/gi);
  return names.length > 0 && Buffer.byteLength(text) <= conditionLimit && text === nameCondition(names, dataActions);
}
