import type { Access } from '../../src/access/judgement.ts';
import { type BothSides, bothSides, type SandboxAnswer } from './ask-both.ts';
import { openPoints } from './open-points.ts';
import { type Question, randomQuestion } from './question.ts';
import { seededRandom } from './random.ts';
import { randomWorld } from './random-world.ts';
import { smallest } from './smallest.ts';
import type { World } from './world.ts';

export interface Disagreement {
  readonly what: string;
  readonly question: Question;
  readonly access: Access;
  readonly sandbox: SandboxAnswer;
  readonly world: World;
}

export interface Tally {
  readonly questions: number;
  readonly answers: Record<Access['state'], number>;
  /** How many answers were unknown, by the open point that they hang on. */
  readonly unknownBy: Map<string, number>;
  /** Questions on which no open point bears. */
  readonly settled: number;
  readonly disagreements: number;
  readonly smallest: Disagreement | undefined;
}

const questionsPerWorld = 25;

/** Asks random questions about random tenants of both judges and counts where they part. */
export function differential(questions: number, seed: number): Tally {
  const random = seededRandom(seed);
  const tally = { answers: { granted: 0, notGranted: 0, unknown: 0 }, unknownBy: new Map<string, number>(), settled: 0, disagreements: 0 };
  let worst: Disagreement | undefined;
  let sides = bothSides(randomWorld(random));
  for (let asked = 0; asked < questions; asked += 1) {
    if (asked % questionsPerWorld === 0) sides = bothSides(randomWorld(random));
    const question = randomQuestion(random, sides.world);
    const found = disagreementOn(question, sides);
    const points = openPoints(question, sides.world);
    tally.answers[found.access.state] += 1;
    if (points.length === 0) tally.settled += 1;
    if (found.access.state === 'unknown') for (const point of points) tally.unknownBy.set(point, (tally.unknownBy.get(point) ?? 0) + 1);
    if (found.what === undefined) continue;
    tally.disagreements += 1;
    const least = smallest({ ...found, what: found.what, question, world: sides.world });
    if (worst === undefined || sizeOf(least) < sizeOf(worst)) worst = least;
  }
  return { questions, ...tally, smallest: worst };
}

/** How many questions were asked until the two parted for the first time, or one of them broke down; undefined when they never did. */
export function questionsUntilNoticed(questions: number, seed: number): { readonly asked: number; readonly what: string } | undefined {
  const random = seededRandom(seed);
  let sides: BothSides | undefined;
  for (let asked = 0; asked < questions; asked += 1) {
    try {
      if (sides === undefined || asked % questionsPerWorld === 0) sides = bothSides(randomWorld(random));
      const { what } = disagreementOn(randomQuestion(random, sides.world), sides);
      if (what !== undefined) return { asked: asked + 1, what };
    } catch (error) {
      return { asked: asked + 1, what: `it broke down: ${String(error)}` };
    }
  }
  return undefined;
}

const sizeOf = (one: Disagreement) => JSON.stringify(one.world).length;

/** @returns what they disagree on; `what` is absent when they agree, or when an open point excuses that access cannot say. */
export function disagreementOn(question: Question, sides: BothSides): { what?: string; access: Access; sandbox: SandboxAnswer } {
  const [access, sandbox] = [sides.access(question), sides.sandbox(question)];
  const what = whatDiffers(question, sides, access, sandbox);
  return { access, sandbox, ...(what !== undefined && { what }) };
}

function whatDiffers(question: Question, { world }: BothSides, access: Access, sandbox: SandboxAnswer): string | undefined {
  const settled = openPoints(question, world).length === 0;
  if (access.state === 'unknown') return settled ? 'unknown without an open point' : undefined;
  if ((access.state === 'granted') !== sandbox.allowed)
    return `access says ${access.state}, the sandbox ${sandbox.allowed ? 'lets it through' : 'refuses it'}`;
  const told = settled && access.reason !== undefined && /^GrantedBy|^DeniedByDeny/.test(access.reason);
  return told && access.reason !== sandbox.reason ? `the reason: ${access.reason ?? ''} and ${sandbox.reason}` : undefined;
}
