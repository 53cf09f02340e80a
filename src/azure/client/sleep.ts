/** Waits; rejects with the signal's reason when aborted. Given from outside, so that tests and sandboxes need not wait. */
export type Sleep = (milliseconds: number, signal?: AbortSignal) => Promise<void>;
