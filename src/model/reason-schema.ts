import { z } from 'zod';
import { type Guid, parseGuid } from '../base/guid.ts';
import { oddity } from './findings/inventory-facts.ts';
import { otherId, unresolved } from './findings/principal-facts.ts';
import type { DeniedBy, NamedAssignment, NamedGroup, Passing, Reason, UnknownTerm, Unread } from './reason.ts';
import { parseScope, type Scope } from './scope.ts';

/** What a kind of reason carries beside its kind, each part as the type has it. */
type Shape<R> = {
  readonly [P in Exclude<keyof R, 'kind'>]-?: object extends Pick<R, P>
    ? z.ZodExactOptional<z.ZodType<Exclude<R[P], undefined>>>
    : z.ZodType<R[P]>;
};

/** The types say what is normalised; a file may hold anything. */
const guid = z.string().refine((text) => parseGuid(text) === text) as unknown as z.ZodType<Guid>;
const scope = z.string().refine((text) => parseScope(text) === text) as unknown as z.ZodType<Scope>;
const text: z.ZodType<string> = z.string();
const texts = z.array(text).readonly();
const count = z.number().int().min(0);
const until = text.exactOptional();
const object = <R extends object>(shape: Shape<R>) => z.strictObject(shape) as unknown as z.ZodType<R>;

const one: z.ZodType<Reason> = z.lazy(() => reason);
const several = z.array(one).readonly();
const group: z.ZodType<NamedGroup> = object<NamedGroup>({ id: guid, name: text });
const assignment = object<NamedAssignment>({ roleName: text, scope, toGroup: group.exactOptional(), assignmentId: text });
const deny = object<DeniedBy>({ id: text, name: text, everyone: z.boolean() });

const unread: z.ZodType<Unread> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('unreadable'), text }),
  z.strictObject({ kind: z.literal('notAsked') }),
]);
const term: z.ZodType<UnknownTerm> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('unreadable'), text }),
  z.strictObject({ kind: z.literal('otherCondition') }),
  z.strictObject({ kind: z.literal('notListed') }),
]);
const passing: z.ZodType<Passing> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('membershipActivated'), group }),
  z.strictObject({ kind: z.literal('membershipEnds'), group, until: text }),
  z.strictObject({ kind: z.literal('groupDynamic'), group }),
  z.strictObject({ kind: z.literal('dynamicGroupWithin'), group, within: group }),
  z.strictObject({ kind: z.literal('managedIdentityToken'), group }),
]);
const roleOfCondition = object<{ readonly id: string; readonly name?: string }>({ id: text, name: text.exactOptional() });

const shapes: { readonly [Kind in Reason['kind']]: Shape<Extract<Reason, { readonly kind: Kind }>> } = {
  principalDeleted: {},
  idOfAppRegistration: {},
  idOfNoPrincipal: { is: otherId },
  principalUnresolved: { why: unresolved },
  principalTypeUnknown: {},

  listUnread: { list: z.enum(['denyAssignments', 'activeInstances', 'eligibleInstances', 'roleAssignments', 'roleDefinitions']), text },
  groupUnread: { group, text },
  membersUnknown: { group, why: unread },
  groupNotSecurity: { group },
  groupUnresolved: { group, why: unresolved },

  policyNone: {},
  policyOdd: { oddity },
  policyOfGroupMayGive: { doubt: one },
  policyNamesApplicationId: { appId: guid },
  throughApplicationOnly: {},

  assignmentNone: {},
  assignmentInactive: { assignment },
  assignmentRestricted: { assignment },
  assignmentRoleUnread: { assignment },
  assignmentTimeUnknown: { assignment, why: term },
  assignmentOnSecrets: { assignment, secrets: texts },
  assignmentOnObjects: { assignment, others: count },
  assignmentTakesOut: { assignment, by: z.enum(['notDataActions', 'notActions']) },
  assignmentOnControlPlane: { assignment },
  assignmentEligible: { assignment },
  conditionOpen: { assignment },
  conditionHidden: { assignment },
  conditionUnmet: { assignment, roles: z.array(roleOfCondition).readonly(), more: count },

  denied: { deny },
  denyConditionOpen: { deny },
  denyExcludesGroup: { deny },
  denyMayConcern: { deny, doubt: one },
  denyNamesOddId: { deny },
  denyOnMembers: { deny },
  denyMayBeOnMembers: { deny, group, why: unread },
  denySparesMembers: { deny },
  denyMaySpareMembers: { deny, group, why: unread },

  endUnlisted: { assignment },
  endUnread: { assignment, why: term },
  endsSomeDay: { assignment, until },
  membershipPasses: { assignment, passing },
  notMade: { assignment },
  ageUnknown: { assignment },
  tooYoung: { assignment, ageMinutes: count, neededMinutes: count, atManagementGroup: z.boolean() },
  throughGroupOnly: { assignment },

  azureListUnread: { text },
  azureListEmpty: {},
  azureLists: { assignment, others: count, throughGroup: group.exactOptional(), lack: one.exactOptional() },

  rightHeld: { action: text, assignment },
  rightEnds: { action: text, assignment, until },
  rightNotGiven: { action: text, nearest: one.exactOptional() },
  rightNotListed: { action: text },
  rightUnderCondition: { action: text },
  rightHindered: { action: text, reasons: several },
  roleIdOdd: { roleDefinitionId: text },

  nearest: { lack: one },
  wouldGive: { assignment },
  notOnEveryObject: { reason: one },
  onObject: { object: text, reasons: several },
};

const kinds = Object.entries(shapes).map(([kind, shape]) => z.strictObject({ kind: z.literal(kind), ...shape }));

/** A reason of the judgement as a file holds it. */
export const reason = z.discriminatedUnion('kind', kinds as unknown as [(typeof kinds)[number]]) as unknown as z.ZodType<Reason>;

/** Several, in their order. */
export const reasons = several;
