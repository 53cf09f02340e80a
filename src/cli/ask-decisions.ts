import type { Catalogue } from '../model/catalogue.ts';
import { parseGuid } from '../model/guid.ts';
import type { DecisionRow } from '../plan/decisions.ts';
import { heldPermissions } from '../plan/kept-permissions.ts';
import type { EntryPlan, Plan } from '../plan/plan.ts';
import { permissionWords } from '../report/permission-words.ts';
import { entryName } from '../report/plan-diff.ts';
import type { Io } from './io.ts';
import type { Prompts } from './prompts.ts';

const choices: readonly { readonly name: string; readonly value: DecisionRow['choice']; readonly description: string }[] = [
  { name: 'reproduce', value: 'reproduce', description: 'the narrowest roles for all of it, with what comes along' },
  { name: 'narrow', value: 'narrow', description: 'only the permissions that I name' },
  { name: 'keep existing', value: 'keepExisting', description: 'only what role assignments give already' },
  { name: 'drop', value: 'drop', description: 'none of it: this access ends at the flip' },
];

/** Asks about every entry that is undecided and was not asked about before; answers with all decisions so far. */
export async function askDecisions(
  plan: Plan,
  before: readonly DecisionRow[],
  catalogue: Pick<Catalogue, 'all'>,
  io: Io,
): Promise<readonly DecisionRow[]> {
  const rows = [...before];
  for (const vault of plan.vaults) {
    for (const entry of vault.entries.filter((one) => one.outcome === 'undecided')) {
      // A decision names its entry by object id; one that is no GUID has to be mended in the vault.
      if (parseGuid(entry.objectId) === undefined) continue;
      const asked = rows.some((row) => row.principal === entry.objectId && row.applicationId === entry.applicationId);
      if (!asked) rows.push(await askDecision(vault.vaultId, entry, catalogue, await io.prompts()));
    }
  }
  return rows;
}

async function askDecision(vaultId: string, entry: EntryPlan, catalogue: Pick<Catalogue, 'all'>, prompts: Prompts): Promise<DecisionRow> {
  const what = `${entryName(entry)} has ${permissionWords(entry.permissions).join('; ') || 'no permission'}`;
  const choice = await prompts.choose(`${what}. What shall become of it?`, choices);
  const keep = choice === 'narrow' ? await askKept(heldPermissions(entry.permissions, catalogue), prompts) : undefined;
  const reason = await prompts.text('Why? Reviewers will read this.', (answer) =>
    answer.trim() === '' ? 'a reason is needed' : undefined,
  );
  return {
    vault: vaultId,
    principal: entry.objectId,
    ...(entry.applicationId !== undefined && { applicationId: entry.applicationId }),
    choice,
    ...(keep !== undefined && { keep: [...keep] }),
    reason: reason.trim(),
  };
}

async function askKept(held: readonly string[], prompts: Prompts): Promise<readonly string[]> {
  const split = (answer: string) => answer.split(/[\s,]+/).filter((word) => word !== '');
  const answer = await prompts.text('Which permissions stay? Such as `secrets/get, secrets/list`:', (text) => {
    const unknown = split(text).find((word) => !held.includes(word.toLowerCase()));
    if (unknown !== undefined) return `the policy has no \`${unknown}\`; it has ${held.join(', ')}`;
    return split(text).length === 0 ? 'name at least one, or choose drop' : undefined;
  });
  return split(answer);
}
