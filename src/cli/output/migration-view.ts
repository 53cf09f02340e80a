import type { Bundle } from '../../formats/bundle.ts';
import type { Phase } from '../../formats/phases.ts';
import type { Plan, VaultPlan } from '../../formats/plan.ts';
import type { MigrationEvent } from '../../migrate/ports.ts';
import { plainText } from '../../report/plain-text.ts';
import type { Progress } from '../progress.ts';
import type { CountedProgress } from './counted-progress.ts';

const words: Readonly<Record<Phase | 'rollback', string>> = {
  stage: 'staging',
  settle: 'settling',
  verify: 'verifying',
  flip: 'flipping',
  watch: 'watching',
  rollback: 'rolling back',
};

/** What each step is called in front of people, by the step's id. */
export type StepLabels = ReadonlyMap<string, string>;

export function planLabels(plan: Pick<Plan, 'vaults'>): StepLabels {
  const entries = plan.vaults.flatMap((vault) => vault.entries);
  const people = new Map(entries.map((entry) => [entry.objectId, entry.principal.displayName]));
  const steps = plan.vaults.flatMap((vault) => vault.steps);
  return new Map(steps.map((step) => [step.id, labelOf(step, people)]));
}

function labelOf(step: VaultPlan['steps'][number], people: ReadonlyMap<string, string>): string {
  switch (step.kind) {
    case 'flip':
      return flip;
    case 'ensureRoleDefinition':
      return `role definition ${step.roleName}`;
    case 'ensureRoleAssignment':
      return `${step.roleName} for ${people.get(step.principalId) || step.principalId}`;
  }
}

export function bundleLabels({ assignments, flipStep }: Bundle): StepLabels {
  return new Map([
    [flipStep, flip],
    ...assignments.map(({ step, roleName, principalId }) => [step, `${roleName} for ${principalId}`] as const),
  ]);
}

const flip = 'permission model';

const endWords: Readonly<Record<string, string>> = {
  notSent: 'not sent, the run was asked to stop',
  notSeen: 'no answer came; Azure was asked, and it is not done',
  unknown: 'not known how it ended',
};

/** Whether a step is under way no longer: it has an end, or its answer did not come. */
export function endsStep({ event, outcome }: Extract<MigrationEvent, { kind: 'step' }>): boolean {
  return event === 'done' || event === 'failed' || event === 'undone' || outcome !== undefined;
}

/** Turns events of a migration into progress for people; `--json` prints the events themselves. */
export function migrationProgress(labels: StepLabels, progress: Progress): (event: MigrationEvent) => void {
  return (event) => {
    if (!('vaultId' in event)) {
      tellWave(event, progress);
      return;
    }
    const name = nameIn(event);
    switch (event.kind) {
      case 'phase':
        progress.say(`${name}: ${words[event.phase]}`);
        return;
      case 'waiting':
        progress.say(`${name}: waiting until ${event.until.slice(11, 16)} UTC, ${event.because}`);
        return;
      case 'step':
        if (endsStep(event)) {
          const what = plainText(labels.get(event.step) ?? event.step);
          progress.keep(`  ${name}: ${what}: ${plainText(endWords[event.outcome ?? ''] ?? event.outcome ?? event.event)}`);
        }
        return;
      case 'found':
      case 'parked':
      case 'vaultDone':
        return;
    }
  };
}

/** The same for very many vaults: counts in place of names, and those that fail by name. */
export function countedMigrationProgress(counted: CountedProgress, progress: Progress): (event: MigrationEvent) => void {
  return (event) => {
    if (!('vaultId' in event)) tellWave(event, progress);
    const line = counted.on(event);
    if (line === undefined) return;
    if (event.kind === 'vaultDone' && !['done', 'skipped'].includes(event.outcome))
      progress.keep(`  ${nameIn(event)}: ${event.outcome}: ${plainText(event.because)}`);
    if (line.isNews) progress.say(line.text);
    else progress.count(line.text);
  };
}

function nameIn({ vaultId }: { readonly vaultId: string }): string {
  return plainText(vaultId.slice(vaultId.lastIndexOf('/') + 1));
}

/** What is said of waves, and only where there are several. */
function tellWave(event: Exclude<MigrationEvent, { readonly vaultId: string }>, progress: Progress): void {
  if (event.kind === 'stopped') {
    progress.keep(`${event.because}: no further vault begins`);
    return;
  }
  const { kind, wave, of, name } = event;
  if (of < 2) return;
  const which = `wave ${wave} of ${of}${name === String(wave) ? '' : ` (${plainText(name)})`}`;
  if (kind === 'hold') progress.say(`holding until ${event.until.slice(0, 16).replace('T', ' ')} UTC, then ${which}`);
  else {
    // What is held for is over.
    progress.stop();
    progress.keep(`${which}: ${event.vaults === 1 ? '1 vault' : `${event.vaults} vaults`}`);
  }
}
