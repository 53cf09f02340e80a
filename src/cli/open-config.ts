import path from 'node:path';
import { KnownError } from '../base/known-error.ts';
import type { ApprovalRules } from '../formats/approval-rules.ts';
import { type Config, configRemedy, readConfig } from '../formats/config.ts';
import type { Io } from './io.ts';
import type { CommonOptions } from './options.ts';
import { readTextDocument } from './read-text-document.ts';
import { isFile } from './read-text-file.ts';

/** What a team has agreed on, as it holds for one command. */
export interface OpenConfig extends Pick<Config, 'suppress'> {
  /** How the person called its file; undefined where there is none. */
  readonly file?: string;
  readonly approvals?: ApprovalRules;
  /** Whole path of the file with the allowed signers. */
  readonly allowedSigners?: string;
}

const names = ['keyturn.config.json', 'keyturn.config.yaml', 'keyturn.config.yml'];

/**
 * The config that `--config` names, or the one in the working folder; nothing where there is none.
 * @throws KnownError CONFIG_UNREADABLE (usage).
 */
export async function openConfig({ config }: Pick<CommonOptions, 'config'>, io: Pick<Io, 'cwd'>): Promise<OpenConfig> {
  const file = config ?? (await foundIn(io.cwd));
  if (file === undefined) return { suppress: [] };
  const what = `the config \`${file}\``;
  const about = { what, code: 'CONFIG_UNREADABLE', remedy: configRemedy, limit: 4 * 1024 * 1024 } as const;
  const { approvals, suppress } = readConfig(await readTextDocument(file, io.cwd, about), what);
  if (approvals === undefined) return { file, suppress };
  const { allowedSigners, ...rules } = approvals;
  const signers = allowedSigners === undefined ? {} : { allowedSigners: path.resolve(io.cwd, path.dirname(file), allowedSigners) };
  return { file, suppress, approvals: rules, ...signers };
}

async function foundIn(cwd: string): Promise<string | undefined> {
  const there = await Promise.all(names.map(async (name) => ((await isFile(path.join(cwd, name))) ? [name] : [])));
  const [first, second] = there.flat();
  if (first !== undefined && second !== undefined)
    throw new KnownError(
      'usage',
      'CONFIG_UNREADABLE',
      `there are two configs here: \`${first}\` and \`${second}\``,
      'leave one, or name one with --config',
    );
  return first;
}
