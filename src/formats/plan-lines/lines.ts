import { z } from 'zod';
import { findingSubject } from '../finding-schema.ts';
import { planHead, planTail, vaultPlan } from '../plan.ts';
import { rowKey, sharedTables } from './tables.ts';

/** The first line: what holds for the whole plan. */
export const headLine = z.strictObject({ kind: z.literal('head'), ...planHead.shape });

/** What a finding is about: the vault when there is nothing, an entry by its place, or something else spelt out. */
const about = z.union([z.number().int().min(0), findingSubject]);

const entryLine = z.strictObject({
  objectId: z.string(),
  tenantId: z.string().exactOptional().describe('Where it is not that of the plan.'),
  applicationId: z.string().exactOptional(),
  principal: rowKey,
  permissions: rowKey,
  outcome: vaultPlan.shape.entries.element.shape.outcome,
  decision: rowKey.exactOptional(),
  held: z.array(rowKey).exactOptional(),
  dropped: rowKey.exactOptional().describe('In `actions`.'),
  choice: rowKey.exactOptional(),
  objects: vaultPlan.shape.entries.element.shape.objects,
  conditioned: vaultPlan.shape.entries.element.shape.conditioned,
});

/** The place of an entry whose object id is meant, or another object id. */
const who = z.union([z.number().int().min(0), z.string()]);

/** An assignment to be made: principal, its kind, role and reason (in `reasons`). Its name and id follow from the rest. */
const assignLine = z.union([
  z.tuple([who, z.enum(['User', 'Group', 'ServicePrincipal']), rowKey, rowKey]),
  z.tuple([
    who,
    z.enum(['User', 'Group', 'ServicePrincipal']),
    rowKey,
    rowKey,
    z.strictObject({
      on: z.string().exactOptional().describe('An object of the vault, as `secrets/name`; the vault itself where it is missing.'),
      condition: z.string().exactOptional(),
    }),
  ]),
]);

/** What comes with an assignment that the plan makes: its place in `assign`, who gains, and what. */
const ownGain = z.tuple([z.number().int().min(0), who, rowKey.describe('In `principals`.'), rowKey.describe('In `gained`.')]);

export const vaultLine = z.strictObject({
  kind: z.literal('vault'),
  vaultId: z.string(),
  name: z.string(),
  state: vaultPlan.shape.state,
  wave: vaultPlan.shape.wave,
  fingerprint: z.string(),
  facts: z
    .record(z.string(), z.array(z.union([rowKey, z.tuple([z.literal('as'), z.string()])])))
    .describe('Each line a row of `facts`, or spelt out behind `as`.'),
  policies: z
    .array(z.union([z.tuple([z.number().int().min(0), rowKey]), z.string()]))
    .exactOptional()
    .describe('In stored order: the entry and its permissions as stored (in `texts`), or the policy itself.'),
  entries: z.array(entryLine),
  gains: z.array(z.union([rowKey, ownGain])),
  findings: z.array(z.union([z.tuple([rowKey]), z.tuple([rowKey, about])])),
  accepted: z.array(z.strictObject({ code: z.string(), about: about.exactOptional(), reason: z.string().min(1) })).exactOptional(),
  acceptedGains: z
    .array(z.tuple([z.number().int().min(0), rowKey]))
    .exactOptional()
    .describe('Place among the gains, and the reason (in `texts`).'),
  roles: z.array(rowKey).describe('Custom roles to be made, in `customRoles`.'),
  assign: z.array(assignLine),
  flip: z.boolean(),
  handOff: z.array(z.number().int().min(0)).exactOptional().describe('Places among the steps.'),
});

/** What the vaults that follow share. */
export const subscriptionLine = z.strictObject({
  kind: z.literal('subscription'),
  subscriptionId: z.string(),
  vaults: z.number().int().min(0),
  tables: sharedTables,
});

export const endLine = z.strictObject({ kind: z.literal('end'), ...planTail.shape });

/** The last line. Whoever changes a line, leaves one out or moves one has to change it as well. */
export const sealLine = z.strictObject({
  kind: z.literal('seal'),
  lines: z.array(z.string()).describe('SHA-256 of each line before this one, in hex.'),
  digest: z.string().describe('Of those: what an approval and a journal bind to.'),
});

/** Any line of a plan: its `kind` says which. */
export const planLine = z.discriminatedUnion('kind', [headLine, subscriptionLine, vaultLine, endLine, sealLine]);

export type VaultLine = z.infer<typeof vaultLine>;
export type EntryLine = z.infer<typeof entryLine>;
export type AssignLine = z.infer<typeof assignLine>;
export type GainLine = VaultLine['gains'][number];
export type SubscriptionLine = z.infer<typeof subscriptionLine>;
