import { expect, test } from 'vitest';
import { isObject, type JsonObject, stringsAt } from '../../../src/base/json.ts';
import { guid } from '../facts.ts';
import { type Asked, type Reply, refusal, scriptedAzure } from '../scripted-azure.ts';

const ids = (count: number) => Array.from({ length: count }, (_, i) => guid(i + 1));
const filterOf = ({ query }: Asked) => query.get('$filter') ?? '';

/** A directory that knows some ids as application ids, and some as objects of other kinds. */
function directoryOf(known: { readonly servicePrincipals?: readonly string[]; readonly applications?: readonly string[] }) {
  return scriptedAzure((request): Reply => {
    const list = (appIds: readonly string[] = []) => ({
      json: {
        value: appIds
          .filter((id) => filterOf(request).includes(id))
          .map((appId): JsonObject => ({ id: guid(900), displayName: 'x', appId })),
      },
    });
    if (request.path === '/v1.0/servicePrincipals') return list(known.servicePrincipals);
    if (request.path === '/v1.0/applications') return list(known.applications);
    return {
      json: {
        value: stringsAt(isObject(request.body) ? request.body : {}, 'ids').map((id) => ({ id, '@odata.type': '#microsoft.graph.device' })),
      },
    };
  });
}

test('EA-28: application ids are asked for fifteen at a time, and each question goes only to what the one before left open', async () => {
  const [first, second, third] = [guid(1), guid(2), guid(3)];
  const { directory, asked } = await directoryOf({ servicePrincipals: [first], applications: [second] });
  const found = await directory.otherIds(ids(16));
  expect(found.servicePrincipals).toEqual([{ id: guid(900), displayName: 'x', appId: first }]);
  expect(found.applications).toEqual([{ id: guid(900), displayName: 'x', appId: second }]);
  expect(found.objects.map(({ id }) => id)).toEqual(ids(16).slice(2));
  expect(asked.map(({ path }) => path.replace('/v1.0/', '')).sort()).toEqual([
    'applications',
    'directoryObjects/getByIds',
    'servicePrincipals',
    'servicePrincipals',
  ]);
  expect(asked.map((one) => filterOf(one).split("','").length).filter((count) => count > 1)).toEqual([15, 15]);
  const last = asked.at(-1)?.body;
  expect(last).toEqual({ ids: ids(16).slice(2) });
  expect(stringsAt(isObject(last) ? last : {}, 'ids')).toContain(third);
});

test('EA-28: what cannot be read tells nothing, and is no error', async () => {
  const { directory } = await scriptedAzure(() => refusal(403, 'Authorization_RequestDenied', 'Insufficient privileges.'));
  expect(await directory.otherIds(ids(2))).toEqual({ servicePrincipals: [], applications: [], objects: [] });
});
