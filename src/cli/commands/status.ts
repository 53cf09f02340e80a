import { compareText } from '../../base/compare-text.ts';
import { exitCode, KnownError } from '../../base/known-error.ts';
import type { Plan } from '../../formats/plan.ts';
import { assertSameTenant } from '../../formats/plan-file.ts';
import { selectionOf } from '../../inventory/selection.ts';
import type { Estate } from '../../model/estate.ts';
import type { Look, Style } from '../../report/look.ts';
import { plainText } from '../../report/plain-text.ts';
import { shortIds } from '../../report/short-ids.ts';
import { table } from '../../report/table.ts';
import { wrapLine } from '../../report/wrap-line.ts';
import { asOfPlan } from '../as-of-plan.ts';
import type { Io } from '../io.ts';
import { afterStatus } from '../next-steps.ts';
import { openState } from '../open-state.ts';
import type { CommonOptions } from '../options.ts';
import { loadPlan } from '../plan-files.ts';
import { seeVaults } from '../see-vaults.ts';
import { openSession, type Session } from '../session.ts';
import { type VaultStatus, vaultStatus } from '../vault-status.ts';
import { viewOf } from '../view.ts';

export interface StatusRequest extends CommonOptions {
  readonly plan: string;
}

const styles: Readonly<Record<string, Style>> = {
  blocked: 'red',
  flipped: 'green',
  repaired: 'green',
  rolledBack: 'yellow',
  flippedBack: 'red',
  gone: 'red',
};

/**
 * How far each vault of a plan has come, as Azure tells it; the journal adds who began what. Blocked when something is not as it
 * should be for the state that was reached, undetermined when Azure could not be asked.
 */
export async function statusCommand(request: StatusRequest, io: Io): Promise<number> {
  const view = viewOf(request, io);
  const plan = await loadPlan(request.plan, io.cwd);
  if (plan.vaults.length === 0) throw new KnownError('usage', 'PLAN_EMPTY', 'the plan has no vaults', 'run `keyturn plan` with vaults');
  const journal = await openState(request.state, io.cwd).journal(plan.digest);
  await journal.close();
  const session = await openSession(request, 'read', io);
  assertSameTenant(plan, session.place);
  const seen = seeVaults(plan, await readPlanned(plan, session), session);
  const vaults = plan.vaults.map((vault) => vaultStatus(vault, journal.entries, seen.get(vault.vaultId.toLowerCase()) ?? { kind: 'gone' }));
  if (request.json === true) view.document({ format: 'keyturn-status', formatVersion: 1, planDigest: plan.digest, vaults });
  else view.lines(statusLines(vaults, journalWords(plan, journal.entries.length, request.state), view.look));
  for (const line of afterStatus(vaults, request.plan)) view.note(line);
  if (vaults.some((vault) => vault.wrong.length > 0)) return exitCode.blocked;
  return vaults.some((vault) => vault.unknown.length > 0) ? exitCode.undetermined : exitCode.done;
}

/** With the policies that the plan stands on, so that everybody whom it promised access is looked up; undefined when all vaults are gone. */
async function readPlanned(plan: Plan, session: Session): Promise<Estate | undefined> {
  try {
    return await session.read(selectionOf(plan.vaults.map((vault) => vault.vaultId)), { assignedTo: 'never', asOf: asOfPlan(plan) });
  } catch (error) {
    if (error instanceof KnownError && error.code === 'VAULT_UNKNOWN') return undefined;
    throw error;
  }
}

function statusLines(vaults: readonly VaultStatus[], journal: string, look: Look): readonly string[] {
  const sorted = [...vaults].sort((a, b) => compareText(a.name, b.name));
  const told = sorted.flatMap(({ name, wrong, unknown }) =>
    [...wrong, ...unknown].flatMap((line) => wrapLine(`${plainText(name)}: ${shortIds(plainText(line))}`, look.columns, '  ')),
  );
  return [...table(columns, sorted.map(row), look), ...(told.length === 0 ? [] : ['', ...told]), '', journal];
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
    `${assignments.done ?? '?'} of ${assignments.planned}`,
    String(open.length),
  ];
}
