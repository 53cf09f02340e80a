import type { Guid } from '../base/guid.ts';
import type { Finding } from './finding.ts';
import type { Reason } from './reason.ts';
import type { PermissionModel } from './vault.ts';

/**
 * What a pair that is not covered lacks: any assignment that gives it for good, the making of a planned one, its age, or a person's
 * decision to rely on a group; or it is a deny that takes it, a fact that could not be read, or a principal that nobody knows or no
 * token speaks for.
 */
export type ShortfallKind = 'assignment' | 'decision' | 'making' | 'age' | 'denied' | 'fact' | 'principal';

/** What no reading of role assignments can settle: an entry that needs a person's word, or that nobody knows who gains. */
export type OpenQuestion =
  | { readonly kind: 'entry'; readonly state: 'gap' | 'undetermined'; readonly finding: Finding }
  /** `text`: why role assignments could not be read, as it was answered. */
  | { readonly kind: 'gainsUnread'; readonly state: 'undetermined'; readonly text: string };

/** A principal with its display name; empty where nobody knows it. */
interface Who {
  readonly id: Guid;
  readonly name: string;
}

/** What keeps a vault from being covered: a kind and its parameters, never a sentence. `src/words/gap-words.ts` makes the words. */
export type Gap =
  | OpenQuestion
  | {
      readonly kind: 'access';
      readonly who: Who;
      /** In full, sorted. */
      readonly dataActions: readonly string[];
      readonly state: 'uncovered' | 'unknown';
      readonly because: readonly Reason[];
      readonly lack: ShortfallKind;
      readonly vault: string;
      readonly permissionModel: PermissionModel;
      /** Whether a plan was held against it. */
      readonly planned: boolean;
    }
  /** Somebody gains what the plan does not list. */
  | {
      readonly kind: 'gain';
      readonly who: Who;
      readonly dataActions: readonly string[];
      readonly certain: boolean;
      readonly assignmentId: string;
      readonly permissionModel: PermissionModel;
    };
