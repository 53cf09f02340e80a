import { type JsonObject, objectAt } from '../../model/json.ts';

/** An Azure Policy definition about vaults, with what it refuses. */
export interface VaultPolicy {
  /** Last part of the definition's id. */
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly effects: readonly string[];
  readonly defaultEffect: string;
  /** The condition in Azure Policy's own language, as the definition shows it. */
  readonly condition: JsonObject;
  /** The same condition over a vault's properties. */
  readonly matches: (properties: JsonObject) => boolean;
}

const flag = 'Microsoft.KeyVault/vaults/enableRbacAuthorization';

/** Azure's own definition, and its opposite as an organisation may write it to hold on to access policies. */
const vaultPolicies: readonly VaultPolicy[] = [
  {
    name: '12d4fa5e-1f9f-4c21-97a9-b99b3c6611b5',
    displayName: 'Azure Key Vault should use RBAC permission model',
    description: 'Asks that vaults use the Azure RBAC permission model.',
    effects: ['Audit', 'Deny', 'Disabled'],
    defaultEffect: 'Audit',
    condition: {
      anyOf: [
        { field: flag, exists: 'false' },
        { field: flag, equals: 'false' },
      ],
    },
    matches: (properties) => properties.enableRbacAuthorization !== true,
  },
  {
    name: 'vaults-keep-access-policies',
    displayName: 'Key vaults keep access policies',
    description: 'Asks that vaults do not use the Azure RBAC permission model.',
    effects: ['Audit', 'Deny', 'Disabled'],
    defaultEffect: 'Deny',
    condition: { field: flag, equals: 'true' },
    matches: (properties) => properties.enableRbacAuthorization === true,
  },
];

export function vaultPolicyNamed(definitionId: string): VaultPolicy | undefined {
  const name = definitionId.slice(definitionId.lastIndexOf('/') + 1).toLowerCase();
  return vaultPolicies.find((policy) => policy.name === name);
}

/** The definition as ARM answers it. */
export function policyDefinitionBody(policy: VaultPolicy, id: string): JsonObject {
  const effect = { type: 'String', metadata: { displayName: 'Effect' }, allowedValues: policy.effects, defaultValue: policy.defaultEffect };
  return {
    properties: {
      displayName: policy.displayName,
      policyType: /^\/providers\//i.test(id) ? 'BuiltIn' : 'Custom',
      mode: 'Indexed',
      description: policy.description,
      metadata: { category: 'Key Vault' },
      parameters: { effect },
      policyRule: {
        if: { allOf: [{ field: 'type', equals: 'Microsoft.KeyVault/vaults' }, policy.condition] },
        // biome-ignore lint/suspicious/noThenProperty: the language of Azure Policy
        then: { effect: "[parameters('effect')]" },
      },
    },
    id,
    type: 'Microsoft.Authorization/policyDefinitions',
    name: policy.name,
  };
}

/** Whether an effect parameter, or the definition's default, refuses what matches. */
export function denies(policy: VaultPolicy, properties: JsonObject): boolean {
  const given = objectAt(objectAt(properties, 'parameters'), 'effect').value;
  const effect = typeof given === 'string' ? given : policy.defaultEffect;
  return effect.toLowerCase() === 'deny';
}
