import { expect, test } from 'vitest';
import { readErrorBody } from '../../src/azure/client/error-body.ts';
import { withoutSecrets } from '../../src/base/without-secrets.ts';

const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJlLWhlcmU';
const key = `${'Zm9v'.repeat(21)}Zm==`;

const secrets: readonly (readonly [string, string])[] = [
  [`token ${jwt} was refused`, jwt],
  ['Authorization: Bearer abc.def~ghi+jkl/mno=', 'abc.def'],
  ['Proxy-Authorization: Basic dXNlcjpwYXNzd29yZA==', 'dXNlcjpwYXNzd29yZA'],
  ['https://x.blob.core.windows.net/c?sv=2024&sig=abc%2Fdef%3D&se=2026', 'abc%2Fdef'],
  ['grant_type=client_credentials&client_secret=S3cr3t~value&scope=x', 'S3cr3t~value'],
  ['{"access_token":"opaque-token-value","expires_in":1}', 'opaque-token-value'],
  ["{'refresh_token': 'other-value'}", 'other-value'],
  ['client_assertion=abcdefg', 'abcdefg'],
  ['AccountName=a;AccountKey=base64value==;EndpointSuffix=x', 'base64value'],
  ['SharedAccessKeyName=n;SharedAccessKey=k3yk3y;', 'k3yk3y'],
  ['could not reach http://user:hunter2@proxy.example:3128', 'hunter2'],
  ['password: hunter2 is wrong', 'hunter2'],
  [`the key ${key} is not valid`, key],
];

test.each(secrets)('%s loses its secret, wherever a service or a proxy says it', (text, secret) => {
  expect(withoutSecrets(text)).not.toContain(secret);
  for (const body of [text, JSON.stringify({ error: { code: 'Forbidden', message: text } }), `<html><p>${text}</p></html>`])
    expect(readErrorBody(body).message).not.toContain(secret);
  const info = { policyAssignmentDisplayName: text };
  expect(readErrorBody(JSON.stringify({ error: { message: '', additionalInfo: [{ info }] } })).policies.join()).not.toContain(secret);
});

test('what is no secret stays: ids, names, scopes', () => {
  const text =
    "The client 'a' with object id '11111111-2222-4333-8444-000000000001' does not have authorization over scope '/subscriptions/s'";
  expect(withoutSecrets(text)).toBe(text);
});

test('a page of megabytes costs no more than its beginning', () => {
  for (const text of ['<'.repeat(5_000_000), '<script>'.repeat(600_000), 'password='.repeat(500_000), 'eyJ'.repeat(1_000_000)])
    expect(readErrorBody(text).message.length).toBeLessThan(700);
});
