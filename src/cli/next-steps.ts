import { type Phase, reaches } from '../formats/phases.ts';
import type { Plan } from '../formats/plan.ts';
import type { VaultResult } from '../migrate/vault-result.ts';
import { plainText } from '../report/plain-text.ts';
import type { PlanTally } from '../report/plan-tally.ts';
import { shellWord } from './runnable.ts';
import type { VaultStatus } from './vault-status.ts';

/** What to type next, as lines for people; nothing where nothing is left to do. */
type NextSteps = readonly string[];

const next = (what: string): NextSteps => [`  next: ${what}`];
const command = (...words: readonly string[]): string => `\`keyturn ${words.map((word) => shellWord(plainText(word))).join(' ')}\``;

export function afterInventory(vaults: readonly { readonly permissionModel: string; readonly name: string }[]): NextSteps {
  const waiting = vaults.filter((vault) => vault.permissionModel === 'accessPolicy');
  const [only] = waiting;
  if (only === undefined) return [];
  return next(`${waiting.length === 1 ? command('plan', only.name) : command('plan')} finds the narrowest roles for them`);
}

export function afterPlan({ vaults }: Pick<Plan, 'vaults'>, file: string): NextSteps {
  const undecided = vaults.flatMap((vault) => vault.entries).filter((entry) => entry.outcome === 'undecided').length;
  const blocked = vaults.filter((vault) => vault.state === 'blocked').length;
  const many = blocked === 1 ? 'one vault is blocked' : `${blocked} vaults are blocked`;
  const repair = vaults.some((vault) => vault.state === 'repair');
  const entries = undecided === 1 ? 'one entry needs' : `${undecided} entries need`;
  return [
    ...(vaults.some((vault) => vault.state === 'ready') ? next(`review it, then ${command('apply', file, '--through', 'verify')}`) : []),
    ...(repair ? next(`${command('apply', file)} makes at once what vaults on Azure RBAC lack`) : []),
    ...(undecided > 0
      ? next(
          `${many}, and ${entries} a decision: ${command('decide', file)} writes a file to decide in, which the same command takes as --decisions`,
        )
      : []),
    ...(blocked > 0 && undecided === 0 ? next(`${many}: solve what blocks, then run the same command again`) : []),
  ];
}

/** After a plan of very many vaults. */
export function afterLargePlan({ subscriptions, undecidedEntries }: PlanTally, file: string): NextSteps {
  const all = [...subscriptions.values()].map(({ states }) => states);
  const ready = all.some((one) => one.ready > 0);
  return [
    ...next(`${command('show', file, 'VAULT')} shows a vault`),
    ...(ready ? next(`review it, then ${command('apply', file, '--through', 'verify')}`) : []),
    ...(undecidedEntries > 0
      ? next(
          `${undecidedEntries} entries need a decision: ${command('decide', file)} writes a file to decide in, which the same command takes as --decisions`,
        )
      : []),
  ];
}

/** How an apply was asked for besides its phase, as words of a command, and whether it ended before all its vaults were begun. */
interface ApplyAgain {
  readonly again?: readonly string[];
  /** Those of the words that say which vaults were meant: a rollback takes them too. */
  readonly part?: readonly string[];
  readonly stopped?: boolean;
}

export function afterDecide(file: string): NextSteps {
  return next(`write the reasons into it, then ${command('plan', '--decisions', file)}; with \`--check\` it only says what they do`);
}

export function afterApprove(file: string, approval: string | undefined): NextSteps {
  return next(command('apply', file, ...(approval === undefined ? [] : ['--approval', approval])));
}

