import type { Shape } from './body-shape.ts';

const sku: Shape = { members: { family: 'string', name: 'string' } };
const networkAcls: Shape = {
  members: {
    bypass: 'string',
    defaultAction: 'string',
    ipRules: { items: { members: { value: 'string' } } },
    virtualNetworkRules: { items: { members: { id: 'string', ignoreMissingVnetServiceEndpoint: 'boolean' } } },
  },
};
const accessPolicies: Shape = {
  items: {
    members: {
      tenantId: 'string',
      objectId: 'string',
      applicationId: 'string',
      permissions: { members: { keys: 'strings', secrets: 'strings', certificates: 'strings', storage: 'strings' } },
    },
  },
};
const settable = {
  tenantId: 'string',
  sku,
  accessPolicies,
  enabledForDeployment: 'boolean',
  enabledForDiskEncryption: 'boolean',
  enabledForTemplateDeployment: 'boolean',
  enableSoftDelete: 'boolean',
  softDeleteRetentionInDays: 'number',
  enableRbacAuthorization: 'boolean',
  createMode: 'string',
  enablePurgeProtection: 'boolean',
  networkAcls,
  publicNetworkAccess: 'string',
} as const satisfies Record<string, Shape>;
/** What GET answers and clients send back with a PUT; the service keeps its own. */
const readOnly = { id: 'string', name: 'string', type: 'string', systemData: 'any' } as const;

export const vaultPut: Shape = {
  members: {
    ...readOnly,
    location: 'string',
    tags: 'any',
    properties: {
      members: {
        ...settable,
        vaultUri: 'string',
        provisioningState: 'string',
        hsmPoolResourceId: 'string',
        privateEndpointConnections: 'any',
      },
    },
  },
};
export const vaultPatch: Shape = { members: { tags: 'any', properties: { members: settable } } };
export const accessPoliciesPut: Shape = { members: { ...readOnly, location: 'string', properties: { members: { accessPolicies } } } };
export const nameCheck: Shape = { members: { name: 'string', type: 'string' } };
