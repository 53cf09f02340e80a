import { isObject, type JsonObject, type JsonValue, objectAt, stringAt, stringsAt } from '../base/json.ts';
import { parseScope, type Scope } from './scope.ts';

/** What the parameters of a definition or an initiative may be, by name in lower case. */
export type PolicyParameters = ReadonlyMap<string, { readonly defaultValue?: JsonValue; readonly allowedValues?: readonly JsonValue[] }>;

/** An Azure Policy definition: one rule. */
export interface PolicyDefinition {
  readonly kind: 'definition';
  /** In lower case. */
  readonly id: string;
  readonly displayName: string;
  /** `All`, `Indexed`, or the data plane of one provider, such as `Microsoft.KeyVault.Data`. */
  readonly mode: string;
  readonly version?: string;
  readonly parameters: PolicyParameters;
  readonly if: JsonValue;
  readonly effect: string;
  readonly details: JsonValue | undefined;
}

/** An Azure Policy initiative: definitions that are assigned together. */
export interface PolicySet {
  readonly kind: 'set';
  readonly id: string;
  readonly displayName: string;
  readonly version?: string;
  readonly parameters: PolicyParameters;
  readonly members: readonly PolicySetMember[];
}

export interface PolicySetMember {
  /** Full id of the definition, in lower case. */
  readonly definitionId: string;
  /** What overrides and exemptions call it. */
  readonly referenceId: string;
  /** Which versions of a built-in definition are meant, as `3.*.*`. */
  readonly definitionVersion?: string;
  /** By name in lower case; a value may be an expression over the parameters of the initiative. */
  readonly parameters: ReadonlyMap<string, JsonValue>;
}

/** Takes a scope out of an assignment, until it expires. Where it stands is in its id. */
export interface PolicyExemption {
  readonly id: string;
  readonly scope: Scope;
  /** In lower case. */
  readonly assignmentId: string;
  /** Members of an initiative, in lower case; empty for all of them. */
  readonly referenceIds: readonly string[];
  /** As Azure writes it. */
  readonly expiresOn?: string;
  readonly resourceSelectors: JsonValue | undefined;
  readonly raw: JsonObject;
}

/** Azure's own definitions stand at no scope. */
export function isBuiltInPolicy(id: string): boolean {
  return /^\/providers\/microsoft\.authorization\/policy(set)?definitions\/[^/]+$/i.test(id);
}

/** @returns undefined when it is neither a whole definition nor a whole initiative. */
export function parsePolicyDefinition(raw: unknown): PolicyDefinition | PolicySet | undefined {
  if (!isObject(raw)) return undefined;
  const id = stringAt(raw, 'id')?.toLowerCase();
  const properties = objectAt(raw, 'properties');
  const parameters = parseParameters(properties.parameters);
  if (id === undefined || parameters === undefined) return undefined;
  const version = stringAt(properties, 'version');
  const about = { id, displayName: stringAt(properties, 'displayName') ?? '', parameters, ...(version !== undefined && { version }) };
  if (/\/policysetdefinitions\/[^/]+$/.test(id)) {
    const members = parseMembers(properties.policyDefinitions);
    return members === undefined ? undefined : { kind: 'set', ...about, members };
  }
  const { if: condition, then } = objectAt(properties, 'policyRule');
  const effect = isObject(then) ? stringAt(then, 'effect') : undefined;
  if (condition === undefined || !isObject(then) || effect === undefined) return undefined;
  return { kind: 'definition', ...about, mode: stringAt(properties, 'mode') ?? 'All', if: condition, effect, details: then.details };
}

export function parsePolicyExemption(raw: unknown): PolicyExemption | undefined {
  if (!isObject(raw)) return undefined;
  const id = stringAt(raw, 'id');
  const properties = objectAt(raw, 'properties');
  const assignmentId = stringAt(properties, 'policyAssignmentId')?.toLowerCase();
  const scope = parseScope((id ?? '?').replace(/\/providers\/microsoft\.authorization\/policyexemptions\/[^/]+\/?$/i, ''));
  const { policyDefinitionReferenceIds: references, expiresOn } = properties;
  const referencesRead = references === undefined || references === null || isTexts(references);
  const endRead = expiresOn === undefined || expiresOn === null || typeof expiresOn === 'string';
  if (id === undefined || assignmentId === undefined || scope === undefined || !referencesRead || !endRead) return undefined;
  return {
    id,
    scope,
    assignmentId,
    referenceIds: stringsAt(properties, 'policyDefinitionReferenceIds').map((reference) => reference.toLowerCase()),
    ...(typeof expiresOn === 'string' && { expiresOn }),
    resourceSelectors: properties.resourceSelectors,
    raw,
  };
}

function parseParameters(raw: JsonValue | undefined): PolicyParameters | undefined {
  if (raw === undefined || raw === null) return new Map();
  if (!isObject(raw)) return undefined;
  return new Map(
    Object.entries(raw).map(([name, told]) => {
      const { defaultValue, allowedValues } = isObject(told) ? told : {};
      const allowed = Array.isArray(allowedValues) ? { allowedValues: allowedValues as readonly JsonValue[] } : {};
      return [name.toLowerCase(), { ...(defaultValue !== undefined && { defaultValue }), ...allowed }];
    }),
  );
}

function parseMembers(raw: JsonValue | undefined): readonly PolicySetMember[] | undefined {
  if (!Array.isArray(raw)) return undefined;
  const members = (raw as readonly JsonValue[]).map((member): PolicySetMember | undefined => {
    const definitionId = isObject(member) ? stringAt(member, 'policyDefinitionId')?.toLowerCase() : undefined;
    if (!isObject(member) || definitionId === undefined) return undefined;
    const definitionVersion = stringAt(member, 'definitionVersion');
    return {
      definitionId,
      referenceId: stringAt(member, 'policyDefinitionReferenceId') ?? '',
      ...(definitionVersion !== undefined && { definitionVersion }),
      parameters: givenParameters(member.parameters),
    };
  });
  return members.every((member) => member !== undefined) ? members : undefined;
}

/** The values that an assignment, or an initiative for one of its members, gives to parameters. */
export function givenParameters(raw: JsonValue | undefined): ReadonlyMap<string, JsonValue> {
  const entries = isObject(raw) ? Object.entries(raw) : [];
  return new Map(
    entries.flatMap(([name, told]) => {
      const value = isObject(told) ? told.value : undefined;
      return value === undefined ? [] : [[name.toLowerCase(), value] as const];
    }),
  );
}

function isTexts(value: JsonValue): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
