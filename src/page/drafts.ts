import type { Review } from '../review/review.ts';
import type { EntryPlace, Store } from './store.ts';

export type Choice = Review['decisions'][number]['choice'];

/** What a reader decides on an entry. */
export interface DraftDecision {
  readonly choice: Choice;
  readonly reason: string;
  readonly keep?: readonly string[];
  readonly objects?: readonly string[];
}

/** A finding that a reader lets pass at a vault. */
export interface DraftAcceptance {
  readonly vault: number;
  readonly finding: string;
  readonly principal?: number;
  readonly reason: string;
}

/** What a reader has decided on this page; nothing of it is kept anywhere else until it is downloaded. */
export interface Drafts {
  decision(vault: number, entry: number): DraftDecision | undefined;
  decide(vault: number, entry: number, decision: DraftDecision | undefined): void;
  decideAll(places: readonly EntryPlace[], decision: DraftDecision): void;
  accept(acceptance: DraftAcceptance): void;
  acceptance(vault: number, finding: string, principal: number | undefined): DraftAcceptance | undefined;
  approve(vaults: readonly number[], yes: boolean): void;
  approved(vault: number): boolean;
  acceptGain(gain: number, yes: boolean): void;
  gainAccepted(gain: number): boolean;
  readonly counts: { readonly decisions: number; readonly vaults: number; readonly gains: number };
  /** Whether something was decided since the last download. */
  readonly unsaved: boolean;
  downloaded(): void;
  /** Until another view is shown. */
  onChange(listen: () => void): void;
  offChange(): void;
  always(listen: () => void): void;
  decisionsFile(): string;
  /** @param note what the reader adds, or nothing. */
  approvalDraft(note: string): string;
}

export function draftsOf(store: Store): Drafts {
  const decisions = new Map<string, DraftDecision>();
  const acceptances = new Map<string, DraftAcceptance>();
  const vaults = new Set<number>();
  const gains = new Set<string>();
  const listeners: (() => void)[] = [];
  const lasting: (() => void)[] = [];
  let unsaved = false;
  const changed = (): void => {
    unsaved = true;
    for (const listen of [...lasting, ...listeners]) listen();
  };
  const set = <T>(in_: Set<T>, one: T, yes: boolean): void => {
    if (yes) in_.add(one);
    else in_.delete(one);
  };
  return {
    decision: (vault, entry) => decisions.get(`${vault}/${entry}`),
    decide(vault, entry, decision) {
      if (decision === undefined) decisions.delete(`${vault}/${entry}`);
      else decisions.set(`${vault}/${entry}`, decision);
      changed();
    },
    decideAll(places, decision) {
      for (const { vault, entry } of places) decisions.set(`${vault}/${entry}`, decision);
      changed();
    },
    accept(one) {
      acceptances.set(acceptanceKey(one.vault, one.finding, one.principal), one);
      changed();
    },
    acceptance: (vault, finding, principal) => acceptances.get(acceptanceKey(vault, finding, principal)),
    approve(some, yes) {
      for (const vault of some) set(vaults, vault, yes);
      changed();
    },
    approved: (vault) => vaults.has(vault),
    acceptGain(gain, yes) {
      set(gains, gainKey(store, gain), yes);
      changed();
    },
    gainAccepted: (gain) => gains.has(gainKey(store, gain)),
    get counts() {
      return { decisions: decisions.size + acceptances.size, vaults: vaults.size, gains: gains.size };
    },
    get unsaved() {
      return unsaved;
    },
    downloaded() {
      unsaved = false;
    },
    onChange(listen) {
      listeners.push(listen);
    },
    offChange() {
      listeners.length = 0;
    },
    always(listen) {
      lasting.push(listen);
    },
    decisionsFile: () =>
      fileText({ formatVersion: 1, decisions: decisionRows(store, decisions), acceptances: acceptanceRows(store, acceptances.values()) }),
    approvalDraft: (note) =>
      fileText({
        format: 'keyturn-approval-draft',
        formatVersion: 1,
        plan: store.review.plan.digest,
        vaults: [...vaults].sort((a, b) => a - b).map((at) => ({ vaultId: store.review.vaults[at]?.id, digest: store.extras[at]?.digest })),
        gains: gainsToAccept(store, (at) => vaults.has(at))
          .filter((at) => gains.has(gainKey(store, at)))
          .map((at) => namedGain(store, at)),
        ...(note.trim() !== '' && { note: note.trim() }),
      }),
  };
}

/**
 * Whether a gain has to be accepted by name: no step of the plan brings it, it opens, destroys or changes what is in one of the vaults, and
 * the plan does not record that somebody accepted it there.
 */
export function hasToBeAccepted({ review, withGain }: Store, at: number, inVault: (vault: number) => boolean): boolean {
  const { cause, tier, assignmentId } = review.gains[at] ?? {};
  if (cause !== 'flip' || assignmentId === undefined || (tier !== 'A' && tier !== 'B')) return false;
  const open = withGain[at]?.some((place) => {
    const vault = review.vaults[place];
    return vault !== undefined && inVault(place) && flips(vault.state) && !vault.acceptedGains.some(({ gain }) => gain === at);
  });
  return open === true;
}

/** Each of them once, though an assignment may give some of it certainly and some of it perhaps. */
export function gainsToAccept(store: Store, inVault: (vault: number) => boolean): readonly number[] {
  const seen = new Set<string>();
  return store.review.gains.flatMap((_, at) => {
    if (!hasToBeAccepted(store, at, inVault)) return [];
    const key = gainKey(store, at);
    if (seen.has(key)) return [];
    seen.add(key);
    return [at];
  });
}

/** A gain is accepted by the assignment that gives it and who gains. */
function gainKey({ review }: Store, at: number): string {
  const { assignmentId = '', principal = '' } = review.gains[at] ?? {};
  return `${assignmentId.toLowerCase()} ${principal}`;
}

/** Whether anything of it can be carried out as it is planned. */
export function canBeApproved(state: Review['vaults'][number]['state']): boolean {
  return state === 'ready' || state === 'repair';
}

function flips(state: Review['vaults'][number]['state'] | undefined): boolean {
  return state === 'ready' || state === 'blocked';
}

function namedGain({ review, person }: Store, at: number) {
  const { assignmentId = '', principal = -1 } = review.gains[at] ?? {};
  return { assignmentId, principalId: person(principal).id };
}

function decisionRows({ review, person }: Store, decisions: ReadonlyMap<string, DraftDecision>): readonly unknown[] {
  return [...decisions].map(([key, { choice, keep, objects, reason }]) => {
    const [vaultAt = -1, entryAt = -1] = key.split('/').map(Number);
    const vault = review.vaults[vaultAt];
    const entry = vault?.entries[entryAt];
    const { applicationId } = entry ?? {};
    return { vault: vault?.id, principal: person(entry?.principal ?? -1).id, applicationId, choice, keep, objects, reason };
  });
}

function acceptanceRows({ review, person }: Store, acceptances: Iterable<DraftAcceptance>): readonly unknown[] {
  return [...acceptances].map(({ finding, vault, principal, reason }) => ({
    finding,
    vault: review.vaults[vault]?.id,
    principal: principal === undefined ? undefined : person(principal).id,
    reason,
  }));
}

function acceptanceKey(vault: number, finding: string, principal: number | undefined): string {
  return `${vault} ${finding} ${principal ?? ''}`;
}

function fileText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
