import type { Guid } from '../base/guid.ts';
import type { Reading } from '../base/reading.ts';
import type { VaultId } from '../model/vault-id.ts';
import type { ConditionContext } from './conditions/evaluate-condition.ts';
import type { CheckedResource } from './judgement.ts';

/** Who asks. A group is judged as one: what assignments give to it, never what its members have. */
export interface Asker {
  readonly principalId: Guid;
  /** The asker's own transitive groups, where they were read from the asker's side; else they come from the facts. */
  readonly groups?: Reading<readonly Guid[]>;
}

/** One question: may this principal do this action on this resource of the vault. */
export interface AccessRequest extends Asker {
  /** One string can be an action on both planes, so the plane travels with it (EA-7). */
  readonly plane: 'data' | 'control';
  readonly action: string;
  readonly vault: Pick<VaultId, 'scope' | 'name'>;
  readonly resource: CheckedResource;
  /** ISO 8601: decides whether a time-bound assignment is active. */
  readonly at: string;
  /** Set when `at` is the moment at which the facts were read: then what is listed is active, whatever PIM says of its end. */
  readonly whenRead?: true;
  /** Attributes of a control-plane call; those of Key Vault's data plane follow from action and resource (EA-39). */
  readonly attributes?: ConditionContext['attributes'];
  /** Count only rights without any condition, true or not, as changing the permission model demands (EA-43). */
  readonly unrestricted?: true;
}
