import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { ConnectOptions } from '../../src/azure/azure-doors.ts';
import { builtInCloud } from '../../src/azure/cloud-profile.ts';
import { connectAzure } from '../../src/azure/connect-azure.ts';
import { type AuthKind, createCredential } from '../../src/azure/credential.ts';
import { makeServerIdentity } from './certificate-authority.ts';
import { guid, subscription, tenant } from './facts.ts';
import { profileOf, type Script, serveScript } from './scripted-azure.ts';
import { authorityReply, identityToken, jwt, managedIdentity, operatorToken } from './sign-in.ts';

const empty: Script = () => ({ json: { value: [] } });

async function connect(auth: AuthKind, env: ConnectOptions['env'], script: Script = empty, more: Partial<ConnectOptions> = {}) {
  const { origin, ca } = await serveScript((asked, at) => authorityReply(asked, at) ?? script(asked, at));
  return connectAzure({ profile: profileOf(origin, ca), auth, env, mode: 'read', ...more });
}

const client = { AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: guid(0xc1) };

describe('signing in', () => {
  test('with the managed identity of a sandbox says who the operator is', async () => {
    const { env, asked } = await managedIdentity(identityToken);
    const { operator } = await connect('managed-identity', env);
    expect(operator).toEqual({ objectId: guid(0xb1), tenantId: tenant });
    expect(asked.map(({ header }) => header)).toEqual(['the-secret']);
    expect(asked[0]?.url.searchParams.get('resource')).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  });
  test('asks for one token per service, however many calls are made', async () => {
    const { env, asked } = await managedIdentity(identityToken);
    const { resources, directory } = await connect('managed-identity', env);
    await Promise.all([
      ...Array.from({ length: 10 }, () => resources.vaults(subscription)),
      resources.roleAssignments(`/subscriptions/${subscription}`),
      ...Array.from({ length: 10 }, () => directory.memberGroups(guid(1))),
    ]);
    expect(asked).toHaveLength(1);
  });
  test('with a client secret goes to the authority of the profile and nowhere else', async () => {
    const { operator } = await connect('env', { ...client, AZURE_CLIENT_SECRET: 'right' });
    expect(operator.objectId).toBe(guid(0xb1));
  });
  test('with a workload identity hands over the file’s assertion', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'keyturn-test-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(path.join(folder, 'token'), 'right');
    const { operator } = await connect('workload', { ...client, AZURE_FEDERATED_TOKEN_FILE: path.join(folder, 'token') });
    expect(operator.tenantId).toBe(tenant);
  });
  test('as a job of GitHub asks for a token of the job anew for each of Azure’s, since one lives for minutes', async () => {
    const asked: string[] = [];
    const { origin, ca } = await serveScript((one, at) => {
      if (one.path !== '/oidc') return authorityReply(one, at) ?? { json: { value: [] } };
      asked.push(`${one.query.get('audience') ?? ''} ${String(one.headers.authorization)}`);
      return { json: { value: 'right' } };
    });
    const profile = profileOf(origin, ca);
    const env = { ...client, ACTIONS_ID_TOKEN_REQUEST_URL: `${origin}/oidc?x=1`, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'of-the-job' };
    const credential = await createCredential('github', profile, env);
    await credential.getToken('https://one.example/.default');
    const first = asked.length;
    await credential.getToken('https://other.example/.default');
    expect(first).toBeGreaterThan(0);
    expect(asked.length).toBeGreaterThan(first);
    expect(new Set(asked)).toEqual(new Set(['api://AzureADTokenExchange Bearer of-the-job']));
  });
  test('as a job of GitHub without the permission says what to give it, and prints no token', async () => {
    const { origin, ca } = await serveScript((one, at) => authorityReply(one, at) ?? { status: 403, json: { value: '' } });
    const env = { ...client, ACTIONS_ID_TOKEN_REQUEST_URL: `${origin}/oidc`, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'of-the-job' };
    const credential = await createCredential('github', profileOf(origin, ca), env);
    await expect(credential.getToken('https://one.example/.default')).rejects.toMatchObject({
      code: 'AZURE_SIGN_IN',
      message: expect.not.stringContaining('of-the-job') as string,
      remedy: expect.stringContaining('id-token: write') as string,
    });
    const wrong = { ...env, ACTIONS_ID_TOKEN_REQUEST_URL: 'http://elsewhere.example/oidc' };
    await expect(createCredential('github', profileOf(origin, ca), wrong)).rejects.toMatchObject({ code: 'AZURE_SIGN_IN' });
  });
  test('in Azure Pipelines asks the service connection for a token of the job', async () => {
    const posted: string[] = [];
    const { origin, ca } = await serveScript((one, at) => {
      if (one.path !== '/oidc') return authorityReply(one, at) ?? { json: { value: [] } };
      posted.push(`${one.query.get('serviceConnectionId') ?? ''} ${String(one.headers.authorization)}`);
      return { json: { oidcToken: 'right' } };
    });
    vi.stubEnv('SYSTEM_OIDCREQUESTURI', `${origin}/oidc`);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const env = {
      AZURESUBSCRIPTION_TENANT_ID: tenant,
      AZURESUBSCRIPTION_CLIENT_ID: guid(0xc1),
      AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: guid(0xd1),
      SYSTEM_ACCESSTOKEN: 'of-the-pipeline',
      SYSTEM_OIDCREQUESTURI: `${origin}/oidc`,
    };
    const credential = await createCredential('pipelines', profileOf(origin, ca), env);
    expect((await credential.getToken('https://one.example/.default'))?.token).toBe(operatorToken);
    expect(new Set(posted)).toEqual(new Set([`${guid(0xd1)} Bearer of-the-pipeline`]));
  });
  test('against a sandbox, by default, means what the environment names and probes nothing', async () => {
    const { env } = await managedIdentity(identityToken);
    expect((await connect('default', env)).operator.objectId).toBe(guid(0xb1));
    expect((await connect('default', { ...client, AZURE_CLIENT_SECRET: 'right' })).operator.objectId).toBe(guid(0xb1));
    await expect(connect('default', {})).rejects.toMatchObject({ code: 'AZURE_SIGN_IN' });
  });
  test('with Azure CLI starts `az` once for many calls', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'keyturn-test-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const calls = path.join(folder, 'calls');
    const answer = JSON.stringify({ accessToken: operatorToken, expires_on: Math.floor(Date.now() / 1000) + 3600, tokenType: 'Bearer' });
    await writeFile(path.join(folder, 'az'), `#!/bin/sh\necho called >> '${calls}'\necho '${answer}'\n`);
    await chmod(path.join(folder, 'az'), 0o755);
    vi.stubEnv('PATH', `${folder}:${process.env.PATH ?? ''}`);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const { operator, resources } = await connect('cli', {});
    await Promise.all(Array.from({ length: 5 }, () => resources.vaults(subscription)));
    expect(operator.objectId).toBe(guid(0xb1));
    expect(await readFile(calls, 'utf8')).toBe('called\n');
  });
  test('works through the library’s managed identity where there is no sandbox', async () => {
    const { env, asked } = await managedIdentity(identityToken);
    vi.stubEnv('IDENTITY_ENDPOINT', env.IDENTITY_ENDPOINT);
    vi.stubEnv('IDENTITY_HEADER', env.IDENTITY_HEADER);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const profile = builtInCloud('usgov');
    if (profile === undefined) throw new Error('usgov is built in');
    const credential = await createCredential('managed-identity', profile, {});
    expect((await credential.getToken(`${profile.resourceManagerAudience}/.default`))?.token).toBe(operatorToken);
    expect(asked[0]?.url.searchParams.get('resource')).toBe('https://management.usgovcloudapi.net');
  });
});

