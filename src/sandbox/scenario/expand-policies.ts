import { type JsonObject, type JsonValue, stringAt } from '../../base/json.ts';
import { ownPolicyDefinitions } from '../arm/policy-definitions.ts';
import { faultInRule } from '../policy/rule.ts';
import { faultIn } from '../policy/template.ts';
import type { Stored } from '../state.ts';
import { ago, idAt } from './expand-authorization.ts';
import { scenarioError } from './scenario-error.ts';
import type { ScenarioNames } from './scenario-names.ts';
import type { ScenarioFile } from './scenario-schema.ts';

export function expandPolicyAssignments(file: ScenarioFile, names: ScenarioNames, now: number): Map<string, Stored> {
  const policies = new Map<string, Stored>();
  for (const [index, policy] of (file.policyAssignments ?? []).entries()) {
    const path = `policyAssignments.${index}`;
    const id = assignmentId(file, names, policy.name);
    const parameters = { ...policy.parameters, ...(policy.effect !== undefined && { effect: policy.effect }) };
    const properties: JsonObject = {
      displayName: policy.displayName ?? policy.name,
      policyDefinitionId: policy.definition,
      scope: names.scope(policy.scope, `${path}.scope`),
      notScopes: (policy.notScopes ?? []).map((scope, at) => names.scope(scope, `${path}.notScopes.${at}`)),
      parameters: valued(parameters),
      metadata: {},
      enforcementMode: policy.enforcementMode ?? (policy.enforced === false ? 'DoNotEnforce' : 'Default'),
      ...(policy.resourceSelectors !== undefined && { resourceSelectors: policy.resourceSelectors }),
      ...(policy.overrides !== undefined && { overrides: policy.overrides }),
    };
    keep(policies, now, { id, name: policy.name, type: 'Microsoft.Authorization/policyAssignments', properties });
  }
  return policies;
}

/** Exemptions name an assignment by its name. */
function assignmentId(file: ScenarioFile, names: ScenarioNames, name: string): string {
  const index = (file.policyAssignments ?? []).findIndex((policy) => policy.name === name);
  const policy = file.policyAssignments?.[index];
  if (policy === undefined) throw scenarioError('scenario.json', 'policyExemptions', `no policy assignment is called \`${name}\``);
  return idAt(names.scope(policy.scope, `policyAssignments.${index}.scope`), 'policyAssignments', name);
}

/** @throws KnownError for a rule that the sandbox cannot judge: it would seem to allow everything. */
export function expandPolicyDefinitions(file: ScenarioFile, names: ScenarioNames, now: number): Map<string, Stored> {
  const policies = new Map<string, Stored>();
  for (const body of ownPolicyDefinitions()) keep(policies, now, body);
  for (const [index, definition] of (file.policyDefinitions ?? []).entries()) {
    const path = `policyDefinitions.${index}`;
    const { name, policyRule, parameters = {}, mode = 'All', displayName = name } = definition;
    const fault = faultInRule(policyRule.if) ?? faultIn({ ...policyRule.then });
    if (fault !== undefined) throw scenarioError('scenario.json', `${path}.policyRule`, fault);
    const id = idAt(names.scope(definition.scope, `${path}.scope`), 'policyDefinitions', name);
    const properties = { displayName, policyType: typeAt(definition.scope), mode, parameters, policyRule: { ...policyRule } };
    keep(policies, now, { properties, id, type: 'Microsoft.Authorization/policyDefinitions', name });
  }
  return policies;
}

export function expandPolicySetDefinitions(file: ScenarioFile, names: ScenarioNames, now: number): Map<string, Stored> {
  const sets = new Map<string, Stored>();
  for (const [index, set] of (file.policySetDefinitions ?? []).entries()) {
    const path = `policySetDefinitions.${index}`;
    const { name, parameters = {}, displayName = name } = set;
    const policyDefinitions = set.members.map((member, at) => {
      const fault = faultIn({ ...member.parameters });
      if (fault !== undefined) throw scenarioError('scenario.json', `${path}.members.${at}.parameters`, fault);
      return {
        policyDefinitionReferenceId: member.reference,
        policyDefinitionId: member.definition,
        parameters: valued(member.parameters ?? {}),
      };
    });
    const id = idAt(names.scope(set.scope, `${path}.scope`), 'policySetDefinitions', name);
    const properties = { displayName, policyType: typeAt(set.scope), parameters, policyDefinitions };
    keep(sets, now, { properties, id, type: 'Microsoft.Authorization/policySetDefinitions', name });
  }
  return sets;
}

export function expandPolicyExemptions(file: ScenarioFile, names: ScenarioNames, now: number): Map<string, Stored> {
  const exemptions = new Map<string, Stored>();
  for (const [index, one] of (file.policyExemptions ?? []).entries()) {
    const id = idAt(names.scope(one.scope, `policyExemptions.${index}.scope`), 'policyExemptions', one.name);
    const properties: JsonObject = {
      policyAssignmentId: assignmentId(file, names, one.assignment),
      policyDefinitionReferenceIds: one.references ?? [],
      exemptionCategory: one.category ?? 'Waiver',
      displayName: one.name,
      ...(one.expiresInDays !== undefined && { expiresOn: ago(now, -one.expiresInDays).at }),
      ...(one.resourceSelectors !== undefined && { resourceSelectors: one.resourceSelectors }),
    };
    keep(exemptions, now, { properties, id, type: 'Microsoft.Authorization/policyExemptions', name: one.name });
  }
  return exemptions;
}

function typeAt(scope: string): string {
  return scope === '/' ? 'BuiltIn' : 'Custom';
}

function valued(parameters: Readonly<Record<string, JsonValue>>): JsonObject {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, { value }]));
}

function keep(into: Map<string, Stored>, now: number, body: JsonObject): void {
  into.set((stringAt(body, 'id') ?? '').toLowerCase(), { since: ago(now, 100).since, body });
}
