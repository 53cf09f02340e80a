/** What a migration writes on the control plane: to flip and go back, to stage, to remove, and to define roles. */
export const controlActions: readonly string[] = [
  'Microsoft.KeyVault/vaults/write',
  'Microsoft.Authorization/roleAssignments/write',
  'Microsoft.Authorization/roleAssignments/delete',
  'Microsoft.Authorization/roleDefinitions/write',
];
