import { KnownError } from './known-error.ts';

/** A run of keyturn that holds something. */
export interface Holder {
  readonly pid: number;
  readonly host: string;
  /** ISO 8601; earlier versions did not say. */
  readonly since?: string;
}

/** Another run works on the vault; `holder` is told as data as well, so that many of them can be told at once. */
export class HeldError extends KnownError {
  readonly holder: Holder | undefined;

  constructor(message: string, remedy: string, holder: Holder | undefined) {
    super('blocked', 'VAULT_BUSY', message, remedy);
    this.holder = holder;
  }
}
