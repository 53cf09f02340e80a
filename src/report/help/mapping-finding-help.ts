import type { FindingCode } from '../../model/finding-facts.ts';
import type { FindingHelp } from './help.ts';

/** Findings about the roles that replace permissions. */
export const mappingFindingHelp: Readonly<Record<Extract<FindingCode, `MAP-${string}`>, FindingHelp>> = {
  'MAP-BLANKS': {
    severities: ['note'],
    cause: 'Permissions given to `keyturn map` have blanks around them.',
    consequence: 'They are read without the blanks.',
    remedy: 'Write them without blanks. Azure refuses such words, so no vault stores them.',
  },
  'MAP-CERTIFICATE-METADATA': {
    severities: ['note'],
    cause: 'The access policy reads certificates, but not the secrets that hold their private keys (EA-15).',
    consequence: 'keyturn chooses no role that reads private keys, since such a role would open every secret of the vault.',
    remedy: 'Nothing to do.',
  },
  'MAP-CERTIFICATE-SECRETS': {
    severities: ['note'],
    cause: 'The access policy reads certificates and secrets.',
    consequence: 'The chosen role reads every secret of the vault, not only those behind certificates. The access policy does the same.',
    remedy: 'Nothing to do. To limit the access to some of them, decide `objectScope` in the decisions file.',
  },
  'MAP-CONTROL-PLANE': {
    severities: ['note'],
    cause: 'A chosen role gives control-plane actions as well as data actions.',
    consequence: 'The control-plane actions take effect as soon as the role is assigned, before the flip.',
    remedy: 'Nothing to do if these actions are acceptable. A custom role has none: decide `customRole` in the decisions file.',
  },
  'MAP-CUSTOM-DELETED': {
    severities: ['note'],
    cause: 'The proposed custom role reads the values of secrets, but no metadata. Reading deleted secrets needs both (LP-10).',
    consequence: 'A principal that looks at deleted secrets loses that at the flip.',
    remedy: 'Add `list` to the permissions before the role is made, unless deleted secrets are not looked at.',
  },
  'MAP-CUSTOM-LIMIT': {
    severities: ['blocker'],
    cause: 'The entry needs one more custom role than a tenant can hold: 5,000, or 2,000 in China (EA-20).',
    consequence: 'No custom role is proposed, and the entry stays open.',
    remedy: 'Decide a choice with built-in roles for some of the entries, such as `reproduce`, and plan again.',
  },
  'MAP-CUSTOM-ROLE': {
    severities: ['note'],
    cause: 'Built-in roles give the entry more than its access policy does.',
    consequence: 'A custom role with exactly the required data actions would give no extra access.',
    remedy: 'Decide `customRole` when many entries need the same data actions. A tenant holds 5,000 custom roles (EA-20).',
  },
  'MAP-EMPTY': {
    severities: ['note'],
    cause: 'The access policy lists no permission.',
    consequence: 'It grants nothing today, so nothing is lost with it.',
    remedy: 'Nothing to do.',
  },
  'MAP-EXISTING-UNKNOWN': {
    severities: ['warning'],
    cause: 'A role named by `--existing-roles` is not in the catalogue of built-in roles.',
    consequence: 'keyturn does not count anything as held by that role.',
    remedy: 'Give the name or id of a built-in role. `keyturn plan` reads custom roles from the tenant.',
  },
  'MAP-LIST-LOST': {
    severities: ['warning'],
    cause: 'A decision limits access to objects. Listing, and what works on no single object, is checked at the vault (EA-14).',
    consequence: 'The permissions named end at the flip.',
    remedy: 'Add them to `keep` in the decision, unless nobody uses them.',
  },
  'MAP-NAME-CONDITION': {
    severities: ['warning'],
    cause: 'A decision `nameCondition` limits access to secrets of certain names. Such conditions are a preview (EA-39).',
    consequence: 'They compare letters with case (EA-41), and reach no secret that is made later under another name.',
    remedy: 'Call the vault once as this principal soon after the flip.',
  },
  'MAP-NEW-ACTION-ONLY': {
    severities: ['note'],
    cause: 'Apart from metadata, the chosen roles give only data actions that no access policy permission stands for.',
    consequence: 'The extra access is small, and a custom role would save little.',
    remedy: 'Nothing to do.',
  },
  'MAP-OBJECT-SCOPE': {
    severities: ['warning'],
    cause: 'A decision `objectScope` limits access to the objects named, by role assignments on each of them.',
    consequence: 'An object that is made later is not reached. Every object takes assignments of its own, and a subscription holds 4,000.',
    remedy: 'Use it for single objects that are shared, as Microsoft advises. Otherwise give the objects a vault of their own.',
  },
  'MAP-OBJECT-UNSURE': {
    severities: ['warning'],
    cause: 'Microsoft does not document whether Azure checks these data actions on the object or at the vault (EA-14).',
    consequence: 'With assignments on objects alone, calls that need them may be refused.',
    remedy: 'Add the permissions to `keep` in the decision if they are used.',
  },
  'MAP-OBJECT-WRITE': {
    severities: ['warning'],
    cause: 'A decision `objectScope` limits permissions that write. Microsoft says that roles on single objects are for reading (EA-57).',
    consequence: 'Whether writing works by these assignments is in doubt.',
    remedy: 'Add the writing permissions to `keep` in the decision, or try them as this principal soon after the flip.',
  },
  'MAP-ONE-PERMISSION': {
    severities: ['warning'],
    cause: 'One permission of the access policy alone requires the wide role named. Narrower roles cover the rest.',
    consequence: 'The principal gets much extra access for the sake of one permission.',
    remedy:
      'Find out whether the permission is used. If it is not, decide `narrow` and `keep` the others; if it is, `customRole` is exact.',
  },
  'MAP-OPERATOR-LIMIT': {
    severities: ['warning'],
    cause:
      'With `--operator-limits replace`, keyturn chose only among roles that you may assign. Narrower roles exist that you may not assign (EA-42).',
    consequence: 'The principal gets wider roles than it needs.',
    remedy: 'Plan with `--operator-limits hand-off` and ask someone else to assign the narrower roles, or accept the wider ones.',
  },
  'MAP-PURGE': {
    severities: ['warning'],
    cause: 'A chosen role may purge, which the access policy does not allow.',
    consequence: 'After the flip the principal can destroy what is named for good.',
    remedy: 'Turn on purge protection for the vault (LP-12), decide `customRole`, or accept it knowingly.',
  },
  'MAP-ROLE-DRIFT': {
    severities: ['blocker', 'warning', 'note'],
    cause: 'Microsoft has changed a built-in role since this version of keyturn was made, and the role matters for the entry (EA-18).',
    consequence:
      'It blocks the vault where the role now gives something risky or unknown that the entry does not have, or lost what the entry needs. Smaller changes are warnings or notes.',
    remedy:
      'Look at what changed. Then accept `MAP-ROLE-DRIFT` under `acceptances` in the decisions file, with a reason, or decide `customRole`.',
  },
  'MAP-ROLE-MISSING': {
    severities: ['note'],
    cause: 'This cloud or tenant does not offer a built-in role of the catalogue.',
    consequence: 'The role is not considered.',
    remedy: 'Nothing to do.',
  },
  'MAP-ROLES-UNREAD': {
    severities: ['warning'],
    cause: 'The role definitions could not be read.',
    consequence: 'Roles are taken as they were when this version of keyturn was made. Such a vault cannot be flipped (`INV-UNREAD`).',
    remedy: 'Get the right to read role definitions, then run the command again. The role Reader at the subscription gives it.',
  },
  'MAP-SECRET-VALUES': {
    severities: ['warning'],
    cause: 'A chosen role reads the values of secrets, which the access policy does not.',
    consequence: 'After the flip the principal can read every secret of the vault, or those named where the role is limited to objects.',
    remedy: 'Decide `customRole`, or `narrow` without the permission that requires the role, or accept it knowingly.',
  },
  'MAP-SERVICE': {
    severities: ['note'],
    cause: 'The principal is a service of Microsoft’s, by its application id.',
    consequence: 'Nobody can change what such a service does if it is refused, so the roles known for it are named with their source.',
    remedy: 'Look for what uses the vault through this service before the flip, and check it a day after.',
  },
  'MAP-SERVICE-ROLE': {
    severities: ['warning'],
    cause: 'The role that is documented or reported for this service of Microsoft’s is not the narrowest cover of its access policy.',
    consequence: 'keyturn reproduces the access policy. The service may need something else than its policy gives.',
    remedy: 'Find out whether the access policy gives what the service needs, and assign the documented role yourself if not.',
  },
  'MAP-STORAGE': {
    severities: ['blocker', 'warning', 'note'],
    cause: 'The access policy manages storage accounts, a feature that Azure has deprecated.',
    consequence:
      'Only the widest role covers these permissions, so a person has to decide. It is a note once decided, and a warning on a vault that is on Azure RBAC.',
    remedy:
      'Decide `dropStorage`, or `reproduce` to keep them. One rule `{ "when": { "storage": true }, "choice": "dropStorage" }`, with a reason, decides for all vaults.',
  },
  'MAP-TENANT-ROLE': {
    severities: ['note'],
    cause: 'With `--tenant-roles`, keyturn chose a custom role of this tenant.',
    consequence: 'People who may change that role change this access.',
    remedy: 'Nothing to do. Plan without `--tenant-roles` to choose among built-in roles only.',
  },
  'MAP-UNCOVERED': {
    severities: ['blocker', 'warning'],
    cause:
      'No role that may be assigned gives the data actions named; or, with a decision `nameCondition`, no role that can stand under a condition on names.',
    consequence:
      'They would be lost at the flip, so the entry stays open and the plan blocks the vault. On a vault on Azure RBAC it is a warning.',
    remedy:
      'Plan with `--operator-limits hand-off` if `replace` was given, or decide `narrow` with what to keep. With `nameCondition`, decide `objectScope` or add the permissions to `keep`.',
  },
  'MAP-UNKNOWN-PERMISSION': {
    severities: ['blocker', 'warning', 'note'],
    cause: 'The access policy holds a word that keyturn does not know as a permission.',
    consequence:
      'keyturn cannot tell what it grants, so the plan blocks the vault. It is a note once decided, and a warning on a vault on Azure RBAC.',
    remedy: 'Correct the access policy in the vault and plan again, or decide `narrow` and name in `keep` the permissions that stay.',
  },
};
