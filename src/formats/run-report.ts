import { z } from 'zod';
import { phases } from './phases.ts';

/** What one run of `apply`, `stage` or `flip` did, for the record of a change. Written at its end, whatever came of it; read by nobody. */

const models = ['accessPolicy', 'azureRbac'] as const;

const vault = z.strictObject({
  vaultId: z.string(),
  name: z.string(),
  wave: z.string().describe('Name of the wave that it was in.'),
  outcome: z
    .enum(['done', 'failed', 'blocked', 'undetermined', 'skipped', 'interrupted'])
    .describe('skipped: the run did not begin with it, or had nothing to do.'),
  code: z.string().exactOptional().describe('As in docs/errors.md.'),
  because: z.string(),
  remedy: z.string().exactOptional(),
  lines: z.array(z.string()).exactOptional().describe('What explains it further, such as the facts that moved.'),
  phase: z
    .enum([...phases, 'rollback'])
    .exactOptional()
    .describe('The last phase that it came to.'),
  permissionModel: z
    .strictObject({ before: z.enum(models).exactOptional(), after: z.enum([...models, 'unknown']).exactOptional() })
    .describe('As the run found it and as it left it, where it read or wrote it.'),
  approvals: z
    .array(
      z.strictObject({
        approver: z.string().describe('Object id.'),
        at: z.string(),
        file: z.string(),
        signed: z.boolean().describe('With a signature that was held against the allowed signers.'),
        byAuthor: z.literal(true).exactOptional().describe('The approver made the plan, which the config allows.'),
        gains: z.int().min(0).describe('How many gains at the flip it accepts.'),
        note: z.string().exactOptional(),
      }),
    )
    .exactOptional()
    .describe('Those that counted for this vault.'),
  assignments: z.strictObject({
    planned: z.number().int().min(0),
    made: z
      .array(z.strictObject({ id: z.string(), roleName: z.string(), principalId: z.string(), scope: z.string() }))
      .describe('By this run; what stood before is not there.'),
  }),
  customRoles: z.array(z.string()).exactOptional().describe('Ids of custom roles that this run saw to.'),
});

export const runReportFile = z.strictObject({
  format: z.literal('keyturn-run'),
  formatVersion: z.literal(1),
  toolVersion: z.string(),
  command: z.string(),
  plan: z.strictObject({ file: z.string(), digest: z.string(), vaults: z.number().int().min(0) }),
  cloud: z.string(),
  tenantId: z.string(),
  operatorId: z.string().describe('Object id of who was signed in.'),
  through: z.enum(phases).describe('The last phase that was asked for.'),
  began: z.string(),
  ended: z.string(),
  exitCode: z.number().int(),
  stopped: z.string().exactOptional().describe('Why no further vault was begun.'),
  error: z
    .strictObject({ code: z.string(), message: z.string() })
    .exactOptional()
    .describe('Why the run as a whole could not be carried out; then no vault has a result.'),
  waves: z.array(
    z.strictObject({ name: z.string(), vaults: z.array(z.string()).describe('Resource ids.'), began: z.string().exactOptional() }),
  ),
  vaults: z.array(vault),
  remaining: z.array(z.string()).describe('Resource ids of vaults that there is still something to do for.'),
  next: z.array(z.string()).describe('How to go on.'),
});

export type RunReport = z.infer<typeof runReportFile>;
export type RunReportVault = z.infer<typeof vault>;
