import { stopIfAsked } from '../vault-result.ts';
import { runStep, type StepCall } from './run-step.ts';
import type { VaultRun } from './vault-run.ts';

/**
 * One write of a plan's step, when its turn has come and `mayBegin` does not throw. What was read of the vault before says nothing of it
 * from then on.
 */
export async function writeStep<T extends { readonly outcome: string }>(
  run: VaultRun,
  { mayBegin, ...call }: Pick<StepCall<T>, 'step' | 'perform'> & { readonly mayBegin?: () => void },
): Promise<T> {
  const { ports, vaultPlan, signal } = run;
  try {
    return await run.inTurn(async () => {
      stopIfAsked(signal);
      mayBegin?.();
      return runStep(ports, { ...call, vaultId: vaultPlan.vaultId, direction: 'do' });
    });
  } finally {
    run.seat.moved();
  }
}
