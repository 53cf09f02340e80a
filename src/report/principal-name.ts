import { type Principal, shownKind } from '../model/principal.ts';
import { plainText } from './plain-text.ts';

/** Who a principal is, in the two fields that the plan file and the reports carry. */
export interface NamedPrincipal {
  readonly kind: string;
  readonly displayName: string;
}

const words: Readonly<Record<string, string>> = {
  user: 'user',
  guest: 'guest user',
  group: 'group',
  servicePrincipal: 'service principal',
  managedIdentity: 'managed identity',
  application: 'app registration',
  deleted: 'deleted',
  unresolved: 'unresolved',
};

/** `alice (user)`; without a display name the object id stands in for it. */
export function principalName(principal: NamedPrincipal, objectId: string): string {
  const name = plainText(principal.displayName).trim();
  return `${name === '' ? plainText(objectId) : name} (${words[principal.kind] ?? plainText(principal.kind)})`;
}

export function namedPrincipal(principal: Principal | undefined): NamedPrincipal {
  const named = principal !== undefined && principal.kind !== 'unresolved';
  return { kind: shownKind(principal), displayName: named ? principal.displayName : '' };
}
