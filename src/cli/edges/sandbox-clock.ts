import type { Clock } from '../../migrate/ports.ts';
import { systemClock } from './system-clock.ts';

/** Placeholder until wired. */
export async function sandboxClock(_address: string, _caPem: string | undefined): Promise<Clock> {
  await Promise.resolve();
  return systemClock;
}
