import { expect, test } from 'vitest';
import { served } from './served.ts';

test('EA-37: access through a dynamic group that is nested in an assigned one is not called lasting', async () => {
  const site = await served('one-app-one-developer', {
    scenario: (scenario) => ({
      ...scenario,
      principals: {
        ...(scenario.principals as object),
        'by-rule': { kind: 'group', displayName: 'sec-by-rule', members: ['dana'], membershipRule: 'user.department -eq "Shop"' },
        around: { kind: 'group', displayName: 'sec-around', members: ['by-rule'] },
      },
      assignments: [
        ...(scenario.assignments as object[]),
        { role: 'Key Vault Secrets User', principal: 'around', scope: 'vaults/kv-shop', ageDays: 90 },
      ],
    }),
  });
  try {
    const { out } = await site.run(['verify', 'kv-shop', '--quiet']);
    expect(out).toContain('while the rule of the dynamic group `sec-by-rule`, nested in `sec-around`, takes it in');
  } finally {
    await site.close();
  }
});
