import type { JsonObject } from '../../base/json.ts';
import { type Place, placeOfOwner } from './place.ts';
import { kinds, need, readResource, UnreadableRow } from './stored-row.ts';

export interface StoredLock {
  readonly id: string;
  readonly place: Place;
  readonly stops: 'changes' | 'deletes' | 'nothing';
}

const levels: Readonly<Record<string, StoredLock['stops']>> = { readonly: 'changes', cannotdelete: 'deletes', notspecified: 'nothing' };

/** A lock hangs on the place that its own id begins with. @throws UnreadableRow */
export function readLock(body: JsonObject): StoredLock {
  return readResource(body, (properties, id) => {
    const level = need(properties, 'level', kinds.text);
    const [place, stops] = [placeOfOwner(id), levels[level.toLowerCase()]];
    if (place === undefined) throw new UnreadableRow('`id` names no scope');
    if (stops === undefined) throw new UnreadableRow(`\`level\` is \`${level}\``);
    return { id, place, stops };
  });
}
