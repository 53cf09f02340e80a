import { z } from 'zod';
import { reasonWord } from '../base/file-words.ts';
import { heldBy, type TextDocument } from '../base/text-document.ts';
import { findingCodes } from '../model/finding-facts.ts';
import { approvalRules } from './approval-rules.ts';

const suppressRow = z.strictObject({
  finding: z.enum(findingCodes).describe('The code of warnings and notes that need not be looked at again. What blocks a vault stays.'),
  reason: reasonWord,
});
export type SuppressRow = z.infer<typeof suppressRow>;

/** The config, version 1: what a team has agreed on, kept beside its plans. */
export const configFile = z.strictObject({
  formatVersion: z.literal(1),
  approvals: approvalRules
    .extend({
      allowedSigners: z
        .string()
        .min(1)
        .exactOptional()
        .describe(
          "File of `ssh-keygen`'s allowed signers, from the config's folder: the object id of each approver, and their public key.",
        ),
    })
    .exactOptional(),
  suppress: z.array(suppressRow).default([]).describe('Warnings and notes that are known and accepted.'),
});
export type Config = z.infer<typeof configFile>;

export const configRemedy = 'see docs/formats.md for what a config holds';

/** The names that a config knows, for those who misspell one. */
const members = [
  'formatVersion',
  'approvals',
  'need',
  'count',
  'by',
  'signed',
  'selfApproval',
  'allowedSigners',
  'suppress',
  'finding',
  'reason',
];

/** @throws KnownError CONFIG_UNREADABLE (usage), with the place of what is wrong. */
export function readConfig(document: TextDocument, what: string): Config {
  return heldBy(document, configFile, { what, code: 'CONFIG_UNREADABLE', remedy: configRemedy, members });
}