describe('a sign-in that fails', () => {
  const failures: [string, AuthKind, ConnectOptions['env'], string][] = [
    ['a wrong secret', 'env', { ...client, AZURE_CLIENT_SECRET: 'wrong-secret' }, 'AADSTS7000215'],
    ['no secret', 'env', client, 'AZURE_CLIENT_SECRET is not set'],
    ['no tenant', 'env', { AZURE_CLIENT_ID: 'x' }, 'AZURE_TENANT_ID is not set'],
    ['no assertion', 'workload', client, 'AZURE_FEDERATED_TOKEN_FILE is not set'],
    ['no managed identity', 'managed-identity', {}, 'IDENTITY_ENDPOINT'],
    [
      'a managed identity elsewhere',
      'managed-identity',
      { IDENTITY_ENDPOINT: 'http://10.0.0.1/', IDENTITY_HEADER: 'x' },
      'IDENTITY_ENDPOINT',
    ],
    [
      'a managed identity that is not there',
      'managed-identity',
      { IDENTITY_ENDPOINT: 'http://127.0.0.1:9/', IDENTITY_HEADER: 'x' },
      'ECONNREFUSED',
    ],
  ];
  test.each(failures)('for %s says what to do, and shows no secret', async (_, auth, env, said) => {
    const error: unknown = await connect(auth, env).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'AZURE_SIGN_IN', outcome: 'failed', message: expect.stringContaining(said) as string });
    expect(String(error)).not.toContain('wrong-secret');
  });
  test.each([
    ['a refusal', { status: 400, body: { statusCode: 400, message: 'no identity' } }],
    ['HTML', { status: 200, body: '<html>' }],
    ['a token without an end', { status: 200, body: { access_token: 'x' } }],
    ['a token of nobody', { status: 200, body: { access_token: jwt({ sub: 'x' }), expires_on: '99999999999' } }],
    ['a token that is none', { status: 200, body: { access_token: 'x', expires_on: '99999999999' } }],
  ])('tells when the managed identity answers %s', async (_, answer) => {
    const { env } = await managedIdentity(() => answer);
    await expect(connect('managed-identity', env)).rejects.toMatchObject({ code: 'AZURE_SIGN_IN' });
  });
  test('against an authority that nobody vouches for sends nothing', async () => {
    const { env } = await managedIdentity(identityToken);
    const { origin } = await serveScript(empty);

    const doors = await connectAzure({ profile: profileOf(origin, makeServerIdentity().ca), auth: 'managed-identity', env, mode: 'read' });
    expect(await doors.resources.subscriptions()).toMatchObject({
      state: 'unreadable',
      because: expect.stringContaining('certificate is not trusted') as string,
    });
  });
});

