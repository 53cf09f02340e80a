import type { Guid } from '../base/guid.ts';
import type { BuiltInRole, Catalogue } from '../model/catalogue.ts';
import { actionMatches } from '../model/data-action.ts';
import type { PermissionBlock, RoleDefinition } from '../model/role.ts';
import type { ParsedCondition } from './condition.ts';

/** A block of a role that gives the asked action; with a condition, only where that is true. */
interface MatchingBlock {
  readonly condition?: ParsedCondition;
  /** The condition only stands for one that Azure may not have shown. */
  readonly hidden?: true;
}

/** What a role gives, by permission block (EA-4, EA-6, EA-19). */
export interface RoleRule {
  readonly id: Guid;
  readonly name: string;
  readonly blocks: readonly PermissionBlock[];
  /** The condition on each of the blocks, shown by Azure or not. */
  readonly conditions: readonly (ParsedCondition | undefined)[];
  /** The blocks that give an action; nothing else of the role counts. Remembered, for the same few are asked for again and again. */
  readonly matching: (plane: 'data' | 'control', action: string) => readonly MatchingBlock[];
}

/** Whether a block gives an action on its plane: patterns stay patterns, and only its own subtractions count. */
export function blockGives(block: PermissionBlock, plane: 'data' | 'control', action: string): boolean {
  const [given, taken] = plane === 'data' ? [block.dataActions, block.notDataActions] : [block.actions, block.notActions];
  return given.some((pattern) => actionMatches(pattern, action)) && !taken.some((pattern) => actionMatches(pattern, action));
}

export type ConditionReader = (text: string) => ParsedCondition;

/** The role as Azure defines it now, or as the catalogue knows it when Azure's list lacks it; undefined when neither has it. */
export function roleRule(
  id: Guid,
  definition: RoleDefinition | undefined,
  catalogue: Catalogue,
  readCondition: ConditionReader,
): RoleRule | undefined {
  const known = catalogue.roles.find((role) => role.id === id);
  const name = definition?.name ?? known?.name;
  if (name === undefined) return undefined;
  const blocks = definition === undefined ? (known?.permissions ?? []) : definition.permissions;
  const conditions = blocks.map((block) => blockCondition(block, definition, known, readCondition));
  const remembered = { data: new Map<string, readonly MatchingBlock[]>(), control: new Map<string, readonly MatchingBlock[]>() };
  const matching = (plane: 'data' | 'control', action: string): readonly MatchingBlock[] => {
    const found =
      remembered[plane].get(action) ?? blocks.flatMap((block, i) => (blockGives(block, plane, action) ? [conditions[i] ?? {}] : []));
    remembered[plane].set(action, found);
    return found;
  };
  return { id, name: name === '' ? id : name, blocks, conditions: conditions.map(({ condition }) => condition), matching };
}

const granting = ['Microsoft.Authorization/roleAssignments/write', 'Microsoft.Authorization/roleAssignments/delete'];

/**
 * The 2022-04-01 API leaves out the conditions of built-in roles' blocks (EA-19). For a role of the catalogue they are
 * taken from there; in any other built-in role, a block that gives data actions or the right to assign may hide one.
 */
function blockCondition(
  block: PermissionBlock,
  definition: RoleDefinition | undefined,
  known: BuiltInRole | undefined,
  readCondition: ConditionReader,
): MatchingBlock {
  if (block.condition !== undefined) return { condition: readCondition(block.condition) };
  if (definition === undefined || definition.kind === 'custom') return {};
  if (known === undefined) {
    const mayHide = block.dataActions.length > 0 || granting.some((action) => blockGives(block, 'control', action));
    return mayHide ? { condition: { state: 'unreadable', because: 'a built-in role newer than the catalogue' }, hidden: true } : {};
  }
  const same = known.permissions.find((one) => listed(one) === listed(block));
  const text = same === undefined ? known.permissions.find((one) => one.condition !== undefined)?.condition : same.condition;
  return text === undefined ? {} : { condition: readCondition(text) };
}

function listed(block: PermissionBlock): string {
  const lists = [block.actions, block.notActions, block.dataActions, block.notDataActions];
  return JSON.stringify(lists.map((list) => list.map((action) => action.trim().toLowerCase()).sort()));
}