export function afterApply(
  results: readonly VaultResult[],
  through: Phase,
  file: string,
  { again: words = [], part = [], stopped = false }: ApplyAgain = {},
): NextSteps {
  const interrupted = results.filter((result) => result.outcome === 'interrupted');
  if (stopped || interrupted.length > 0 || results.some((result) => result.outcome === 'skipped' && result.phase !== undefined)) {
    const again = command('apply', file, ...(through === 'watch' ? [] : ['--through', through]), ...words);
    const rollback = command('rollback', file, ...part);
    if (interrupted.some((result) => result.permissionModel !== 'accessPolicy'))
      return next(`${again} asks Azure and goes on; ${rollback} goes back`);
    const hasFlipped = reaches(through, 'flip') && results.some((result) => result.outcome === 'done');
    return next(hasFlipped ? `${again} goes on; ${rollback} goes back` : `${again} goes on`);
  }
  if (!results.some((result) => result.outcome === 'done')) return [];
  if (reaches(through, 'flip')) return next(`${command('rollback', file, ...part)} goes back, at any time`);
  if (through === 'verify') return next(`${command('flip', file, ...words)}: from then on Azure RBAC decides`);
  return next(`${command('apply', file, '--through', 'verify', ...words)} waits for the roles to take effect and checks them`);
}

/** How to go on where a person left at one of the questions of a guided migration. */
export const afterQuestion = {
  stage: (file: string) => next(`${command('apply', file, '--through', 'verify')} goes on with this plan`),
  flip: (file: string) => next(`${command('flip', file)} flips it; ${command('rollback', file, '--remove-assignments')} takes them away`),
  rollback: (file: string) => next(`${command('rollback', file)} goes back, at any time`),
} as const satisfies Readonly<Record<string, (file: string) => NextSteps>>;

export function afterRollback(results: readonly VaultResult[], removed: boolean, what: string): NextSteps {
  if (results.some((result) => result.outcome === 'interrupted'))
    return next(`${command('rollback', what, ...(removed ? ['--remove-assignments'] : []))} asks Azure and goes on`);
  if (removed || !results.some((result) => result.outcome === 'done')) return [];
  return next(`${command('rollback', what, '--remove-assignments')} also removes the role assignments that keyturn made`);
}

/** The command that mends what is wrong; else the one for the vaults that have come least far. */
export function afterStatus(vaults: readonly Pick<VaultStatus, 'state' | 'wrong' | 'flipJournalled'>[], file: string): NextSteps {
  const has = (...states: readonly VaultStatus['state'][]) => vaults.some((vault) => states.includes(vault.state));
  if (vaults.some(({ state, wrong }) => wrong.length > 0 && (state === 'flipped' || state === 'repaired'))) {
    return next(`${command('apply', file)} makes what is missing at once, and says what else is missing`);
  }
  if (vaults.some(({ state }) => state === 'flippedBack')) return next(`find out who did it; ${command('apply', file)} flips it again`);
  if (vaults.some(({ state, wrong }) => state === 'staging' && wrong.length > 0))
    return next(`${command('apply', file, '--through', 'verify')} makes what is missing`);
  if (has('planned', 'staging', 'staged', 'settled')) return next(command('apply', file, '--through', 'verify'));
  if (has('verified')) return next(command('flip', file));
  if (has('flipped')) return goingBack(vaults, file);
  return has('blocked', 'rolledBack', 'gone') ? next('run `keyturn plan` again') : [];
}

/** Nothing is promised that a rollback would refuse. */
function goingBack(vaults: readonly Pick<VaultStatus, 'state' | 'flipJournalled'>[], file: string): NextSteps {
  const unknown = vaults.filter(({ state, flipJournalled }) => state === 'flipped' && !flipJournalled).length;
  const back = next(`${command('rollback', file)} goes back, at any time`);
  if (unknown === 0) return back;
  const many = unknown === 1 ? 'one vault' : `${unknown} vaults`;
  return [
    ...(vaults.some(({ flipJournalled }) => flipJournalled) ? back : []),
    ...next(`the state here knows of no flip of ${many}: go back with the --state folder of the run that flipped`),
    ...next(`where that is lost, ${command('rollback', file, '--without-state')} goes by the plan and by what Azure stores`),
  ];
}
