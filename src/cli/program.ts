import { Command, InvalidArgumentError, Option } from 'commander';
import { phases } from '../formats/phases.ts';
import { plainText } from '../report/plain-text.ts';
import { addApproving, withApprovals } from './approve-options.ts';
import type { ReviewRequest } from './commands/review.ts';
import type { Io } from './io.ts';
import type { PlanChoices } from './make-plan.ts';
import { addOperating } from './operate-options.ts';
import { authKinds, type CommonOptions, opinionSources, type SelectionOptions } from './options.ts';
import { formats } from './output/formats.ts';
import type { PartRequest } from './part-of-plan.ts';
import { withSelection } from './selection-options.ts';
import { version } from './version.ts';
import { type WaveRequest, withWaves } from './wave-options.ts';

const description = 'Moves Azure Key Vaults from access policies to Azure RBAC: nobody loses access, nobody gains it unseen.';

/** The command line. Each command's code, and the SDKs with it, is loaded only when that command runs. */
export function buildProgram(io: Io, finish: (code: number) => void): Command {
  const program = new Command('keyturn').description(description).version(version, '-V, --version', 'print the version');
  program.helpOption('-h, --help', 'print help').helpCommand(false);
  program.exitOverride().configureOutput({
    writeOut: io.out,
    writeErr: io.err,
    getOutHelpWidth: () => io.columns || 80,
    getErrHelpWidth: () => io.columns || 80,
    outputError: (text, write) => {
      write(`error USAGE: ${plainText(text.trim().replace(/^error: /, ''))}\n`);
    },
  });
  const add = (usage: string, text: string): Command => {
    const command = withCommonOptions(program.command(usage).description(text));
    command.showHelpAfterError(`  next: see \`keyturn ${command.name()} --help\``);
    return command;
  };
  program.showHelpAfterError('  next: see `keyturn --help`');
  addLooking(add, io, finish);
  addChanging(add, io, finish);
  addOperating(add, io, finish);
  addTrying(add, io, finish);
  addHelp(program, add, io, finish);
  return program;
}

type Add = (usage: string, description: string) => Command;
type Finish = (code: number) => void;

function addLooking(add: Add, io: Io, finish: Finish): void {
  withFormats(withSelection(add('inventory [vaults...]', 'list vaults, who has access by policy, and what could stand in the way'))).action(
    async (vaults: string[], options: CommonOptions & SelectionOptions) => {
      finish(await (await import('./commands/inventory.ts')).inventoryCommand({ ...options, vaults }, io));
    },
  );
  withFormats(
    withSelection(add('plan [vaults...]', 'find the narrowest roles for every policy and write a plan for review'))
      .option('-o, --output <file>', 'where to write the plan; - is standard output', 'keyturn-plan.json')
      .option('--decisions <file>', "people's decisions on entries that need one")
      .option('--check', 'write no plan: tell what would move in the one that is there')
      .option('--from-plan <file>', 'take over what an earlier plan records as decided, where nothing moved since')
      .option('--split-by <what>', 'write several plans: one for each value of tag:NAME, for each subscription, or of count:N vaults')
      .option('--wave-by <tag>', 'write into the plan in which wave each vault is to be taken: the value of its tag:NAME')
      .option('--tenant-roles', "choose among the tenant's own custom roles as well")
      .addOption(operatorLimits()),
  ).action(async (vaults: string[], options: CommonOptions & SelectionOptions & PlanOptions) => {
    if (options.check === true) finish(await (await import('./commands/check-plan.ts')).checkPlanCommand({ ...options, vaults }, io));
    else finish(await (await import('./commands/plan.ts')).planCommand({ ...options, vaults }, io));
  });
  withFormats(add('show <plan> [vaults...]', 'print a plan, or some of its vaults, for people; asks nobody but the file')).action(
    async (plan: string, vaults: string[], options: CommonOptions) => {
      finish(await (await import('./commands/show.ts')).showCommand({ ...options, plan, vaults }, io));
    },
  );
  addReviewing(add, io, finish);
  withFormats(withSelection(add('verify [targets...]', 'check on fresh facts that nobody loses access: a plan file, or vaults')))
    .option('--against <file>', 'hold vaults against saved policies: a rollback bundle, or what `az keyvault show` printed')
    .option('--per-person', 'also tell what each person loses and gains; asks the directory who is in the groups')
    .addOption(
      new Option(
        '--second-opinion <source>',
        'also ask Azure, which can only make the answer worse and notes it in its activity log',
      ).choices(opinionSources),
    )
    .action(async (targets: string[], options: CommonOptions & SelectionOptions & VerifyOptions) => {
      finish(await (await import('./commands/verify.ts')).verifyCommand({ ...options, targets }, io));
    });
  withFormats(add('check-proof <file>', 'derive the verdict of a proof again, from the proof alone; no Azure needed')).action(
    async (file: string, options: CommonOptions) => {
      finish(await (await import('./commands/check-proof.ts')).checkProofCommand({ ...options, file }, io));
    },
  );
  addAnswering(add, io, finish);
  withFormats(add('status <plan>', 'how far the migration of a plan has come')).action(async (plan: string, options: CommonOptions) => {
    finish(await (await import('./commands/status.ts')).statusCommand({ ...options, plan }, io));
  });
}

