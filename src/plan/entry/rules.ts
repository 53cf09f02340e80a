import { parseGuid } from '../../base/guid.ts';
import type { Decision, EntryPlan } from '../../formats/plan.ts';
import type { RuleRow } from '../../formats/rule-row.ts';
import type { Entry } from '../../mapping/entry.ts';
import { shownKind } from '../../model/principal.ts';
import type { Vault } from '../../model/vault.ts';
import { tagOf } from '../../model/vault-tag.ts';

/** What of its vault a rule may ask for. */
export interface RuledVault {
  readonly vault: Pick<Vault, 'tags'>;
  readonly wave: string | undefined;
}

/**
 * The decision that the rules give for an entry before anything is chosen for it, as the plan records it; undefined where none fits. A rule
 * decides only what it can settle: an entry that needs a decision for another reason too stays open. Who is gone is gone with all
 * permissions, so a rule on principals goes before the one on storage; of the others the first that fits decides.
 */
export function ruledDecision(rules: readonly RuleRow[], entry: Entry, at: RuledVault): Decision | undefined {
  if (rules.length === 0) return undefined;
  const codes = entry.standing.findings.flatMap(({ severity, code }) => (severity === 'blocker' ? [code] : []));
  const here = rules.filter(({ when }) => when.extra === undefined && fitsEntry(when, entry) && fitsVault(when, at));
  const gone = here.find(({ when }) => when.principal !== undefined);
  const storage = codes.every((code) => code === 'MAP-STORAGE') ? here.find(({ when }) => when.storage === true) : undefined;
  const other = here.find(({ when }) => when.principal === undefined && when.storage === undefined);
  return asDecision(codes.length > 0 ? (gone ?? storage) : carries(entry) ? other : undefined);
}

/** The decision that the rules on extra access give, once it is known which roles would be chosen. */
export function decisionOnExtra(rules: readonly RuleRow[], entry: Entry, planned: EntryPlan, at: RuledVault): Decision | undefined {
  if (planned.outcome !== 'reproduce' || planned.decision !== undefined) return undefined;
  const tiers = new Set<string>((planned.choice?.excess ?? []).map(({ tier }) => tier));
  const isReached = (wanted: string) => [...tiers].some((tier) => tier <= wanted);
  return asDecision(
    rules.find(({ when }) => when.extra !== undefined && isReached(when.extra) && fitsEntry(when, entry) && fitsVault(when, at)),
  );
}

function asDecision(rule: RuleRow | undefined): Decision | undefined {
  return rule === undefined ? undefined : { choice: rule.choice, reason: rule.reason };
}

/** What grants nothing today needs nobody's word. */
function carries({ standing, required }: Entry): boolean {
  return standing.outcome === 'ordinary' && required.length > 0;
}

/** A directory that could not be read knows nobody: a rule must not take that for an answer. */
function fitsEntry({ principal: gone, kind, service }: RuleRow['when'], { principal, surroundings }: Entry): boolean {
  if (gone === 'deleted' && principal?.kind !== 'deleted') return false;
  if (gone === 'unresolved' && !(principal?.kind === 'unresolved' && principal.why.kind === 'absent')) return false;
  if (kind !== undefined && shownKind(principal) !== kind) return false;
  if (service === undefined) return true;
  const appId = principal?.kind === 'servicePrincipal' ? parseGuid(principal.appId) : undefined;
  const known = appId === undefined ? undefined : surroundings.catalogue.services.get(appId);
  return known?.service.toLowerCase() === service.trim().toLowerCase();
}

function fitsVault({ tag, wave }: RuleRow['when'], at: RuledVault): boolean {
  if (wave !== undefined && at.wave !== wave) return false;
  if (tag === undefined) return true;
  const [name = '', ...value] = tag.split('=');
  return tagOf(at.vault, name.trim()) === value.join('=').trim();
}
