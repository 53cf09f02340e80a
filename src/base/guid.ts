import { hash } from 'node:crypto';

/** A GUID in lower case with dashes. Deny assignments and some errors write it without dashes, people in any case. */
export type Guid = string & { readonly __brand: 'Guid' };

/** The principal id that stands for everyone in a deny assignment (EA-22). */
export const everyone = '00000000-0000-0000-0000-000000000000' as Guid;

const normal = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function parseGuid(raw: string): Guid | undefined {
  // What was parsed before, or came so from Azure, is asked about far more often than anything else.
  if (normal.test(raw)) return raw as Guid;
  const hex = raw.trim().toLowerCase().replaceAll('-', '');
  if (!/^[0-9a-f]{32}$/.test(hex)) return undefined;
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') as Guid;
}

/** The GUID that ends a resource id such as a roleDefinitionId; the text before it varies with who asked. */
export function guidAtEnd(resourceId: string): Guid | undefined {
  return parseGuid(resourceId.slice(resourceId.lastIndexOf('/') + 1));
}

const namespace = Buffer.from('6ba7b8119dad11d180b400c04fd430c8', 'hex'); // RFC 9562, namespace for URLs

/** A name-based GUID (RFC 9562, version 5): the same parts give the same GUID on every run and machine. */
export function nameGuid(...parts: readonly string[]): Guid {
  const hex = hash('sha1', Buffer.concat([namespace, Buffer.from(parts.join('|').toLowerCase())]), 'hex');
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}` as Guid;
}
