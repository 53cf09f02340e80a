import type { Decision } from '../../formats/plan.ts';
import type { RuleRow } from '../../formats/rule-row.ts';
import type { Entry } from '../../mapping/entry.ts';

/**
 * The decision that the rules give for an entry, as the plan records it; undefined where none fits. A rule decides only what it
 * can settle: an entry that needs a decision for another reason too stays open. Who is gone is gone with all permissions, so a
 * rule on principals goes before the one on storage.
 */
export function ruledDecision(rules: readonly RuleRow[], entry: Entry): Decision | undefined {
  if (rules.length === 0) return undefined;
  const codes = entry.standing.findings.flatMap(({ severity, code }) => (severity === 'blocker' ? [code] : []));
  const gone = rules.find(({ when }) => when.principal !== undefined && fits(when.principal, entry));
  const storage = codes.length > 0 && codes.every((code) => code === 'MAP-STORAGE');
  const rule = codes.length === 0 ? undefined : (gone ?? (storage ? rules.find(({ when }) => when.storage === true) : undefined));
  return rule === undefined ? undefined : { choice: rule.choice, reason: rule.reason };
}

/** A directory that could not be read knows nobody: a rule must not take that for an answer. */
function fits(kind: 'deleted' | 'unresolved', { principal }: Entry): boolean {
  if (kind === 'deleted') return principal?.kind === 'deleted';
  return principal?.kind === 'unresolved' && principal.why.kind === 'absent';
}
