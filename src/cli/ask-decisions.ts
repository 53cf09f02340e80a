import { parseGuid } from '../base/guid.ts';
import { type DecisionRow, type Decisions, isObjectWord, limitsObjects } from '../formats/decisions.ts';
import type { EntryPlan, Plan, VaultPlan } from '../formats/plan.ts';
import type { Catalogue } from '../model/catalogue.ts';
import { entrySubject } from '../model/entry-standing.ts';
import { subjectText } from '../model/finding.ts';
import { heldPermissions } from '../plan/kept-permissions.ts';
import { possibleChoices } from '../plan/possible-choices.ts';
import { permissionWords } from '../report/permission-words.ts';
import { plainText } from '../report/plain-text.ts';
import { entryName } from '../report/plan-diff.ts';
import { askReason, askRule, ruleQuestions } from './ask-rules.ts';
import { choiceWords } from './choice-words.ts';
import { errLines } from './err-lines.ts';
import type { Io } from './io.ts';
import type { Prompts } from './prompts.ts';

interface Asking {
  readonly catalogue: Pick<Catalogue, 'all'>;
  /** Why decisions cannot be carried out, in words; undefined when they can. */
  readonly objectionTo: (decisions: Decisions) => string | undefined;
  readonly io: Io;
}

/** An entry to ask about, and why it is undecided, by the codes of its blockers. */
interface Open {
  readonly vaultId: string;
  readonly entry: EntryPlan;
  readonly codes: readonly string[];
}

/**
 * Asks about every entry that is undecided and was not asked about before: once for all where several are so for one reason, and
 * else one by one, with the choices that can settle it. An answer that cannot be carried out is asked for again.
 * @returns all decisions so far; `before` itself where nothing had to be asked.
 */
export async function askDecisions(plan: Plan, before: Decisions, asking: Asking): Promise<Decisions> {
  const open = plan.vaults.flatMap(openEntries).filter(({ entry }) => !before.decisions.some((row) => speaksOf(row, entry)));
  let decisions = before;
  let left = open;
  for (const question of ruleQuestions) {
    const fitting = left.filter(({ codes }) => question.fits(codes));
    const rule = fitting.length < 2 ? undefined : await askRule(question, fitting.length, await asking.io.prompts());
    if (rule === undefined) continue;
    decisions = { ...decisions, rules: [...decisions.rules, rule] };
    left = left.filter((one) => !fitting.includes(one));
  }
  for (const one of left) decisions = await askUntilPossible(one, decisions, asking);
  return decisions;
}

/** A decision names its entry by object id; an id that is not a GUID has to be mended in the vault. */
function openEntries({ vaultId, entries, findings }: VaultPlan): readonly Open[] {
  return entries.flatMap((entry): readonly Open[] => {
    if (entry.outcome !== 'undecided' || parseGuid(entry.objectId) === undefined) return [];
    const subject = subjectText(entrySubject(vaultId, entry));
    const codes = findings
      .filter((finding) => finding.severity === 'blocker' && subjectText(finding.subject) === subject)
      .map(({ code }) => code);
    return [{ vaultId, entry, codes }];
  });
}

function speaksOf(row: DecisionRow, entry: EntryPlan): boolean {
  return row.principal === entry.objectId && row.applicationId === entry.applicationId;
}

async function askUntilPossible(open: Open, before: Decisions, { catalogue, objectionTo, io }: Asking): Promise<Decisions> {
  for (;;) {
    const row = await askDecision(open, catalogue, await io.prompts());
    const decisions = { ...before, decisions: [...before.decisions, row] };
    const objection = objectionTo(decisions);
    if (objection === undefined) return decisions;
    io.err(errLines([plainText(objection)], io));
  }
}

async function askDecision({ vaultId, entry, codes }: Open, catalogue: Pick<Catalogue, 'all'>, prompts: Prompts): Promise<DecisionRow> {
  const what = `${entryName(entry)} has ${permissionWords(entry.permissions).join('; ') || 'no permission'}`;
  const offered = possibleChoices(codes).map((value) => ({ value, ...choiceWords[value] }));
  const choice = await prompts.choose(`${what}. How should this entry be migrated?`, offered);
  const objects = limitsObjects(choice) ? await askObjects(prompts) : [];
  const held = heldPermissions(entry.permissions, catalogue);
  const keep = choice === 'narrow' || limitsObjects(choice) ? await askKept(choice, held, prompts) : [];
  return {
    vault: vaultId,
    principal: entry.objectId,
    ...(entry.applicationId !== undefined && { applicationId: entry.applicationId }),
    choice,
    ...(keep.length > 0 && { keep }),
    ...(objects.length > 0 && { objects }),
    reason: await askReason(prompts),
  };
}

async function askObjects(prompts: Prompts): Promise<string[]> {
  const answer = await prompts.text('On which objects, spelled as in the vault? Such as `secrets/db, certificates/tls`:', (text) => {
    const odd = wordsOf(text).find((word) => !isObjectWord(word));
    if (odd !== undefined) return `\`${odd}\` is not written like \`secrets/name\``;
    return wordsOf(text).length === 0 ? 'name at least one, or choose drop' : undefined;
  });
  return wordsOf(answer);
}

async function askKept(choice: DecisionRow['choice'], held: readonly string[], prompts: Prompts): Promise<string[]> {
  const mayBeNone = choice !== 'narrow';
  const question = mayBeNone
    ? 'Which permissions should still apply to the whole vault (for example `secrets/list`)? Such as `secrets/list`, or nothing:'
    : 'Which permissions stay? Such as `secrets/get, secrets/list`:';
  const answer = await prompts.text(question, (text) => {
    const unknown = wordsOf(text).find((word) => !held.includes(word.toLowerCase()));
    if (unknown !== undefined) return `the policy has no \`${unknown}\`; it has ${held.join(', ')}`;
    return wordsOf(text).length === 0 && !mayBeNone ? 'name at least one, or choose drop' : undefined;
  });
  return wordsOf(answer);
}

function wordsOf(answer: string): string[] {
  return answer.split(/[\s,]+/).filter((word) => word !== '');
}
