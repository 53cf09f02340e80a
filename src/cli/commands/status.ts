import { selectionOf } from '../../inventory/selection.ts';
import { compareText } from '../../model/finding.ts';
import { exitCode, KnownError } from '../../model/known-error.ts';
import type { Plan } from '../../plan/plan.ts';
import { assertSameTenant } from '../../plan/plan-file.ts';
import type { Style } from '../../report/look.ts';
import { plainText } from '../../report/plain-text.ts';
import { table } from '../../report/table.ts';
import type { Io } from '../io.ts';
import { afterStatus } from '../next-steps.ts';
import type { CommonOptions } from '../options.ts';
import { loadPlan } from '../plan-files.ts';
import { openSession } from '../session.ts';
import { stateFolder } from '../state-folder.ts';
import { type VaultStatus, vaultStatus } from '../vault-status.ts';
import { viewOf } from '../view.ts';

export interface StatusRequest extends CommonOptions {
  readonly plan: string;
}

const styles: Readonly<Record<string, Style>> = { blocked: 'red', flipped: 'green', rolledBack: 'yellow' };

/** From the plan, the journal and Azure: undetermined when Azure could not be asked about some vault. */
export async function statusCommand(request: StatusRequest, io: Io): Promise<number> {
  const view = viewOf(request, io);
  const plan = await loadPlan(request.plan, io.cwd);
  if (plan.vaults.length === 0) throw new KnownError('usage', 'PLAN_EMPTY', 'the plan has no vaults', 'run `keyturn plan` with vaults');
  const journal = await stateFolder(request.state, io.cwd).journal(plan.digest);
  await journal.close();
  const session = await openSession(request, 'read', io);
  assertSameTenant(plan, session.place);
  const estate = await session.read(selectionOf(plan.vaults.map((vault) => vault.vaultId)), { assignedTo: 'never' });
  const models = new Map(estate.vaults.map(({ vault }) => [vault.id.toLowerCase(), vault.permissionModel]));
  const vaults = plan.vaults.map((vault) => vaultStatus(vault, journal.entries, models.get(vault.vaultId.toLowerCase()) ?? null));
  if (request.json === true) view.document({ format: 'keyturn-status', formatVersion: 1, planDigest: plan.digest, vaults });
  else
    view.lines([
      ...table(columns, [...vaults].sort((a, b) => compareText(a.name, b.name)).map(row), view.look),
      '',
      journalWords(plan, journal.entries.length, request.state),
    ]);
  for (const line of afterStatus(vaults, request.plan)) view.note(line);
  return vaults.some((vault) => vault.permissionModel === null) ? exitCode.undetermined : exitCode.done;
}

/** Without a journal nothing is known of what was done from elsewhere: that is not the same as nothing done. */
function journalWords({ digest }: Plan, entries: number, folder: string): string {
  const plan = `plan ${digest.slice(0, 19)}…`;
  if (entries > 0) return `${plan}, ${entries} journal entries`;
  return `${plan}; ${plainText(folder)} holds no journal of it: it was not applied from here, or with another --state`;
}

const columns = [
  { title: 'VAULT', shrinkTo: 12 },
  { title: 'STATE' },
  { title: 'MODEL NOW' },
  { title: 'ASSIGNMENTS' },
  { title: 'OPEN STEPS', align: 'right' as const },
];

function row({ name, state, permissionModel, assignments, open }: VaultStatus) {
  const style = styles[state];
  return [
    name,
    style === undefined ? state : { text: state, style },
    permissionModel ?? '?',
    `${assignments.done} of ${assignments.planned}`,
    String(open.length),
  ];
}
