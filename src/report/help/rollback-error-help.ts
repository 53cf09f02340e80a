import type { ErrorCode } from '../../base/error-codes.ts';
import type { ErrorHelp } from './help.ts';

/** Errors of going back. */
export const rollbackErrorHelp = {
  BUNDLE_AMBIGUOUS: {
    outcomes: ['usage'],
    cause: 'The state folder holds rollback bundles of several vaults of that name.',
    consequence: 'Nothing was changed.',
    remedy: 'Give the resource id of the vault, or the path of its bundle file.',
  },
  BUNDLE_EDITED: {
    outcomes: ['blocked'],
    cause: 'The rollback bundle was changed after keyturn wrote it: its digest does not fit.',
    consequence: 'keyturn does not use it, since its policies are what would be restored.',
    remedy: 'Use the untouched bundle.',
  },
  BUNDLE_MISSING: {
    outcomes: ['usage'],
    cause: 'What was given is neither a file, nor a vault with a rollback bundle in the state folder.',
    consequence: 'Nothing was changed.',
    remedy:
      'Give the bundle file, the plan file, or with `--state` the folder of the run that flipped. Where nothing was flipped, `keyturn rollback VAULT --remove-assignments` removes what keyturn assigned.',
  },
  BUNDLE_UNREADABLE: {
    outcomes: ['usage'],
    cause: 'The file is not a rollback bundle of a format that this version reads.',
    consequence: 'Nothing was changed.',
    remedy: 'Give the `bundle.json` that `keyturn apply` or `keyturn flip` wrote into the state folder before the flip.',
  },
  BUNDLE_UNVOUCHED: {
    outcomes: ['blocked'],
    cause:
      'The policies saved in the bundle differ from those that Azure stores, and no journal in the state folder says that keyturn wrote this bundle.',
    consequence:
      'The saved policies were not written. The error says whether the vault went back to the policies that Azure stores, or was left as it is because Azure stores none.',
    remedy:
      'Give with `--state` the folder of the run that flipped, or run the rollback on a terminal, look at what differs and confirm it.',
  },
  CLEANUP_INCOMPLETE: {
    outcomes: ['failed'],
    cause: 'The vault is back on its access policies, and some role assignments or custom roles that keyturn made could not be deleted.',
    consequence: 'They stay, and give no access to data while access policies decide.',
    remedy: 'Do what is said for each of them, such as having a lock removed, and run the same command again.',
  },
  FLIPPED_AGAIN: {
    outcomes: ['blocked'],
    cause: 'Somebody flipped the vault while it was being rolled back, for example another run with another state folder.',
    consequence: 'If it was found before the first deletion, no assignment was removed; if after, the vault was flipped back at once.',
    remedy: 'Find the other run and let it end, then run the rollback again. `keyturn status PLAN` on its plan shows how things stand.',
  },
  NOT_FLIPPED_BY_US: {
    outcomes: ['blocked'],
    cause: 'The vault is on Azure RBAC, and neither a rollback bundle nor the journal says that keyturn flipped it.',
    consequence: 'Nothing was changed.',
    remedy:
      'Give with `--state` the folder of the run that flipped it. Where that is lost, `keyturn rollback PLAN --without-state` goes by the plan and by what Azure stores. If somebody else flipped it, `keyturn plan VAULT` finds what access is missing.',
  },
  ROLLBACK_NOT_SEEN: {
    outcomes: ['failed'],
    cause: 'Azure accepted the rollback, and the vault does not read back as it was.',
    consequence: 'The vault may still be on Azure RBAC, or have other policies than the saved ones. The error says which.',
    remedy: 'Run the same command again. If it stays so, look at the activity log of the vault.',
  },
  ROLLBACK_UNPROVED: {
    outcomes: ['undetermined'],
    cause: 'The role assignments of the vault were removed, and whether it still is on its access policies could not be read afterwards.',
    consequence: 'If somebody flipped it meanwhile, principals are refused now.',
    remedy: 'Run the same command again at once: it reads the vault and removes what is left.',
  },
  VAULT_OTHER: {
    outcomes: ['blocked'],
    cause: 'The vault has the name of the one in the bundle, but was made at another time or belongs to another tenant.',
    consequence: 'The saved policies belong to the earlier vault, so nothing was changed.',
    remedy: 'Set the access of this vault up anew. `keyturn plan VAULT` shows what it has.',
  },
} satisfies Partial<Record<ErrorCode, ErrorHelp>>;
