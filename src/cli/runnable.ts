import path from 'node:path';
import type { Io } from './io.ts';

/** Commands that go to Azure or to the state folder: what was said about both is said again in a hint to run one. */
const sayAgain = new Set([
  'inventory',
  'plan',
  'verify',
  'explain',
  'status',
  'apply',
  'stage',
  'flip',
  'rollback',
  'migrate',
  'state',
  'approve',
  'decide',
]);
const given = ['--state', '--cloud', '--auth', '--config'];

/**
 * Makes the commands in a sentence run as they are printed: by the name that keyturn was started by, and with the options about place
 * and sign-in that were given to this run. What the environment says, it says to the next run as well.
 */
export function runnable(argv: readonly string[], { program = 'keyturn' }: Pick<Io, 'program'>): (text: string) => string {
  const again = given.flatMap((flag) => {
    const value = optionIn(flag, argv);
    return value === undefined ? [] : [flag, shellWord(value)];
  });
  return (text) =>
    text.replace(/`keyturn ([a-z][a-z-]*)([^`]*)`/g, (_, command: string, rest: string) => {
      const words = sayAgain.has(command) && !rest.includes('--help') ? again : [];
      return `\`${[`${program} ${command}${rest}`, ...words].join(' ')}\``;
    });
}

function optionIn(flag: string, argv: readonly string[]): string | undefined {
  const at = argv.findLastIndex((word) => word === flag || word.startsWith(`${flag}=`));
  const word = argv[at];
  return word === flag ? argv[at + 1] : word?.slice(flag.length + 1);
}

/** A word as a shell takes it back. */
export function shellWord(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** How whoever started this program types its name: `keyturn` where it is installed, a path where it was started by one. */
export function programName(script: string | undefined, cwd: string, platform: NodeJS.Platform, env: Io['env']): string {
  if (script === undefined || path.basename(script) !== 'keyturn.js' || /[\\/]node_modules[\\/]/.test(script)) {
    return env.npm_command === 'exec' ? 'npx keyturn' : 'keyturn';
  }
  const near = path.relative(cwd, script);
  const word = shellWord(near.startsWith('..') ? script : platform === 'win32' ? near : `./${near}`);
  // Windows does not look at the first line of a script.
  return platform === 'win32' ? `node ${word}` : word;
}
