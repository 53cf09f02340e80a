import type { Gain } from '../../access/judgement.ts';
import type { EntryPlan, PlannedGain } from '../../formats/plan.ts';
import type { AccessPolicy } from '../../model/access-policy.ts';
import { type Principal, shownKind } from '../../model/principal.ts';

type PermissionsValue = Pick<EntryPlan, 'permissions' | 'required'>;

const permissionValues = new WeakMap<readonly string[], PermissionsValue>();

/**
 * Permissions and what they stand for, as the plan file holds them. Entries with the same permissions are given the same required
 * actions by `requiredDataActions`, and so share one value; an odd entry has its own.
 */
export function permissionsValue({ permissions }: AccessPolicy, required: readonly string[]): PermissionsValue {
  const known = permissionValues.get(required);
  if (known !== undefined) return known;
  const { keys, secrets, certificates, storage } = permissions;
  const lists = { keys: [...keys], secrets: [...secrets], certificates: [...certificates], storage: [...storage] };
  const value = { permissions: lists, required: [...required] };
  permissionValues.set(required, value);
  return value;
}

const principalValues = new WeakMap<Principal, EntryPlan['principal']>();
const nobodyKnown: EntryPlan['principal'] = { kind: shownKind(undefined), displayName: '' };

/** A principal as the plan file holds it: one value for all that is said of it. */
export function principalValue(principal: Principal | undefined): EntryPlan['principal'] {
  if (principal === undefined) return nobodyKnown;
  const known = principalValues.get(principal);
  if (known !== undefined) return known;
  const value = {
    kind: shownKind(principal),
    displayName: principal.kind === 'unresolved' ? '' : principal.displayName,
    ...('appId' in principal && principal.appId !== '' && { appId: principal.appId }),
  };
  principalValues.set(principal, value);
  return value;
}

const gainedValues = new WeakMap<Gain['dataActions'], PlannedGain['dataActions']>();

/** Gained data actions as the plan file holds them: gains of the same actions mostly share the list. */
export function gainedValue(dataActions: Gain['dataActions']): PlannedGain['dataActions'] {
  const value = gainedValues.get(dataActions) ?? dataActions.map(({ name, tier }) => ({ dataAction: name, tier }));
  gainedValues.set(dataActions, value);
  return value;
}
