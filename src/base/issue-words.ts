import type { z } from 'zod';
import { nearNames } from './near-names.ts';

type Issue = z.core.$ZodRawIssue;

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  array: 'a list',
  object: 'an object',
  number: 'a number',
  boolean: 'true or false',
};

/**
 * What is wrong with a member of a file, as the end of a sentence that begins with the member's name. Descriptions that have words of
 * their own are not asked.
 * @param members names that may have been meant by one that nobody knows.
 */
export function issueWords(issue: Issue, members: readonly string[]): string {
  if (issue.code === 'unrecognized_keys') return strangers(issue.keys, members);
  if (issue.input === undefined) return 'is missing';
  if (issue.code === 'invalid_type') return `has to be ${kinds[issue.expected] ?? issue.expected}`;
  if (issue.code === 'too_small') return issue.origin === 'array' ? 'has to name at least one' : 'is empty';
  return issue.code === 'invalid_value' ? noneOf(issue.input, issue.values.map(String)) : 'is not what it should be';
}

function strangers(keys: readonly string[], members: readonly string[]): string {
  return `has ${keys.map((key) => `\`${key}\`${meant(key, members)}`).join(' and ')}, which are unknown there`;
}

function noneOf(input: unknown, values: readonly string[]): string {
  const is = typeof input === 'string' || typeof input === 'number' || typeof input === 'boolean' ? `is \`${input}\`` : 'is something else';
  const [only] = values;
  if (values.length === 1 && only !== undefined) return `${is} and has to be \`${only}\``;
  return `${is}${meant(String(input), values)}; it has to be one of ${values.join(', ')}`;
}

function meant(word: string, names: readonly string[]): string {
  const [near] = nearNames(word, names);
  return near === undefined ? '' : ` (did you mean \`${near}\`?)`;
}

/** `decisions[0].reason`; without a path, the file. */
export function pathWords(path: readonly PropertyKey[]): string {
  const [first, ...rest] = path;
  if (first === undefined) return 'the file';
  return `\`${[String(first), ...rest.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))].join('')}\``;
}
