import { z } from 'zod';
import { move } from './review.ts';

const side = z.strictObject({ digest: z.string(), toolVersion: z.string() });
const vault = z.strictObject({ id: z.string(), name: z.string() });

/** What moved between two plans, version 1: of vaults that stand in both in the same way only their number is told. */
export const planMoves = z.strictObject({
  format: z.literal('keyturn-plan-moves'),
  formatVersion: z.literal(1),
  from: side,
  to: side,
  moved: z.array(z.strictObject({ ...vault.shape, moves: z.array(move) })),
  new: z.array(vault).describe('In the later plan alone.'),
  gone: z.array(z.string()).describe('Ids of vaults that are in the earlier plan alone.'),
  same: z.number().int().min(0),
});

export type PlanMoves = z.infer<typeof planMoves>;
