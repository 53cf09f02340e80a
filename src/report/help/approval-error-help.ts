import type { ErrorCode } from '../../base/error-codes.ts';
import type { ErrorHelp } from './help.ts';

const nothingWritten = 'Nothing was written at this vault.';

/** Errors of approvals and of the config that asks for them. */
export const approvalErrorHelp = {
  APPROVAL_EDITED: {
    outcomes: ['blocked'],
    cause: 'An approval was changed after `keyturn approve` wrote it: its digest does not fit.',
    consequence: 'The command stopped before anything was read or changed.',
    remedy: 'Find out who changed it. Have the plan approved again with `keyturn approve PLAN`.',
  },
  APPROVAL_STALE: {
    outcomes: ['blocked'],
    cause: 'The approval is of an earlier plan: what is planned for the vault, or a fact under it, moved since it was approved.',
    consequence: `${nothingWritten} Vaults whose line in the plan did not move keep their approval.`,
    remedy: 'Have the plan as it is now looked at, and approved with `keyturn approve PLAN --vault VAULT`.',
  },
  APPROVAL_UNREADABLE: {
    outcomes: ['usage'],
    cause: 'A file that was given as an approval, or that lies next to the plan under the name of one, cannot be read or is not one.',
    consequence: 'The command stopped before anything was read or changed.',
    remedy: 'Give the file that `keyturn approve PLAN` wrote, or remove the one that is named.',
  },
  APPROVER_IS_AUTHOR: {
    outcomes: ['blocked'],
    cause: 'The only approval of the vault comes from the identity that made the plan, and the config does not allow that.',
    consequence: nothingWritten,
    remedy: 'Have somebody else run `keyturn approve PLAN`. `selfApproval` in the config, when the plan is made, allows it to its author.',
  },
  CONFIG_UNREADABLE: {
    outcomes: ['usage'],
    cause: 'The config cannot be read, or holds something that a config does not have. The error names line and column.',
    consequence: 'The command stopped at once: what the config demands is not to be left out by a slip of the pen.',
    remedy: 'Correct the place named. docs/formats.md says what a config holds.',
  },
  GAIN_NOT_ACCEPTED: {
    outcomes: ['blocked'],
    cause:
      'An assignment that stands today and has no effect takes effect at the flip, and gives somebody access of tier A or B. Nobody accepted that by name.',
    consequence: `${nothingWritten} \`keyturn apply PLAN --through verify\` needs no acceptance.`,
    remedy:
      'Look at what is gained. Accept it with `keyturn approve PLAN --vault VAULT --accept-gain ASSIGNMENT`, or under `gains` in the decisions file, or remove the assignment and plan again.',
  },
  GAIN_UNKNOWN: {
    outcomes: ['usage'],
    cause: '`--accept-gain` names an assignment by which nobody gains anything that has to be accepted at the vaults that are approved.',
    consequence: 'No approval was written.',
    remedy: 'Give the id of one of the assignments that the error lists, or the GUID at the end of it.',
  },
  NOT_APPROVED: {
    outcomes: ['blocked', 'undetermined'],
    cause:
      'The plan, or the config, asks for approvals, and the vault has fewer that count. Undetermined: the groups of an approver could not be read.',
    consequence: nothingWritten,
    remedy:
      'Have a person with the right to approve run `keyturn approve PLAN`, and run the same command again with that file next to the plan.',
  },
  SIGNATURE_BAD: {
    outcomes: ['blocked'],
    cause:
      'An approval bears a signature that is not that of an allowed signer for its approver, or has none where the config asks for one, or the config names no list of allowed signers.',
    consequence: nothingWritten,
    remedy:
      'Have it approved again with `keyturn approve PLAN --sign KEY`. `allowedSigners` in the config names the file with the keys, each under the object id of its owner.',
  },
  SIGNATURE_FAILED: {
    outcomes: ['failed', 'usage'],
    cause: '`ssh-keygen` is missing, or could not sign with the key.',
    consequence: 'No approval was written, or the signatures of the given ones could not be checked and nothing was changed.',
    remedy:
      'Install the OpenSSH client (8.1 or later), and give with `--sign` a private key, or a public key whose private one an agent holds.',
  },
} as const satisfies Partial<Record<ErrorCode, ErrorHelp>>;
