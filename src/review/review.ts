import { z } from 'zod';
import { decisionChoices, planHead, vaultPlan } from '../formats/plan.ts';
import { type Question, questions } from './questions.ts';

/**
 * What a reviewer asks of a plan, as plain JSON: text, Markdown, the page and `--json` all show this value and nothing else.
 * What vaults share stands once in a list, and vaults name it by its place there. Names, reasons and sentences hold text of others,
 * raw: whoever shows them makes them harmless first.
 */

const place = (list: string) => z.number().int().min(0).describe(`Place in \`${list}\`.`);
const count = z.number().int().min(0);
const tier = z.enum(['A', 'B', 'C', 'D']);
const tiered = z.strictObject({ dataAction: z.string(), tier });
const level = z.enum(['root', 'managementGroup', 'subscription', 'resourceGroup', 'resource', 'object']);
const outcome = vaultPlan.shape.entries.element.shape.outcome;
const state = vaultPlan.shape.state;

const principal = z.strictObject({
  id: z.string().describe('Object id, in lower case where it is a GUID.'),
  kind: z.string(),
  name: z.string().describe('Display name when the plan was made; empty where it is not known.'),
  standing: z
    .enum(['found', 'deleted', 'noPrincipal', 'unknown'])
    .describe('What the directory said of the id. Whether an account is enabled is not read.'),
  appId: z.string().exactOptional().describe('Application (client) id, of what has one.'),
  vaults: count.describe('In how many vaults it has an entry or gains something.'),
});

const role = z.strictObject({ id: z.string(), name: z.string() });

const change = z
  .strictObject({
    permissions: z.array(z.string()).describe('Of the access policy, a line an object type.'),
    required: z.array(z.string()).describe('Data actions that the permissions stand for: what it gives before.'),
    outcome,
    roles: z.array(place('roles')).describe('To be assigned for the whole vault.'),
    objects: z.array(z.strictObject({ object: z.string(), roles: z.array(place('roles')) })),
    conditioned: z.strictObject({ condition: z.string(), roles: z.array(place('roles')) }).exactOptional(),
    extra: z.array(tiered).describe('What the new roles give that the policy does not.'),
    lost: z.array(z.string()).describe('Data actions that a decision gives up, and storage permissions as `storage/get`.'),
    open: z.array(z.string()).describe('Data actions that nothing covers and nobody has decided on.'),
    because: z.string().describe('Why these roles and no narrower ones.'),
  })
  .describe('What becomes of an access policy.');

const grant = z.strictObject({
  role: place('roles'),
  scope: z.string(),
  level,
  assignmentId: z.string(),
  throughGroup: z.string().exactOptional(),
  groupName: z.string().exactOptional(),
  dataActions: z.array(z.string()),
});

const gain = z
  .strictObject({
    cause: z.enum(['plan', 'flip']).describe('An assignment that the plan makes, or one that stands already and takes effect at the flip.'),
    certain: z.boolean(),
    because: z.array(z.string()).describe('Why it is not certain.'),
    tier: tier.describe('The worst of its data actions.'),
    dataActions: z.array(tiered),
    role: place('roles').exactOptional(),
    level: level.describe('Of the scope of the assignment.'),
    scope: z.string().exactOptional().describe('With `flip`: where the assignment stands. What the plan makes stands at its vault.'),
    assignmentId: z.string().exactOptional().describe('With `flip`.'),
    principal: place('principals').exactOptional().describe('With `flip`: who gains.'),
    throughGroup: z.string().exactOptional(),
    principals: count,
    vaults: count,
  })
  .describe('Access that its holder did not have, of all vaults to which it comes in the same way.');

const loss = z.strictObject({
  kind: z
    .enum(['decided', 'undecided', 'uncovered'])
    .describe('Given up by a decision; waiting for one; or not covered by what is planned, which blocks unless it was accepted.'),
  decision: place('decisions').exactOptional(),
  dataActions: z.array(z.string()),
  entries: count,
  vaults: count,
});

const finding = z.strictObject({
  severity: z.enum(['blocker', 'warning', 'note']),
  code: z.string(),
  message: z.string(),
  remedy: z.string(),
  vaults: count,
  entries: count.describe('Access policies that it is about; 0 where it is about vaults or the plan.'),
});

const decision = z.strictObject({
  choice: z.enum(decisionChoices),
  reason: z.string(),
  entries: count,
  vaults: count,
});

/** One thing that is gone or new against an earlier plan. */
export const move = z.strictObject({
  sign: z.enum(['-', '+']),
  what: z.enum(['state', 'access', 'assignment', 'gain', 'finding', 'fact']),
  text: z.string(),
});