function addReviewing(add: Add, io: Io, finish: Finish): void {
  withFormats(add('review <plan> [vaults...]', 'answer what a reviewer asks of a plan, or of some of its vaults; asks nobody but the file'))
    .addOption(new Option('--by <what>', 'show it all by what a reviewer looks for').choices(['vault', 'principal', 'finding']))
    .option('--search <text>', 'only vaults where a name, id, role, finding or reason holds the text')
    .option('--since <plan>', 'tell what moved since an earlier plan')
    .addOption(
      new Option('--split <how>', 'write Markdown into several files: one for each of the `vaults`, or one for so many').argParser(splitOf),
    )
    .option('--html <file>', 'write a page for the browser, in one file: to search, to decide on and to approve from')
    .option('-o, --output <file>', 'with --split: the first file; the others are named after it', 'keyturn-review.md')
    .action(async (plan: string, vaults: string[], options: CommonOptions & Omit<ReviewRequest, 'plan' | 'vaults'>) => {
      finish(await (await import('./commands/review.ts')).reviewCommand({ ...options, plan, vaults }, io));
    });
  withFormats(add('diff <old> <plan>', 'what moved between two plans; asks nobody but the files')).action(
    async (old: string, plan: string, options: CommonOptions) => {
      finish(await (await import('./commands/diff.ts')).diffCommand({ ...options, old, plan }, io));
    },
  );
}

function splitOf(text: string): 'vaults' | number {
  if (text === 'vaults') return text;
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give `vaults`, or how many vaults a file may hold.');
}

function addAnswering(add: Add, io: Io, finish: Finish): void {
  withFormats(add('map', 'which roles replace permissions: from flags, or a JSON array of permission sets on stdin; no Azure needed'))
    .option('--secrets <list>', 'permissions on secrets, such as get,list')
    .option('--keys <list>', 'permissions on keys')
    .option('--certificates <list>', 'permissions on certificates')
    .option('--storage <list>', 'permissions on managed storage accounts')
    .option('--existing-roles <list>', 'names or ids of roles that the principal has already')
    .option('--template <name>', "an access policy template of Azure's portal")
    .option('--custom-role <scope>', 'where built-in roles are not exact, propose a custom role assignable at this scope')
    .action(async (options: CommonOptions & Readonly<Record<string, string | undefined>>) => {
      finish(await (await import('./commands/map.ts')).mapCommand(options, io));
    });
  withFormats(add('explain <principal> <permission> <vault>', 'what gives one access today, and what will after the flip')).action(
    async (principal: string, permission: string, vault: string, options: CommonOptions) => {
      finish(await (await import('./commands/explain.ts')).explainCommand({ ...options, principal, permission, vault }, io));
    },
  );
}

interface VerifyOptions {
  readonly against?: string;
  readonly perPerson?: boolean;
  readonly secondOpinion?: (typeof opinionSources)[number];
}

function operatorLimits(): Option {
  const text = 'roles that you may not assign: hand them to someone who may, or replace them with the best of those you may assign';
  return new Option('--operator-limits <how>', text).choices(['hand-off', 'replace']).default('hand-off');
}

interface PlanOptions extends PlanChoices {
  readonly check?: boolean;
  readonly output: string;
  readonly decisions?: string;
  readonly splitBy?: string;
  readonly fromPlan?: string;
}

function addChanging(add: Add, io: Io, finish: Finish): void {
  withSelection(add('migrate [vault]', 'migrate one vault, step by step, with questions'))
    .option('--tenant-roles', "choose among the tenant's own custom roles as well")
    .addOption(operatorLimits())
    .action(async (vault: string | undefined, options: CommonOptions & SelectionOptions & PlanChoices) => {
      const vaults = vault === undefined ? [] : [vault];
      finish(await (await import('./commands/migrate.ts')).migrateCommand({ ...options, vaults }, io));
    });
  addApproving(add, io, finish);
  const through = new Option('--through <phase>', 'the last phase to run').choices(phases).default('watch');
  withPart(withConsent(add('apply <plan>', 'carry out a plan: stage, settle, verify, flip, watch')))
    .addOption(through)
    .addOption(factsAge())
    .action(async (plan: string, options: CommonOptions & PartOptions & { through: (typeof phases)[number]; yes?: boolean }) => {
      finish(await (await import('./commands/apply.ts')).applyCommand({ ...options, plan }, io));
    });
  for (const phase of ['stage', 'flip'] as const) {
    const text = phase === 'stage' ? 'create the role assignments of a plan, and stop' : 'flip the vaults of a staged plan';
    const command = withPart(withConsent(add(`${phase} <plan>`, text)));
    if (phase === 'flip') command.addOption(factsAge());
    command.action(async (plan: string, options: CommonOptions & PartOptions & { yes?: boolean }) => {
      finish(await (await import('./commands/apply.ts')).applyCommand({ ...options, plan, through: phase, verb: phase }, io));
    });
  }
  withSome(withConsent(add('rollback <what>', 'flip back: a rollback bundle, a plan, or a vault')))
    .option('--remove-assignments', 'also remove the role assignments that keyturn made at the vault, by whichever plan')
    .option('--without-state', 'also vaults whose bundle and journal are lost: by the plan and by what Azure stores')
    .action(
      async (
        what: string,
        options: CommonOptions & PartRequest & { removeAssignments?: boolean; withoutState?: boolean; yes?: boolean },
      ) => {
        finish(await (await import('./commands/rollback.ts')).rollbackCommand({ ...options, what }, io));
      },
    );
}

