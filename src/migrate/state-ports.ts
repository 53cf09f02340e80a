import type { JsonObject } from '../base/json.ts';
import type { Bundle } from '../formats/bundle.ts';
import type { JournalEntry } from '../formats/journal.ts';
import type { Proof } from '../formats/proof.ts';
import type { VaultId } from '../model/vault-id.ts';

/** Append returns only after the line is safe: on disk, or where the store keeps it. */
export interface Journal {
  /** Grows with every append. */
  readonly entries: readonly JournalEntry[];
  /** Takes it for this process and reads it anew. @throws KnownError JOURNAL_BUSY (blocked) when another process has it. */
  hold(): Promise<void>;
  append(entry: JournalEntry): Promise<void>;
}

/** A journal that was opened has to be closed, which gives it free for others. */
export interface OpenJournal extends Journal {
  close(): Promise<void>;
}

/**
 * Keeps rollback bundles; `write` returns only after the bundle is safe, and `read` reads it from there or throws
 * KnownError BUNDLE_MISSING.
 */
export interface BundleStore {
  write(vault: VaultId, bundle: JsonObject): Promise<string>;
  read(vault: VaultId): Promise<unknown>;
}

/** Keeps the proof of each vault's last verification; `write` returns only after the proof is safe. */
export interface ProofStore {
  write(vault: Pick<VaultId, 'name' | 'scope'>, proof: Proof): Promise<void>;
}

/** One run's hold on one vault. It can be lost: to another run, when nothing was heard of this one for too long. */
export interface VaultLease {
  /** Asked before every write. @throws KnownError VAULT_LOST (blocked), which names who has the vault now. */
  assertOurs(): Promise<void>;
  release(): Promise<void>;
}

/** Holds one vault for one run at a time; throws KnownError VAULT_BUSY, which names the holder, when another run has it. */
export interface VaultHold {
  hold(vault: VaultId): Promise<VaultLease>;
}

/** What is held in a state, and by whom as far as it says. */
export interface HeldPlace {
  readonly kind: 'journal' | 'vault';
  /** What its file or blob is called, without its ending. */
  readonly name: string;
  readonly holder: { readonly pid?: number; readonly host?: string; readonly since?: string };
  /** False: its holder is gone, and the next run takes its place by itself. */
  readonly live: boolean;
}

/** A journal, a bundle with its script and page, or a proof, under the path that it has in a folder. */
export interface StateDocument {
  readonly path: string;
  readonly text: string;
}

/** Where a run keeps what outlives it. Commands know it by what it holds, never by a path. */
export interface StateStore {
  /** What people call it, for messages: a folder as they see it from where they are. */
  readonly name: string;
  /** @throws KnownError JOURNAL_UNREADABLE, DISK. */
  journal(planDigest: string): Promise<OpenJournal>;
  readonly bundles: BundleStore & {
    /**
     * The latest bundle of each vault with this name or resource id; one that cannot be read is refused, not left out.
     * @throws KnownError BUNDLE_UNREADABLE (usage), BUNDLE_EDITED (blocked).
     */
    find(vault: string): Promise<readonly Bundle[]>;
    /** What people call the place of all bundles, for messages. */
    readonly name: string;
  };
  readonly proofs: ProofStore & {
    /** Writes without waiting until the proof is safe: a check can be run again, and there may be thousands of vaults. */
    jot: ProofStore['write'];
    /** What people call the place of a vault's proof, for messages and as a word of a command. */
    nameOf(vaultId: string): string;
  };
  readonly holds: VaultHold;
  held(): Promise<readonly HeldPlace[]>;
  /** Takes a place from its holder: it stops before its next write. */
  unlock(held: HeldPlace): Promise<void>;
  documents(): AsyncIterable<StateDocument>;
  /** `other`: there is another of that path, and it was left alone. */
  put(document: StateDocument): Promise<'written' | 'same' | 'other'>;
}
