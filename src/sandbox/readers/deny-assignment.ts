import type { Guid } from '../../base/guid.ts';
import type { JsonObject } from '../../base/json.ts';
import { readBlock, type StoredBlock } from './permission-block.ts';
import type { Place } from './place.ts';
import { conditionOf, kinds, need, optional, readResource, UnreadableRow } from './stored-row.ts';

/** What nobody named may do at a place, save those who are excepted (EA-22). */
export interface StoredDeny {
  readonly id: string;
  readonly place: Place;
  /** At its own place alone, or below it too. */
  readonly below: boolean;
  /** It is written down when it would refuse, and refuses nothing (EA-26). */
  readonly onlyAudits: boolean;
  readonly blocks: readonly StoredBlock[];
  readonly principals: readonly Guid[];
  readonly excepted: readonly Guid[];
  readonly condition?: string;
}

/** @throws UnreadableRow; one that names no permission or no principal is damaged, as Azure keeps none */
export function readDenyAssignment(body: JsonObject): StoredDeny {
  return readResource(body, (properties, id) => {
    const condition = conditionOf(properties);
    const deny = {
      id,
      place: need(properties, 'scope', kinds.place),
      below: !need(properties, 'doNotApplyToChildScopes', kinds.flag),
      onlyAudits: effectOf(properties) === 'audit',
      blocks: need(properties, 'permissions', kinds.objects).map(readBlock),
      principals: idsIn(properties, 'principals'),
      excepted: idsIn(properties, 'excludePrincipals'),
      ...(condition !== undefined && { condition }),
    };
    if (deny.blocks.length === 0 || deny.principals.length === 0) throw new UnreadableRow('it denies nothing, or nobody');
    return deny;
  });
}

function effectOf(properties: JsonObject): string {
  const effect = (optional(properties, 'denyAssignmentEffect', kinds.text) ?? 'enforced').toLowerCase();
  if (effect !== 'enforced' && effect !== 'audit') throw new UnreadableRow(`\`denyAssignmentEffect\` is \`${effect}\``);
  return effect;
}

function idsIn(properties: JsonObject, list: string): readonly Guid[] {
  return need(properties, list, kinds.objects).map((principal) => need(principal, 'id', kinds.guid));
}
