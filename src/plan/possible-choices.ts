import { KnownError } from '../base/known-error.ts';
import type { Decision } from '../formats/plan.ts';
import type { AccessPolicy } from '../model/access-policy.ts';
import type { Finding } from '../model/finding.ts';
import type { FindingCode } from '../model/finding-facts.ts';
import { findingWords } from '../words/finding-words.ts';

type Choice = Decision['choice'];

/** For these Azure RBAC has no grant at all: what they give can only be given up. */
const onlyGivenUp: readonly string[] = ['INV-ENTRY-ODD', 'PRN-COMPOUND', 'PRN-DELETED', 'PRN-UNRESOLVED'] satisfies readonly FindingCode[];
/** Of these the directory may say something else tomorrow: a decision that does not fit today is no slip of the pen. */
const byDirectory: readonly string[] = ['PRN-DELETED', 'PRN-UNRESOLVED'] satisfies readonly FindingCode[];

/** The choices that settle an entry with these blockers, the ones to recommend first. */
export function possibleChoices(codes: readonly string[]): readonly Choice[] {
  if (codes.some((code) => onlyGivenUp.includes(code))) return ['drop'];
  if (codes.includes('MAP-UNKNOWN-PERMISSION')) return ['narrow', 'drop'];
  const all: readonly Choice[] = [
    'reproduce',
    'drop',
    'narrow',
    'customRole',
    'preferFewer',
    'objectScope',
    'nameCondition',
    'keepExisting',
  ];
  return codes.includes('MAP-STORAGE') ? ['dropStorage', ...all] : all;
}

/** Whether nothing of the entry is to be assigned, which no blocker stands against. */
export function givesUp(choice: Choice): boolean {
  return choice === 'drop' || choice === 'keepExisting';
}

/** Whether the directory stands against the decision, so that the entry stays undecided. */
export function isGone(blockers: readonly Finding[]): boolean {
  const codes = blockers.map(({ code }) => code);
  return codes.some((code) => byDirectory.includes(code)) && codes.every((code) => byDirectory.includes(code) || code === 'MAP-STORAGE');
}

/** @throws KnownError DECISION_WRONG (usage) when something in the entry stands against the decision, naming what can be decided. */
export function assertPossible(blockers: readonly Finding[], choice: Choice, { objectId, applicationId }: AccessPolicy): void {
  const against = blockers.find(({ code }) => code !== 'MAP-STORAGE' && !byDirectory.includes(code));
  if (against === undefined) return;
  const codes = blockers.map(({ code }) => code);
  const who = applicationId === undefined ? `\`${objectId}\`` : `\`${objectId}\` with application \`${applicationId}\``;
  const vault = against.subject.vault?.split('/').at(-1) ?? '';
  const message = `a decision cannot be carried out: \`${choice}\` for ${who} in vault \`${vault}\`, where ${findingWords(against).message}`;
  const works = possibleChoices(codes).map((one) => `\`${one}\``);
  throw new KnownError('usage', 'DECISION_WRONG', message, `decide ${works.join(' or ')} in the decisions file`);
}
