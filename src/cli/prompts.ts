interface Choice<T> {
  readonly name: string;
  readonly value: T;
  readonly description?: string;
}

/** The three ways in which keyturn asks. Messages may hold untrusted text: implementations neutralise it. */
export interface Prompts {
  choose<T>(message: string, choices: readonly Choice<T>[]): Promise<T>;
  /** Asks again until `refuse` has nothing to say against the answer. */
  text(message: string, refuse: (answer: string) => string | undefined): Promise<string>;
  confirm(message: string): Promise<boolean>;
}