describe('the doors', () => {
  test('have a writer in write mode only', async () => {
    const { env } = await managedIdentity(identityToken);
    expect(Object.keys(await connect('managed-identity', env))).not.toContain('writer');
    expect(Object.keys(await connect('managed-identity', env, empty, { mode: 'write' }))).toContain('writer');
  });
  test('tell of every request by method and path, and of nothing that is secret', async () => {
    const { env } = await managedIdentity(identityToken);
    const told: unknown[] = [];
    const { resources } = await connect('managed-identity', env, empty, { onRequest: (sent) => told.push(sent) });
    await resources.vaults(subscription);
    expect(told).toEqual([{ method: 'GET', path: `/subscriptions/${subscription}/providers/Microsoft.KeyVault/vaults`, status: 200 }]);
  });
  test('load no SDK before they are opened', () => {
    const loaded = ['connect-azure.ts', 'cloud-profile.ts'].flatMap((file) => [...packagesLoadedBy(path.resolve('src/azure', file))]);
    expect(loaded.filter((name) => /^@(azure|microsoft)/.test(name))).toEqual([]);
    expect(loaded).toContain('zod');
  });
});

/** Packages that loading a module loads with it: its static imports of values, and theirs. */
function packagesLoadedBy(file: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file)) return new Set();
  seen.add(file);
  const tree = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2023, true);
  const specifiers = tree.statements
    .filter((statement) => ts.isImportDeclaration(statement) && statement.importClause?.phaseModifier !== ts.SyntaxKind.TypeKeyword)
    .map((statement) => (statement as ts.ImportDeclaration).moduleSpecifier as ts.StringLiteral);
  return new Set(
    specifiers.flatMap(({ text }) => (text.startsWith('.') ? [...packagesLoadedBy(path.resolve(path.dirname(file), text), seen)] : [text])),
  );
}
