import { isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import type { Reading } from '../../base/reading.ts';
import type { ResourceReader } from '../../inventory/ports.ts';
import { isBuiltInPolicy, parsePolicyDefinition } from '../../model/policy-definition.ts';
import { armUrl } from '../client/arm-url.ts';
import { sendPaged } from '../client/paging.ts';
import { parseRows } from '../client/parse-rows.ts';
import type { Transport } from '../client/transport.ts';
import { toReading } from './reading.ts';

const version = '2024-05-01';

type PolicyReader = Pick<ResourceReader, 'customPolicies' | 'builtInPolicies' | 'policyDefinition'>;

/** Definitions and initiatives of Azure Policy. Azure's own are thousands, change by the month and are kept for the run. */
export function policyReader(transport: Transport): PolicyReader {
  const kept = new Map<string, Promise<Reading<unknown>>>();
  const once = <T>(key: string, work: () => Promise<Reading<T>>): Promise<Reading<T>> => {
    const known = kept.get(key) as Promise<Reading<T>> | undefined;
    if (known !== undefined) return known;
    const asked = work().then((reading) => {
      // What failed once is asked for again.
      if (reading.state === 'unreadable') kept.delete(key);
      return reading;
    });
    kept.set(key, asked);
    return asked;
  };
  const rows = (what: string, path: string, filter?: string) =>
    toReading(async () => {
      const url = new URL(armUrl(transport.profile, path, version));
      if (filter !== undefined) url.searchParams.set('$filter', filter);
      const found = await transport.askList(what, () => sendPaged(transport, 'resourceManager', { method: 'GET', url: url.href }));
      return parseRows(what, found, asObject);
    });
  const definition = (id: string) =>
    toReading(async () => {
      const what = `read the policy definition \`${id}\``;
      const request = { method: 'GET', url: armUrl(transport.profile, id, version) } as const;
      const raw = await transport.askObject(what, () => transport.send('resourceManager', request));
      const [parsed] = parseRows(what, [raw], parsePolicyDefinition);
      if (parsed === undefined) throw new Error('one row gives one definition');
      return parsed;
    });
  return {
    customPolicies: (scope, kind) =>
      rows(`list the custom ${kind} at \`${scope}\``, `${scope}/providers/Microsoft.Authorization/${kind}`, "policyType eq 'Custom'"),
    builtInPolicies: () =>
      once('all', () => rows('list the policy definitions of Azure', '/providers/Microsoft.Authorization/policyDefinitions')),
    policyDefinition: (id) => (isBuiltInPolicy(id) ? once(id, () => definition(id)) : definition(id)),
  };
}

function asObject(row: JsonValue): JsonObject | undefined {
  return isObject(row) ? row : undefined;
}
