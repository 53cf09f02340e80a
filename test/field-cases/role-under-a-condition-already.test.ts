import { afterEach, expect, test } from 'vitest';
import type { OpenScenario } from '../scenarios/open-scenario.ts';
import { caseEstate, openCase } from './open-case.ts';

let opened: OpenScenario | undefined;
afterEach(() => opened?.close());

const condition =
  "((!(ActionMatches{'Microsoft.KeyVault/vaults/secrets/getSecret/action'}) AND !(ActionMatches{'Microsoft.KeyVault/vaults/secrets/readMetadata/action'})) OR (@Resource[Microsoft.KeyVault/vaults/secrets:name] StringEquals 'ingress-tls'))";

/** The ingress may read certificates and secrets by policy, and holds a role at the vault for one secret's name alone. */
function limitedTo(role: string, policy: { readonly certificates?: string[]; readonly secrets?: string[] }) {
  const estate = caseEstate();
  const secret = ['getSecret kv-case/other'];
  return caseEstate({
    principals: { ...estate.principals, ingress: { kind: 'managedIdentity', displayName: 'webapprouting' } },
    vaults: {
      'kv-case': {
        resourceGroup: 'rg-app',
        accessPolicies: [{ principal: 'ingress', ...policy }],
        objects: { secrets: { other: 'v' }, certificates: { 'ingress-tls': 'CN=shop.example' } },
      },
    },
    assignments: [...(estate.assignments ?? []), { role, principal: 'ingress', scope: 'vaults/kv-case', ageDays: 5, condition }],
    workloads: {
      ingress: {
        principal: 'ingress',
        calls: policy.certificates === undefined ? secret : ['getCertificate kv-case/ingress-tls', ...secret],
      },
    },
  });
}

// public Terraform for the ingress of an AKS cluster: Certificate User at the vault, under a condition on one secret
test('EA-55: what a role under a condition covers is held already, others cover the rest, and the plan names it and its limit', async () => {
  opened = await openCase(limitedTo('Key Vault Certificate User', { certificates: ['get'], secrets: ['get'] }));
  const planned = await opened.keyturn('plan', 'kv-case');
  const text = planned.stdout.replaceAll(/\s+/g, ' ');
  expect(planned.code).toBe(0);
  expect(text).toMatch(
    /\+ role Key Vault Secrets User \+ held already: `Key Vault Certificate User` at `kv-case` \(assignment [-\da-f]+\): certificates: read/,
  );
  expect(text).toContain('`Key Vault Certificate User` at `kv-case` holds on secret `ingress-tls` only, by its condition');
  const applied = await opened.keyturnUnderLoad('apply', 'keyturn-plan.json', '--yes');
  expect(applied).toMatchObject({ code: 0, tally: { refused: 0 } });
});

test('EA-55: a role that stands under a condition cannot be assigned a second time: others are chosen, and the plan names it and its limit', async () => {
  opened = await openCase(limitedTo('Key Vault Secrets User', { secrets: ['get'] }));
  const planned = await opened.keyturn('plan', 'kv-case');
  const text = planned.stdout.replaceAll(/\s+/g, ' ');
  expect(planned.code).toBe(0);
  expect(text).toContain('PLN-CONFLICT-AVOIDED');
  expect(text).toMatch(/`Key Vault Secrets User` at `kv-case` is assigned already under the condition `.*'ingress-tls'.*` \(assignment /);
  const applied = await opened.keyturnUnderLoad('apply', 'keyturn-plan.json', '--yes');
  expect(applied).toMatchObject({ code: 0, tally: { refused: 0 } });
});

// the same public Terraform, asked about before anything is planned
test('EA-39: verify says on which secret the role holds that stands under a condition, and that it covers no others', async () => {
  opened = await openCase(limitedTo('Key Vault Certificate User', { secrets: ['get'] }));
  const { code, stdout } = await opened.keyturn('verify', 'kv-case');
  expect(code).toBe(3);
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
    '`Key Vault Certificate User` at `kv-case` holds on secret `ingress-tls` only, by its condition',
  );
  expect(stdout).not.toContain('cannot be judged');
});
