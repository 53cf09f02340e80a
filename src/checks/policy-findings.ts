import { hitName, type PolicyHit, vaultPolicies } from '../governance/vault-policy.ts';
import type { SubscriptionFacts } from '../model/estate.ts';
import type { Vault } from '../model/vault.ts';
import type { VaultSaying } from './vault-saying.ts';

/** What Azure Policy would do to the flip of a vault and to its rollback. A vault that has been flipped is past both. */
export function policyFindings(vault: Vault, subscription: SubscriptionFacts): readonly VaultSaying[] {
  if (vault.permissionModel === 'azureRbac') return [];
  const { policyAssignments } = subscription;
  if (policyAssignments.state === 'unreadable') {
    return [
      noRollback(
        `the policy assignments of its subscription could not be read, and one may refuse the rollback: ${policyAssignments.because}`,
      ),
    ];
  }
  const { flip, rollback } = vaultPolicies(vault, subscription);
  const now = flip.filter((hit) => hit.from === undefined);
  const told = new Set(rollback.map(hitName));
  return [
    ...now.filter((hit) => hit.certain).flatMap(flipSaying),
    ...rollback.filter((hit) => hit.from === undefined).map(rollbackSaying),
    ...doubtful(now.filter((hit) => !hit.certain && !told.has(hitName(hit)))),
    ...[...flip, ...rollback].flatMap(exemptSaying),
  ];
}

function noRollback(message: string): VaultSaying {
  const remedy = 'get the right to read policy definitions and exemptions, or accept by a decision that there may be no rollback';
  return ['blocker', 'INV-POLICY-DENIES-ROLLBACK', message, remedy];
}

function rollbackSaying(hit: PolicyHit): VaultSaying {
  const name = hitName(hit);
  const refusing = hit.does === 'refuses';
  if (!hit.certain)
    return noRollback(`the policy assignment ${name} may ${refusing ? 'refuse' : 'undo'} the rollback: ${hit.because ?? ''}`);
  const message = refusing
    ? `the policy assignment ${name} denies vaults without Azure RBAC, so a rollback would be denied`
    : `the policy assignment ${name} puts vaults back on Azure RBAC, so a rollback would be accepted and not kept`;
  const remedy =
    'exempt the vault from it, or have its effect set to Audit, until the migration is complete; or accept by a decision that there is no rollback';
  return ['blocker', 'INV-POLICY-DENIES-ROLLBACK', message, remedy];
}

function flipSaying(hit: PolicyHit): readonly VaultSaying[] {
  const name = hitName(hit);
  const remedy = 'exempt the vault from it, or have its effect changed, then plan again';
  switch (hit.does) {
    case 'refuses':
      return [
        ['blocker', 'INV-POLICY-DENIES-FLIP', `the policy assignment ${name} refuses the vault as it would be after the flip`, remedy],
      ];
    case 'undoes':
      return [
        [
          'blocker',
          'INV-POLICY-DENIES-FLIP',
          `the policy assignment ${name} puts vaults back on access policies: the flip would not be kept`,
          remedy,
        ],
      ];
    case 'clears':
      return [
        [
          'blocker',
          'INV-POLICY-DENIES-FLIP',
          `the policy assignment ${name} changes the stored access policies at the flip, and a rollback needs them`,
          remedy,
        ],
      ];
    case 'changes':
      return [changeSaying(hit)];
  }
}

function changeSaying(hit: PolicyHit): VaultSaying {
  const message = `the policy assignment ${hitName(hit)} ${hit.certain ? 'changes' : 'may change'} \`${hit.field ?? ''}\` of the vault with every write, the flip included`;
  return ['warning', 'INV-POLICY-MODIFIES', message, 'look whether the vault may be changed so; applications may depend on it'];
}

/** Whether these refuse the flip shows at the flip, which changes nothing then. One finding for all of them. */
function doubtful(hits: readonly PolicyHit[]): readonly VaultSaying[] {
  const changes = hits.filter((hit) => hit.does === 'changes').map(changeSaying);
  const refusing = hits.filter((hit) => hit.does !== 'changes');
  if (refusing.length === 0) return changes;
  const names = [...new Set(refusing.map(hitName))];
  const more = names.length > mostNamed ? ` and ${names.length - mostNamed} more` : '';
  const [first] = refusing;
  const message = `${names.slice(0, mostNamed).join(', ')}${more} may refuse the flip: ${first?.because ?? ''}`;
  return [...changes, ['warning', 'INV-POLICY-DENY', message, 'look at what it refuses; if it refuses the flip, the vault stays as it is']];
}

const mostNamed = 3;

function exemptSaying(hit: PolicyHit): readonly VaultSaying[] {
  if (hit.from === undefined || (hit.does !== 'refuses' && hit.does !== 'undoes')) return [];
  const message = `the vault is exempt from the policy assignment ${hitName(hit)} until ${hit.from} only; after that it ${hit.certain ? 'refuses' : 'may refuse'} the change`;
  return [['warning', 'INV-POLICY-EXEMPT-ENDS', message, 'finish the migration before that time, or have the exemption extended']];
}
