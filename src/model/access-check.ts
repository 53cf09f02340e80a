import type { Guid } from '../base/guid.ts';

/** What Azure is asked of one principal at one place: may it do these data actions there (EA-49). */
export interface AccessCheck {
  readonly principalId: Guid;
  /** A vault, or an object in one. */
  readonly resourceId: string;
  readonly dataActions: readonly string[];
}

/** What Azure said of one data action. One that was asked about and is not among the answers was not answered. */
export interface AccessDecision {
  readonly dataAction: string;
  readonly allowed: boolean;
  /** Azure's own word: `Allowed`, `NotAllowed`, `Denied`, or another. */
  readonly word: string;
  /** What Azure names for it. */
  readonly by?: { readonly kind: 'role assignment' | 'deny assignment'; readonly name: Guid };
}
