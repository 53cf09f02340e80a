import { type Entry, entryOf } from '../../src/mapping/entry.ts';
import { type EntryMapping, type MappingContext, mapEntry } from '../../src/mapping/map-entry.ts';
import type { AccessPolicy } from '../../src/model/access-policy.ts';

export type MapContext = MappingContext & Entry['surroundings'];

/** What becomes of an access policy in its surroundings. */
export function mapOf(policy: AccessPolicy, context: MapContext): EntryMapping {
  return mapEntry(entryOf(policy, context), context);
}
