import type { ErrorCode } from '../../base/error-codes.ts';
import type { ErrorHelp } from './help.ts';

/** Errors of plans, decisions and journals. */
export const planErrorHelp = {
  CATALOGUE_OTHER: {
    outcomes: ['blocked'],
    cause: 'The plan was made with another catalogue of roles and permissions than this version of keyturn has.',
    consequence: 'The two versions may judge access differently, so nothing was changed.',
    remedy: 'Run `keyturn plan` again with this version, or apply the plan with the version that made it.',
  },
  DECISIONS_UNREADABLE: {
    outcomes: ['usage'],
    cause: 'The decisions file cannot be read, or holds something that a decisions file does not have. The error names line and column.',
    consequence: 'No plan was made.',
    remedy: 'Correct the place named. docs/formats.md says what a decisions file holds.',
  },
  DECISION_TWICE: {
    outcomes: ['usage'],
    cause: 'Two decisions speak of the same access policy, or two rules of the same kind of entries.',
    consequence: 'keyturn does not choose between them, so no plan was made.',
    remedy: 'Leave one of them in the decisions file.',
  },
  DECISION_UNMATCHED: {
    outcomes: ['usage'],
    cause: 'A decision names a principal for which the vault has no access policy, or only one with another application id.',
    consequence: 'The decision would have no effect, so no plan was made.',
    remedy: 'Correct `principal` or `applicationId` in the decisions file, or remove the row if the policy is gone.',
  },
  DECISION_WRONG: {
    outcomes: ['usage'],
    cause:
      'A decision cannot be carried out: its choice does not fit the entry, `keep` names a permission that the policy does not have, or `objects` names what the vault does not hold.',
    consequence: 'No plan was made.',
    remedy: 'Decide one of the choices that the error names, or correct `keep` or `objects`. docs/formats.md lists what each choice takes.',
  },
  JOURNAL_BUSY: {
    outcomes: ['blocked'],
    cause: 'Another run of keyturn is carrying out this plan. The error names its process and machine.',
    consequence: 'This run changed nothing.',
    remedy:
      'Wait for the other run to end, or end it with Ctrl-C there, then run the command again. A run that died is noticed within two minutes.',
  },
  JOURNAL_FOREIGN: {
    outcomes: ['blocked'],
    cause: 'The journal was opened for another plan, for example because a file was copied into the state folder.',
    consequence: 'What it holds says nothing about this plan, so nothing was changed.',
    remedy: 'Use the plan that the journal was opened with, or another folder with `--state`.',
  },
  JOURNAL_LOST: {
    outcomes: ['blocked'],
    cause: 'Another run of keyturn took this plan over, since nothing was heard of this run for minutes, as after the machine slept.',
    consequence: 'This run stopped, so that the two do not write at once.',
    remedy: 'Let the other run end. Then `keyturn status PLAN` shows how things stand.',
  },
  JOURNAL_UNREADABLE: {
    outcomes: ['usage'],
    cause: 'A line of the journal, before its last one, cannot be read.',
    consequence: 'Nothing was changed by this run.',
    remedy: 'Move the journal file aside, keep it for the record, and run the same command again. keyturn asks Azure what is done already.',
  },
  PLAN_BLOCKED: {
    outcomes: ['blocked'],
    cause: 'The plan blocks this vault. The blockers are listed with the error.',
    consequence: 'Nothing was changed at this vault. Other vaults of the plan go on.',
    remedy:
      'Solve each blocker or decide about it in a decisions file, and run `keyturn plan --decisions FILE` again. `keyturn help CODE` explains each.',
  },
  PLAN_DIFFERS: {
    outcomes: ['blocked'],
    cause:
      'keyturn makes a vault’s plan again from fresh facts and the recorded decisions before it writes, and this plan is not what came out. It was edited, was made by another program, or does not fit the state folder.',
    consequence: 'This run wrote nothing at the vault.',
    remedy: 'Run `keyturn plan` again with your decisions and review what differs. Find out who wrote this plan if you did not.',
  },
  PLAN_EDITED: {
    outcomes: ['blocked'],
    cause: 'The plan file was changed after keyturn wrote it: its digest does not fit.',
    consequence: 'keyturn does not use it.',
    remedy: 'Run `keyturn plan` again and have the new plan approved. Put what you want changed into a decisions file.',
  },
  PLAN_EMPTY: {
    outcomes: ['usage'],
    cause: 'The plan has no vault that the command could work on.',
    consequence: 'Nothing was done.',
    remedy: 'Run `keyturn plan` with vaults that are on access policies, or `keyturn verify` with vaults by name.',
  },
  PLAN_FORMAT: {
    outcomes: ['usage'],
    cause: 'The plan was written in a format that this version of keyturn does not read.',
    consequence: 'keyturn does not use it.',
    remedy: 'Run `keyturn plan` again with this version, or use the version that wrote the plan.',
  },
  PLAN_STALE: {
    outcomes: ['blocked'],
    cause:
      'Facts that the plan stands on have changed since it was made, such as access policies or role assignments. The error lists what moved.',
    consequence:
      'The plan is not carried out further for this vault. Where a change came in during the flip, the flip was taken back, unless the error says that the vault stays on Azure RBAC.',
    remedy: 'Run `keyturn plan` again and review what changed. `keyturn status PLAN` shows how far the vault has come.',
  },
  PLAN_TENANT: {
    outcomes: ['blocked'],
    cause: 'The plan or rollback bundle belongs to another tenant or cloud than the one you are signed in to.',
    consequence: 'Nothing was changed.',
    remedy: 'Sign in to the tenant named, give its cloud with `--cloud`, or make a plan here.',
  },
  PLAN_UNREADABLE: {
    outcomes: ['usage'],
    cause: 'The file is not a plan of keyturn, cannot be read, or names a vault twice or none.',
    consequence: 'Nothing was done.',
    remedy: 'Give the path of a plan that `keyturn plan` wrote, or make it again.',
  },
  VAULT_NOT_PLANNED: {
    outcomes: ['usage'],
    cause: 'A vault was asked for that the plan does not hold.',
    consequence: 'Nothing was changed.',
    remedy: 'Run `keyturn plan` with that vault.',
  },
  WAVE_UNKNOWN: {
    outcomes: ['usage'],
    cause: '`--wave` names a wave that no vault of the plan is in, or `--waves planned` was given for a plan without waves.',
    consequence: 'Nothing was changed.',
    remedy: 'Name a wave of the plan; `keyturn show PLAN` tells them. `keyturn plan --wave-by tag:NAME` writes them into a plan.',
  },
} satisfies Partial<Record<ErrorCode, ErrorHelp>>;
