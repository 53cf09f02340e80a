import { z } from 'zod';
import { workloadOperations } from '../data-plane/workload.ts';
import { latencySettings } from '../latency.ts';
import { throttleSettings } from '../throttle.ts';
import { alias, member, word } from './scenario-member.ts';

/** What a scenario.json may say. `docs/schemas/scenario.schema.json` is made from this, and a test keeps the two in step. */

const guid = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'is not a GUID');
const scope = word.describe(
  '`/`, `managementGroups/{name}`, `subscriptions/{name}`, `resourceGroups/{name}`, `vaults/{name}`, `vaults/{name}/secrets/{name}` (also keys, certificates), or a whole resource id.',
);
const role = word.describe('Name or id of a built-in role, or a name under `roles`.');
const actions = z.array(z.string());
const age = z.number().min(0);

const anyPrincipal = {
  displayName: z.string(),
  id: guid.exactOptional().describe('Object id; made from the name when left out.'),
  deleted: z.enum(['soft', 'gone']).exactOptional().describe('soft: among the deleted items. gone: the directory has never heard of it.'),
  createdMinutesAgo: age.exactOptional().describe('How long ago it was made; a young one is not yet known to role assignments.'),
};

const principal = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('user'),
    ...anyPrincipal,
    userPrincipalName: word.exactOptional(),
    guest: z.boolean().exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('group'),
    ...anyPrincipal,
    members: z.array(member).exactOptional(),
    securityEnabled: z.boolean().exactOptional(),
    membershipRule: word.exactOptional().describe('Makes the group a dynamic one.'),
    hiddenMembership: z.boolean().exactOptional().describe('Graph shows nobody who is in it, and answers an empty list.'),
  }),
  z.strictObject({ kind: z.literal('servicePrincipal'), ...anyPrincipal, appId: guid.exactOptional() }),
  z.strictObject({
    kind: z.literal('managedIdentity'),
    ...anyPrincipal,
    appId: guid.exactOptional(),
    resourceGroup: word.exactOptional().describe('Where the identity lives; its resource id is made from it.'),
  }),
  z.strictObject({
    kind: z.literal('application'),
    ...anyPrincipal,
    servicePrincipal: alias.exactOptional().describe('The service principal that shares its appId.'),
  }),
  z
    .strictObject({ kind: z.enum(['device', 'administrativeUnit', 'directoryRole']), ...anyPrincipal })
    .describe('No principal, but in the directory.'),
]);

const permissionLists = {
  keys: actions.exactOptional(),
  secrets: actions.exactOptional(),
  certificates: actions.exactOptional(),
  storage: actions.exactOptional(),
};

const accessPolicy = z.union([
  z.strictObject({
    principal: alias,
    application: alias.exactOptional().describe('Makes it a compound identity: this application on behalf of the principal.'),
    tenant: guid.exactOptional().describe('Another tenant than the own one.'),
    ...permissionLists,
  }),
  z.strictObject({ raw: z.record(z.string(), z.json()).describe('The entry as the vault stores it.') }),
]);

const objects = z.strictObject({
  secrets: z.record(word, z.string()).exactOptional().describe('Name and value.'),
  keys: z
    .record(word, z.enum(['RSA', 'EC']))
    .exactOptional()
    .describe('Name and type.'),
  certificates: z
    .record(word, z.string().regex(/^[A-Za-z0-9.]+=./, 'is no subject such as `CN=shop.example`'))
    .exactOptional()
    .describe('Name and subject, such as `CN=shop.example`.'),
});

const vault = z.strictObject({
  resourceGroup: word,
  location: word.exactOptional(),
  model: z
    .enum(['accessPolicy', 'azureRbac', 'unset'])
    .exactOptional()
    .describe('unset leaves the flag out, which means access policies too. Default: accessPolicy.'),
  sku: z.enum(['standard', 'premium']).exactOptional(),
  tags: z.record(z.string(), z.string()).exactOptional(),
  properties: z.record(z.string(), z.json()).exactOptional().describe('Further vault properties, verbatim.'),
  accessPolicies: z.array(accessPolicy).exactOptional(),
  objects: objects.exactOptional(),
  diagnostics: z
    .array(z.strictObject({ name: word, workspace: word, dedicated: z.boolean().exactOptional() }))
    .exactOptional()
    .describe('Diagnostic settings that send the audit log to a workspace.'),
});

