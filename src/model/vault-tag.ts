import type { Vault } from './vault.ts';

/** The value of a vault's tag, as stored; Azure takes a tag's name in any case. */
export function tagOf({ tags }: Pick<Vault, 'tags'>, name: string): string | undefined {
  return Object.entries(tags).find(([tag]) => tag.toLowerCase() === name.toLowerCase())?.[1];
}
