import type { PolicyAssignment } from '../model/governance.ts';
import type { SubscriptionFacts } from '../model/estate.ts';
import type { PermissionModel, Vault } from '../model/vault.ts';
import { judgeWrite } from './judge-write.ts';
import type { PolicyClause } from './policy-clauses.ts';
import { flagAlias } from './rewrites.ts';
import type { PolicyRuling } from './ruling.ts';
import { unknown } from './truth.ts';
import { modelWrite } from './writes.ts';

/** What one rule means for a change of a vault's permission model. */
export interface PolicyHit {
  readonly assignment: PolicyAssignment;
  /** What the definition is called; empty where it could not be read. */
  readonly definition: string;
  /**
   * `refuses`: Azure denies the change. `undoes`: it is accepted and not kept. `clears`: the stored access policies are changed
   * with it. `changes`: something else of the vault is, named by `fields`.
   */
  readonly does: 'refuses' | 'undoes' | 'clears' | 'changes';
  readonly certain: boolean;
  /** Why it is not certain, in words. */
  readonly because?: string;
  readonly fields: readonly string[];
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
  const known = judged.get(vault);
  if (known?.subscription === subscription) return known.policies;
  const policies = judge(vault, subscription);
  judged.set(vault, { subscription, policies });
  return policies;
}

/** Asked for the findings of a vault and again for the basis of its plan. */
const judged = new WeakMap<Vault, { readonly subscription: SubscriptionFacts; readonly policies: VaultPolicies }>();

function judge(vault: Vault, subscription: SubscriptionFacts): VaultPolicies {
  const flip = found(vault, 'azureRbac', subscription);
  const met = new Set(flip.filter(({ hit }) => hit.from === undefined && decides(hit)).map(({ clause }) => clause));
  const rollback = found(vault, 'accessPolicy', subscription).filter(({ clause, hit }) => {
    if (hit.does === 'changes' || hit.does === 'clears') return false;
    return hit.certain ? !flip.some((one) => one.clause === clause && one.hit.certain) : !met.has(clause) || readsTheModel(clause);
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
    const key = JSON.stringify([hit.assignment.id, ruling.clause.referenceId, hit.does, hit.fields]);
    const known = hits.get(key);
    if (known === undefined || (hit.certain && !known.hit.certain)) hits.set(key, { clause: ruling.clause, hit });
  }
  return [...hits.values()];
}

function hitOf({ clause, does, certain, values, exemptUntil }: PolicyRuling, model: PermissionModel): PolicyHit | undefined {
  const { definition, assignment } = clause;
  const about = {
    assignment,
    definition: definition.state === 'read' ? definition.value.displayName : '',
    certain,
    ...(!certain && { because: doubt(clause) }),
    ...(exemptUntil !== undefined && { from: exemptUntil }),
  };
  if (does === 'refuses' || values.size === 0) return { ...about, does: does === 'refuses' ? 'refuses' : 'undoes', fields: [] };
  const [[field, value] = ['', unknown]] = values;
  if (field === flagAlias) {
    const kept = value !== unknown && String(value).toLowerCase() === String(model === 'azureRbac');
    return kept ? undefined : { ...about, certain: certain && value !== unknown, does: 'undoes', fields: [] };
  }
  return { ...about, does: field.startsWith(`${policiesAlias}`) ? 'clears' : 'changes', fields: [field] };
}

const policiesAlias = 'microsoft.keyvault/vaults/accesspolicies';

function doubt({ definition, assignment }: PolicyClause): string {
  if (definition.state === 'unreadable') return `its definition could not be read: ${definition.because}`;
  return assignment.enforcement === 'enrolled'
    ? 'it is enforced where an enrollment says so, and keyturn does not read enrollments'
    : 'its rule, its effect or an exemption cannot be worked out';
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
