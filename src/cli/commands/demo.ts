import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { exitCode } from '../../base/known-error.ts';
import { noDecisions } from '../../formats/decisions.ts';
import type { Plan } from '../../formats/plan.ts';
import { parseSelection } from '../../inventory/selection.ts';
import type { VaultResult } from '../../migrate/vault-result.ts';
import type { WayBack } from '../../migrate/way-back.ts';
import { inventoryReport } from '../../report/inventory-report.ts';
import { inventoryText } from '../../report/inventory-text.ts';
import type { Look } from '../../report/look.ts';
import { plainText } from '../../report/plain-text.ts';
import { entryName } from '../../report/plan-diff.ts';
import { planSummary, vaultAlone } from '../../report/plan-text.ts';
import { wrapLine } from '../../report/wrap-line.ts';
import { type EmbeddedSandbox, openEmbeddedSandbox } from '../embedded-sandbox.ts';
import type { Io } from '../io.ts';
import { makePlan } from '../make-plan.ts';
import { openState } from '../open-state.ts';
import type { CommonOptions } from '../options.ts';
import { planLabels } from '../output/migration-view.ts';
import { exitOfResults, resultLines } from '../output/results-view.ts';
import { formatOf, inFormat, show } from '../output/show.ts';
import { runMigration } from '../run-migration.ts';
import { connectSession, type Session } from '../session.ts';
import { type View, viewOf } from '../view.ts';
import { addRound, addTally, callWhile, noCalls, type WorkloadTally } from '../workload-rounds.ts';
import { goBack } from './rollback.ts';

/** A whole migration and its way back on an embedded sandbox, while the scenario's workloads call the vault. */
export async function demoCommand(options: CommonOptions, io: Io): Promise<number> {
  const home = await mkdtemp(path.join(tmpdir(), 'keyturn-demo-'));
  const sandbox = await openEmbeddedSandbox('one-app-one-developer');
  try {
    return await tell({ ...options, state: home }, sandbox, io);
  } finally {
    await sandbox.close();
    await rm(home, { recursive: true, force: true });
  }
}

async function tell(options: CommonOptions, sandbox: EmbeddedSandbox, io: Io): Promise<number> {
  const { view, talking } = stage(options, io);
  const session = await connectSession({ ...sandbox.connection, mode: 'write' }, { ...options, quiet: true }, io);
  const before = sandbox.stateJson();
  heading(view, `keyturn demo: ${sandbox.title}`);
  view.lines(wrapLine(`  ${plainText(sandbox.story)}`, view.look.columns, '  '));

  const plan = await inventoryAndPlan(session, sandbox, view);
  let tally = addRound(noCalls, await sandbox.callOnce());
  const results: VaultResult[] = [];
  const act = async (title: string, work: () => Promise<readonly VaultResult[]>): Promise<void> => {
    heading(view, title);
    const done = await callWhile(work(), sandbox.callOnce);
    tally = addTally(tally, done.tally);
    results.push(...done.value);
    view.lines([...indented(resultLines(done.value, narrower(view.look))), `  ${callsWords(done.tally)}`]);
  };
  const quietly = inFormat('text', options);
  await act('3  Stage, settle, verify: the roles do nothing yet, and the clock is moved', () =>
    runMigration(plan, 'verify', session, quietly, talking),
  );
  await act('4  Flip: one flag, while the workloads call', () => runMigration(plan, 'watch', session, quietly, talking));
  await act('5  Roll back, from the bundle on disk', () => rollBackAll(plan, session, quietly, talking));

  const same = sandbox.stateJson() === before;
  await show('demo', { tally, identical: same, results }, options, io);
  const code = exitOfResults(results, io.interrupted.aborted);
  return code === exitCode.done && (tally.refused + tally.failed > 0 || !same) ? exitCode.failed : code;
}

/** A demo is read by people: 80 columns in a pipe too, and what would be progress is part of the story. */
function stage(options: CommonOptions, io: Io): { readonly view: View; readonly talking: Io } {
  const view = viewOf(options, formatOf(options) === 'text' ? io : { ...io, out: () => undefined });
  const look = { ...view.look, columns: Math.max(40, io.columns || 80) };
  const told = { ...view, look };
  const err = (text: string) => {
    const lines = text
      .trimEnd()
      .split('\n')
      .flatMap((line) => wrapLine(`  ${line}`, look.columns, '      '));
    told.lines(lines.map((line) => look.paint('dim', line)));
  };
  return { view: told, talking: { ...io, err, spinner: () => Promise.resolve(undefined) } };
}

async function inventoryAndPlan(session: Session, sandbox: EmbeddedSandbox, view: View): Promise<Plan> {
  const estate = await session.read(parseSelection({}));
  heading(view, '1  Inventory: who has access by policy');
  view.lines(indented(inventoryText(inventoryReport(estate, []), narrower(view.look))));
  const plan = makePlan(estate, sandbox.decisions, session);
  heading(view, '2  Plan: the narrowest roles, as a diff');
  const shown = plan.vaults.map((vault) => ({ ...vault, findings: vault.findings.filter((finding) => finding.severity !== 'note') }));
  const lines = shown.flatMap((vault) => vaultAlone(vault, narrower(view.look)));
  const whole = makePlan(estate, noDecisions, session);
  view.lines([
    ...indented(lines),
    ...notReproduced(plan, whole).flatMap((line) => wrapLine(`  ${line}`, view.look.columns, '    ')),
    ...wrapLine(`  ${planSummary(plan)}`, view.look.columns, '    '),
  ]);
  return plan;
}

/** What a decision keeps from being carried over: the roles that the entry would have got without it. */
function notReproduced(plan: Plan, whole: Plan): readonly string[] {
  const entries = whole.vaults.flatMap((vault) => vault.entries);
  return plan.vaults.flatMap((vault) =>
    vault.entries.flatMap((entry) => {
      const roles = entries.find((one) => one.objectId === entry.objectId)?.choice?.roles ?? [];
      if (entry.dropped.length === 0 || roles.length === 0) return [];
      const names = roles.map((role) => plainText(role.name)).join(', ');
      const left = entry.required.length - entry.dropped.length;
      return [
        `not reproduced: to carry over all that ${entryName(entry)} has would take ${names} for good; ` +
          `of ${entry.required.length} data actions ${left} stay and ${entry.dropped.length} are given up`,
      ];
    }),
  );
}

async function rollBackAll(plan: Plan, session: Session, options: CommonOptions, io: Io): Promise<readonly VaultResult[]> {
  const state = await openState(options, io);
  const ways: WayBack[] = [];
  for (const { vaultId } of plan.vaults) {
    const [bundle] = await state.bundles.find(vaultId);
    if (bundle === undefined) throw new Error('a vault that was flipped has a bundle');
    ways.push({ kind: 'bundle', bundle });
  }
  return goBack(ways, session, { ...options, removeAssignments: true }, io, planLabels(plan));
}

function callsWords({ ok, refused, failed, rounds }: WorkloadTally): string {
  return `meanwhile ${ok + refused + failed} workload calls in ${rounds} rounds: ${ok} answered, ${refused + failed} refused`;
}

function heading(view: View, title: string): void {
  view.lines(['', view.look.paint('bold', plainText(title))]);
}

function narrower(look: Look): Look {
  return { ...look, columns: look.columns - 2 };
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => (line === '' ? line : `  ${line}`));
}
