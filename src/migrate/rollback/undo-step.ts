import { KnownError } from '../../base/known-error.ts';
import { runStep } from '../phases/run-step.ts';
import { openEndOf } from '../phases/standing.ts';
import type { FailedStep } from '../vault-result.ts';
import type { RollbackRun } from './rollback-run.ts';

/** What a step made, to be taken away again. */
interface Undo<T extends string> {
  readonly step: string;
  /** In front of people. */
  readonly what: string;
  readonly id: string;
  readonly perform: () => Promise<T>;
}

/** @returns what became of it, or why Azure did not let it go: the rest is taken away all the same. */
export async function undoStep<T extends string>({ ports, vaultId, options, inTurn }: RollbackRun, undo: Undo<T>): Promise<T | FailedStep> {
  const { step, what, id } = undo;
  try {
    const perform = async () => ({ outcome: await inTurn(undo.perform) });
    return (await runStep(ports, { vaultId, step, direction: 'undo', perform })).outcome;
  } catch (error) {
    const stopped = options.signal?.aborted === true && openEndOf(error) !== undefined;
    if (stopped || !(error instanceof KnownError)) throw error;
    return { what, id, code: serviceCodeOf(error), message: error.message, remedy: error.remedy };
  }
}

/** Azure's own word for it, where the writer passed one on. */
function serviceCodeOf(error: KnownError): string {
  return 'serviceCode' in error && typeof error.serviceCode === 'string' ? error.serviceCode : error.code;
}
