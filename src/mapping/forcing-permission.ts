import { type AccessPolicy, objectTypes } from '../model/access-policy.ts';
import type { Catalogue, DataAction } from '../model/catalogue.ts';
import type { Guid } from '../model/guid.ts';
import type { CompiledRole } from './candidate-set.ts';
import type { ChoiceMatter } from './choice-remarks.ts';
import type { RoleChoice } from './role-choice.ts';

/**
 * The one legacy permission for whose sake a wide role was chosen, such as `secrets/set`: what no candidate of little excess gives.
 * Undefined when the role brings little excess itself, or when more than one permission asks for it.
 */
export function forcingPermission(roleId: Guid, choice: RoleChoice, matter: ChoiceMatter): string | undefined {
  if (!choice.excess.some(({ tier }) => tier === 'A' || tier === 'B')) return undefined;
  const { candidates, required, held } = matter;
  const free = new Set([...required, ...held]);
  const beside = (role: CompiledRole) => candidates.index.actionsOf(role).filter((action) => !free.has(action.name));
  const chosen = candidates.roles.find(({ role }) => role.id === roleId);
  if (chosen === undefined || !isWide(beside(chosen))) return undefined;
  const narrow = candidates.roles.filter((role) => !isWide(beside(role)));
  const givenNarrowly = new Set(narrow.flatMap(({ role }) => role.dataActions));
  const forcing = new Set(
    required.filter((name) => chosen.role.dataActions.includes(name) && !held.includes(name) && !givenNarrowly.has(name)),
  );
  const permissions = permissionsOf(matter.policy, matter.catalogue).filter(([, actions]) => actions.some((name) => forcing.has(name)));
  return permissions.length === 1 ? permissions[0]?.[0] : undefined;
}

function isWide(excess: readonly DataAction[]): boolean {
  return excess.some(({ tier }) => tier === 'A' || tier === 'B');
}

/** The entry's permissions with `all` written out, in the catalogue's spelling. */
function permissionsOf(policy: AccessPolicy, catalogue: Catalogue): readonly (readonly [string, readonly string[]])[] {
  const keys = objectTypes.flatMap((type) =>
    policy.permissions[type]
      .flatMap((word) => (word.trim().toLowerCase() === 'all' ? catalogue.all[type] : [word.trim()]))
      .map((word) => `${type}/${word}`),
  );
  const distinct = new Map(keys.map((key) => [key.toLowerCase(), key]));
  return [...distinct].map(([key, spelt]) => [spelt, catalogue.permissions.get(key) ?? []] as const);
}
