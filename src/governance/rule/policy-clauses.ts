import { guidAtEnd } from '../../base/guid.ts';
import { type JsonValue, objectAt, stringAt } from '../../base/json.ts';
import { itemsRead, type Reading, unreadable } from '../../base/reading.ts';
import type { SubscriptionFacts } from '../../model/estate.ts';
import { type PolicyAssignment, vaultsShouldUseRbac } from '../../model/governance.ts';
import {
  givenParameters,
  type PolicyDefinition,
  type PolicyParameters,
  type PolicySet,
  type PolicySetMember,
} from '../../model/policy-definition.ts';
import { resolveValue } from './evaluate-expression.ts';
import { unknown, type Value } from './truth.ts';

/** One rule that an assignment brings along: its definition's, or that of one member of its initiative. */
export interface PolicyClause {
  readonly assignment: PolicyAssignment;
  readonly definition: Reading<PolicyDefinition>;
  /** Which versions of a built-in definition are meant. */
  readonly version?: string;
  /** What the initiative calls the member. */
  readonly referenceId?: string;
  /** The value of a parameter of the definition, by name in lower case. */
  readonly parameter: (name: string) => Value;
}

const prepared = new WeakMap<object, readonly PolicyClause[]>();

/** The rules of all assignments that are enforced, or may be; worked out once for all vaults of a subscription. */
export function policyClauses(subscription: SubscriptionFacts): readonly PolicyClause[] {
  const from = subscription.policies ?? subscription.policyAssignments;
  const known = prepared.get(from);
  if (known !== undefined) return known;
  const clauses = itemsRead(subscription.policyAssignments)
    .filter((assignment) => assignment.enforcement !== 'off')
    .flatMap((assignment) => clausesOf(assignment, subscription));
  prepared.set(from, clauses);
  return clauses;
}

function clausesOf(assignment: PolicyAssignment, subscription: SubscriptionFacts): readonly PolicyClause[] {
  const properties = objectAt(assignment.raw, 'properties');
  const given = givenParameters(properties.parameters);
  const found = definitionOf(assignment.policyDefinitionId.toLowerCase(), subscription);
  if (found.state === 'unreadable') return [{ assignment, definition: found, parameter: () => unknown }];
  const version = stringAt(properties, 'definitionVersion');
  if (found.value.kind === 'definition') {
    const definition = found.value;
    const about = { assignment, definition: { state: 'read', value: definition } as const, ...(version !== undefined && { version }) };
    return [{ ...about, parameter: parameterReader(definition.parameters, (name) => given.get(name)) }];
  }
  return membersOf(assignment, found.value, given, subscription);
}

function membersOf(
  assignment: PolicyAssignment,
  set: PolicySet,
  given: ReadonlyMap<string, JsonValue>,
  subscription: SubscriptionFacts,
): readonly PolicyClause[] {
  const ofSet = parameterReader(set.parameters, (name) => given.get(name));
  return set.members.map((member) => memberClause(assignment, member, ofSet, subscription));
}

function memberClause(
  assignment: PolicyAssignment,
  member: PolicySetMember,
  ofSet: PolicyClause['parameter'],
  subscription: SubscriptionFacts,
): PolicyClause {
  const { referenceId, definitionId, definitionVersion } = member;
  const about = { assignment, referenceId, ...(definitionVersion !== undefined && { version: definitionVersion }) };
  const found = definitionOf(definitionId, subscription);
  if (found.state === 'unreadable' || found.value.kind === 'set') {
    return {
      ...about,
      definition: found.state === 'unreadable' ? found : unreadable('an initiative holds no initiatives'),
      parameter: () => unknown,
    };
  }
  const passed = (name: string): Value => {
    const raw = member.parameters.get(name);
    return raw === undefined ? undefined : resolveValue(raw, { parameter: ofSet });
  };
  return { ...about, definition: { state: 'read', value: found.value }, parameter: parameterReader(found.value.parameters, passed) };
}

/** What is given, else the default; a parameter without either is unknown. */
function parameterReader(parameters: PolicyParameters, given: (name: string) => Value): PolicyClause['parameter'] {
  return (name) => given(name) ?? parameters.get(name)?.defaultValue ?? unknown;
}

function definitionOf(id: string, { policies }: SubscriptionFacts): Reading<PolicyDefinition | PolicySet> {
  const found = policies?.definitions.get(id) ?? unreadable('it was not read');
  return found.state === 'unreadable' && guidAtEnd(id) === vaultsShouldUseRbac ? { state: 'read', value: asksForRbac(id) } : found;
}

/** What Microsoft publishes of its own definition, for whoever may not read it. */
function asksForRbac(id: string): PolicyDefinition {
  const flag = 'Microsoft.KeyVault/vaults/enableRbacAuthorization';
  return {
    kind: 'definition',
    id,
    displayName: 'Azure Key Vault should use RBAC permission model',
    mode: 'Indexed',
    parameters: new Map([['effect', { defaultValue: 'Audit', allowedValues: ['Audit', 'Deny', 'Disabled'] }]]),
    if: {
      allOf: [
        { field: 'type', equals: 'Microsoft.KeyVault/vaults' },
        { not: { field: 'Microsoft.KeyVault/vaults/createMode', equals: 'recover' } },
        {
          anyOf: [
            { field: flag, exists: 'false' },
            { field: flag, equals: 'false' },
          ],
        },
      ],
    },
    effect: "[parameters('effect')]",
    details: undefined,
  };
}
