import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { z } from 'zod';
import type { Workload } from '../data-plane/workload.ts';
import type { DirectoryAccess } from '../graph/graph-answer.ts';
import type { LatencySettings } from '../latency.ts';
import { type MappingFiles, readMappingFiles } from '../readers/built-in-roles.ts';
import type { Consistency, TenantState } from '../state.ts';
import { expandAssignments } from './expand-assignments.ts';
import { expandDenyAssignments, expandRoleDefinitions } from './expand-authorization.ts';
import { expandDirectory } from './expand-directory.ts';
import { expandLocks } from './expand-governance.ts';
import { expandGroupSchedules } from './expand-group-schedules.ts';
import { expandPolicyAssignments, expandPolicyDefinitions, expandPolicyExemptions, expandPolicySetDefinitions } from './expand-policies.ts';
import { expandDiagnosticSettings, expandVaults, seedVaults } from './expand-vaults.ts';
import { expandWorkloads } from './expand-workloads.ts';
import { requireReadable } from './require-readable.ts';
import { scenarioError } from './scenario-error.ts';
import { managementGroupsAbove, type ScenarioNames, scenarioNames } from './scenario-names.ts';
import { type ScenarioFile, scenarioFile } from './scenario-schema.ts';

/** A file of a scenario folder, as text. */
export interface ScenarioSource {
  readonly name: string;
  readonly text: string;
}

export interface LoadedScenario {
  readonly name: string;
  readonly title: string;
  readonly story: string;
  readonly tenant: TenantState;
  /** Sandbox time at start, milliseconds since 1970. */
  readonly startsAt: number;
  readonly consistency: Consistency;
  readonly operator: { readonly objectId: string };
  readonly directoryAccess: DirectoryAccess;
  readonly throttle: NonNullable<ScenarioFile['throttle']>;
  readonly latency: LatencySettings;
  readonly workloads: readonly Workload[];
  /** What decisions.json holds, not judged here. */
  readonly decisions?: unknown;
}

export interface LoadOptions {
  readonly catalogue: MappingFiles;
  /** Real time; the sandbox starts then unless the scenario sets a clock. */
  readonly now: number;
}

/**
 * Reads a scenario folder, or files already read (then `scenario.json` is the one that counts).
 * @throws KnownError (usage) SCENARIO_UNREADABLE, naming the file and the path in it.
 */
export async function loadScenario(from: string | readonly ScenarioSource[], options: LoadOptions): Promise<LoadedScenario> {
  const sources = typeof from === 'string' ? await readFolder(from) : from;
  const name = typeof from === 'string' ? basename(from) : 'scenario';
  const file = parseScenario(sources);
  const decisions = sources.find((source) => source.name === 'decisions.json');
  const now = file.clock === undefined ? options.now : Date.parse(file.clock);
  const catalogue = readMappingFiles(options.catalogue);
  const names = scenarioNames(file, catalogue.roles);
  const operator = names.objectId(file.operator, 'operator').toLowerCase();
  const tenant = expandTenant(file, names, now, catalogue);
  requireReadable(tenant);
  if (!tenant.directory.has(operator)) throw scenarioError('scenario.json', 'operator', 'the operator has to be a principal that exists');
  await seedVaults(file, names, tenant.vaults, now);
  return {
    name,
    title: file.title,
    story: file.story,
    tenant,
    startsAt: now,
    consistency: consistencyOf(file),
    operator: { objectId: operator },
    directoryAccess: file.directory ?? 'read',
    throttle: file.throttle ?? {},
    latency: file.latency ?? {},
    workloads: expandWorkloads(file, names),
    ...(decisions !== undefined && { decisions: parseJson(decisions) }),
  };
}

async function readFolder(folder: string): Promise<readonly ScenarioSource[]> {
  const wanted = ['scenario.json', 'decisions.json'];
  try {
    const present = (await readdir(folder)).filter((name) => wanted.includes(name));
    return await Promise.all(present.map(async (name) => ({ name, text: await readFile(join(folder, name), 'utf8') })));
  } catch (error) {
    throw scenarioError(folder, '', 'the folder cannot be read', error);
  }
}

