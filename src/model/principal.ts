import type { z } from 'zod';
import type { Guid } from '../base/guid.ts';
import type { otherId, unresolved } from './findings/principal-facts.ts';

/** What an id is that belongs to no principal. */
export type OtherId = z.infer<typeof otherId>;
/** Why nobody can say who somebody is, once the directory was asked. */
export type Unresolved = z.infer<typeof unresolved>;

/** Of a group: somebody in it, by himself or through groups inside, whose membership PIM for Groups ends some day (EA-61). */
export interface EndingMembership {
  readonly principalId: Guid;
  /** ISO 8601; absent where nobody says when. */
  readonly until?: string;
}

/**
 * Who an object id is. `unresolved` means the directory did not say, and is never read as `deleted`: a Graph answer that
 * leaves an id out is no proof that nobody has it (EA-32). `application` is an app registration's own object id, which
 * no token ever carries (EA-28).
 */
export type Principal =
  | { readonly kind: 'user'; readonly objectId: Guid; readonly displayName: string; readonly guest: boolean }
  | {
      readonly kind: 'group';
      readonly objectId: Guid;
      readonly displayName: string;
      readonly securityEnabled: boolean;
      readonly dynamic: boolean;
      /** Who is in it is shown to few, and an empty list is what all others get. */
      readonly hiddenMembership?: true;
      /** Of those whom an access policy names. Left out where PIM for Groups ends none, or could not be read. */
      readonly ending?: readonly EndingMembership[];
      /** Who may activate a membership of the group, or of a group inside it (EA-34, EA-61). */
      readonly eligible?: readonly Guid[];
    }
  | {
      readonly kind: 'servicePrincipal';
      readonly objectId: Guid;
      readonly displayName: string;
      readonly appId: string;
      readonly managedIdentity: boolean;
    }
  | { readonly kind: 'application'; readonly objectId: Guid; readonly displayName: string; readonly appId: string }
  /** An id that stands for no user, group or service principal, so that no token carries it (EA-28). */
  | { readonly kind: 'noPrincipal'; readonly objectId: Guid; readonly displayName: string; readonly is: OtherId }
  /** `since`: as the directory writes it. */
  | { readonly kind: 'deleted'; readonly objectId: Guid; readonly displayName: string; readonly since?: string }
  | { readonly kind: 'unresolved'; readonly objectId: Guid; readonly why: Unresolved };

/** The value that a role assignment carries, or undefined for a principal that none can be made for. */
export function principalTypeOf(principal: Principal): 'User' | 'Group' | 'ServicePrincipal' | undefined {
  switch (principal.kind) {
    case 'user':
      return 'User';
    case 'group':
      return 'Group';
    case 'servicePrincipal':
      return 'ServicePrincipal';
    case 'application':
    case 'noPrincipal':
    case 'deleted':
    case 'unresolved':
      return undefined;
  }
}

/** What readers are told a principal is: its kind, with guests and managed identities told apart from others of theirs. */
export function shownKind(principal: Principal | undefined): string {
  if (principal?.kind === 'user' && principal.guest) return 'guest';
  if (principal?.kind === 'servicePrincipal' && principal.managedIdentity) return 'managedIdentity';
  if (principal?.kind === 'noPrincipal' && principal.is.what === 'application') return 'applicationId';
  return principal?.kind ?? 'unresolved';
}