const permissionBlocks = z.array(
  z.strictObject({
    actions: actions.exactOptional(),
    notActions: actions.exactOptional(),
    dataActions: actions.exactOptional(),
    notDataActions: actions.exactOptional(),
    condition: word.exactOptional(),
  }),
);

const roleDefinition = z.strictObject({
  description: z.string().exactOptional(),
  assignableScopes: z.array(scope).min(1),
  permissions: permissionBlocks,
});

const assignment = z.strictObject({
  role,
  principal: alias,
  scope,
  ageDays: age.exactOptional().describe('Default: 200.'),
  condition: word.exactOptional(),
  description: z.string().exactOptional(),
  endsInHours: z.number().positive().exactOptional().describe('Makes it time-bound.'),
  activated: z.boolean().exactOptional().describe('True when it is an activation of an eligible assignment.'),
});

const denyAssignment = z.strictObject({
  name: word,
  scope,
  principals: z.array(alias).min(1).describe('`everyone` stands for all principals.'),
  except: z.array(alias).exactOptional(),
  actions: actions.exactOptional(),
  notActions: actions.exactOptional(),
  dataActions: actions.exactOptional(),
  notDataActions: actions.exactOptional(),
  doNotApplyToChildScopes: z.boolean().exactOptional(),
  effect: z.enum(['enforced', 'audit']).exactOptional().describe('audit: it logs and denies nothing. Default: enforced.'),
  systemProtected: z.boolean().exactOptional().describe('false for one that people made. Default: true.'),
});

const selector = z.strictObject({
  kind: z.enum(['resourceLocation', 'resourceType', 'resourceWithoutLocation', 'policyDefinitionReferenceId']),
  in: z.array(z.string()).exactOptional(),
  notIn: z.array(z.string()).exactOptional(),
});
const selectorList = z.strictObject({ name: word.exactOptional(), selectors: z.array(selector) });
const override = z.strictObject({ kind: z.literal('policyEffect'), value: word, selectors: z.array(selector).exactOptional() });

const policyAbout = {
  name: word,
  scope: scope.describe('A management group or a subscription; `/` for one of Azure’s own.'),
  displayName: z.string().exactOptional(),
  parameters: z
    .record(word, z.record(z.string(), z.json()))
    .exactOptional()
    .describe('As Azure keeps them: `defaultValue`, `allowedValues`.'),
};
const policyDefinition = z.strictObject({
  ...policyAbout,
  mode: word.exactOptional().describe('Default: All.'),
  policyRule: z.strictObject({
    if: z.record(z.string(), z.json()),
    // biome-ignore lint/suspicious/noThenProperty: the language of Azure Policy
    then: z.strictObject({ effect: word, details: z.json().exactOptional() }),
  }),
});
const policySetDefinition = z.strictObject({
  ...policyAbout,
  members: z.array(
    z.strictObject({
      definition: word.describe('Resource id of the policy definition.'),
      reference: word,
      parameters: z.record(word, z.json()).exactOptional().describe('Name and value; may be an expression over the initiative’s own.'),
    }),
  ),
});
const policyExemption = z.strictObject({
  name: word,
  scope,
  assignment: word.describe('Name of one under `policyAssignments`.'),
  category: z.enum(['Waiver', 'Mitigated']).exactOptional(),
  references: z.array(word).exactOptional().describe('Members of the initiative; all when left out.'),
  expiresInDays: z.number().exactOptional().describe('Negative for one that has expired.'),
  resourceSelectors: z.array(selectorList).exactOptional(),
});

const callPattern = new RegExp(`^(${workloadOperations.join('|')}) [a-zA-Z][a-zA-Z0-9-]*(/[a-zA-Z0-9-]+)?$`);
const workload = z.strictObject({
  principal: alias,
  application: alias.exactOptional().describe('The application through which a user calls: a compound identity.'),
  calls: z
    .array(z.string().regex(callPattern, 'is not written like `getSecret kv-shop/db-password`'))
    .min(1)
    .describe('Operation, vault and object: `getSecret kv-shop/db-password`, `wrapKey kv-cmk/disk-key`, `listSecrets kv-shop`.'),
});

