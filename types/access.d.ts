/** Rows as Azure Resource Manager or Microsoft Graph answer them. */
export type Row = Readonly<Record<string, unknown>>;

/**
 * The facts of one subscription. A list that is left out counts as unreadable, not as empty: what hangs on it is answered with
 * `unknown`. So does a list with a row that cannot be understood.
 */
export interface AccessInput {
  readonly subscriptionId: string;
  readonly roleAssignments?: readonly Row[];
  readonly roleDefinitions?: readonly Row[];
  readonly denyAssignments?: readonly Row[];
  readonly roleAssignmentScheduleInstances?: readonly Row[];
  /** Management groups above the subscription: names or resource ids. Those that assignments name are taken to be above it. */
  readonly managementGroups?: readonly string[];
  /** Directory objects with `@odata.type`, as `directoryObjects/getByIds` answers. */
  readonly principals?: readonly Row[];
  /** Transitive member ids by group id, as `groups/{id}/transitiveMembers` answers. */
  readonly members?: Readonly<Record<string, readonly string[]>>;
}

export interface AccessQuestion {
  readonly principalId: string;
  /** The principal's own transitive groups, as `getMemberGroups` answers: used instead of `members`. */
  readonly groups?: readonly string[];
  readonly action: string;
  /** `data` when left out. One string can be an action on both planes. */
  readonly plane?: 'data' | 'control';
  /** ARM id of the vault, or of `{vault}/secrets/{name}`, keys or certificates; name `*` for any object, present or future. */
  readonly resource: string;
  /** ISO 8601: decides which time-bound assignments are active. */
  readonly at: string;
}

export interface PolicyQuestion {
  readonly principalId: string;
  readonly groups?: readonly string[];
  /** The application that calls on behalf of the principal, for a compound identity. */
  readonly applicationId?: string;
  /** The data action whose legacy permission is asked for. */
  readonly action: string;
  /** The vault as Resource Manager answers it. */
  readonly vault: Row;
}

export interface Decision {
  readonly decision: 'granted' | 'notGranted' | 'unknown';
  /** Azure's word for it, where it has one: `GrantedByRBAC`, `DeniedByDenyAssignment`. */
  readonly reason?: string;
  /** Why not, or what cannot be told, in sentences. */
  readonly because: readonly string[];
  /** The assignments that give it. */
  readonly route: readonly {
    readonly assignmentId: string;
    readonly roleDefinitionId: string;
    readonly scope: string;
    readonly throughGroup?: string;
  }[];
  /** Under access policies: keys (tenant/object[/application]) of the entries that give it. */
  readonly entries: readonly string[];
}

export interface AccessDoor {
  /** What Azure RBAC answers. */
  askRbac(question: AccessQuestion): Decision;
  /** What a vault's access policies answer. */
  askPolicies(question: PolicyQuestion): Decision;
}

/** Reads keyturn's role data once and indexes the facts for any number of questions. */
export declare function openAccess(input: AccessInput): Promise<AccessDoor>;
