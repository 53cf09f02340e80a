import type { Caller } from '../exchange.ts';
import type { Consistency, TenantState } from '../state.ts';

/** A question put to the sandbox's own evaluator, which shares no code with `src/access`. */
export interface Question {
  readonly caller: Pick<Caller, 'objectId' | 'appId' | 'tenantId' | 'onBehalfOf'>;
  readonly plane: 'control' | 'data';
  readonly action: string;
  /** ARM id of the resource the call is checked on: a vault, or `{vault}/secrets/{name}`. */
  readonly resource: string;
  /** Attributes a condition may name, lower case: `@request[...:roledefinitionid]`. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface Verdict {
  readonly allowed: boolean;
  readonly assignmentId?: string;
  readonly denyAssignmentId?: string;
  /** Azure's decision reason, such as `DeniedWithNoValidRBAC`. */
  readonly reason: string;
}

export interface EvaluatorView {
  readonly state: TenantState;
  readonly consistency: Consistency;
  readonly now: number;
}
