import { type Decisions, noDecisions, readDecisions } from '../formats/decisions.ts';
import type { Io } from './io.ts';
import { readTextFile } from './read-text-file.ts';

/** @throws KnownError DECISIONS_UNREADABLE (usage). */
export async function readDecisionsFile(file: string | undefined, io: Pick<Io, 'cwd'>): Promise<Decisions> {
  if (file === undefined) return noDecisions;
  return readDecisions(await readTextFile(file, io.cwd, 'the decisions file', 'DECISIONS_UNREADABLE'), file);
}
