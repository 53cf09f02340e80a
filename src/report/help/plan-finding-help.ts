import type { FindingCode } from '../../model/finding-facts.ts';
import type { FindingHelp } from './help.ts';

/** Findings about the plan of a vault. */
export const planFindingHelp: Readonly<Record<Extract<FindingCode, `PLN-${string}`>, FindingHelp>> = {
  'PLN-ACCEPTANCE-UNUSED': {
    severities: ['note'],
    cause: 'The decisions file accepts a finding or a gain at a vault where the plan has no such blocker, or no such gain to accept.',
    consequence: 'The row has no effect.',
    remedy: 'Nothing to do. Remove the row if it is not meant for a later plan.',
  },
  'PLN-ADMINISTRATOR': {
    severities: ['warning'],
    cause: 'The plan would assign Key Vault Administrator: no narrower set of roles covers the access policy.',
    consequence: 'Its holder can read, change and purge everything in the vault.',
    remedy: 'Ask why nothing narrower is enough. Decide `narrow` or `customRole` in the decisions file, or `reproduce` with the reason.',
  },
  'PLN-ALREADY-RBAC': {
    severities: ['note'],
    cause:
      'The vault is on Azure RBAC already, and the plan has nothing to make: roles give what its stored access policies give, or other findings say what is missing or unknown.',
    consequence: 'The plan changes nothing at this vault.',
    remedy: 'Nothing to do.',
  },
  'PLN-CONFLICT': {
    severities: ['blocker'],
    cause: 'The same role is assigned to the same principal at the same scope already, under another condition (EA-55).',
    consequence:
      'Azure keeps one assignment for a role, principal and scope, so the planned one cannot be made. The plan blocks the vault.',
    remedy:
      'Decide other roles for the entry (`preferFewer`, `customRole`, `narrow` or `keepExisting`), or have the assignment removed and plan again. `keyturn rollback VAULT --remove-assignments` removes it if an earlier plan made it.',
  },
  'PLN-CONFLICT-AVOIDED': {
    severities: ['warning'],
    cause: 'A suitable role is assigned to the principal under a condition already and cannot be assigned a second time (EA-55).',
    consequence: 'keyturn chose other roles. The condition does not limit them.',
    remedy: 'If the limit is meant, decide `keepExisting` or `narrow` for the entry.',
  },
  'PLN-DECISION-ELSEWHERE': {
    severities: ['note', 'warning'],
    cause: 'The decisions file names a vault that is not among those of this plan.',
    consequence: 'The rows have no effect here. It is a warning where no vault in reach has that name, which may be a misspelling.',
    remedy: 'Nothing to do if the vault belongs to another plan, or is gone. Correct the name otherwise.',
  },
  'PLN-DECISION-MOVED': {
    severities: ['warning'],
    cause: 'The plan was made with `--from-plan`, and facts that the earlier plan of the vault stood on are others now.',
    consequence:
      'Decisions and acceptances that the earlier plan records for the vault count no longer. Without them the vault may be blocked.',
    remedy: 'Look at the vault again and write what still holds into the decisions file.',
  },
  'PLN-DENY-CONTROL': {
    severities: ['blocker', 'warning', 'note'],
    cause: 'A deny assignment refuses changes that the migration makes: role assignments, custom roles or the vault itself (EA-24).',
    consequence:
      'No role helps against it. It blocks the vault where it refuses everybody it does not exclude and stops more than the removal of assignments, is a warning where it refuses you alone or may refuse, and a note where it spares you.',
    remedy:
      'Have the operator excluded in the deny settings of the deployment stack or managed application that owns the deny assignment, or apply the plan as an identity that it spares.',
  },
  'PLN-DOUBT': {
    severities: ['warning'],
    cause: 'A fact that bears on access at the vault could not be read or judged.',
    consequence: 'Access that depends on it counts as not covered when asking for loss, and as gained when asking for gain.',
    remedy: 'Get the right to read what is named, then plan again.',
  },
  'PLN-DROP-UNPROVEN': {
    severities: ['warning'],
    cause: 'A decision gives up access of a principal that exists, and keyturn reads no logs for a plan.',
    consequence: 'Nobody has shown that the access is unused. A program that uses it is refused after the flip.',
    remedy: 'Look for calls of the principal in the audit log of the vault, or ask its owner, before the plan is approved.',
  },
  'PLN-ELIGIBLE': {
    severities: ['warning', 'note'],
    cause: 'The principal can activate through PIM what the plan would make standing (EA-34).',
    consequence:
      'The access policy gives the access standing today, so both are possible answers. It is a note once a decision answers it.',
    remedy:
      'Decide `keepExisting` to have the access only while activated, which gives up the standing access; or `reproduce` to keep it standing.',
  },
  'PLN-GROUP-COVER': {
    severities: ['note'],
    cause: 'The principal has the access through a group already. keyturn does not rely on it, since a membership may end (EA-53).',
    consequence: 'The plan assigns roles to the principal itself.',
    remedy: 'Nothing to do. To rely on the group, make sure that nothing ends the membership and decide `keepExisting`.',
  },
  'PLN-GROUP-ENDS': {
    severities: ['note', 'warning'],
    cause: 'The principal has access through a group, and PIM for Groups ends its membership (EA-61).',
    consequence: 'The access does not count, whatever is decided. It is a warning where a decision `keepExisting` relies on it.',
    remedy:
      'Where it is a warning, decide `reproduce` to keep the access of the policy, or have the membership assigned without an end and plan again.',
  },
  'PLN-LEFT-OVER': {
    severities: ['warning'],
    cause: 'keyturn made a role assignment by an earlier plan that this plan does not ask for (EA-52).',
    consequence: 'The assignment gives its access at the flip like any other, and the plan lists it as a gain.',
    remedy: 'Run `keyturn rollback VAULT --remove-assignments`, which removes all that keyturn assigned at the vault, and plan again.',
  },
  'PLN-LIMIT': {
    severities: ['blocker'],
    cause:
      'With the assignments of this plan the subscription would hold 3,600 role assignments or more. Azure allows 4,000, and keyturn leaves a tenth free (EA-51).',
    consequence: 'The plan blocks every vault of the subscription that needs new assignments.',
    remedy: 'Plan fewer vaults at once, remove assignments that are not needed, or give roles to groups instead of their members.',
  },
  'PLN-LIMIT-NEAR': {
    severities: ['warning'],
    cause: 'With the assignments of this plan the subscription would hold 3,200 role assignments or more. Azure allows 4,000 (EA-51).',
    consequence: 'Nothing stops now. Later plans for the subscription may be blocked (PLN-LIMIT).',
    remedy: 'Give roles to groups instead of their members, decide `preferFewer`, or remove assignments that are not needed.',
  },
  'PLN-NO-PEOPLE': {
    severities: ['note'],
    cause: 'After the flip no user and no group has a data action in the vault, as far as the plan tells.',
    consequence: 'In an emergency somebody has to assign a role first, and that can take ten minutes to take effect.',
    remedy: 'Agree on who does that, or add an access policy for a group of people and plan again.',
  },
  'PLN-OBJECTS-UNREAD': {
    severities: ['blocker', 'warning'],
    cause: 'A decision limits access to objects, and the names of the vault’s objects could not be read (EA-56).',
    consequence: 'A misspelt name would cut off access at the flip, so the plan blocks the vault until the finding is accepted.',
    remedy:
      'Get the rights `Microsoft.KeyVault/vaults/secrets/read` and `Microsoft.KeyVault/vaults/keys/read`, which read names only. Or accept `PLN-OBJECTS-UNREAD` under `acceptances` in the decisions file, with a reason.',
  },
  'PLN-OPERATOR-ASSIGN': {
    severities: ['warning'],
    cause: 'You may not assign a planned role at the vault, or your right to do so ends, or it could not be judged.',
    consequence:
      'You cannot stage this plan. The plan lists the command for a role that you may not assign, so that another operator can run it.',
    remedy:
      'Have the plan applied by an identity with Owner, or with User Access Administrator and Key Vault Contributor; or plan with `--operator-limits replace` to choose only roles that you may assign.',
  },
  'PLN-OPERATOR-FLIP': {
    severities: ['warning'],
    cause: 'You may not change the permission model of the vault, or your right to do so ends, or it could not be judged (EA-43, EA-38).',
    consequence: '`keyturn apply` refuses before it writes, unless it is run through a phase before the flip.',
    remedy:
      'Have the plan applied by an identity with Owner, or with User Access Administrator and Key Vault Contributor, without a condition.',
  },
  'PLN-OPERATOR-ROLE': {
    severities: ['warning'],
    cause: 'The plan makes a custom role, and you may not make custom roles in the subscription, or it could not be judged (EA-20).',
    consequence: 'You cannot stage this plan. The plan lists the command, so that another operator can make the role.',
    remedy: 'Have the role made, or the plan applied, by an identity with Owner or User Access Administrator at the subscription.',
  },
  'PLN-POLICY-DENIES': {
    severities: ['blocker'],
    cause: 'An Azure Policy assignment refuses role assignments or custom roles that the plan makes.',
    consequence: 'Azure would refuse them, so the plan blocks the vault.',
    remedy: 'Exempt the vault from the policy assignment, or decide for roles that it allows, then plan again.',
  },
  'PLN-POLICY-DENY': {
    severities: ['warning'],
    cause:
      'An Azure Policy assignment may refuse role assignments or custom roles that the plan makes; keyturn could not judge it for certain.',
    consequence: 'Staging may fail. Nothing is flipped then.',
    remedy: 'Look at what the policy assignment refuses. Exempt the vault from it, or decide for roles that it allows, and plan again.',
  },
  'PLN-POLICY-KEEPS': {
    severities: ['warning'],
    cause: 'An Azure Policy assignment refuses the deletion of role assignments or custom roles that the plan makes.',
    consequence: 'A rollback flips the vault back, but --remove-assignments cannot remove what was made.',
    remedy: 'Nothing to do if they may stay. Otherwise exempt the vault from the policy assignment.',
  },
  'PLN-REPAIR': {
    severities: ['warning'],
    cause:
      'The vault is on Azure RBAC, and its stored access policies give access that no role gives. Somebody else flipped it, or it was recovered after a deletion (EA-16).',
    consequence: 'Principals have lost access now. The plan makes what is missing and flips nothing.',
    remedy:
      'Run `keyturn apply PLAN`, which makes it at once. If the access was given up on purpose, decide `drop` in a decisions file and plan again.',
  },
  'PLN-UNCOVERED': {
    severities: ['blocker', 'warning'],
    cause:
      'Required data actions stay uncovered although all planned assignments count; the finding says why, such as a deny assignment or a condition.',
    consequence: 'They would be lost at the flip, so the plan blocks the vault. On a vault that is on Azure RBAC it is a warning.',
    remedy: 'Solve the reason named and plan again, or decide `narrow` or `drop` for the entry, which gives the access up.',
  },
  'PLN-UNKNOWN': {
    severities: ['blocker', 'warning'],
    cause:
      'keyturn could not determine whether required data actions are covered; the finding says why, such as a list that could not be read.',
    consequence: 'Unknown never counts as covered, so the plan blocks the vault. On a vault that is on Azure RBAC it is a warning.',
    remedy:
      'Solve the reason named and plan again, or decide `narrow` or `drop` for the entry, which gives the access up. On a vault that is on Azure RBAC, `keyturn verify VAULT` says whose access it is.',
  },
  'PLN-WIDE-GRANT': {
    severities: ['warning'],
    cause:
      'An assignment above the vault gives data actions of tier A. It stands already, has no effect while access policies decide, and takes effect at the flip.',
    consequence: 'Its holder can read secret values or destroy for good, here and in every other vault below that scope.',
    remedy: 'Ask who owns the assignment. Narrow or remove it before the flip where the access is not wanted.',
  },
};
