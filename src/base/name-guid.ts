import { hash } from 'node:crypto';
import type { Guid } from './guid.ts';

const namespace = Buffer.from('6ba7b8119dad11d180b400c04fd430c8', 'hex'); // RFC 9562, namespace for URLs

/** A name-based GUID (RFC 9562, version 5): the same parts give the same GUID on every run and machine. */
export function nameGuid(...parts: readonly string[]): Guid {
  const hex = hash('sha1', Buffer.concat([namespace, Buffer.from(parts.join('|').toLowerCase())]), 'hex');
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}` as Guid;
}
