import type { MigrationEvent } from '../../migrate/ports.ts';
import type { Plan, Step } from '../../plan/plan.ts';
import { plainText } from '../../report/plain-text.ts';
import type { Progress } from '../progress.ts';

const words = { stage: 'staging', settle: 'settling', verify: 'verifying', flip: 'flipping', watch: 'watching', rollback: 'rolling back' };

/** Turns events of a migration into progress for people; `--json` prints the events themselves. */
export function migrationProgress(plan: Pick<Plan, 'vaults'>, progress: Progress): (event: MigrationEvent) => void {
  const names = new Map(plan.vaults.map((vault) => [vault.vaultId, vault.name]));
  const steps = new Map(plan.vaults.flatMap((vault) => vault.steps.map((step): [string, Step] => [step.id, step])));
  const nameOf = (vaultId: string) => plainText(names.get(vaultId) ?? vaultId);
  return (event) => {
    const name = nameOf(event.vaultId);
    switch (event.kind) {
      case 'phase':
        progress.say(`${name}: ${words[event.phase]}`);
        return;
      case 'waiting':
        progress.say(`${name}: waiting until ${event.until.slice(11, 16)} UTC, ${event.because}`);
        return;
      case 'step': {
        const step = steps.get(event.step);
        const what = step === undefined ? plainText(event.step) : stepWords(step);
        if (event.event === 'done' || event.event === 'failed' || event.event === 'undone') {
          progress.keep(`  ${name}: ${what}: ${plainText(event.outcome ?? event.event)}`);
        }
        return;
      }
      case 'vaultDone':
        return;
    }
  };
}

function stepWords(step: Step): string {
  return step.kind === 'flip' ? 'flip to Azure RBAC' : `${plainText(step.roleName)} for ${plainText(step.principalId)}`;
}