export const scenarioFile = z
  .strictObject({
    $schema: z.string().exactOptional(),
    formatVersion: z.literal(1),
    title: word,
    story: word.describe('What is so about this tenant, and what a migration of it has to get right.'),
    tenant: z.strictObject({
      domain: word,
      id: guid.exactOptional(),
      licence: z
        .enum(['p2', 'none'])
        .exactOptional()
        .describe('none: a tenant without Entra ID P2, whose PIM lists are refused. Default: p2.'),
    }),
    clock: z.iso.datetime().exactOptional().describe('Sandbox time at start; real time when left out.'),
    managementGroups: z
      .record(word, z.union([word, z.null()]))
      .exactOptional()
      .describe('Name and parent; null is directly under the tenant root group.'),
    subscriptions: z.record(word, z.strictObject({ displayName: word, managementGroup: word.exactOptional(), id: guid.exactOptional() })),
    resourceGroups: z.record(word, z.strictObject({ subscription: word, location: word })),
    principals: z.record(word, principal),
    operator: alias.describe('Who runs keyturn: the managed identity endpoint answers for it.'),
    directory: z
      .enum(['read', 'idsOnly', 'denied'])
      .exactOptional()
      .describe('What the operator may read of the directory. Default: read.'),
    groupSchedules: z.enum(['read', 'denied']).exactOptional().describe('What the operator may read of PIM for Groups. Default: read.'),
    roles: z.record(word, roleDefinition).exactOptional().describe('Custom roles by name.'),
    builtInRoles: z
      .record(word, permissionBlocks)
      .exactOptional()
      .describe('Built-in roles by name, with the permissions that Azure gives them here in place of those in `mappings/roles.json`.'),
    vaults: z.record(z.string().regex(/^[a-zA-Z][a-zA-Z0-9-]{2,23}$/, 'is not a vault name'), vault),
    assignments: z.array(assignment).exactOptional(),
    eligible: z
      .array(z.strictObject({ role, principal: alias, scope, endsInDays: z.number().positive().exactOptional() }))
      .exactOptional()
      .describe('PIM: what somebody may activate.'),
    denyAssignments: z.array(denyAssignment).exactOptional(),
    locks: z
      .array(z.strictObject({ name: word, scope, level: z.enum(['ReadOnly', 'CanNotDelete']), notes: z.string().exactOptional() }))
      .exactOptional(),
    policyAssignments: z
      .array(
        z.strictObject({
          name: word,
          scope,
          definition: word.describe('Resource id of the policy definition.'),
          displayName: z.string().exactOptional(),
          effect: word.exactOptional().describe('The value of its parameter `effect`.'),
          enforced: z.boolean().exactOptional(),
          enforcementMode: z.enum(['Default', 'DoNotEnforce', 'Enroll']).exactOptional(),
          parameters: z.record(word, z.json()).exactOptional().describe('Name and value.'),
          notScopes: z.array(scope).exactOptional(),
          resourceSelectors: z.array(selectorList).exactOptional(),
          overrides: z.array(override).exactOptional(),
        }),
      )
      .exactOptional(),
    policyDefinitions: z.array(policyDefinition).exactOptional(),
    policySetDefinitions: z.array(policySetDefinition).exactOptional().describe('Initiatives.'),
    policyExemptions: z.array(policyExemption).exactOptional(),
    consistency: z
      .strictObject({
        assignmentPropagationSeconds: age.exactOptional(),
        managementGroupPropagationSeconds: age
          .exactOptional()
          .describe('How long a role assigned or taken away at a management group leaves data planes as they were. Default: six hours.'),
        principalReplicationSeconds: age.exactOptional(),
        roleReplicationSeconds: age
          .exactOptional()
          .describe('How long a new custom role cannot be assigned, and is not listed. Default: 0.'),
        listingLagSeconds: age.exactOptional(),
      })
      .exactOptional(),
    throttle: throttleSettings.exactOptional().describe("Resource Manager's token buckets, per subscription and principal."),
    latency: latencySettings.exactOptional().describe('How long calls take, in real time.'),
    workloads: z.record(word, workload).exactOptional().describe('Applications that call the data plane during a run.'),
  })
  .meta({ title: 'keyturn sandbox scenario, format version 1' });

export type ScenarioFile = z.infer<typeof scenarioFile>;
export type ScenarioPrincipal = z.infer<typeof principal>;
export type ScenarioVault = z.infer<typeof vault>;
export type ScenarioAccessPolicy = z.infer<typeof accessPolicy>;

/** The JSON Schema of a scenario.json, for editors. */
export function scenarioJsonSchema(): unknown {
  return z.toJSONSchema(scenarioFile);
}