function addTrying(add: Add, io: Io, finish: Finish): void {
  add('demo', 'migrate a vault and roll it back in an embedded sandbox; no Azure needed').action(async (options: CommonOptions) => {
    finish(await (await import('./commands/demo.ts')).demoCommand(options, io));
  });
  add('sandbox', 'serve a local Azure on loopback, from a scenario')
    .requiredOption('--scenario <dir>', 'folder of the scenario')
    .option('--port <number>', 'port to listen on; 0 takes a free one', '0')
    .option('--env-file <file>', 'write what a client needs as environment variables')
    .option('--record <file>', 'write every ARM exchange as JSON Lines')
    .action(async (options: CommonOptions & { scenario: string; port: string; envFile?: string; record?: string }) => {
      finish(await (await import('./commands/sandbox.ts')).sandboxCommand(options, io));
    });
}

/** Commander's own `help` knows commands alone. */
function addHelp(program: Command, add: Add, io: Io, finish: Finish): void {
  const text = 'print help for a command, or explain the code of a finding or an error, such as PLAN_STALE';
  withFormats(add('help [topic]', text)).action(async (topic: string | undefined, options: CommonOptions) => {
    if (topic === undefined) return program.help();
    program.commands.find((command) => command.name() === topic.toLowerCase())?.help();
    const commands = program.commands.map((command) => command.name());
    finish(await (await import('./commands/help.ts')).helpCommand({ ...options, topic, commands }, io));
  });
}

function withCommonOptions(command: Command): Command {
  return command
    .option('--json', formats.json.flag)
    .option('--quiet', 'print no progress')
    .option('--no-color', 'print no colours (also: NO_COLOR)')
    .option('--debug', 'print stacks of errors')
    .option('--cloud <name>', 'public, usgov, china, or a profile file (also: KEYTURN_CLOUD)')
    .addOption(new Option('--auth <kind>', 'how to sign in (also: KEYTURN_AUTH)').choices(authKinds))
    .option('--config <file>', 'what a team has agreed on (default: keyturn.config.json or .yaml, where there is one)')
    .option(
      '--state <place>',
      'where journals and rollback bundles are kept: a folder, or https://ACCOUNT.blob.core.windows.net/CONTAINER/FOLDER (default: KEYTURN_STATE, else .keyturn)',
    )
    .addOption(
      new Option('--concurrency <n>', 'the most requests to Azure at once; its limits mostly allow fewer (default: 256)').argParser(
        atLeastOne,
      ),
    );
}

function factsAge(): Option {
  return new Option('--facts-age <seconds>', 'how old facts may be that a flip stands on, from 10 to 600 (default: 120)').argParser(
    (text) => {
      if (/^\d{2,3}$/.test(text) && Number(text) >= 10 && Number(text) <= 600) return Number(text);
      throw new InvalidArgumentError('Give a whole number of seconds from 10 to 600.');
    },
  );
}

function atLeastOne(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give a whole number from 1 on.');
}

/** A flag for each other format that has a page of the command; one format can be asked for. */
function withFormats(command: Command): Command {
  for (const [name, { pages, ...row }] of Object.entries(formats)) {
    if (!('flag' in row) || name === 'json' || !Object.hasOwn(pages, command.name() === 'show' ? 'plan' : command.name())) continue;
    command.addOption(new Option(`--${name}`, row.flag).conflicts(Object.keys(formats).filter((other) => other !== name)));
  }
  return command;
}

type PartOptions = PartRequest & WaveRequest & { readonly approval?: readonly string[] };

function withPart(command: Command): Command {
  return withApprovals(withWaves(withSome(command)));
}

function withSome(command: Command): Command {
  const more = (value: string, before: readonly string[] = []) => [...before, value];
  return command
    .option('--only <vault>', 'these vaults of the plan alone, by name or id (repeatable)', more)
    .option('--except <vault>', 'all vaults of the plan but these (repeatable)', more)
    .option('--wave <name>', 'the vaults of this wave of the plan alone; several with commas (repeatable)', more);
}

function withConsent(command: Command): Command {
  return command.option('--yes', 'do not ask; the plan was read and approved');
}
