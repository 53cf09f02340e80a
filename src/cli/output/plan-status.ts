import { compareText } from '../../base/compare-text.ts';
import type { Look, Style } from '../../report/look.ts';
import { plainText } from '../../report/plain-text.ts';
import { shortIds } from '../../report/short-ids.ts';
import { table } from '../../report/table.ts';
import { wrapLine } from '../../report/wrap-line.ts';
import type { VaultStatus } from '../vault-status.ts';

export interface PlanStatus {
  readonly planDigest: string;
  readonly vaults: readonly VaultStatus[];
  /** How much the journal of the plan holds, and the state folder that it is in. */
  readonly journal: { readonly entries: number; readonly folder: string };
}

const styles: Readonly<Record<string, Style>> = {
  blocked: 'red',
  flipped: 'green',
  repaired: 'green',
  rolledBack: 'yellow',
  flippedBack: 'red',
  gone: 'red',
};

export function planStatusText({ vaults, ...rest }: PlanStatus, look: Look): readonly string[] {
  const sorted = [...vaults].sort((a, b) => compareText(a.name, b.name));
  const told = sorted.flatMap(({ name, wrong, unknown }) =>
    [...wrong, ...unknown].flatMap((line) => wrapLine(`${plainText(name)}: ${shortIds(plainText(line))}`, look.columns, '  ')),
  );
  return [...table(columns, sorted.map(row), look), ...(told.length === 0 ? [] : ['', ...told]), '', journalWords(rest)];
}

/** For `--json`. */
export function planStatusDocument({ planDigest, vaults }: PlanStatus): unknown {
  return { format: 'keyturn-status', formatVersion: 1, planDigest, vaults };
}

/** Without a journal nothing is known of what was done from elsewhere: that is not the same as nothing done. */
function journalWords({ planDigest, journal: { entries, folder } }: Omit<PlanStatus, 'vaults'>): string {
  const plan = `plan ${planDigest.slice(0, 19)}…`;
  if (entries > 0) return `${plan}, ${entries} journal entries`;
  return `${plan}; ${plainText(folder)} holds no journal of it: it was not applied from here, or with another --state`;
}

const columns = [
  { title: 'VAULT', shrinkTo: 12 },
  { title: 'STATE' },
  { title: 'MODEL NOW' },
  { title: 'ASSIGNMENTS' },
  { title: 'OPEN STEPS', align: 'right' as const },
];

function row({ name, state, permissionModel, assignments, open }: VaultStatus) {
  const style = styles[state];
  return [
    name,
    style === undefined ? state : { text: state, style },
    permissionModel ?? '?',
    `${assignments.done ?? '?'} of ${assignments.planned}`,
    String(open.length),
  ];
}
