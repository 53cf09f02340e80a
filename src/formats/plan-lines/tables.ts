import { z } from 'zod';
import { findingRemark } from '../finding-schema.ts';
import { sharedParts } from '../plan.ts';

/** The name of a row: it follows from what the row holds, so that a line which names it stands for its content as well. */
export const rowKey = z.string().regex(/^[\w-]{22}$/);

const rows = <Row extends z.ZodType>(row: Row) => z.record(rowKey, row).default({});

/** What the vaults of a subscription share, each once. */
export const sharedTables = z
  .strictObject({
    principals: rows(sharedParts.principal),
    permissions: rows(
      z.strictObject({ lists: sharedParts.permissions, required: z.array(z.string()) }).describe('Verbatim, and what they stand for.'),
    ),
    decisions: rows(sharedParts.decision),
    held: rows(sharedParts.held),
    choices: rows(sharedParts.choice),
    reasons: rows(sharedParts.reasons).describe('Why an assignment is made.'),
    actions: rows(z.array(z.string())),
    gains: rows(sharedParts.gain).describe('Through assignments that stand, such as inherited ones.'),
    gained: rows(sharedParts.gained),
    remarks: rows(findingRemark),
    roles: rows(sharedParts.role),
    customRoles: rows(
      z.strictObject({
        name: z.string(),
        roleName: z.string(),
        scope: z.string(),
        dataActions: z.array(z.string()).min(1),
      }),
    ),
    facts: rows(z.string()).describe('Lines of what vaults stand on, such as inherited assignments.'),
    texts: rows(z.string()),
  })
  .describe('Rows that lines of vaults name, by a key that follows from the content.');

export type SharedTables = z.infer<typeof sharedTables>;
export type TableName = keyof SharedTables;
export type RowOf<Table extends TableName> = SharedTables[Table][string];