/** @throws KnownError when it is no scenario of this format. */
function parseScenario(sources: readonly ScenarioSource[]): ScenarioFile {
  const source = sources.find((each) => each.name === 'scenario.json');
  if (source === undefined) throw scenarioError('scenario.json', '', 'there is no such file');
  const parsed = scenarioFile.safeParse(parseJson(source));
  if (parsed.success) return parsed.data;
  const { path, message } = clearest(parsed.error.issues);
  throw scenarioError(source.name, path.join('.'), message);
}

interface Problem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Of a choice that fits nowhere, the branch that got furthest says what the writer meant. */
function clearest(issues: readonly z.core.$ZodIssue[]): Problem {
  const [issue] = issues;
  if (issue === undefined) return { path: [], message: 'not understood' };
  const branches = issue.code === 'invalid_union' ? issue.errors.map((branch) => clearest(branch)) : [];
  const furthest = branches.reduce<Problem | undefined>(
    (best, each) => (each.path.length > (best?.path.length ?? 0) ? each : best),
    undefined,
  );
  return furthest === undefined ? issue : { path: [...issue.path, ...furthest.path], message: furthest.message };
}

function parseJson(source: ScenarioSource): unknown {
  try {
    return JSON.parse(source.text);
  } catch (error) {
    throw scenarioError(source.name, '', error instanceof Error ? error.message : 'no JSON', error);
  }
}

function consistencyOf({ consistency = {} }: ScenarioFile): Consistency {
  return {
    assignmentPropagation: (consistency.assignmentPropagationSeconds ?? 300) * 1000,
    managementGroupPropagation: (consistency.managementGroupPropagationSeconds ?? 6 * 3600) * 1000,
    principalReplication: (consistency.principalReplicationSeconds ?? 0) * 1000,
    roleReplication: (consistency.roleReplicationSeconds ?? 0) * 1000,
    listingLag: (consistency.listingLagSeconds ?? 0) * 1000,
  };
}

function expandTenant(
  file: ScenarioFile,
  names: ScenarioNames,
  now: number,
  { roles, dataActions }: ReturnType<typeof readMappingFiles>,
): TenantState {
  const subscriptions: TenantState['subscriptions'] = new Map();
  for (const [name, { displayName }] of Object.entries(file.subscriptions)) {
    const id = names.subscriptionId(name, `subscriptions.${name}`);
    subscriptions.set(`/subscriptions/${id}`, { id, displayName, managementGroups: managementGroupsAbove(file, name) });
  }
  const resourceGroups: TenantState['resourceGroups'] = new Map();
  for (const [name, { location }] of Object.entries(file.resourceGroups)) {
    const id = names.resourceGroup(name, `resourceGroups.${name}`);
    resourceGroups.set(id.toLowerCase(), { id, name, location });
  }
  return {
    tenantId: names.tenantId,
    domain: file.tenant.domain,
    licence: file.tenant.licence ?? 'p2',
    subscriptions,
    resourceGroups,
    vaults: expandVaults(file, names, now),
    roleDefinitions: expandRoleDefinitions(file, names, roles, now),
    dataActions,
    ...expandAssignments(file, names, now),
    denyAssignments: expandDenyAssignments(file, names, now),
    locks: expandLocks(file, names, now),
    policyAssignments: expandPolicyAssignments(file, names, now),
    policyDefinitions: expandPolicyDefinitions(file, names, now),
    policySetDefinitions: expandPolicySetDefinitions(file, names, now),
    policyExemptions: expandPolicyExemptions(file, names, now),
    diagnosticSettings: expandDiagnosticSettings(file, names, now),
    directory: expandDirectory(file, names, now),
    groupSchedules: expandGroupSchedules(file, names, now),
    audit: [],
  };
}
