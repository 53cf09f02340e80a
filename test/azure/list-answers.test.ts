import { describe, expect, test } from 'vitest';
import { type Reply, scriptedAzure } from './scripted-azure.ts';

const subscription = '00000000-0000-0000-0000-000000000001';
const scope = `/subscriptions/${subscription}`;
const list = (...value: Reply['json'][]): Reply => ({ json: { value: value as never } });
const html = '<html><head><title>Sign in</title></head><body>Please sign in</body></html>';

describe('an answer that is not a list', () => {
  const odd: [string, Reply][] = [
    ['a page of HTML', { text: html }],
    ['JSON sent as HTML', { text: '{"value":[]}' }],
    ['an empty object', { json: {} }],
    ['a null list', { json: { value: null } }],
    ['a bare list', { json: [] }],
    ['a word', { json: 'nothing' }],
    ['an empty body', { text: '', headers: { 'content-type': 'application/json' } }],
    ['half of a document', { text: '{"value":[', headers: { 'content-type': 'application/json' } }],
    ['an object for a list', { json: { value: { 0: 'x' } } }],
    ['a redirect', { status: 302, headers: { location: 'https://127.0.0.1:9/elsewhere' } }],
    ['no content', { status: 204 }],
  ];
  test.each(odd)('%s is unreadable, never an empty list', async (_, reply) => {
    const { resources, directory } = await scriptedAzure(() => reply);
    const readings = await Promise.all([
      resources.vaults(subscription),
      resources.roleAssignments(scope),
      resources.roleDefinitions(scope),
      resources.denyAssignments(scope),
      resources.activeInstances(scope),
      resources.eligibleInstances(scope),
      resources.locks(scope),
      resources.policyAssignments(scope),
      resources.subscriptions(),
      resources.diagnosticSettings(`${scope}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv`),
      directory.transitiveMembers('00000000-0000-0000-0000-0000000000b1' as never),
      directory.memberGroups('00000000-0000-0000-0000-0000000000b1' as never),
      directory.objectsByIds(['00000000-0000-0000-0000-0000000000b1' as never]),
    ]);
    expect(readings.map((reading) => reading.state)).toEqual(readings.map(() => 'unreadable'));
  });
  test('is an empty list when Azure says so', async () => {
    const { resources } = await scriptedAzure(() => list());
    expect(await resources.denyAssignments(scope)).toEqual({ state: 'read', value: [] });
  });
});
