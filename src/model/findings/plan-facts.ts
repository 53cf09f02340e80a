import { z } from 'zod';
import { reasons } from '../reason-schema.ts';

const names = z.array(z.string()).readonly();
const nothing = z.strictObject({});

/** An assignment that stands, or was to be made, and what limits it. */
const limited = z.strictObject({
  roleName: z.string(),
  scope: z.string(),
  condition: z.string().exactOptional(),
  assignmentId: z.string(),
});

/** What a role gives of the entry at a scope: to the principal, or to a group that is shown by this name. */
const grant = { roleName: z.string(), scope: z.string(), groupName: z.string().exactOptional(), dataActions: names };

/** Data actions that the person loses: at the flip, or for good where the vault is on Azure RBAC already. */
const gap = z.strictObject({ kind: z.enum(['flip', 'repair']), dataActions: names, because: reasons });

const operator = {
  state: z.enum(['ends', 'no', 'unknown']),
  until: z.string().exactOptional(),
  because: reasons.exactOptional(),
};

const ruledSteps = z.strictObject({
  policyAssignment: z.string(),
  /** Of these roles the assignment, or the definition where all steps make custom roles. */
  what: z.enum(['assignments', 'customRoles']),
  roleNames: names,
});

/** What is said of a plan. Each code with the facts that its words are made of. */
export const planFacts = {
  'PLN-ACCEPTANCE-UNUSED': z.strictObject({
    finding: z.string().exactOptional(),
    assignment: z.string().exactOptional(),
    principal: z.string().exactOptional(),
  }),
  'PLN-ADMINISTRATOR': z.strictObject({ extra: z.number().describe('How many data actions of tier A and B the policy does not give.') }),
  'PLN-ALREADY-RBAC': nothing,
  'PLN-CONFLICT': z.strictObject({
    standing: limited,
    planned: z.string().exactOptional().describe('The condition of the assignment that cannot be made.'),
    ours: z.boolean(),
  }),
  'PLN-CONFLICT-AVOIDED': z.strictObject({ standing: limited }),
  'PLN-DECISION-ELSEWHERE': z.strictObject({
    found: z
      .enum(['elsewhere', 'nowhere', 'unread'])
      .describe('Whether a vault in reach is called so; unread where it was not asked what is in reach.'),
    near: names,
  }),
  'PLN-DECISION-MOVED': z.strictObject({ fields: names.describe('What moved; nothing where a decision can no longer be carried out.') }),
  'PLN-DENY-CONTROL': z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('refuses'),
      denyAssignment: z.string(),
      certain: z.boolean(),
      everyone: z.boolean(),
      acts: z.array(z.enum(['defineRoles', 'stage', 'flip', 'remove'])).readonly(),
    }),
    z.strictObject({ kind: z.literal('spares'), denyAssignment: z.string() }),
  ]),
  'PLN-DOUBT': z.strictObject({ because: reasons }),
  'PLN-DROP-UNPROVEN': z.strictObject({ choice: z.string(), dataActions: names }),
  'PLN-ELIGIBLE': z.strictObject({
    ...grant,
    asMember: z.literal(true).exactOptional().describe('What may be activated is a membership of the group.'),
  }),
  'PLN-GROUP-COVER': z.strictObject({
    ...grant,
    assignmentId: z.string(),
    pimUnread: z.literal(true).exactOptional().describe('Nobody could read whether PIM for Groups ends the membership.'),
  }),
  'PLN-GROUP-ENDS': z.strictObject({
    ...grant,
    until: z.string().exactOptional().describe('Absent where the membership holds only while it stays activated.'),
    kept: z.literal(true).exactOptional().describe('A decision keeps what is there.'),
  }),
  'PLN-LEFT-OVER': z.strictObject({
    roleName: z.string(),
    principalName: z.string().exactOptional(),
    scope: z.string(),
    underCondition: z.boolean(),
    assignmentId: z.string(),
  }),
  'PLN-LIMIT': z.strictObject({
    there: z.number(),
    added: z.number(),
    limit: z.number(),
    vaults: z.number().describe('Vaults of the subscription that add some.'),
    fit: z.number().describe('How many of them fit, from the first on.'),
  }),
  'PLN-LIMIT-NEAR': z.strictObject({ there: z.number(), added: z.number(), limit: z.number() }),
  'PLN-NO-PEOPLE': nothing,
  'PLN-OBJECTS-UNREAD': z.strictObject({ because: z.string() }),
  'PLN-OPERATOR-ASSIGN': z.strictObject({ ...operator, roleName: z.string() }),
  'PLN-OPERATOR-FLIP': z.strictObject(operator),
  'PLN-OPERATOR-ROLE': z.strictObject(operator),
  'PLN-POLICY-DENIES': ruledSteps,
  'PLN-POLICY-DENY': ruledSteps,
  'PLN-POLICY-KEEPS': ruledSteps,
  'PLN-REPAIR': nothing,
  'PLN-UNCOVERED': gap,
  'PLN-UNKNOWN': z.discriminatedUnion('kind', [gap, z.strictObject({ kind: z.literal('onRbac') })]),
  'PLN-WIDE-GRANT': z.strictObject({
    principalName: z.string(),
    roleName: z.string(),
    scope: z.string(),
    assignmentId: z.string(),
    dataActions: names.describe('Those of tier A.'),
  }),
};
