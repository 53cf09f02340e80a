/** Where something stands in Azure: the segments of a scope or resource id, in lower case. The root has none (EA-12). */
export type Place = readonly string[];

const tops = ['subscriptions', 'providers'];

/** @returns undefined for a text that names no place */
export function placeOf(id: string): Place | undefined {
  const text = id.trim().toLowerCase();
  const segments = text.split('/').filter((segment) => segment !== '');
  const [top, name] = segments;
  if (top === undefined) return segments;
  return tops.includes(top) && name !== undefined ? segments : undefined;
}

export function samePlace(one: Place, other: Place): boolean {
  return one.length === other.length && holds(one, other);
}

/** Whether `inner` is `outer` or stands below it, segment by segment: `kv1` does not hold `kv10`. */
export function holds(outer: Place, inner: Place): boolean {
  return outer.length <= inner.length && outer.every((segment, at) => segment === inner[at]);
}

export function isManagementGroup([provider, name, type, group]: Place): boolean {
  return provider === 'providers' && name === 'microsoft.management' && type === 'managementgroups' && group !== undefined;
}

/** The place that a thing of Microsoft.Authorization hangs on, from its own id: the id without the last provider's part. */
export function placeOfOwner(id: string): Place | undefined {
  const place = placeOf(id);
  if (place === undefined) return undefined;
  const provider = place.length - 4;
  return place[provider] === 'providers' ? place.slice(0, provider) : place;
}
