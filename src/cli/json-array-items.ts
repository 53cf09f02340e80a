import { KnownError } from '../base/known-error.ts';

/** Cuts the text of a JSON array into the texts of its items while it comes in, so that none but the open item is kept. */
export interface JsonArrayItems {
  /** The items that a chunk completes. */
  push(chunk: string): readonly string[];
  /** @throws KnownError MAP_INPUT (usage) when the array is not closed. */
  end(): void;
}

const quote = 34;
const backslash = 92;
const comma = 44;
const [openList, closeList, openObject, closeObject] = [91, 93, 123, 125];

/**
 * Only what separates items is looked at; whoever parses them finds what else is wrong.
 * @param limit the most characters that one item may have.
 * @throws KnownError MAP_INPUT (usage), from `push` too.
 */
export function jsonArrayItems(limit: number): JsonArrayItems {
  return new Cutter(limit);
}

class Cutter implements JsonArrayItems {
  readonly #limit: number;
  #stage: 'before' | 'within' | 'after' = 'before';
  /** The text of the open item, and how far it was looked at. */
  #rest = '';
  #at = 0;
  #depth = 0;
  #inText = false;
  #count = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  push(chunk: string): readonly string[] {
    this.#rest += chunk;
    if (this.#stage === 'before') this.#open();
    const items = this.#stage === 'within' ? this.#cut() : [];
    if (this.#stage === 'after') this.#expectNothing();
    if (this.#rest.length > this.#limit) throw wrong(`item ${this.#count} is longer than ${this.#limit} characters`);
    return items;
  }

  end(): void {
    if (this.#stage === 'before') throw wrong('there is nothing to read');
    if (this.#stage === 'within') throw wrong(`it ends within item ${this.#count}, before the array is closed`);
  }

  #open(): void {
    this.#rest = this.#rest.replace(/^[\ufeff\s]+/, '');
    if (this.#rest === '') return;
    if (this.#rest.charCodeAt(0) !== openList) throw wrong(`it begins with \`${this.#rest.slice(0, 20)}\`, and not as JSON does`);
    this.#stage = 'within';
    this.#rest = this.#rest.slice(1);
  }

  #cut(): readonly string[] {
    const text = this.#rest;
    const items: string[] = [];
    let from = 0;
    let at = this.#at;
    for (; at < text.length && this.#stage === 'within'; at++) {
      const sign = text.charCodeAt(at);
      if (this.#inText) {
        if (sign === backslash) at++;
        else if (sign === quote) this.#inText = false;
      } else if (sign === quote) this.#inText = true;
      else if (sign === openObject || sign === openList) this.#depth++;
      else if (this.#depth > 0) {
        if (sign === closeObject || sign === closeList) this.#depth--;
      } else if (sign === comma || sign === closeList) {
        this.#take(text.slice(from, at), sign === closeList, items);
        from = at + 1;
      }
    }
    this.#rest = text.slice(from);
    // An escape may end a chunk: then the next one begins with the sign that it escapes.
    this.#at = at - from;
    return items;
  }

  #take(item: string, last: boolean, items: string[]): void {
    const isEmpty = item.trim() === '';
    if (isEmpty && !(last && this.#count === 0)) throw wrong(`item ${this.#count} is empty`);
    if (!isEmpty) items.push(item);
    this.#count++;
    if (last) this.#stage = 'after';
  }

  #expectNothing(): void {
    if (this.#rest.trim() !== '') throw wrong(`\`${this.#rest.trim().slice(0, 20)}\` follows the array`);
    this.#rest = '';
  }
}

function wrong(what: string): KnownError {
  return new KnownError('usage', 'MAP_INPUT', `the input cannot be read: ${what}`, inputRemedy);
}

export const inputRemedy =
  'give permission sets, such as [{"secrets":["get","list"],"keys":["get"]}], or what one of these prints: `az keyvault show --name NAME`, ' +
  '`Get-AzKeyVault -VaultName NAME | ConvertTo-Json -Depth 5`, `terraform show -json`';
