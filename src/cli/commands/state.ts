import { exitCode, KnownError } from '../../base/known-error.ts';
import { nearNames } from '../../base/near-names.ts';
import type { HeldPlace, StateStore } from '../../migrate/state-ports.ts';
import { plainText } from '../../report/plain-text.ts';
import { assertCanAsk } from '../consent.ts';
import type { Io } from '../io.ts';
import { openState } from '../open-state.ts';
import type { CommonOptions } from '../options.ts';
import { show } from '../output/show.ts';
import { heldWords } from '../output/state-view.ts';
import { viewOf } from '../view.ts';

export interface StateRequest extends CommonOptions {
  readonly action: string;
  /** Names of what is held, or the state to copy to. */
  readonly names: readonly string[];
  readonly yes?: boolean;
}

const actions = ['show', 'unlock', 'copy'];

/** What a state holds and who works with it; takes a place from a run that cannot be ended; copies a state to another place. */
export async function stateCommand(request: StateRequest, io: Io): Promise<number> {
  const { action, names } = request;
  const state = await openState(request, io);
  if (action === 'show') return showState(state, request, io);
  if (action === 'unlock') return unlock(state, names, request, io);
  if (action === 'copy') return copyState(state, request, io);
  const near = nearNames(action, actions).map((one) => `\`${one}\``);
  const remedy = near.length === 0 ? `use one of ${actions.join(', ')}` : `did you mean ${near.join(' or ')}?`;
  throw new KnownError('usage', 'USAGE', `\`keyturn state\` cannot \`${action}\``, remedy);
}

async function showState(state: StateStore, request: StateRequest, io: Io): Promise<number> {
  const counts = { journals: 0, bundles: 0, proofs: 0 };
  for await (const { path } of state.documents()) {
    if (path.startsWith('journals/')) counts.journals += 1;
    else if (path.endsWith('/bundle.json')) counts.bundles += 1;
    else if (path.startsWith('proofs/')) counts.proofs += 1;
  }
  await show('state', { name: state.name, ...counts, held: await state.held() }, request, io);
  return exitCode.done;
}

/** Only a run that cannot be ended is worth it: everything else gives its place back by itself. */
async function unlock(state: StateStore, names: readonly string[], request: StateRequest, io: Io): Promise<number> {
  const held = await state.held();
  const meant = names.length === 0 ? held : held.filter((one) => names.some((name) => isNamed(one, name)));
  const missing = names.find((name) => !held.some((one) => isNamed(one, name)));
  if (missing !== undefined) {
    const remedy = 'run `keyturn state show` to see what is held';
    throw new KnownError('usage', 'USAGE', `nothing called \`${missing}\` is held in ${state.name}`, remedy);
  }
  const view = viewOf(request, io);
  if (meant.length === 0) view.note(`nothing is held in ${plainText(state.name)}`);
  for (const one of meant) view.note(plainText(`to be taken from its run: ${heldWords(one)}`));
  if (meant.length > 0 && request.yes !== true) await confirmed(meant.length, io);
  for (const one of meant) {
    await state.unlock(one);
    view.note(plainText(`unlocked: ${one.name}`));
  }
  return exitCode.done;
}

async function confirmed(places: number, io: Io): Promise<void> {
  assertCanAsk(io, 'see that those runs have ended, then pass --yes');
  const wanted = `unlock ${places}`;
  const prompts = await io.prompts();
  await prompts.text(`A run that still works stops before its next write. Type \`${wanted}\` to go on (Ctrl-C to stop):`, (answer) =>
    answer.trim() === wanted ? undefined : `that is not \`${wanted}\``,
  );
}

function isNamed({ name }: HeldPlace, word: string): boolean {
  return name === word || name.replace(/-[0-9a-f]{10}$/, '') === word.toLowerCase();
}

/** Nothing that is there is overwritten, so it can be run again. */
async function copyState(from: StateStore, request: StateRequest, io: Io): Promise<number> {
  const [place, ...more] = request.names;
  if (place === undefined || more.length > 0)
    throw new KnownError(
      'usage',
      'USAGE',
      'one state is copied to one other',
      'write `keyturn state copy PLACE`, and with --state from where',
    );
  const to = await openState({ ...request, state: place }, io);
  for (const state of [from, to]) {
    const busy = (await state.held()).filter(({ live }) => live);
    if (busy.length === 0) continue;
    const message = `runs work with ${state.name}: ${busy.slice(0, 3).map(heldWords).join('; ')}`;
    throw new KnownError('blocked', 'STATE_BUSY', message, 'wait for them to end, then copy again');
  }
  const counts = { written: 0, same: 0, other: 0 };
  const left: string[] = [];
  for await (const document of from.documents()) {
    const became = await to.put(document);
    counts[became] += 1;
    if (became === 'other') left.push(document.path);
  }
  await show('stateCopy', { from: from.name, to: to.name, ...counts, left }, request, io);
  return left.length === 0 ? exitCode.done : exitCode.blocked;
}