const reviewVault = z.strictObject({
  id: z.string().describe('Resource id.'),
  name: z.string(),
  state,
  wave: z.string().exactOptional(),
  entries: z.array(
    z.strictObject({
      principal: place('principals'),
      applicationId: z.string().exactOptional().describe('Of a compound identity.'),
      change: place('changes'),
      held: z.array(place('grants')).exactOptional().describe('What gives some of it already.'),
      decision: place('decisions').exactOptional(),
    }),
  ),
  assign: z
    .array(
      z.strictObject({
        principal: place('principals'),
        role: place('roles'),
        name: z.string().describe('The GUID that the assignment will have.'),
        on: z.string().exactOptional().describe('An object, as `secrets/name`; the vault where it is missing.'),
        condition: z.string().exactOptional(),
      }),
    )
    .describe('Role assignments to make.'),
  customRoles: z.array(place('customRoles')),
  flip: z.boolean(),
  gains: z.array(z.strictObject({ gain: place('gains'), principal: place('principals') })),
  findings: z.array(z.strictObject({ finding: place('findings'), principal: place('principals').exactOptional() })),
  accepted: z.array(z.strictObject({ code: z.string(), reason: z.string() })).describe('Findings that a decision lets pass.'),
  acceptedGains: z
    .array(z.strictObject({ gain: place('gains'), principal: place('principals'), reason: z.string() }))
    .describe('Gains at the flip that the decisions file accepts by name.'),
  handOff: z.array(z.string()).describe('Commands for someone with the rights, before the plan is applied.'),
  since: z
    .strictObject({ state: z.enum(['new', 'same', 'moved']), moves: z.array(move) })
    .exactOptional()
    .describe('Against the earlier plan, where one was given.'),
  answers: z
    .record(z.enum(Object.keys(questions) as [Question, ...Question[]]), z.array(z.string()).readonly())
    .exactOptional()
    .describe('What reviewers ask, answered in sentences; in the JSON that the command prints.'),
});

const headlineGain = z.strictObject({ tier, cause: z.enum(['plan', 'flip']), principals: count, vaults: count });

/** What stands first. */
const headline = z.strictObject({
  vaults: count,
  subscriptions: count,
  states: z.record(state, count),
  unreadable: count,
  entries: z.record(outcome, count),
  gains: z.array(headlineGain).describe('Principals and vaults with a gain of the tier; one may gain in several tiers.'),
  losses: z.strictObject({
    decided: z.strictObject({ entries: count, vaults: count }),
    undecided: z.strictObject({ entries: count, vaults: count }),
    uncovered: z.strictObject({ entries: count, vaults: count }),
  }),
  toMake: z.strictObject({ assignments: count, customRoles: count, flips: count.describe('Of vaults that are ready.') }),
  wide: z
    .array(z.strictObject({ role: place('roles'), tier, assignments: count, vaults: count }))
    .describe('Roles to be assigned that bring extra access of tier A or B.'),
  blockers: count.describe('Vaults that something blocks.'),
});

export const review = z.strictObject({
  format: z.literal('keyturn-review'),
  formatVersion: z.literal(1),
  plan: z.strictObject({
    digest: z.string(),
    toolVersion: planHead.shape.toolVersion,
    tenantId: planHead.shape.tenantId,
    cloud: planHead.shape.cloud,
    catalogue: z.string().describe('Day of the roles that choices were made from.'),
    minimumAgeMinutes: z.number(),
    author: planHead.shape.author,
    approvals: planHead.shape.settings.shape.approvals,
    selection: planHead.shape.selection,
  }),
  since: z
    .strictObject({ digest: z.string(), toolVersion: z.string(), new: count, moved: count, same: count, gone: z.array(z.string()) })
    .exactOptional()
    .describe('The earlier plan, and how many vaults are new, moved or the same; ids of those that are in it alone.'),
  headline,
  principals: z.array(principal),
  roles: z.array(role),
  customRoles: z.array(z.strictObject({ name: z.string(), roleName: z.string(), scope: z.string(), dataActions: z.array(z.string()) })),
  grants: z.array(grant),
  changes: z.array(change),
  gains: z.array(gain),
  losses: z.array(loss),
  findings: z.array(finding),
  decisions: z.array(decision),
  planFindings: z.array(finding).describe('About the plan or the tenant, not about one vault.'),
  unreadable: z.array(z.strictObject({ subject: z.string(), because: z.string() })),
  vaults: z.array(reviewVault),
});

export type Review = z.infer<typeof review>;
export type ReviewVault = z.infer<typeof reviewVault>;
export type ReviewEntry = ReviewVault['entries'][number];
export type ReviewGain = z.infer<typeof gain>;
export type ReviewFinding = z.infer<typeof finding>;
export type ReviewPrincipal = z.infer<typeof principal>;
export type ReviewChange = z.infer<typeof change>;
export type ReviewLoss = z.infer<typeof loss>;
export type ReviewGrant = z.infer<typeof grant>;
export type Headline = z.infer<typeof headline>;
export type Move = z.infer<typeof move>;
export type VaultSince = NonNullable<ReviewVault['since']>;
export type Tier = z.infer<typeof tier>;
