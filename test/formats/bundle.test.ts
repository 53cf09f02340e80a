import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { makeBundle, parseBundle, readBundle, samePolicies, storedPolicies } from '../../src/formats/bundle.ts';
import { aVault, id, rawPolicy, rawVault } from '../builders/an-estate.ts';

const plan = { cloud: 'public', tenantId: id('a'), digest: 'sha256:1' };
const takenAt = new Date('2026-11-24T08:00:00.000Z');
const bundleOf = (policies: readonly JsonObject[], properties: JsonObject = {}) =>
  makeBundle(aVault(rawVault('kv-app', policies, properties)), plan, [], takenAt);

describe('a rollback bundle', () => {
  test('keeps policies as they were: order, spelling, nulls and members nobody knows', () => {
    const policies = [
      rawPolicy(id('d', 2).toUpperCase(), { secrets: ['Get', 'get'], keys: [] }, { applicationId: null, later: { a: [1, 'x'] } }),
      rawPolicy(id('d', 1), {}, { permissions: { secrets: null } }),
    ];
    const bundle = readBundle(JSON.stringify(bundleOf(policies)));
    expect(bundle.accessPolicies).toEqual(policies);
    expect(samePolicies(bundle.accessPolicies, storedPolicies(rawVault('kv-app', policies)))).toBe(true);
    expect(samePolicies(bundle.accessPolicies, policies.toReversed())).toBe(false);
  });

  test('comes back from its text as it was, whatever the policies hold', () => {
    const json = fc
      .jsonValue({ stringUnit: 'grapheme', noUnicodeString: false })
      .filter((value) => !/"(__proto__|constructor|prototype)":/.test(JSON.stringify(value)))
      // JSON writes -0 as 0.
      .map((value) => JSON.parse(JSON.stringify(value)) as JsonObject);
    const policy = fc.record({ objectId: fc.string({ unit: 'grapheme' }), permissions: json });
    fc.assert(
      fc.property(fc.array(policy, { maxLength: 3 }), (policies) => {
        const bundle = bundleOf(policies);
        expect(readBundle(JSON.stringify(bundle, undefined, 2))).toEqual(bundle);
      }),
    );
  });

  test.each([
    [{}, 'absent'],
    [{ enableRbacAuthorization: null }, 'null'],
    [{ enableRbacAuthorization: false }, 'false'],
    [{ enableRbacAuthorization: true }, 'true'],
  ])('tells a missing flag from a false one: %j is %s', (properties, flag) => {
    expect(bundleOf([], properties).permissionModelFlag).toBe(flag);
  });

  test('is refused once anything in it was changed', () => {
    const bundle = bundleOf([rawPolicy(id('d'), { secrets: ['get'] })]);
    for (const edit of [{ accessPolicies: [] }, { vaultId: `${bundle.vaultId}2` }, { digest: `${bundle.digest}0` }, { planDigest: '' }]) {
      expect(() => parseBundle({ ...bundle, ...edit })).toThrow(expect.objectContaining({ code: 'BUNDLE_EDITED', outcome: 'blocked' }));
    }
  });

  test('with a lone surrogate in it was changed by somebody: keyturn cannot have written it', () => {
    const text = JSON.stringify(bundleOf([rawPolicy(id('d', 1), { secrets: ['get'] })])).replace('"public"', '"\\ud800"');
    expect(() => readBundle(text)).toThrow(expect.objectContaining({ code: 'BUNDLE_EDITED', outcome: 'blocked' }));
  });

  test.each([
    ['nothing', ''],
    ['a list', '[]'],
    ['a plan', '{"format":"keyturn-plan","formatVersion":1}'],
    ['a newer one', '{"format":"keyturn-rollback","formatVersion":2}'],
  ])('that is %s is unreadable', (_, text) => {
    expect(() => readBundle(text)).toThrow(expect.objectContaining({ code: 'BUNDLE_UNREADABLE', outcome: 'usage' }));
  });
});
