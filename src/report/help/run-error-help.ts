import type { ErrorCode } from '../../base/error-codes.ts';
import type { ErrorHelp } from './help.ts';

/** Errors of carrying a plan out. */
export const runErrorHelp = {
  ASSIGNMENT_CONFLICT: {
    outcomes: ['blocked'],
    cause: 'A role of the plan is assigned to the same principal at the same scope already, under another condition (EA-55).',
    consequence: 'Azure keeps one assignment for a role, principal and scope, so nothing was assigned at this vault.',
    remedy:
      'Remove that assignment, with `keyturn rollback VAULT --remove-assignments` if an earlier plan made it, then run `keyturn plan` again.',
  },
  BUNDLE_NOT_KEPT: {
    outcomes: ['failed'],
    cause: 'The rollback bundle reads back from the disk differently from how it was written.',
    consequence: 'Without a sound bundle keyturn does not flip: the vault stays on its access policies.',
    remedy: 'Check the disk that holds the state folder, or give another folder with `--state`, and run the command again.',
  },
  FACTS_TOO_OLD: {
    outcomes: ['undetermined'],
    cause: 'The facts that a flip stands on grew too old before its request could leave, again and again: Azure was slow, or throttled.',
    consequence: 'A flip never stands on old facts, so this vault was not flipped.',
    remedy: 'Run the same command again when fewer other programs call Azure in the subscription.',
  },
  FACTS_UNREADABLE: {
    outcomes: ['undetermined'],
    cause: 'A list that the plan stands on, or who a principal is, cannot be read now.',
    consequence: 'keyturn could not determine whether the plan still stands, so nothing was changed at this vault by this step.',
    remedy: 'Get the right to read what is named, and run the command again.',
  },
  FLIP_NOT_SEEN: {
    outcomes: ['failed'],
    cause: 'Azure accepted the flip, and its answer still has the vault on access policies.',
    consequence: 'The vault most likely still obeys its access policies.',
    remedy: 'Run the same command again, which asks Azure first. If it stays so, look at the activity log of the vault.',
  },
  FLIP_STANDS: {
    outcomes: ['failed'],
    cause: 'Access was found lost just after the flip, and the flip could not be taken back.',
    consequence: 'The vault is on Azure RBAC, and principals may be refused now.',
    remedy: 'Run `keyturn rollback VAULT` at once.',
  },
  FLIP_UNDONE: {
    outcomes: ['failed'],
    cause: 'The vault was flipped, and is back on access policies: somebody, a pipeline or a policy changed it.',
    consequence: 'The access policies decide again. The planned role assignments stay and have no effect on data.',
    remedy: 'Find out in the activity log who changed it, then apply the plan again.',
  },
  FLIP_UNPROVED: {
    outcomes: ['undetermined'],
    cause: 'The vault was flipped, and the facts could not be read or judged afterwards, in three tries.',
    consequence: 'The vault stays on Azure RBAC: all access was proved covered a moment before the flip.',
    remedy: 'Run `keyturn verify VAULT` as soon as the facts can be read. `keyturn rollback VAULT` goes back.',
  },
  HAND_OFF_OPEN: {
    outcomes: ['blocked'],
    cause: 'The plan has steps that you may not take. They are listed as commands.',
    consequence: 'Nothing was written at this vault.',
    remedy: 'Have the commands run by an operator with the right, then run the same command again; it finds them done.',
  },
  OBJECTS_UNREAD: {
    outcomes: ['undetermined'],
    cause: 'The plan limits access to objects, and the names of the vault’s secrets and keys cannot be read (EA-56).',
    consequence: 'A misspelt name would cut off access, so nothing was changed by this step.',
    remedy:
      'Get the rights `Microsoft.KeyVault/vaults/secrets/read` and `Microsoft.KeyVault/vaults/keys/read`, and run the command again. Or accept `PLN-OBJECTS-UNREAD` in the decisions file and plan again.',
  },
  OBJECT_GONE: {
    outcomes: ['blocked'],
    cause:
      'The plan limits access to an object that the vault does not hold, or holds in another letter case than a condition compares (EA-56).',
    consequence: 'Access to the object that was meant would be lost, so nothing was changed by this step.',
    remedy: 'Correct `objects` in the decisions file, then run `keyturn plan` again.',
  },
  OPERATOR_RIGHTS: {
    outcomes: ['blocked'],
    cause:
      'You may not assign a planned role, make a custom role or change the permission model, or your right ends too soon to go back (EA-38, EA-43).',
    consequence: 'keyturn checks this before it writes, so nothing was written by this step.',
    remedy:
      'Run it as an operator with Owner, or with User Access Administrator and Key Vault Contributor. Activate the role for longer where it ends too soon. Against a deny assignment no role helps; the error says what does.',
  },
  OPERATOR_UNKNOWN: {
    outcomes: ['undetermined'],
    cause: 'keyturn could not determine whether you may take a step of the plan, for example because your permissions could not be read.',
    consequence: 'keyturn checks this before it writes, so nothing was written by this step.',
    remedy: 'Get the right to read your own permissions and run the command again, or run it as an operator with Owner.',
  },
  POLICIES_UNREADABLE: {
    outcomes: ['blocked'],
    cause: 'An access policy of the vault holds half a character (a lone UTF-16 surrogate), which no file keeps word for word.',
    consequence: 'No exact rollback bundle can be made, so the vault is not flipped.',
    remedy: 'Write that access policy anew without the broken character, then run `keyturn plan` again.',
  },
  PRINCIPAL_MOVED: {
    outcomes: ['blocked', 'undetermined'],
    cause: 'A principal of the plan was deleted, or is of another kind than when the plan was made, or is not found now (EA-32).',
    consequence: 'An assignment for it would give no access, so nothing was assigned at this vault.',
    remedy: 'Run `keyturn plan` again.',
  },
  ROLLBACK_OPEN: {
    outcomes: ['blocked'],
    cause: 'A rollback of the vault was begun and has not ended.',
    consequence: 'Applying the plan now would work against it, so nothing was changed.',
    remedy: 'Finish the rollback with `keyturn rollback VAULT`, then apply the plan again.',
  },
  VAULT_BUSY: {
    outcomes: ['blocked'],
    cause: 'Another run of keyturn is working on this vault, by this or another plan.',
    consequence: 'This run changed nothing at the vault.',
    remedy:
      'Wait for the other run to end, or end it with Ctrl-C there, then run the command again. A run that died is noticed within two minutes.',
  },
  VAULT_GONE: {
    outcomes: ['blocked'],
    cause: 'The vault of the plan or the bundle does not exist any more, or was moved.',
    consequence: 'Nothing was changed.',
    remedy: 'Look for it in Azure, also among the deleted vaults. If it was moved, run `keyturn plan` again.',
  },
  VAULT_LOST: {
    outcomes: ['blocked'],
    cause: 'Another run of keyturn took the vault over, since nothing was heard of this run for two minutes.',
    consequence: 'This run writes nothing more at the vault. What it had written stays, and the other run goes on from there.',
    remedy: 'Wait for the other run to end, then run `keyturn status` with the plan to see how the vault stands.',
  },
  VAULT_NOT_SETTLED: {
    outcomes: ['blocked'],
    cause: 'Azure does not say that the provisioning state of the vault is `Succeeded`.',
    consequence: 'Nothing was changed at this vault by this step.',
    remedy: 'Wait until Azure has finished with the vault, then run the command again.',
  },
  VERIFY_GAP: {
    outcomes: ['blocked'],
    cause:
      'Required access is not covered by durable access, or somebody would gain access that is not in the plan. The lines say whose and why.',
    consequence:
      'The vault is not flipped. If it was found just after the flip, the flip was taken back. On a vault that was on Azure RBAC already, principals lack the access now.',
    remedy:
      'Run `keyturn plan` again: it proposes what is missing and lists what would be gained. Assignments that are only too young become good by waiting.',
  },
  VERIFY_UNDETERMINED: {
    outcomes: ['undetermined'],
    cause: 'Not enough could be read to say whether all required access is covered.',
    consequence: 'Unknown never counts as covered, so the vault is not flipped.',
    remedy: 'Get the right to read what the lines name, then run the command again.',
  },
} satisfies Partial<Record<ErrorCode, ErrorHelp>>;
