import path from 'node:path';
import { plainText } from '../../report/plain-text.ts';
import { shellWord } from '../runnable.ts';
import type { ServedScenario } from '../serve-scenario.ts';

export interface SandboxStart {
  readonly served: Pick<ServedScenario, 'sandbox' | 'scenario'>;
  /** What a client reads from its environment, the files that it names being in `home`. */
  readonly env: Readonly<Record<string, string>>;
  readonly home: string;
  /** Where the environment was written to, as it was asked for. */
  readonly file: string | undefined;
  /** What a person types to start keyturn. */
  readonly program: string;
}

/** For `--json`. */
export function sandboxStartDocument({ served: { sandbox, scenario }, env }: SandboxStart): unknown {
  return { origin: sandbox.origin, title: scenario.title, env };
}

/** How to work on it, for another terminal. */
export function sandboxStartText({ served: { sandbox, scenario }, env, home, file, program }: SandboxStart): readonly string[] {
  const load =
    file === undefined
      ? envText(env)
          .trimEnd()
          .split('\n')
          .map((line) => `  export ${line}`)
      : [`  set -a; . ${shellWord(plainText(file.includes('/') ? file : `./${file}`))}; set +a`];
  return [
    `${plainText(scenario.title)}: ${sandbox.origin}`,
    '',
    'in another terminal:',
    ...load,
    '',
    'then keyturn works on it:',
    `  ${program} inventory`,
    '',
    "and so does Microsoft's az:",
    `  az cloud register --name keyturn-sandbox --cloud-config @${path.join(home, 'az-cloud.json')}`,
    '  az cloud set --name keyturn-sandbox',
    '  az login --identity',
    '  az keyvault list',
    '',
    `to look inside: ${sandbox.origin}/_sandbox/metrics, denials, audit, clock`,
    'Ctrl-C ends it',
  ];
}

/** As a file of environment variables, for `sh` too. */
export function envText(env: Readonly<Record<string, string>>): string {
  const quoted = (value: string) => (/^[\w./:@-]*$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`);
  return Object.entries(env)
    .map(([name, value]) => `${name}=${quoted(value)}\n`)
    .join('');
}
