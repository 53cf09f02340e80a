import { z } from 'zod';
import { choiceReason } from '../model/choice-reason.ts';
import { reasons } from '../model/reason-schema.ts';
import { approvalRules } from './approval-rules.ts';
import { finding, findingSubject } from './finding-schema.ts';

/** The plan, version 2. Every persisted field says what it is and what it must not be used for. */

const role = z.strictObject({ id: z.string(), name: z.string() });
const tiered = z.strictObject({ dataAction: z.string(), tier: z.enum(['A', 'B', 'C', 'D']) });

const choiceReasons = z.array(choiceReason).readonly().describe('Why these roles, as data: words are made where they are shown.');

const choice = z
  .strictObject({
    roles: z.array(role),
    covered: z.array(z.string()),
    uncovered: z.array(z.string()),
    excess: z.array(tiered),
    price: z.number(),
    controlPlane: z.array(z.string()),
    because: choiceReasons,
  })
  .describe('The narrowest role set for the entry: what it covers, what it leaves, what it adds.');

export const decisionChoices = [
  'reproduce',
  'preferFewer',
  'customRole',
  'narrow',
  'dropStorage',
  'objectScope',
  'nameCondition',
  'keepExisting',
  'drop',
] as const;

const decision = z
  .strictObject({
    choice: z.enum(decisionChoices),
    reason: z.string().min(1),
    keep: z.array(z.string()).exactOptional().describe('Legacy permissions that stay for the whole vault, as `secrets/get`.'),
    objects: z.array(z.string()).exactOptional().describe('Where alone the other permissions stay, as `secrets/name`.'),
  })
  .describe("A person's word on an entry, with the reason; a single one or that of a rule, from the decisions file or asked by `migrate`.");

const permissionLists = z.strictObject({
  keys: z.array(z.string()),
  secrets: z.array(z.string()),
  certificates: z.array(z.string()),
  storage: z.array(z.string()),
});

const held = z.strictObject({
  dataActions: z.array(z.string()).min(1).describe('Those of the entry that the assignment gives.'),
  assignmentId: z.string(),
  roleDefinitionId: z.string(),
  roleName: z.string(),
  scope: z.string(),
  throughGroup: z
    .string()
    .exactOptional()
    .describe('Object id of the group that the assignment names, where it is not the principal itself.'),
  groupName: z.string().exactOptional().describe('What that group was called when the plan was made; for reading only.'),
});

const namedPrincipal = z.strictObject({
  kind: z.string(),
  displayName: z.string(),
  appId: z.string().exactOptional().describe('Application (client) id, of a service principal or an app registration.'),
});

const entry = z.strictObject({
  tenantId: z.string(),
  objectId: z.string(),
  applicationId: z.string().exactOptional().describe('Present on a compound identity.'),
  principal: namedPrincipal.describe('Who the object id was when the plan was made; for reading only.'),
  permissions: permissionLists.describe('Verbatim, as the vault stores them.'),
  required: z.array(z.string()).describe('Data actions the permissions stand for.'),
  outcome: z
    .enum(['reproduce', 'alreadyCovered', 'drop', 'inert', 'undecided'])
    .describe('undecided needs a decision and blocks the vault; inert entries grant nothing today.'),
  decision: decision.exactOptional(),
  held: z
    .array(held)
    .exactOptional()
    .describe('What of `required` the principal holds already everywhere in the vault, by assignment; absent when nothing is.'),
  dropped: z
    .array(z.string())
    .describe('Required data actions that a decision gives up for the vault as a whole: the verify step asks for them on `objects` alone.'),
  choice: choice.exactOptional(),
  objects: z
    .array(
      z.strictObject({
        object: z.string().describe('As `secrets/name`.'),
        dataActions: z.array(z.string()).describe('What has to work on it.'),
        roles: z.array(role).describe('Assigned on the object; empty where a role under `conditioned` gives it.'),
        excess: z.array(tiered),
      }),
    )
    .exactOptional()
    .describe('With objectScope and nameCondition: where alone access stays.'),
  conditioned: z
    .strictObject({ condition: z.string(), roles: z.array(role), excess: z.array(tiered) })
    .exactOptional()
    .describe('With nameCondition: roles assigned at the vault under a condition on the names of secrets.'),
});

const gain = z.strictObject({
  principalId: z.string(),
  principal: namedPrincipal,
  dataActions: z.array(tiered),
  assignmentId: z.string(),
  roleDefinitionId: z.string().exactOptional().describe('The role that the assignment gives; files of earlier versions leave it out.'),
  roleName: z.string().exactOptional().describe('What the role was called when the plan was made; for reading only.'),
  scope: z.string(),
  throughGroup: z.string().exactOptional(),
  certain: z.boolean(),
  because: reasons.exactOptional().describe('Why it is not certain, as data; absent where it is.'),
  cause: z.enum(['plan', 'flip']),
});

const assignStep = z.strictObject({
  id: z.string().describe('Stable: derived from scope, principal and role.'),
  kind: z.literal('ensureRoleAssignment'),
  vaultId: z.string(),
  scope: z.string(),
  name: z.string().describe('The GUID the assignment will have; the same on every run.'),
  roleDefinitionId: z.string(),
  roleName: z.string(),
  principalId: z.string(),
  principalType: z.enum(['User', 'Group', 'ServicePrincipal']),
  condition: z.string().exactOptional().describe('Of version 2.0, on the names of secrets; only where a decision asks for it.'),
  because: choiceReasons,
  undo: z.strictObject({ kind: z.literal('deleteRoleAssignment'), assignmentId: z.string() }),
});

