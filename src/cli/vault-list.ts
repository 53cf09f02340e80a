import { isObject, type JsonValue, stringAt } from '../base/json.ts';
import { KnownError } from '../base/known-error.ts';
import { troubleIn } from '../base/untrusted-json.ts';
import { sealReader } from '../formats/plan-file.ts';

/**
 * A list of vaults as lines: what a person wrote, or JSON with vaults in it, such as `inventory --json`, a plan, or `az keyvault list`.
 * @throws KnownError LIST_UNREADABLE (usage) for JSON that cannot be read or holds rows that name no vault.
 */
export function vaultListLines(text: string, file: string): string {
  if (!/^\s*[[{]/.test(text)) return text;
  if (text.startsWith('{"kind":"head","format":"keyturn-plan"')) return planVaults(text).join('\n');
  const trouble = troubleIn(text);
  if (trouble !== undefined) throw unreadable(file, trouble);
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    throw unreadable(file, 'it begins like JSON and is not valid JSON');
  }
  return rowsIn(value, file)
    .map((row) => idIn(row, file))
    .join('\n');
}

/** @throws KnownError PLAN_UNREADABLE (usage), PLAN_EDITED (blocked). */
function planVaults(text: string): readonly string[] {
  const reader = sealReader();
  for (const line of text.trimEnd().split(/\r?\n/)) reader.push(line);
  return reader.done().vaults.map(({ vaultId }) => vaultId);
}

function rowsIn(value: JsonValue, file: string): readonly JsonValue[] {
  if (Array.isArray(value)) return value as readonly JsonValue[];
  const rows = isObject(value) ? (value.vaults ?? value.value) : undefined;
  if (!Array.isArray(rows)) throw unreadable(file, 'it holds no list of vaults');
  return rows as readonly JsonValue[];
}

function idIn(row: JsonValue, file: string): string {
  const id = typeof row === 'string' ? row : isObject(row) ? (stringAt(row, 'id') ?? stringAt(row, 'vaultId')) : undefined;
  if (id === undefined || id.trim() === '') throw unreadable(file, 'a row of it has no `id` of a vault');
  return id;
}

function unreadable(file: string, why: string): KnownError {
  const remedy = 'give names or resource ids, one a line, or what `keyturn inventory --json` printed';
  return new KnownError('usage', 'LIST_UNREADABLE', `the list of vaults \`${file}\` cannot be read: ${why}`, remedy);
}
