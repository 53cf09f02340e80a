import { type Principal, shownKind } from '../model/principal.ts';
import { principalKind } from '../words/principal-words.ts';
import { plainText } from './plain-text.ts';

/** Who a principal is, in the two fields that the plan file and the reports carry. */
export interface NamedPrincipal {
  readonly kind: string;
  readonly displayName: string;
}

/** `alice (user)`; without a display name the object id stands in for it. */
export function principalName(principal: NamedPrincipal, objectId: string): string {
  const name = plainText(principal.displayName).trim();
  return `${name === '' ? plainText(objectId) : name} (${plainText(principalKind(principal.kind))})`;
}

/** The same with the object id, which tells apart those of one name: whole, or cut to what is enough to find it again nearby. */
export function identifiedPrincipal(principal: NamedPrincipal, objectId: string, ids: 'whole' | 'short'): string {
  const name = principalName(principal, objectId);
  if (plainText(principal.displayName).trim() === '') return name;
  const id = plainText(objectId);
  return `${name.slice(0, -1)}, ${ids === 'whole' || id.length <= shortId ? id : `${id.slice(0, shortId)}…`})`;
}

const shortId = 8;

export function namedPrincipal(principal: Principal | undefined): NamedPrincipal {
  const named = principal !== undefined && principal.kind !== 'unresolved';
  return { kind: shownKind(principal), displayName: named ? principal.displayName : '' };
}
