import type { Catalogue } from '../model/catalogue.ts';
import { parseGuid } from '../model/guid.ts';
import { type DecisionRow, isObjectWord, limitsObjects } from '../plan/decisions.ts';
import { heldPermissions } from '../plan/kept-permissions.ts';
import type { EntryPlan, Plan } from '../plan/plan.ts';
import { permissionWords } from '../report/permission-words.ts';
import { plainText } from '../report/plain-text.ts';
import { entryName } from '../report/plan-diff.ts';
import { errLines } from './err-lines.ts';
import type { Io } from './io.ts';
import type { Prompts } from './prompts.ts';

const choices: readonly { readonly name: string; readonly value: DecisionRow['choice']; readonly description: string }[] = [
  { name: 'reproduce', value: 'reproduce', description: 'the narrowest roles for all of it, with what comes along' },
  { name: 'prefer fewer', value: 'preferFewer', description: 'few role assignments for all of it, with more that comes along' },
  { name: 'custom role', value: 'customRole', description: 'a role with exactly its data actions, one of 5,000 in the tenant' },
  { name: 'narrow', value: 'narrow', description: 'only the permissions that I name' },
  { name: 'single objects', value: 'objectScope', description: 'only objects that I name, by assignments on them' },
  { name: 'names of secrets', value: 'nameCondition', description: 'only secrets that I name, by a condition on their names (preview)' },
  { name: 'keep existing', value: 'keepExisting', description: 'only what role assignments give already' },
  { name: 'drop', value: 'drop', description: 'none of it: this access ends at the flip' },
];

interface Asking {
  readonly catalogue: Pick<Catalogue, 'all'>;
  /** Why decisions cannot be carried out, in words; undefined when they can. */
  readonly objectionTo: (rows: readonly DecisionRow[]) => string | undefined;
  readonly io: Io;
}

/**
 * Asks about every entry that is undecided and was not asked about before, and again about one whose answer cannot be carried
 * out; answers with all decisions so far.
 */
export async function askDecisions(plan: Plan, before: readonly DecisionRow[], asking: Asking): Promise<readonly DecisionRow[]> {
  let rows = before;
  for (const vault of plan.vaults) {
    for (const entry of vault.entries.filter((one) => one.outcome === 'undecided')) {
      // A decision names its entry by object id; one that is no GUID has to be mended in the vault.
      if (parseGuid(entry.objectId) === undefined) continue;
      const asked = rows.some((row) => row.principal === entry.objectId && row.applicationId === entry.applicationId);
      if (!asked) rows = await askUntilPossible(vault.vaultId, entry, rows, asking);
    }
  }
  return rows;
}

async function askUntilPossible(
  vaultId: string,
  entry: EntryPlan,
  before: readonly DecisionRow[],
  { catalogue, objectionTo, io }: Asking,
): Promise<readonly DecisionRow[]> {
  for (;;) {
    const rows = [...before, await askDecision(vaultId, entry, catalogue, await io.prompts())];
    const objection = objectionTo(rows);
    if (objection === undefined) return rows;
    io.err(errLines([plainText(objection)], io));
  }
}

async function askDecision(vaultId: string, entry: EntryPlan, catalogue: Pick<Catalogue, 'all'>, prompts: Prompts): Promise<DecisionRow> {
  const what = `${entryName(entry)} has ${permissionWords(entry.permissions).join('; ') || 'no permission'}`;
  const choice = await prompts.choose(`${what}. What shall become of it?`, choices);
  const objects = limitsObjects(choice) ? await askObjects(prompts) : [];
  const held = heldPermissions(entry.permissions, catalogue);
  const keep = choice === 'narrow' || limitsObjects(choice) ? await askKept(choice, held, prompts) : [];
  const reason = await prompts.text('Why? Reviewers will read this.', (answer) =>
    answer.trim() === '' ? 'a reason is needed' : undefined,
  );
  return {
    vault: vaultId,
    principal: entry.objectId,
    ...(entry.applicationId !== undefined && { applicationId: entry.applicationId }),
    choice,
    ...(keep.length > 0 && { keep }),
    ...(objects.length > 0 && { objects }),
    reason: reason.trim(),
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
    ? 'Which permissions stay for the whole vault, as a list does? Such as `secrets/list`, or nothing:'
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
