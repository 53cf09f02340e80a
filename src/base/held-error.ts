import { KnownError } from './known-error.ts';

/** A run of keyturn that holds something. */
export interface Holder {
  readonly pid: number;
  readonly host: string;
  /** ISO 8601; earlier versions did not say. */
  readonly since?: string;
}

/** Who holds it and since when, as far as that is said. */
export function holderWords({ pid, host, since }: Partial<Holder>): string {
  if (pid === undefined || host === undefined) return 'a run that did not say which';
  return `process ${pid} on \`${host}\`${since === undefined ? '' : ` since ${since.slice(0, 19).replace('T', ' ')} UTC`}`;
}

/** Another run works on the vault; `holder` is told as data as well, so that many of them can be told at once. */
export class HeldError extends KnownError {
  readonly holder: Holder | undefined;

  constructor(message: string, remedy: string, holder: Holder | undefined) {
    super('blocked', 'VAULT_BUSY', message, remedy);
    this.holder = holder;
  }
}