const roleStep = z.strictObject({
  id: z.string().describe('Stable: derived from assignable scope and data actions. Vaults that share the role share the step.'),
  kind: z.literal('ensureRoleDefinition'),
  vaultId: z.string(),
  scope: z.string().describe('The subscription where the role can be assigned.'),
  name: z.string().describe('The GUID the role definition will have; the same on every run.'),
  roleName: z.string(),
  dataActions: z.array(z.string()).min(1),
  undo: z.strictObject({ kind: z.literal('deleteRoleDefinition'), roleDefinitionId: z.string() }),
});

const flipStep = z.strictObject({
  id: z.string(),
  kind: z.literal('flip'),
  vaultId: z.string(),
  undo: z.strictObject({ kind: z.literal('flipBack'), vaultId: z.string() }),
});

const basis = z
  .strictObject({
    fingerprint: z.string().describe('Digest of `fields`.'),
    fields: z.record(z.string(), z.array(z.string())).describe('Each fact the vault plan stands on, as sorted lines.'),
  })
  .describe('Facts at planning time. A vault whose facts differ later is stale, and the lines that moved are shown.');

export const vaultPlan = z.strictObject({
  vaultId: z.string(),
  name: z.string(),
  state: z
    .enum(['ready', 'blocked', 'repair', 'alreadyOnRbac'])
    .describe('repair: on Azure RBAC, and roles are missing that its stored policies call for; they are made and nothing is flipped.'),
  wave: z.string().min(1).exactOptional().describe('When its turn comes in a run by the waves of the plan; absent where nobody said.'),
  basis,
  entries: z.array(entry),
  gains: z.array(gain),
  findings: z.array(finding),
  accepted: z
    .array(z.strictObject({ code: z.string(), subject: findingSubject, reason: z.string().min(1) }))
    .exactOptional()
    .describe('Findings that would block the vault if they had not been accepted.'),
  acceptedGains: z
    .array(z.strictObject({ assignmentId: z.string(), principalId: z.string(), reason: z.string().min(1) }))
    .exactOptional()
    .describe('Gains at the flip that a row of the decisions file accepts by name.'),
  steps: z.array(z.discriminatedUnion('kind', [roleStep, assignStep, flipStep])),
  handOff: z
    .array(z.strictObject({ step: z.string(), command: z.string() }))
    .exactOptional()
    .describe(
      'Steps that the identity which made the plan may not take, each with the command for someone with the rights. For reading only.',
    ),
});

/** Parts that vaults share, and that the file keeps once a subscription. */
export const sharedParts = {
  principal: entry.shape.principal,
  permissions: permissionLists,
  decision,
  held,
  choice,
  reasons: choiceReasons,
  gain,
  gained: gain.shape.dataActions,
  role,
};

/** What holds for the whole plan. */
export const planHead = z.strictObject({
  format: z.literal('keyturn-plan'),
  formatVersion: z.literal(2),
  toolVersion: z.string(),
  cloud: z.string(),
  tenantId: z.string(),
  author: z.string().exactOptional().describe('Object id of who made the plan: approving it is for others.'),
  catalogue: z.strictObject({ asOf: z.string(), digest: z.string() }),
  settings: z.strictObject({
    // 31 days: a longer wait is no wait, and dates end somewhere.
    minimumAgeMinutes: z.number().int().min(0).max(44_640),
    tenantRoles: z.literal(true).exactOptional().describe("The tenant's own custom roles were among those to choose from."),
    operatorLimits: z.literal('replace').exactOptional().describe('Only roles that the one who made the plan may assign were chosen.'),
    approvals: approvalRules
      .exactOptional()
      .describe('From the config where the plan was made: it holds wherever the plan is carried out.'),
  }),
  selection: z
    .strictObject({
      vaults: z.array(z.string()).exactOptional().describe('Names and resource ids.'),
      subscriptions: z.array(z.string()).exactOptional(),
      resourceGroups: z.array(z.string()).exactOptional(),
      managementGroups: z.array(z.string()).exactOptional(),
      tags: z.array(z.string()).exactOptional().describe('As `name=value`.'),
    })
    .exactOptional()
    .describe('What the plan was asked for; with nothing in it, every vault in reach. Shown to the person who applies the plan.'),
});

/** What is known when every vault is planned. */
export const planTail = z.strictObject({
  unreadable: z.array(z.strictObject({ subject: z.string(), because: z.string() })),
  findings: z.array(finding),
});

export type PlanHead = z.infer<typeof planHead>;
export type PlanTail = z.infer<typeof planTail>;
/** A plan in one piece, as commands judge and show it; the file holds it line by line. */
export type Plan = PlanHead & PlanTail & { vaults: VaultPlan[]; digest: string };
/** The head alone, of whatever holds more. */
export function headOf(plan: PlanHead): PlanHead {
  const { format, formatVersion, toolVersion, cloud, tenantId, author, catalogue, settings, selection } = plan;
  return {
    format,
    formatVersion,
    toolVersion,
    cloud,
    tenantId,
    ...(author !== undefined && { author }),
    catalogue,
    settings,
    ...(selection !== undefined && { selection }),
  };
}

export type PlanBody = Omit<Plan, 'digest'>;
export type VaultPlan = z.infer<typeof vaultPlan>;
export type EntryPlan = z.infer<typeof entry>;
export type PlannedGain = z.infer<typeof gain>;
export type RoleStep = z.infer<typeof roleStep>;
export type AssignStep = z.infer<typeof assignStep>;
export type FlipStep = z.infer<typeof flipStep>;
export type Decision = z.infer<typeof decision>;
