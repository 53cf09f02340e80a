import type { Guid } from '../base/guid.ts';
import type { JsonObject } from '../base/json.ts';
import type { Reading } from '../base/reading.ts';
import type { DenyAssignment } from './deny-assignment.ts';
import type { Lock, PolicyAssignment } from './governance.ts';
import type { PolicyDefinition, PolicyExemption, PolicySet } from './policy-definition.ts';
import type { Principal } from './principal.ts';
import type { RoleAssignment, RoleDefinition } from './role.ts';
import type { ScheduleInstance } from './schedule-instance.ts';
import type { Scope } from './scope.ts';
import type { Vault } from './vault.ts';
import type { VaultObjects } from './vault-objects.ts';

/** What was read once per subscription and serves every vault in it (EA-46). */
export interface SubscriptionFacts {
  /** In lower case, as everywhere. */
  readonly subscriptionId: string;
  readonly displayName: string;
  readonly tenantId: string;
  /** Management groups above the subscription: those that rows of the lists name, since only ancestors can come back (EA-44). */
  readonly managementGroups: readonly Scope[];
  readonly roleAssignments: Reading<readonly RoleAssignment[]>;
  readonly roleDefinitions: Reading<readonly RoleDefinition[]>;
  readonly denyAssignments: Reading<readonly DenyAssignment[]>;
  readonly activeInstances: Reading<readonly ScheduleInstance[]>;
  readonly eligibleInstances: Reading<readonly ScheduleInstance[]>;
  /**
   * Why an assignment without an instance has no end: the tenant has no PIM, in Azure's words. Where it has, Azure lists an instance for
   * every assignment, and one without is not understood (EA-35, EA-58).
   */
  readonly withoutPim?: string;
  readonly locks: Reading<readonly Lock[]>;
  readonly policyAssignments: Reading<readonly PolicyAssignment[]>;
  /** What is behind the policy assignments. Read where one of them is enforced, or may be. */
  readonly policies?: PolicyFacts;
  /**
   * What Azure lists as assigned to each principal of a policy, through groups too (EA-30). Asked for only where the directory could
   * not be read; Azure's word alone, which opens no gate.
   */
  readonly assignedTo?: ReadonlyMap<Guid, Reading<readonly RoleAssignment[]>>;
}

export interface PolicyFacts {
  /** Definitions and initiatives by id in lower case: those that assignments name, and the members of initiatives. */
  readonly definitions: ReadonlyMap<string, Reading<PolicyDefinition | PolicySet>>;
  readonly exemptions: Reading<readonly PolicyExemption[]>;
  /** ISO 8601: when they were read, and so which exemptions had expired. */
  readonly readAt: string;
}

export interface VaultFacts {
  readonly vault: Vault;
  /** Asked for one call a vault, so only where few vaults are in view. */
  readonly diagnosticSettings: Reading<readonly JsonObject[]> | { readonly state: 'notAsked' };
  /** Asked for only where decisions name objects of the vault. */
  readonly objects?: Reading<VaultObjects>;
}

/** Everything in view at one time. Every room above `azure` reasons from this value alone. */
export interface Estate {
  readonly cloud: string;
  readonly tenantId: string;
  /** Who is asking: taken from the token. */
  readonly operator: { readonly objectId: Guid; readonly groups: Reading<readonly Guid[]> };
  /** ISO 8601: when the reading began. */
  readonly readAt: string;
  readonly subscriptions: readonly SubscriptionFacts[];
  readonly vaults: readonly VaultFacts[];
  /** Names of all vaults in reach, in view or not; only where every subscription in reach was looked through. */
  readonly vaultsInReach?: readonly string[];
  /** Selected vaults or subscriptions that could not be read at all, in words. */
  readonly unreadable: readonly { readonly subject: string; readonly because: string }[];
  /** By object id; holds every policy's principal and every principal of an assignment with a data action. */
  readonly principals: ReadonlyMap<Guid, Principal>;
  /** Transitive members of each group that holds a data role or stands in a deny assignment, by the group's id. */
  readonly members: ReadonlyMap<Guid, Reading<ReadonlySet<Guid>>>;
  /** Groups of which nobody can say whose membership PIM for Groups ends; left out where it could be read of all that were asked about. */
  readonly pimForGroups?: UnreadPimForGroups;
}

/** `unlicensed`: the tenant has no PIM, so that it ends none (EA-58). */
export interface UnreadPimForGroups {
  readonly state: 'unreadable' | 'unlicensed';
  readonly because: string;
  /** Sorted. */
  readonly groups: readonly Guid[];
}

/** What was read around a vault; undefined where its subscription was not read. */
export function subscriptionAround(
  { subscriptions }: Pick<Estate, 'subscriptions'>,
  vault: { readonly subscriptionId: string } | undefined,
): SubscriptionFacts | undefined {
  return subscriptions.find((one) => one.subscriptionId === vault?.subscriptionId);
}
