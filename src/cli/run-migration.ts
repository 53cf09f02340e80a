import { KnownError } from '../base/known-error.ts';
import type { Phase } from '../formats/phases.ts';
import type { Plan } from '../formats/plan.ts';
import { applyPlan } from '../migrate/apply-plan.ts';
import { brokenJournal } from '../migrate/lenient-journal.ts';
import type { MigrationEvent, MigrationPorts } from '../migrate/ports.ts';
import type { VaultResult } from '../migrate/vault-result.ts';
import { plainText } from '../report/plain-text.ts';
import type { Io } from './io.ts';
import { openState } from './open-state.ts';
import type { CommonOptions } from './options.ts';
import { endsStep, migrationProgress, planLabels, type StepLabels } from './output/migration-view.ts';
import { eventPrinter } from './output/show.ts';
import { startProgress } from './progress.ts';
import type { Session } from './session.ts';

/**
 * How many writes are begun at once in a subscription. Far more than Azure's buckets let through in the time that an answer takes, and few
 * enough that a vault which was read just before its flip has not waited long for its turn.
 */
const writesAtOnce = 32;

/** Takes a plan's vaults through the phases, with the journal of that plan and progress on stderr. */
export async function runMigration(
  plan: Plan,
  through: Phase,
  session: Session,
  options: CommonOptions & { readonly vaults?: readonly string[] },
  io: Io,
): Promise<readonly VaultResult[]> {
  const some = options.vaults === undefined ? {} : { vaults: options.vaults };
  return withPorts({ planDigest: plan.digest, labels: planLabels(plan) }, session, options, io, (ports) =>
    applyPlan(
      plan,
      {
        through,
        ...some,
        concurrency: Math.min(writesAtOnce, options.concurrency ?? writesAtOnce),
        ...ageOf(options),
        signal: io.interrupted,
      },
      { ports, catalogue: session.catalogue },
    ),
  );
}

function ageOf({ factsAge }: Pick<CommonOptions, 'factsAge'>): { readonly factsAge?: number } {
  return factsAge === undefined ? {} : { factsAge: factsAge * 1000 };
}

function noteUnderWay(event: Extract<MigrationEvent, { kind: 'step' }>, labels: StepLabels, { underWay }: Io): void {
  const vault = event.vaultId.slice(event.vaultId.lastIndexOf('/') + 1);
  const step = plainText(`${vault}: ${labels.get(event.step) ?? event.step}`);
  if (endsStep(event)) underWay.delete(step);
  else underWay.add(step);
}

/** Opens the journal of a plan, and closes it whatever happens. */
export async function withPorts<T>(
  about: { readonly planDigest: string; readonly labels: StepLabels; readonly alsoWithoutJournal?: boolean },
  session: Session,
  options: CommonOptions,
  io: Io,
  work: (ports: MigrationPorts) => Promise<T>,
): Promise<T> {
  const state = openState(options.state, io.cwd);
  const journal = await state.journal(about.planDigest).catch((error: unknown) => {
    if (about.alsoWithoutJournal !== true || !(error instanceof KnownError)) throw error;
    return { ...brokenJournal(error), close: () => Promise.resolve() };
  });
  const progress = await startProgress(options, io);
  const print = eventPrinter(options, io);
  const show = migrationProgress(about.labels, progress);
  const onEvent = (event: MigrationEvent): void => {
    print(event);
    if (event.kind === 'step') noteUnderWay(event, about.labels, io);
    show(event);
  };
  try {
    const { bundles, holds, proofs } = state;
    return await work({ writer: session.writer(), facts: session.facts, journal, bundles, proofs, holds, clock: session.clock, onEvent });
  } finally {
    progress.stop();
    await journal.close();
  }
}
