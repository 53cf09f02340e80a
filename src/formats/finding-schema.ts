import { z } from 'zod';
import type { Finding, FindingSubject } from '../model/finding.ts';
import { findingCodes, findingFacts } from '../model/finding-facts.ts';

export const findingSubject: z.ZodType<FindingSubject> = z
  .strictObject({
    vault: z.string().exactOptional().describe('Resource id.'),
    principal: z.string().exactOptional().describe('Object id, as the entry of the vault spells it.'),
    application: z.string().exactOptional().describe('Application id of a compound identity.'),
    tenant: z.string().exactOptional(),
    role: z.string().exactOptional().describe('Id of a role definition.'),
    row: z.string().exactOptional().describe('A vault as a row of the decisions file writes it.'),
  })
  .describe('What a finding is about; with nothing in it, what the command was asked for.');

const answer = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('accepted'), reason: z.string() }),
  z.strictObject({ kind: z.literal('suppressed'), reason: z.string() }),
  z.strictObject({ kind: z.literal('decided'), choice: z.string(), reason: z.string() }),
  z.strictObject({ kind: z.literal('cannot'), choice: z.string() }),
]);

const severity = z.enum(['blocker', 'warning', 'note']);

function ofCode(code: (typeof findingCodes)[number]) {
  return z.strictObject({
    severity,
    code: z.literal(code),
    subject: findingSubject,
    facts: findingFacts[code] as z.ZodType,
    answer: answer.exactOptional(),
  });
}

type Member = ReturnType<typeof ofCode>;

/** All of a finding but what it is about. */
export const findingRemark = z.discriminatedUnion(
  'code',
  findingCodes.map((code) => ofCode(code).omit({ subject: true })) as unknown as [Member, ...Member[]],
) as unknown as z.ZodType<Omit<Finding, 'subject'>>;

/** A finding as a file holds it: the code decides what its facts are. Its words are made where it is shown. */
export const finding = z.discriminatedUnion('code', findingCodes.map(ofCode) as [Member, ...Member[]]) as unknown as z.ZodType<Finding>;
