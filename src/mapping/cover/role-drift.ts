import { blockGives } from '../../access/role-rule.ts';
import type { Guid } from '../../base/guid.ts';
import type { BuiltInRole, Catalogue } from '../../model/catalogue.ts';
import { actionMatches } from '../../model/data-action.ts';
import type { PermissionBlock, RoleDefinition } from '../../model/role.ts';

/** How a built-in role differs in this tenant from what the catalogue knows (EA-18). All lists may be empty, but never all at once. */
export interface RoleDrift {
  readonly id: Guid;
  readonly name: string;
  /** Data actions of the catalogue that it gives here and did not. */
  readonly came: readonly string[];
  /** Patterns of data actions that the catalogue knows nothing of: what they open is unknown. */
  readonly strange: readonly string[];
  /** Data actions of the catalogue that it gave and does not give here, or only under a condition. */
  readonly gone: readonly string[];
  /** Control-plane patterns that came. */
  readonly controlPlane: readonly string[];
}

/** @returns undefined where the live definition gives the same, in whatever words. */
export function roleDrift(known: BuiltInRole, live: RoleDefinition, catalogue: Pick<Catalogue, 'dataActions'>): RoleDrift | undefined {
  const firm = live.permissions.filter((block) => block.condition === undefined);
  const actions = catalogue.dataActions.map(({ name }) => name);
  const gives = (blocks: readonly PermissionBlock[], name: string) => blocks.some((block) => blockGives(block, 'data', name));
  // A role that gives data under a condition anywhere is not proposed, so nothing of it counts as there.
  const there = firm.length === live.permissions.length ? firm : [];
  const drift = {
    id: known.id,
    name: known.name,
    came: actions.filter((name) => gives(live.permissions, name) && !gives(known.permissions, name)),
    strange: addedTo(known, live, 'dataActions').filter((pattern) => !actions.some((name) => actionMatches(pattern.trim(), name))),
    gone: actions.filter((name) => gives(known.permissions, name) && !gives(there, name)),
    controlPlane: [...addedTo(known, live, 'actions'), ...addedTo(live, known, 'notActions')],
  };
  const moved = [drift.came, drift.strange, drift.gone, drift.controlPlane].some((list) => list.length > 0);
  return moved ? drift : undefined;
}

type WithBlocks = Pick<RoleDefinition, 'permissions'>;

/** Patterns that `after` has and `before` has not, whatever their case and the blanks around them. */
function addedTo(before: WithBlocks, after: WithBlocks, field: 'actions' | 'notActions' | 'dataActions'): readonly string[] {
  const plain = (pattern: string) => pattern.trim().toLowerCase();
  const known = new Set(before.permissions.flatMap((block) => block[field].map(plain)));
  return [...new Set(after.permissions.flatMap((block) => block[field]).filter((pattern) => !known.has(plain(pattern))))];
}
