import { codeHelp, weightWords } from '../../../src/report/code-help.ts';
import { approvalErrorHelp } from '../../../src/report/help/approval-error-help.ts';
import { azureErrorHelp } from '../../../src/report/help/azure-error-help.ts';
import type { Help } from '../../../src/report/help/help.ts';
import { inputErrorHelp } from '../../../src/report/help/input-error-help.ts';
import { inventoryFindingHelp } from '../../../src/report/help/inventory-finding-help.ts';
import { mappingFindingHelp } from '../../../src/report/help/mapping-finding-help.ts';
import { planErrorHelp } from '../../../src/report/help/plan-error-help.ts';
import { planFindingHelp } from '../../../src/report/help/plan-finding-help.ts';
import { principalFindingHelp } from '../../../src/report/help/principal-finding-help.ts';
import { rollbackErrorHelp } from '../../../src/report/help/rollback-error-help.ts';
import { runErrorHelp } from '../../../src/report/help/run-error-help.ts';

type Group = readonly [title: string, help: Readonly<Record<string, Help>>];

/** The pages of `docs` that are made of the help texts, by file name. */
export function helpPages(): Readonly<Record<string, string>> {
  return {
    'findings.md': page(
      [
        '# Findings',
        '',
        'Something about a vault or an entry that a person should know. A *blocker* stops the vault, a *warning* should be read, a *note*',
        'informs. `inventory`, `plan`, `migrate` and `map` print findings with these codes, which do not change. `keyturn help CODE` prints the',
        'same. EA and LP are rules of [semantics.md](semantics.md); decisions and acceptances are described in [formats.md](formats.md#decisions).',
      ],
      [
        ['Vaults and what surrounds them', inventoryFindingHelp],
        ['Whom access policies name', principalFindingHelp],
        ['Roles that replace permissions', mappingFindingHelp],
        ['The plan', planFindingHelp],
      ],
    ),
    'errors.md': page(
      [
        '# Errors',
        '',
        'A command that does not do what was asked ends with `error CODE: what is the case`, and a line of what to do next. The codes do not',
        'change, and the exit code tells scripts how it ended. `keyturn help CODE` prints the same as this page. EA and LP are rules of',
        '[semantics.md](semantics.md). In the commands here, PLAN stands for a plan file and VAULT for the name of a vault.',
      ],
      [
        ['What was typed, files and this machine', inputErrorHelp],
        ['Azure, signing in and the network', azureErrorHelp],
        ['Plans, decisions and journals', planErrorHelp],
        ['Approvals and the config', approvalErrorHelp],
        ['Carrying a plan out', runErrorHelp],
        ['Going back', rollbackErrorHelp],
      ],
    ),
  };
}

function page(intro: readonly string[], groups: readonly Group[]): string {
  const toc = groups.flatMap(([title, help]) => ['', `**${title}:** ${Object.keys(help).map(link).join(', ')}`]);
  const sections = groups.flatMap(([title, help]) => ['', `## ${title}`, ...Object.keys(help).flatMap(section)]);
  return `${[...intro, ...toc, ...sections].join('\n')}\n`;
}

function link(code: string): string {
  return `[${code}](#${code.toLowerCase()})`;
}

function section(code: string): readonly string[] {
  const help = codeHelp(code);
  if (help === undefined) throw new Error(`${code} is in no register`);
  const said = [`- Cause: ${help.cause}`, `- Consequence: ${help.consequence}`, `- What to do: ${help.remedy}`];
  return ['', `### ${code}`, '', capital(`${weightWords(help)}.`), '', ...said];
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
