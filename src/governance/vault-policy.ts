import type { SubscriptionFacts } from '../model/estate.ts';
import type { FindingFacts } from '../model/finding-facts.ts';
import type { PolicyAssignment } from '../model/governance.ts';
import type { PermissionModel, Vault } from '../model/vault.ts';
import { judgeWrite } from './judge-write.ts';
import { plain } from './rule/compare.ts';
import type { PolicyClause } from './rule/policy-clauses.ts';
import { flagAlias } from './rule/rewrites.ts';
import { unknown } from './rule/truth.ts';
import type { PolicyRuling } from './ruling.ts';
import { modelWrite } from './writes.ts';

type PolicyDoubt = FindingFacts['INV-POLICY-DENY']['doubt'];

/** What one rule means for a change of a vault's permission model. */
export interface PolicyHit {
  readonly assignment: PolicyAssignment;
  /** What the definition is called; empty where it could not be read. */
  readonly definition: string;
  /**
   * `refuses`: Azure denies the change. `undoes`: it is accepted and not kept. `clears`: the stored access policies are changed
   * with it. `changes`: something else of the vault is, named by `field`.
   */
  readonly does: 'refuses' | 'undoes' | 'clears' | 'changes';
  readonly certain: boolean;
  /** Why it is not certain; there unless it is. */
  readonly doubt?: PolicyDoubt;
  readonly field?: string;
  /** ISO 8601: only from then on, when the vault's exemption ends. */
  readonly from?: string;
}

export interface VaultPolicies {
  readonly flip: readonly PolicyHit[];
  /** Less what the flip would meet as well: then there is nothing to go back from. */
  readonly rollback: readonly PolicyHit[];
}

/** What Azure Policy would do to the flip of a vault and to its rollback, as far as what was read tells. */
export function vaultPolicies(vault: Vault, subscription: SubscriptionFacts): VaultPolicies {
  const from = subscription.policies ?? subscription.policyAssignments;
  const known = judged.get(vault);
  if (known?.from === from) return known.policies;
  const policies = judge(vault, subscription);
  judged.set(vault, { from, policies });
  return policies;
}

/** Asked for the findings of a vault and again for the basis of its plan. */
const judged = new WeakMap<Vault, { readonly from: object; readonly policies: VaultPolicies }>();

function judge(vault: Vault, subscription: SubscriptionFacts): VaultPolicies {
  const flip = found(vault, 'azureRbac', subscription);
  const met = flip.filter(({ hit }) => hit.from === undefined && decides(hit));
  const rollback = found(vault, 'accessPolicy', subscription).filter(({ clause, hit }) => {
    const same = met.filter((one) => one.clause === clause);
    return decides(hit) && !same.some((one) => one.hit.certain) && (hit.certain || same.length === 0 || readsTheModel(clause));
  });
  return { flip: flip.map(({ hit }) => hit), rollback: rollback.map(({ hit }) => hit) };
}

function decides(hit: PolicyHit): boolean {
  return hit.does === 'refuses' || hit.does === 'undoes';
}

interface Found {
  readonly clause: PolicyClause;
  readonly hit: PolicyHit;
}

function found(vault: Vault, model: PermissionModel, subscription: SubscriptionFacts): readonly Found[] {
  const hits = new Map<string, Found>();
  for (const ruling of judgeWrite(modelWrite(vault, model), subscription)) {
    const hit = hitOf(ruling, model);
    if (hit === undefined) continue;
    const key = JSON.stringify([hit.assignment.id, ruling.clause.referenceId, hit.does, hit.field]);
    const known = hits.get(key);
    if (known === undefined || (hit.certain && !known.hit.certain)) hits.set(key, { clause: ruling.clause, hit });
  }
  return [...hits.values()];
}

function hitOf({ clause, does, certain, rewrite, exemptUntil }: PolicyRuling, model: PermissionModel): PolicyHit | undefined {
  const { definition, assignment } = clause;
  const about = {
    assignment,
    definition: definition.state === 'read' ? definition.value.displayName : '',
    certain,
    ...(!certain && { doubt: doubtOf(clause) }),
    ...(exemptUntil !== undefined && { from: exemptUntil }),
  };
  if (does === 'refuses' || rewrite === undefined) return { ...about, does: does === 'refuses' ? 'refuses' : 'undoes' };
  const { alias, value } = rewrite;
  if (alias.toLowerCase() === flagAlias) {
    const kept = value !== unknown && plain(value ?? null) === (model === 'azureRbac' ? 'true' : 'false');
    return kept ? undefined : { ...about, ...(certain && value === unknown && { certain: false, doubt: doubtOf(clause) }), does: 'undoes' };
  }
  const field = alias.slice(alias.lastIndexOf('/') + 1);
  return { ...about, does: /^accesspolicies\b/i.test(field) ? 'clears' : 'changes', field };
}

/** What the assignment is called, and its definition where that is something else. */
export function policyNamed({ assignment, definition }: PolicyHit): FindingFacts['INV-POLICY-MODIFIES']['policy'] {
  const name = assignment.displayName === '' ? assignment.id : assignment.displayName;
  return { assignment: name, ...(definition !== '' && definition !== name && { definition }) };
}

function doubtOf({ definition, assignment }: PolicyClause): PolicyDoubt {
  if (definition.state === 'unreadable') return { kind: 'definitionUnread', because: definition.because };
  return { kind: assignment.enforcement === 'enrolled' ? 'enrollment' : 'notWorkedOut' };
}

/**
 * Whether the rule may tell the vault before the flip from the vault after it. One that cannot treats the flip and the rollback
 * alike, so the flip itself shows whether it refuses.
 */
function readsTheModel({ definition, parameter }: PolicyClause): boolean {
  if (definition.state === 'unreadable') return true;
  const { if: condition, details, effect, parameters } = definition.value;
  const given = [...parameters.keys()].map((name) => parameter(name));
  const text = JSON.stringify([condition, details ?? null, effect, ...given.map((value) => (value === unknown ? null : (value ?? null)))]);
  return /rbacauthorization|utcnow/i.test(text);
}
