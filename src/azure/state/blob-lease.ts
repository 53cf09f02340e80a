import { randomUUID } from 'node:crypto';
import type { BlobClient, BlobLeaseClient } from '@azure/storage-blob';
import { isLeased, isLost, isMissing } from './blob-errors.ts';

/** How long a lease lives without a sign of life: the longest that Azure grants one that ends by itself. */
const leaseSeconds = 60;
const renewEvery = 20_000;
/** A write that begins on a lease that was last answered for longer ago than this may land when the lease is over. */
const freshFor = 30_000;

/** Who holds a lease, as its blob says. */
export interface LeaseHolder {
  readonly pid?: number;
  readonly host?: string;
  readonly since?: string;
}

/** A lease that this process holds. Once lost it stays lost. */
export interface HeldLease {
  readonly id: string;
  /** Asked before each write: Azure is asked, since a person may have broken the lease. */
  isOurs(): Promise<boolean>;
  release(): Promise<void>;
}

export function isHeld(taken: HeldLease | { readonly holder: LeaseHolder }): taken is HeldLease {
  return 'release' in taken;
}

type Leased = Pick<BlobClient, 'getBlobLeaseClient' | 'getProperties' | 'setMetadata'>;

/** Leases a blob that is there, and writes into it who has it; or says who has it. */
export async function takeLease(blob: Leased, holder: Omit<LeaseHolder, 'since'>): Promise<HeldLease | { readonly holder: LeaseHolder }> {
  const lease = blob.getBlobLeaseClient(randomUUID());
  try {
    await lease.acquireLease(leaseSeconds);
  } catch (error) {
    if (!isLeased(error)) throw error;
    return { holder: await holderOf(blob) };
  }
  const kept = keep(lease);
  const mark: LeaseHolder = { ...holder, since: new Date().toISOString() };
  try {
    await blob.setMetadata({ holder: encodeURIComponent(JSON.stringify(mark)) }, { conditions: { leaseId: lease.leaseId } });
  } catch (error) {
    await kept.release();
    throw error;
  }
  return kept;
}

/** What the blob says of who leased it last. Anybody may have written it, so it is words and nothing more. */
async function holderOf(blob: Pick<BlobClient, 'getProperties'>): Promise<LeaseHolder> {
  try {
    return holderFrom((await blob.getProperties()).metadata?.holder);
  } catch (error) {
    if (isMissing(error)) return {};
    throw error;
  }
}

export function holderFrom(written: string | undefined): LeaseHolder {
  try {
    const { pid, host, since } = JSON.parse(decodeURIComponent(written ?? '')) as Record<string, unknown>;
    return {
      ...(typeof pid === 'number' && { pid }),
      ...(typeof host === 'string' && { host: host.slice(0, 100) }),
      ...(typeof since === 'string' && { since: since.slice(0, 40) }),
    };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof URIError || error instanceof TypeError) return {};
    throw error;
  }
}

/** Nothing has to be removed by hand: a lease ends a minute after its holder's last sign of life. */
export const leaseRemedy =
  'wait for it to end, or end it (Ctrl-C there), and run this again; the place of a run that died is free a minute after its last sign of life';

function keep(lease: BlobLeaseClient): HeldLease {
  let lost = false;
  let last = Date.now();
  let renewing: Promise<void> | undefined;
  const renew = (): Promise<void> => {
    renewing ??= lease
      .renewLease()
      .then(() => {
        last = Date.now();
      })
      .catch((error: unknown) => {
        // Where no answer comes the lease runs out by itself; only Azure's word says that another has it.
        if (isLost(error)) lost = true;
      })
      .finally(() => {
        renewing = undefined;
      });
    return renewing;
  };
  const beat = setInterval(() => {
    void renew();
  }, renewEvery);
  beat.unref();
  return {
    id: lease.leaseId,
    async isOurs() {
      if (!lost) await renew();
      return !lost && Date.now() - last <= freshFor;
    },
    async release() {
      clearInterval(beat);
      await renewing;
      if (!lost) await lease.releaseLease().catch(() => undefined);
      lost = true;
    },
  };
}
