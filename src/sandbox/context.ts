import type { EvaluatorView } from './evaluator/types.ts';
import type { DirectoryAccess } from './graph/graph-answer.ts';
import type { TokenIssuer } from './identity/tokens.ts';
import type { AuditRow, Consistency, SandboxClock, TenantState } from './state.ts';

/** One 403 that a caller got on a vault's data plane. */
export interface Denial {
  /** ISO 8601, sandbox time. */
  readonly at: string;
  /** Name of the vault. */
  readonly vault: string;
  /** The operation in the words of the audit log, such as `SecretGet`. */
  readonly operation: string;
  /** The resource that the call was checked on. */
  readonly resource: string;
  readonly objectId: string;
  readonly appId: string;
  /** Azure's inner code, such as `ForbiddenByRbac`. */
  readonly code: string;
}

/** What every part of the running sandbox shares. */
export interface SandboxContext {
  readonly state: TenantState;
  readonly clock: SandboxClock;
  /** Read at every question: the delays can be changed while the sandbox runs. */
  readonly consistency: Consistency;
  /** The tenant as access is judged now. */
  view(): EvaluatorView;
  readonly tokens: TokenIssuer;
  /** Who runs keyturn: the managed identity endpoint speaks for it. */
  readonly operator: { readonly objectId: string };
  readonly identitySecret: string;
  readonly directoryAccess: DirectoryAccess;
  recordAudit(row: AuditRow): void;
  recordDenial(denial: Denial): void;
}
