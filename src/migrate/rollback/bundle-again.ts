import { type Bundle, makeBundle, storedPolicies } from '../../formats/bundle.ts';
import { isElsewhere, stepState } from '../../formats/journal.ts';
import type { VaultPlan } from '../../formats/plan.ts';
import { parseVault } from '../../model/vault.ts';
import type { VaultNow } from '../../model/vault-now.ts';
import { givesAtLeast } from '../phases/policies-give.ts';
import { Refusal } from '../vault-result.ts';
import type { RollbackRun } from './rollback-run.ts';

/**
 * The bundle of a vault that is on Azure RBAC, where neither a bundle nor the journal says that keyturn flipped it: the state of the
 * run that did is lost, or somebody else did. It is made again from the plan and from what Azure stores, and a person has to say so.
 * @throws Refusal NOT_FLIPPED_BY_US (blocked) where nobody does, or where no plan is given.
 */
export async function bundleAgain(run: RollbackRun, now: VaultNow): Promise<Bundle> {
  const { planned, options, id, ports } = run;
  if (planned === undefined) throw notOurs(run);
  const { plan, vaultPlan } = planned;
  const stored = storedPolicies(now.vault.raw);
  const recorded = recordedPolicies(vaultPlan);
  const vault = stored.length > 0 ? now.vault : parseVault(withPolicies(now.vault.raw, recorded));
  if (vault === undefined || recorded.length + stored.length === 0) throw notOurs(run);
  if ((await options.withoutBundle?.(id.name, [whoseFlip(run), ...whatComesBack(stored, recorded)])) !== true) throw notOurs(run);
  const bundle = makeBundle(vault, plan, vaultPlan.steps, ports.clock.now());
  await ports.bundles.write(id, bundle);
  return bundle;
}

function whoseFlip({ ports, flip }: RollbackRun): string {
  return isElsewhere(stepState(ports.journal.entries, flip))
    ? 'the journal says that somebody else flipped it'
    : 'no rollback bundle and no journal of its flip is here, so it is not known whether keyturn flipped it';
}

type Policies = ReturnType<typeof storedPolicies>;

function whatComesBack(stored: Policies, recorded: Policies): readonly string[] {
  const count = (list: Policies) => (list.length === 1 ? 'one access policy' : `${list.length} access policies`);
  if (stored.length === 0) {
    return [
      `Azure stores no access policies for it: ${count(recorded)} will be written as the plan records them`,
      'the plan does not know their order in the vault, nor duplicates and members of an entry that are not permissions',
    ];
  }
  const same = givesAtLeast(stored, recorded) && givesAtLeast(recorded, stored);
  const kept = `Azure stores ${count(stored)}, which come into force again as they are`;
  return [
    same ? `${kept}; they give what they gave when the plan was made` : `${kept}; they do not give what they gave when the plan was made`,
  ];
}

/** The access policies that a plan was made on, as far as it records them. */
function recordedPolicies({ entries }: VaultPlan): Policies {
  return entries.map(({ tenantId, objectId, applicationId, permissions }) => ({
    tenantId,
    objectId,
    ...(applicationId !== undefined && { applicationId }),
    permissions: { ...permissions },
  }));
}

function withPolicies(raw: VaultNow['vault']['raw'], accessPolicies: Policies): VaultNow['vault']['raw'] {
  return { ...raw, properties: { ...(raw.properties as VaultNow['vault']['raw']), accessPolicies } };
}

function notOurs({ id: { name }, planned }: RollbackRun): Refusal {
  const message = `vault \`${name}\` is on Azure RBAC, and neither a bundle nor the journal says that keyturn flipped it`;
  const lost =
    planned === undefined
      ? 'give the rollback bundle of the run that flipped it'
      : 'give the --state folder of the run that flipped it; if that is lost, run it again with --without-state and look at what comes back';
  const remedy = `${lost}; if somebody else did, \`keyturn plan ${name}\` finds what its access lacks, and \`az keyvault update --name ${name} --enable-rbac-authorization false\` goes back to the policies that Azure stores`;
  return new Refusal('blocked', 'NOT_FLIPPED_BY_US', message, remedy);
}
