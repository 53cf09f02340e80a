import type { JsonObject } from '../base/json.ts';
import type { KeptCertificate, KeptKey, KeptSecret } from './data-plane/vault-object.ts';
import type { IndexedMap } from './indexed-map.ts';

/** A stored ARM resource body with when it was made, so that propagation and listing lag can be judged against the clock. */
export interface Stored {
  body: JsonObject;
  /** Sandbox clock, milliseconds since 1970. Facts of the scenario are as old as it says. */
  since: number;
}

export interface DirectoryObject {
  readonly kind: 'user' | 'group' | 'servicePrincipal' | 'application' | 'device' | 'administrativeUnit' | 'directoryRole';
  readonly id: string;
  readonly displayName: string;
  /** Graph properties beyond id and displayName, answered as they are. */
  readonly properties: JsonObject;
  /** Direct members of a group, by id; PIM for Groups takes out those whose membership is over. */
  members: readonly string[];
  deleted: boolean;
  /** When it became visible to role assignment creation (principal replication), sandbox milliseconds. */
  since: number;
}

/** By lower-case id; also by principal (in lower case, with dashes), by lower-case name, and by `/subscriptions/{id}` in lower case. */
export type StoredAssignments = IndexedMap<Stored & { removedAt?: number }, 'principal' | 'name' | 'subscription'>;

/** By object id in lower case; also by kind, and by appId in lower case. */
export type Directory = IndexedMap<DirectoryObject, 'kind' | 'appId'>;

export interface SandboxVault extends Stored {
  /** Lower-case resource id. */
  readonly key: string;
  /** Objects by name in lower case, deleted ones included. */
  readonly secrets: Map<string, KeptSecret>;
  readonly keys: Map<string, KeptKey>;
  readonly certificates: Map<string, KeptCertificate>;
  certificateContacts?: JsonObject;
  /** By name in lower case. */
  certificateIssuers?: Map<string, JsonObject>;
}

/** One row of the vault's audit log, in the columns of AZKVAuditLogs. */
export type AuditRow = JsonObject;

/**
 * The whole tenant in memory. Maps are keyed by lower-case resource id; bodies are what ARM answers, verbatim. Removed
 * role assignments stay as tombstones until their removal has propagated.
 */
export interface TenantState {
  readonly tenantId: string;
  readonly domain: string;
  /** Without Entra ID P2 there is no PIM, and its lists are refused. */
  readonly licence: 'p2' | 'none';
  /** Keyed `/subscriptions/{guid}`, `id` being the bare GUID; management groups by lower-case resource id, the nearest first. */
  readonly subscriptions: Map<string, { readonly id: string; readonly displayName: string; readonly managementGroups: readonly string[] }>;
  readonly resourceGroups: Map<string, { readonly id: string; readonly name: string; readonly location: string }>;
  readonly vaults: Map<string, SandboxVault>;
  /** Built-in ones have no subscription in their id: `/providers/Microsoft.Authorization/roleDefinitions/{guid}`. */
  readonly roleDefinitions: Map<string, Stored>;
  /** Every data action that the provider of vaults knows; a custom role may hold no other of its namespace. */
  readonly dataActions: readonly string[];
  readonly roleAssignments: StoredAssignments;
  readonly denyAssignments: Map<string, Stored>;
  readonly activeInstances: Map<string, Stored>;
  readonly eligibleInstances: Map<string, Stored>;
  readonly locks: Map<string, Stored>;
  readonly policyAssignments: Map<string, Stored>;
  /** Azure's own among them have no scope in their id. */
  readonly policyDefinitions: Map<string, Stored>;
  readonly policySetDefinitions: Map<string, Stored>;
  readonly policyExemptions: Map<string, Stored>;
  readonly diagnosticSettings: Map<string, Stored>;
  readonly directory: Directory;
  readonly groupSchedules: GroupSchedules;
  readonly audit: AuditRow[];
}

/** What PIM for Groups lists, in the bodies that Graph answers. */
export interface GroupSchedules {
  assignment: readonly JsonObject[];
  readonly eligibility: readonly JsonObject[];
  /** Whether the operator may read it. */
  readonly access: 'read' | 'denied';
}

/** Sandbox time: runs with real time from the scenario's start, and can be moved forward. */
export interface SandboxClock {
  now(): number;
  advance(milliseconds: number): void;
}

/** Delays of the real service, in sandbox milliseconds; all settable per scenario and at run time. */
export interface Consistency {
  /** How long after creation or removal a role assignment takes effect. */
  assignmentPropagation: number;
  /** The same on the data plane for one at a management group, where it takes longer. */
  managementGroupPropagation?: number;
  /** How long a new principal is unknown to role assignment creation. */
  principalReplication: number;
  /** How long a new custom role is unknown to role assignment creation, and missing from lists. */
  roleReplication: number;
  /** How long a new or removed role assignment is missing from, or still in, lists. */
  listingLag: number;
}
