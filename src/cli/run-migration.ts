import { KnownError } from '../base/known-error.ts';
import type { Phase } from '../formats/phases.ts';
import type { Plan } from '../formats/plan.ts';
import type { ApprovalFacts } from '../migrate/approval-gate.ts';
import { brokenJournal } from '../migrate/lenient-journal.ts';
import type { MigrationEvent, MigrationPorts } from '../migrate/ports.ts';
import { runWaves } from '../migrate/run-waves.ts';
import type { StopAfter } from '../migrate/stop-after.ts';
import type { VaultResult } from '../migrate/vault-result.ts';
import { hasWork, type Wave, wavesOf } from '../migrate/waves.ts';
import { plainText } from '../report/plain-text.ts';
import type { Io } from './io.ts';
import { openState } from './open-state.ts';
import type { CommonOptions } from './options.ts';
import { countedProgress } from './output/counted-progress.ts';
import { countedMigrationProgress, endsStep, migrationProgress, planLabels, type StepLabels } from './output/migration-view.ts';
import { eventPrinter } from './output/show.ts';
import { startProgress } from './progress.ts';
import type { Session } from './session.ts';

/**
 * How many writes are begun at once in a subscription. Far more than Azure's buckets let through in the time that an answer takes, and few
 * enough that a vault which was read just before its flip has not waited long for its turn.
 */
const writesAtOnce = 32;

/** Up to so many vaults, progress names each of them and its steps; of more it counts them. */
const named = 25;

export interface RunOptions extends CommonOptions {
  /** The vaults to work on; all of the plan in one wave when left out. */
  readonly waves?: readonly Wave[];
  readonly stopAfter?: StopAfter;
  /** Between two waves, in milliseconds. */
  readonly wait?: number;
  /** What was approved. */
  readonly approvals?: ApprovalFacts;
  /** Is told of everything that happens. */
  readonly onEvent?: (event: MigrationEvent) => void;
}

/** Takes a plan's vaults through the phases, with the journal of that plan and progress on stderr. */
export async function runMigration(
  plan: Plan,
  through: Phase,
  session: Session,
  { waves = wavesOf(plan.vaults), stopAfter, wait, approvals, onEvent, ...options }: RunOptions,
  io: Io,
): Promise<readonly VaultResult[]> {
  const meant = new Set(waves.flatMap(({ vaultIds }) => vaultIds));
  const working = new Set(plan.vaults.filter((vault) => hasWork(vault) && meant.has(vault.vaultId)).map(({ vaultId }) => vaultId));
  const about = { planDigest: plan.digest, labels: planLabels(plan), working, ...(onEvent !== undefined && { onEvent }) };
  return withPorts(about, session, options, io, (ports) =>
    runWaves(
      plan,
      {
        through,
        waves,
        ...(stopAfter !== undefined && { stopAfter }),
        ...(wait !== undefined && { wait }),
        ...(approvals !== undefined && { approvals }),
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

interface About {
  readonly planDigest: string;
  readonly labels: StepLabels;
  readonly alsoWithoutJournal?: boolean;
  /** Ids of the vaults that there is work for; many of them are counted, not named. */
  readonly working?: ReadonlySet<string>;
  readonly onEvent?: (event: MigrationEvent) => void;
}

/** Opens the journal of a plan, and closes it whatever happens. */
export async function withPorts<T>(
  about: About,
  session: Session,
  options: CommonOptions,
  io: Io,
  work: (ports: MigrationPorts) => Promise<T>,
): Promise<T> {
  const state = await openState(options, io);
  const journal = await state.journal(about.planDigest).catch((error: unknown) => {
    if (about.alsoWithoutJournal !== true || !(error instanceof KnownError)) throw error;
    return { ...brokenJournal(error), close: () => Promise.resolve() };
  });
  const progress = await startProgress(options, io);
  const print = eventPrinter(options, io);
  const { working = new Set() } = about;
  const show =
    working.size > named
      ? countedMigrationProgress(
          countedProgress(working, () => io.now().getTime()),
          progress,
        )
      : migrationProgress(about.labels, progress);
  const onEvent = (event: MigrationEvent): void => {
    about.onEvent?.(event);
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
