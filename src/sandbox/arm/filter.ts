import { UnknownAsk } from './refusals.ts';

/** One term of an OData filter: `atScope()`, `assignedTo('x')`, `principalId eq 'x'`. */
interface FilterTerm {
  /** Name of the function or property in lower case, a function's with its brackets: `atscope()`. */
  readonly name: string;
  /** The function's argument or the value compared with; empty where there is none. */
  readonly value: string;
}

/**
 * The terms of a filter joined by `and`. Only names that the route knows are allowed, and only once each.
 * @throws UnknownAsk 400 that repeats the filter
 */
export function parseFilter(text: string | null, known: readonly string[]): ReadonlyMap<string, string> {
  const terms = new Map<string, string>();
  if (text === null || text.trim() === '') return terms;
  // An ` and ` inside of quotes belongs to the value.
  for (const part of text.split(/\s+and\s+(?=(?:[^']*'[^']*')*[^']*$)/i)) {
    const term = parseTerm(part);
    if (term === undefined || !known.some((name) => name.toLowerCase() === term.name) || terms.has(term.name))
      throw unsupported(text, known);
    terms.set(term.name, term.value);
  }
  return terms;
}

export function unsupported(filter: string, known: readonly string[]): UnknownAsk {
  return new UnknownAsk(
    400,
    'UnsupportedQuery',
    `The filter '${filter}' is not supported. Supported filters are made of: ${known.join(', ')}.`,
  );
}

function parseTerm(text: string): FilterTerm | undefined {
  const call = /^\s*([a-z]+)\(\s*(?:'((?:[^']|'')*)')?\s*\)\s*$/i.exec(text);
  if (call?.[1] !== undefined) return { name: `${call[1].toLowerCase()}()`, value: (call[2] ?? '').replaceAll("''", "'") };
  const comparison = /^\s*([a-z]+)\s+eq\s+'((?:[^']|'')*)'\s*$/i.exec(text);
  if (comparison?.[1] === undefined) return undefined;
  return { name: comparison[1].toLowerCase(), value: (comparison[2] ?? '').replaceAll("''", "'") };
}
