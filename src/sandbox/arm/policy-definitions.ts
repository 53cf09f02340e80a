import type { JsonObject } from '../../base/json.ts';

const flag = 'Microsoft.KeyVault/vaults/enableRbacAuthorization';
const provider = '/providers/Microsoft.Authorization/policyDefinitions';

interface VaultPolicy {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly effects: readonly [byDefault: string, ...others: readonly string[]];
  readonly conditions: readonly JsonObject[];
}

const notRecovered: JsonObject = { not: { field: 'Microsoft.KeyVault/vaults/createMode', equals: 'recover' } };

/** Two of Azure's own definitions, and the opposite of the first as an organisation may write it to hold on to access policies. */
const vaultPolicies: readonly VaultPolicy[] = [
  {
    name: '12d4fa5e-1f9f-4c21-97a9-b99b3c6611b5',
    displayName: 'Azure Key Vault should use RBAC permission model',
    description: 'Asks that vaults use the Azure RBAC permission model.',
    effects: ['Audit', 'Deny', 'Disabled'],
    conditions: [
      notRecovered,
      {
        anyOf: [
          { field: flag, exists: 'false' },
          { field: flag, equals: 'false' },
        ],
      },
    ],
  },
  {
    name: '1e66c121-a66a-4b1f-9b83-0fd99bf0fc2d',
    displayName: 'Key vaults should have soft delete enabled',
    description: 'Asks that deleted vaults can be recovered.',
    effects: ['Audit', 'Deny', 'Disabled'],
    conditions: [
      notRecovered,
      {
        anyOf: [
          { field: 'Microsoft.KeyVault/vaults/enableSoftDelete', equals: 'false' },
          { field: 'Microsoft.KeyVault/vaults/enableSoftDelete', exists: 'false' },
        ],
      },
    ],
  },
  {
    name: 'vaults-keep-access-policies',
    displayName: 'Key vaults keep access policies',
    description: 'Asks that vaults do not use the Azure RBAC permission model.',
    effects: ['Deny', 'Audit', 'Disabled'],
    conditions: [{ field: flag, equals: 'true' }],
  },
];

/** The definitions that every sandbox has, as ARM answers them, by id in lower case. */
export function ownPolicyDefinitions(): readonly JsonObject[] {
  return vaultPolicies.map(({ name, displayName, description, effects, conditions }) => {
    const effect = { type: 'String', metadata: { displayName: 'Effect' }, allowedValues: effects, defaultValue: effects[0] };
    return {
      properties: {
        displayName,
        policyType: 'BuiltIn',
        mode: 'Indexed',
        description,
        metadata: { category: 'Key Vault' },
        parameters: { effect },
        policyRule: {
          if: { allOf: [{ field: 'type', equals: 'Microsoft.KeyVault/vaults' }, ...conditions] },
          // biome-ignore lint/suspicious/noThenProperty: the language of Azure Policy
          then: { effect: "[parameters('effect')]" },
        },
      },
      id: `${provider}/${name}`,
      type: 'Microsoft.Authorization/policyDefinitions',
      name,
    };
  });
}
