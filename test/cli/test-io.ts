import type { Io } from '../../src/cli/io.ts';
import type { Prompts } from '../../src/cli/prompts.ts';

export interface TestIo extends Io {
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly interrupt: () => void;
}

/** An Io of strings: no terminal, no colours, the given answers to questions. */
export function testIo(given: Partial<Io> & { readonly terminal?: boolean; readonly answers?: readonly unknown[] } = {}): TestIo {
  const out: string[] = [];
  const err: string[] = [];
  const abort = new AbortController();
  const { terminal = false, answers = [], ...more } = given;
  const left = [...answers];
  const next = (question: string): unknown => {
    // As a person does who closes the terminal instead of answering.
    if (left.length === 0) throw Object.assign(new Error(`nobody answers \`${question}\``), { name: 'ExitPromptError' });
    err.push(`? ${question}\n`);
    return left.shift();
  };
  const prompts: Prompts = {
    choose(message, choices) {
      const wanted = next(message);
      const found = choices.find((choice) => choice.name.includes(String(wanted)));
      if (found === undefined)
        throw new Error(`\`${message}\` offers no \`${String(wanted)}\`: ${choices.map((choice) => choice.name).join(' / ')}`);
      return Promise.resolve(found.value);
    },
    text(message, refuse) {
      for (;;) {
        const answer = String(next(message));
        const objection = refuse(answer);
        if (objection === undefined) return Promise.resolve(answer);
        err.push(`! ${objection}\n`);
      }
    },
    confirm: (message) => Promise.resolve(next(message) === true),
  };
  return {
    out: (text) => out.push(text),
    err: (text) => err.push(text),
    isTty: { stdin: terminal, stdout: terminal, stderr: terminal },
    columns: terminal ? 80 : 0,
    env: { NO_COLOR: '1' },
    cwd: process.cwd(),
    now: () => new Date(),
    interrupted: abort.signal,
    underWay: new Set(),
    prompts: () => Promise.resolve(prompts),
    spinner: () => Promise.resolve(undefined),
    ...more,
    stdout: () => out.join(''),
    stderr: () => err.join(''),
    interrupt: () => {
      abort.abort(new DOMException('interrupted', 'AbortError'));
    },
  };
}
