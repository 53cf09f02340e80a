import { describe, expect, test } from 'vitest';
import { builtInCloud, isSandbox, parseCloudProfile } from '../../src/azure/cloud-profile.ts';

const sandbox = {
  name: 'sandbox',
  resourceManager: 'https://127.0.0.1:8443/',
  graph: 'https://127.0.0.1:8443',
  authority: 'https://127.0.0.1:8443',
  vaultSuffix: 'vault.azure.net',
  caCertificateFile: 'ca.pem',
  sandboxClock: 'https://127.0.0.1:8443/_sandbox/clock',
};
const parse = (profile: unknown) => parseCloudProfile(JSON.stringify(profile), 'cloud.json');

describe('a cloud', () => {
  test.each(['public', 'usgov', 'china'])('%s is built in, and is no sandbox', (name) => {
    const profile = builtInCloud(name);
    expect(profile?.name).toBe(name);
    expect(profile !== undefined && isSandbox(profile)).toBe(false);
  });
  test.each(['', 'Public', 'constructor', '__proto__'])('`%s` is not built in', (name) => {
    expect(builtInCloud(name)).toBeUndefined();
  });
});

describe('a cloud profile', () => {
  test('of a sandbox gives addresses without a slash, and audiences that are the addresses', () => {
    const profile = parse(sandbox);
    expect(profile).toMatchObject({
      resourceManager: 'https://127.0.0.1:8443',
      resourceManagerAudience: 'https://127.0.0.1:8443',
      graphAudience: 'https://127.0.0.1:8443',
      caCertificateFile: 'ca.pem',
    });
    expect(isSandbox(profile)).toBe(true);
  });
  test('may name other audiences', () => {
    const profile = parse({
      ...sandbox,
      resourceManagerAudience: 'https://management.azure.com/',
      graphAudience: 'https://graph.microsoft.com',
    });
    expect(profile).toMatchObject({
      resourceManagerAudience: 'https://management.azure.com',
      graphAudience: 'https://graph.microsoft.com',
    });
  });
  test('of a cloud of its own needs no more than addresses', () => {
    const own = {
      name: 'own',
      ...addresses('https://arm.example', 'https://graph.example', 'https://login.example'),
      vaultSuffix: 'kv.example',
    };
    expect(isSandbox(parse(own))).toBe(false);
  });
  const refused: [string, unknown][] = [
    ['http', { ...sandbox, resourceManager: 'http://127.0.0.1:8443' }],
    ['a path', { ...sandbox, graph: 'https://127.0.0.1:8443/v1.0' }],
    ['a password', { ...sandbox, graph: 'https://a:b@127.0.0.1:8443' }],
    ['localhost by name', { ...sandbox, ...addresses('https://localhost:1', 'https://localhost:1', 'https://localhost:1') }],
    ...['localhost', '[::1]', '127.0.0.2', '[::ffff:127.0.0.1]'].map((host): [string, unknown] => [
      `${host} instead of 127.0.0.1`,
      { name: 'x', vaultSuffix: 'kv.example', ...addresses(`https://${host}:1`, `https://${host}:1`, `https://${host}:1`) },
    ]),
    ['loopback and a public host', { ...sandbox, graph: 'https://graph.microsoft.com' }],
    [
      'a certificate authority for public hosts',
      { ...sandbox, ...addresses('https://arm.example', 'https://graph.example', 'https://login.example') },
    ],
    ['a clock elsewhere', { ...sandbox, sandboxClock: 'https://clock.example/' }],
    ['unknown members', { ...sandbox, resourceManger: 'x' }],
    ['missing members', { name: 'x' }],
    ['a name with blanks', { ...sandbox, name: 'a b' }],
    ['two certificate authorities', { ...sandbox, caPem: '-----BEGIN CERTIFICATE-----' }],
    ['no object', []],
  ];
  test.each(refused)('with %s is refused', (_, profile) => {
    expect(() => parse(profile)).toThrow(expect.objectContaining({ code: 'CLOUD_PROFILE', outcome: 'usage' }));
  });
  test('that is no JSON is refused', () => {
    expect(() => parseCloudProfile('{', 'cloud.json')).toThrow('`cloud.json` is not a cloud profile: it is not valid JSON');
  });
});

function addresses(resourceManager: string, graph: string, authority: string) {
  return { resourceManager, graph, authority };
}
