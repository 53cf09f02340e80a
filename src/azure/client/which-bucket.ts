import type { Service } from './request-rules.ts';
import type { BucketSize, Heard } from './token-bucket.ts';

type CallKind = 'reads' | 'writes' | 'deletes' | 'graph';

/** One of the buckets that Azure counts a security principal's calls with. */
export interface Bucket {
  readonly key: string;
  readonly kind: CallKind;
  /** The header that says how many calls are left, and the one that says it of all principals together; Graph has none. */
  readonly headers: readonly string[];
}

/**
 * Resource Manager's figures, for one subscription or, outside of subscriptions, the tenant. Graph counts otherwise, by application and
 * tenant and by what a request costs, and says nothing of what is left: there a 429 is what is learnt from.
 */
const sizes: Readonly<Record<CallKind, BucketSize>> = {
  reads: { capacity: 250, perSecond: 25 },
  writes: { capacity: 200, perSecond: 10 },
  deletes: { capacity: 200, perSecond: 10 },
  graph: { capacity: 1000, perSecond: 100 },
};

export function sizeOf(kind: CallKind): BucketSize {
  return sizes[kind];
}

export function whichBucket(service: Service, method: string, url: URL): Bucket {
  if (service === 'graph') return { key: 'graph', kind: 'graph', headers: [] };
  const kind = method === 'GET' || method === 'HEAD' ? 'reads' : method === 'DELETE' ? 'deletes' : 'writes';
  const subscription = /^\/+subscriptions\/+([^/]+)/i.exec(url.pathname)?.[1]?.toLowerCase();
  const whose = subscription === undefined ? ['tenant'] : ['subscription', 'subscription-global'];
  return { key: `${subscription ?? 'tenant'} ${kind}`, kind, headers: whose.map((one) => `x-ms-ratelimit-remaining-${one}-${kind}`) };
}

/** What an answer's headers say of its bucket. What is no whole number, or several, says nothing. */
export function heardOf({ headers: [own, all] }: Bucket, headers: { get(name: string): string | undefined }): Heard {
  const [remaining, remainingForAll] = [own, all].map((name) => (name === undefined ? undefined : count(headers.get(name))));
  return { ...(remaining !== undefined && { remaining }), ...(remainingForAll !== undefined && { remainingForAll }) };
}

function count(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,7}$/.test(header) ? Number(header) : undefined;
}

/**
 * Whether a request goes ahead of others that wait for the same bucket: the change of a vault's permission model and its taking
 * back, what a write asks about itself, so that what was begun is finished first; and lists of a whole subscription, since all of its
 * vaults wait for them.
 */
export function goesAhead(method: string, url: URL, writing: boolean): boolean {
  const reading = method === 'GET' || method === 'HEAD';
  return method === 'PATCH' || (reading && (writing || !/\/resourcegroups\//i.test(url.pathname)));
}
