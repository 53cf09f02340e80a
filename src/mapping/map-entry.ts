import { requiredDataActions } from '../access/required-data-actions.ts';
import { compareText } from '../base/compare-text.ts';
import type { AccessPolicy } from '../model/access-policy.ts';
import type { Catalogue } from '../model/catalogue.ts';
import { type Finding, findingsAbout, type Remark, sortFindings } from '../model/finding.ts';
import type { CandidateSet } from './candidate-set.ts';
import { type ChoiceQuestion, remarksOnChoice } from './choice-remarks.ts';
import { chooseRoles } from './choose-roles.ts';
import type { Entry } from './entry.ts';
import type { RoleChoice } from './role-choice.ts';
import { remarksOnService } from './service-remarks.ts';

export interface MappingContext {
  readonly catalogue: Catalogue;
  readonly candidates: CandidateSet;
  /** Data actions the entry's principal durably holds at the whole vault already. */
  readonly held: readonly string[];
}

/**
 * What becomes of one access policy entry. `reproducible`: `choice` covers all of it. `inert`: it grants nothing today, nothing
 * is chosen. `needsDecision`: `choice` says what could be covered, and must not be acted on before a person has decided.
 */
export interface EntryMapping {
  readonly outcome: 'reproducible' | 'inert' | 'needsDecision';
  /** Data actions the entry's permissions stand for, sorted. */
  readonly required: readonly string[];
  readonly choice?: RoleChoice;
  /** What the choice was made for: less than `required` where a part is left for a person to decide. */
  readonly matter?: ChoiceQuestion;
  readonly findings: readonly Finding[];
}

const nothingKnown: RoleChoice['because'] = [{ kind: 'nothingKnown' }];

/** Maps one entry; duplicates are to be united before. Pure: the same entry and context give the same value. */
export function mapEntry({ policy, subject, principal, standing, required, unknown }: Entry, context: MappingContext): EntryMapping {
  if (standing.outcome === 'inert') return { outcome: 'inert', required, findings: standing.findings };
  const asked = withoutStorage(policy, required, context.catalogue);
  const aside = asked === required ? [] : required.filter((name) => !asked.includes(name));
  const held = aside.length === 0 ? context.held : [...context.held, ...aside];
  const choice = chooseRoles({ required: asked, held, candidates: context.candidates });
  const matter = { policy, required: asked, held, candidates: context.candidates, catalogue: context.catalogue };
  const service = remarksOnService(principal, choice, context.catalogue);
  const remarks = [...openGap(choice), ...remarksOnChoice(choice, matter), ...service];
  const known = unknown.length > 0 && required.length === 0 ? { ...choice, because: nothingKnown } : choice;
  const isWhole = unknown.length === 0 && choice.uncovered.length === 0;
  return {
    outcome: standing.outcome === 'ordinary' && isWhole ? 'reproducible' : 'needsDecision',
    required,
    choice: setAside(known, aside, context),
    matter,
    findings: sortFindings([...standing.findings, ...findingsAbout(subject, remarks)]),
  };
}

/**
 * Storage permissions are set aside (P23): only the widest role has all of them, and it is not to be chosen for the sake of a
 * deprecated feature unless a person says so.
 */
function withoutStorage(policy: AccessPolicy, required: readonly string[], catalogue: Catalogue): readonly string[] {
  if (policy.permissions.storage.length === 0) return required;
  return requiredDataActions({ ...policy, permissions: { ...policy.permissions, storage: [] } }, catalogue).required;
}

/** What was set aside still has to be in `covered` or in `uncovered`; some of it may come along by chance. */
function setAside(choice: RoleChoice, aside: readonly string[], { held, candidates }: MappingContext): RoleChoice {
  if (aside.length === 0) return choice;
  const chosen = candidates.roles.filter(({ role }) => choice.roles.some(({ id }) => id === role.id));
  const given = new Set([...held, ...chosen.flatMap(({ role }) => role.dataActions)]);
  return {
    ...choice,
    covered: [...choice.covered, ...aside.filter((name) => given.has(name))].sort(compareText),
    uncovered: [...choice.uncovered, ...aside.filter((name) => !given.has(name))].sort(compareText),
    because: [...(choice.covered.length + choice.uncovered.length === 0 ? [] : choice.because), { kind: 'storageLeft' }],
  };
}

/** Nothing that may be chosen covers these, so the flip would take them away. */
function openGap({ uncovered }: RoleChoice): readonly Remark[] {
  return uncovered.length === 0 ? [] : [['blocker', 'MAP-UNCOVERED', { dataActions: uncovered }]];
}
