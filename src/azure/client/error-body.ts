import { isObject, type JsonObject, objectAt, objectsAt, stringAt } from '../../base/json.ts';
import { withoutSecrets } from '../../base/without-secrets.ts';

/** What the body of a refusal says. Not every service wraps it alike, and what stands in between answers HTML or nothing. */
export interface ErrorBody {
  readonly code?: string;
  readonly message: string;
  /** Names of the policy assignments that an Azure Policy refusal gives. */
  readonly policies: readonly string[];
}

export function readErrorBody(text: string): ErrorBody {
  const json = parseObject(text);
  if (json === undefined) return { message: oneLine(withoutMarkup(text.slice(0, longest))), policies: [] };
  const inner = [objectAt(json, 'error'), objectAt(json, 'odata.error'), json].find((candidate) => Object.keys(candidate).length > 0);
  const error = inner ?? json;
  const code = stringAt(error, 'code') ?? stringAt(json, 'error');
  const message =
    stringAt(error, 'message') ??
    stringAt(objectAt(error, 'message'), 'value') ??
    stringAt(error, 'Message') ??
    stringAt(json, 'error_description') ??
    '';
  return { ...(code !== undefined && code !== '' && { code: oneLine(code) }), message: oneLine(message), policies: policiesOf(error) };
}

/** What is looked at of a text: cut before anything is searched in it. */
const longest = 4000;

/** The words of a page. A script or style that does not end takes the rest with it. */
function withoutMarkup(text: string): string {
  const parts = text.split('<');
  let hidden: string | undefined;
  const words = parts.map((part, index) => {
    if (index === 0) return part;
    const name = /^\/?(script|style)\b/i.exec(part)?.[0].toLowerCase();
    if (hidden === undefined && name !== undefined && !name.startsWith('/')) hidden = `/${name}`;
    else if (name !== undefined && name === hidden) hidden = undefined;
    const end = part.indexOf('>');
    return hidden !== undefined || end < 0 ? '' : part.slice(end + 1);
  });
  return words.join(' ');
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return isObject(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

/** Violations stand in `additionalInfo`, of the error itself or of one of its details. */
function policiesOf(error: JsonObject): readonly string[] {
  const infos = [error, ...objectsAt(error, 'details')].flatMap((part) => objectsAt(part, 'additionalInfo'));
  return infos.flatMap((entry) => {
    const info = objectAt(entry, 'info');
    const name = stringAt(info, 'policyAssignmentDisplayName') ?? stringAt(info, 'policyAssignmentName');
    return name === undefined || name === '' ? [] : [oneLine(name)];
  });
}

/** Text from outside on one line: control and formatting characters become blanks, secrets are left out, and it ends somewhere. */
export function oneLine(text: string): string {
  const line = withoutSecrets(text.slice(0, longest))
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  return line.length > 600 ? `${line.slice(0, 600)}…` : line;
}
