import { parseGuid } from '../base/guid.ts';
import type { AcceptanceRow } from '../formats/acceptance-row.ts';
import type { DecisionRow } from '../formats/decisions.ts';
import type { EntryPlan, PlannedGain, VaultPlan } from '../formats/plan.ts';
import type { RuleRow } from '../formats/rule-row.ts';
import { entrySubject } from '../model/entry-standing.ts';
import { subjectText } from '../model/finding.ts';
import { asAcceptable } from './acceptances.ts';
import { openGains } from './open-gains.ts';
import { possibleChoices } from './possible-choices.ts';

/** An entry that a person has to decide, or may want to. */
export interface EntryToDecide {
  readonly vault: Pick<VaultPlan, 'vaultId' | 'name'>;
  readonly entry: EntryPlan;
  /** undecided: it blocks its vault. wide: more comes with its roles than anybody asked for, or they are those of an officer. */
  readonly why: 'undecided' | 'wide';
  /** Codes of what blocks it. */
  readonly codes: readonly string[];
  /** What can work, the recommended one first. */
  readonly choices: readonly DecisionRow['choice'][];
}

export interface ToDecide {
  readonly entries: readonly EntryToDecide[];
  readonly acceptances: readonly Pick<AcceptanceRow, 'finding' | 'vault'>[];
  readonly gains: readonly { readonly vault: Pick<VaultPlan, 'vaultId' | 'name'>; readonly gain: PlannedGain }[];
}

/** What of a vault's plan is undecided or worth deciding. */
export function toDecide(vault: VaultPlan): ToDecide {
  const codes = new Map<string, Set<string>>();
  for (const { severity, code, subject } of vault.findings) {
    if (severity !== 'blocker') continue;
    const key = subjectText(subject);
    codes.set(key, (codes.get(key) ?? new Set()).add(code));
  }
  const entries = vault.entries.flatMap((entry): readonly EntryToDecide[] => {
    // A decision names its entry by object id; an id that is not a GUID has to be mended in the vault.
    if (parseGuid(entry.objectId) === undefined) return [];
    const why = entry.outcome === 'undecided' ? 'undecided' : isWide(entry) ? 'wide' : undefined;
    const own = [...(codes.get(subjectText(entrySubject(vault.vaultId, entry))) ?? [])];
    return why === undefined ? [] : [{ vault, entry, why, codes: own, choices: choicesFor(entry, why, own) }];
  });
  const acceptable = new Set(vault.findings.flatMap(({ severity, code }) => (severity === 'blocker' ? (asAcceptable(code) ?? []) : [])));
  return {
    entries,
    acceptances: [...acceptable].map((finding) => ({ finding, vault: vault.vaultId })),
    gains: openGains(vault).map((gain) => ({ vault, gain })),
  };
}

/** Nobody decided it yet, and the roles give what can do harm or are made for officers. */
function isWide({ outcome, decision, choice, objects = [], conditioned }: EntryPlan): boolean {
  if (outcome !== 'reproduce' || decision !== undefined) return false;
  const parts = [choice, conditioned, ...objects].flatMap((part) => part ?? []);
  const harmful = parts.some(({ excess }) => excess.some(({ tier }) => tier === 'A' || tier === 'B'));
  return harmful || parts.some(({ roles }) => roles.some(({ name }) => /\b(Officer|Administrator)\b/.test(name)));
}

/** A wide entry that needs no decision is reproduced where nobody says otherwise; what is narrower comes first. */
function choicesFor(entry: EntryPlan, why: EntryToDecide['why'], codes: readonly string[]): readonly DecisionRow['choice'][] {
  const { keys, certificates } = entry.permissions;
  const possible = possibleChoices(codes).filter((choice) => choice !== 'nameCondition' || keys.length + certificates.length === 0);
  if (why === 'undecided') return possible;
  const isFirst = (choice: DecisionRow['choice']) => choice === 'customRole' || choice === 'narrow';
  return [...possible.filter(isFirst), ...possible.filter((choice) => !isFirst(choice))];
}

/** Entries that one rule settles, where there are several of the kind, and those that are decided one by one. */
export function byRule(entries: readonly EntryToDecide[]): {
  readonly rules: readonly { readonly rule: Omit<RuleRow, 'reason'>; readonly entries: readonly EntryToDecide[] }[];
  readonly single: readonly EntryToDecide[];
} {
  const kinds: readonly (readonly [Omit<RuleRow, 'reason'>, (one: EntryToDecide) => boolean])[] = [
    [{ when: { principal: 'deleted' }, choice: 'drop' }, ({ codes }) => codes.includes('PRN-DELETED')],
    [{ when: { storage: true }, choice: 'dropStorage' }, ({ codes }) => codes.length > 0 && codes.every((code) => code === 'MAP-STORAGE')],
  ];
  let single = entries;
  const rules = kinds.flatMap(([rule, fits]) => {
    const fitting = single.filter((one) => one.why === 'undecided' && fits(one));
    if (fitting.length < 2) return [];
    single = single.filter((one) => !fitting.includes(one));
    return [{ rule, entries: fitting }];
  });
  return { rules, single };
}
