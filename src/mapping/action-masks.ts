import { objectTypes } from '../model/access-policy.ts';
import type { Catalogue, RiskTier } from '../model/catalogue.ts';
import { type ActionIndex, type ActionSet, minus, union } from './cover/action-set.ts';

/** Sets of data actions that remarks ask for again and again. */
export interface ActionMasks {
  /** What gives the values of secrets. */
  readonly values: ActionSet;
  readonly certificates: ActionSet;
  /** What destroys for good; nothing where purge protection rules that out. */
  readonly purges: ActionSet;
  /** What any access policy permission stands for. */
  readonly grantable: ActionSet;
  /** Tiers A and B: what makes a role wide. */
  readonly heavy: ActionSet;
  /** Metadata, and what can do nothing. */
  readonly metadata: ActionSet;
  /** What one permission stands for, such as `secrets/get` in lower case; empty for those that nobody knows. */
  readonly permission: (key: string) => ActionSet;
}

/** What every `purge` permission stands for. */
export function purgeActions({ permissions }: Pick<Catalogue, 'permissions'>): readonly string[] {
  return objectTypes.flatMap((type) => permissions.get(`${type}/purge`) ?? []);
}

const made = new WeakMap<ActionIndex, ActionMasks>();
const none: ActionSet = { low: 0, high: 0 };

/** Made once for an index, from the catalogue that the index was made from. */
export function actionMasks(index: ActionIndex, catalogue: Catalogue): ActionMasks {
  const known = made.get(index);
  if (known !== undefined) return known;
  const permissions = new Map([...catalogue.permissions].map(([key, names]) => [key, index.setOf(names)] as const));
  const permission = (key: string): ActionSet => permissions.get(key) ?? none;
  const tiers = (...wanted: readonly RiskTier[]) =>
    index.setOf(index.actions.filter(({ tier }) => wanted.includes(tier)).map(({ name }) => name));
  const masks = {
    values: permission('secrets/get'),
    certificates: permission('certificates/get'),
    purges: minus(index.setOf(purgeActions(catalogue)), index.idle),
    grantable: index.setOf([...catalogue.permissions.values()].flat()),
    heavy: minus(tiers('A', 'B'), index.idle),
    metadata: union([tiers('D'), index.idle]),
    permission,
  };
  made.set(index, masks);
  return masks;
}
