import { describe, expect, test } from 'vitest';
import { nameGuid } from '../../src/base/name-guid.ts';
import type { EntryPlan, Plan, PlannedGain, VaultPlan } from '../../src/formats/plan.ts';
import { finding as aFinding } from '../../src/model/finding.ts';
import type { Reason } from '../../src/model/reason.ts';
import { rootScope } from '../../src/model/scope.ts';
import { plainLook } from '../../src/report/look.ts';
import { planDiff } from '../../src/report/plan-diff.ts';
import { planMarkdown } from '../../src/report/plan-markdown.ts';
import { planSummary, planText } from '../../src/report/plan-text.ts';

const base = 'Microsoft.KeyVault/vaults';
const none = { keys: [], secrets: [], certificates: [], storage: [] };
const entry: EntryPlan = {
  tenantId: 't',
  objectId: '00000000-0000-0000-0000-0000000000aa',
  principal: { kind: 'user', displayName: 'Dana Developer' },
  permissions: { ...none, secrets: ['get', 'list'] },
  required: [`${base}/secrets/getSecret/action`],
  outcome: 'reproduce',
  dropped: [],
  choice: {
    roles: [{ id: 'r', name: 'Key Vault Secrets User' }],
    covered: [],
    uncovered: [],
    excess: [{ dataAction: `${base}/keys/read`, tier: 'D' }],
    price: 1,
    controlPlane: [],
    because: [],
  },
};
const vaultId = '/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/kv-shop';
const vault: VaultPlan = {
  vaultId,
  name: 'kv-shop',
  state: 'ready',
  basis: { fingerprint: '', fields: {} },
  entries: [entry],
  gains: [],
  findings: [],
  steps: [],
};
const planOf = (...vaults: VaultPlan[]): Plan => ({
  format: 'keyturn-plan',
  formatVersion: 2,
  toolVersion: '0',
  cloud: 'public',
  tenantId: 't',
  catalogue: { asOf: '2026-08-22', digest: 'd' },
  settings: { minimumAgeMinutes: 10 },
  vaults,
  unreadable: [],
  findings: [],
  digest: 'sha256:00',
});
const diffOf = (change: Partial<EntryPlan>) =>
  planDiff({ ...vault, entries: [{ ...entry, ...change }] }).map(({ sign, text }) => sign + text);

describe('the plan as a diff', () => {
  test('shows what a principal has by policy today and which roles come in its place, with what comes along', () => {
    expect(diffOf({})).toEqual([
      '-permission model: accessPolicy',
      '+permission model: azureRbac',
      ' Dana Developer (user, 00000000-0000-0000-0000-0000000000aa)',
      '-  policy secrets: get, list',
      '+  role Key Vault Secrets User',
      '?  extra access: keys/read (D)',
    ]);
  });

  test('names what is held already: role, scope, group and assignment, and of several that give the same only one', () => {
    const [get, list] = [`${base}/secrets/getSecret/action`, `${base}/secrets/readMetadata/action`];
    const required = [get, list];
    const choice = { roles: [], covered: required, uncovered: [], excess: [], price: 0, controlPlane: [], because: [] };
    const grant = { dataActions: required, roleDefinitionId: 'r', roleName: 'Key Vault Secrets User', scope: '/subscriptions/s' };
    const held = [
      { ...grant, dataActions: [list], roleName: 'Key Vault Reader', scope: '', assignmentId: '/x/roleAssignments/a1' },
      { ...grant, assignmentId: '/subscriptions/s/providers/x/roleAssignments/a2', throughGroup: 'g', groupName: 'Team\u001b[2J X' },
    ];
    expect(diffOf({ outcome: 'alreadyCovered', required, choice, held }).slice(3)).toEqual([
      '-  policy secrets: get, list',
      '+  held already: `Key Vault Secrets User` at the subscription through group `Team X` (assignment a2)',
      '+  and 1 more that gives no more than that',
    ]);
    const partly = diffOf({ required, held: held.slice(0, 1) });
    expect(partly).toContain('+  role Key Vault Secrets User');
    expect(partly).toContain('+  held already: `Key Vault Reader` at the root (assignment a1): secrets: readMetadata');
    expect(planMarkdown(planOf({ ...vault, entries: [{ ...entry, held }] })).join('\n')).toContain(
      'through group `Team X` (assignment a2)',
    );
  });

  test('says who decided to give what up, and why', () => {
    const lines = diffOf({
      outcome: 'drop',
      decision: { choice: 'drop', reason: 'left the team' },
      dropped: [`${base}/secrets/getSecret/action`],
    });
    expect(lines.slice(3)).toEqual([
      '-  policy secrets: get, list',
      '+  nothing',
      '?  decided: drop, because left the team',
      '?  given up: secrets: getSecret',
    ]);
  });

  test('says why these roles and no narrower ones, and nothing of the kind for what was not chosen', () => {
    const because = [{ kind: 'exact' as const, roles: ['Key Vault Reader'], whole: true }];
    const choice = { roles: [], covered: [], uncovered: [], excess: [], price: 0, controlPlane: [], because };
    expect(diffOf({ choice })).toContain('?  why: Key Vault Reader is an exact cover of the entry.');
    expect(diffOf({ choice, outcome: 'undecided' }).join()).not.toContain('exact cover');
  });

  test('promises nothing for an entry that nobody has decided on', () => {
    const lines = diffOf({ outcome: 'undecided' });
    expect(lines.filter((line) => line.startsWith('+'))).toEqual(['+permission model: azureRbac']);
    expect(lines.at(-1)).toBe('?  undecided: a person has to choose');
  });

  test('tells a compound identity from the user alone (LP-3)', () => {
    expect(diffOf({ applicationId: '00000000-0000-0000-0000-0000000000bb' })[2]).toContain(
      'through application 00000000-0000-0000-0000-0000000000bb',
    );
  });

  test('a vault that is on Azure RBAC already changes nothing', () => {
    expect(planDiff({ ...vault, state: 'alreadyOnRbac', entries: [] })).toEqual([{ sign: ' ', text: 'permission model: azureRbac' }]);
  });
});

describe('the plan as text', () => {
  const refused: Reason = { kind: 'listUnread', list: 'roleAssignments', text: 'refused' };
  const finding = aFinding('blocker', 'PLN-DOUBT', { vault: vaultId }, { because: [refused] });

  const opsGain: PlannedGain = {
    principalId: 'bbbbbbbb-0000-4000-8000-000000000001',
    principal: { kind: 'group', displayName: 'ops' },
    dataActions: [{ dataAction: `${base}/secrets/getSecret/action`, tier: 'A' }],
    assignmentId: '/subscriptions/s/providers/Microsoft.Authorization/roleAssignments/a1',
    roleDefinitionId: '4633458b-17de-408a-b874-0445c86b69e6',
    roleName: 'Key Vault Secrets User',
    scope: '/subscriptions/s',
    certain: true,
    cause: 'flip',
  };
  const opsLine =
    'ops (group, bbbbbbbb-0000-4000-8000-000000000001) gains secrets/getSecret (A): `Key Vault Secrets User` at the subscription (assignment a1), which takes effect at the flip';

  test('names gains with role, scope and assignment, and every finding with its next step', () => {
    const text = planText(planOf({ ...vault, state: 'blocked', gains: [opsGain], findings: [finding] }), plainLook).join('\n');
    expect(text).toContain(`  gained access\n    ${opsLine}`);
    expect(text).toContain(
      'blocker PLN-DOUBT: role assignments could not be read: refused\n    next: get the right to read it; until then',
    );
    expect(text).toContain('1 vault: 0 ready, 1 blocked, 0 already on Azure RBAC');
  });

  test('a gain that is only possible is told with why', () => {
    const group = { id: nameGuid('group'), name: 'team-a' };
    const assignment = { roleName: 'Key Vault Secrets User', scope: rootScope, assignmentId: 'a' };
    const because: readonly Reason[] = [
      { kind: 'membersUnknown', group, why: { kind: 'unreadable', text: '403' } },
      { kind: 'conditionOpen', assignment },
    ];
    const text = planText(planOf({ ...vault, gains: [{ ...opsGain, certain: false, because }] }), plainLook).join('\n');
    expect(text).toContain('may gain secrets/getSecret (A): ');
    expect(text).toContain(
      `which takes effect at the flip; not certain, since the members of \`team-a\` are not known: 403; the condition on \`Key Vault Secrets User\` at the root cannot be judged`,
    );
  });

  test('tells a gain that one assignment gives in several vaults once, with where, and also where the vaults are too many to show', () => {
    const many = (count: number) =>
      planOf(...Array.from({ length: count }, (_, i) => ({ ...vault, name: `kv-${i}`, vaultId: `${vaultId}-${i}`, gains: [opsGain] })));
    const told = (lines: readonly string[]) => lines.filter((line) => line.includes('getSecret (A)'));
    expect(told(planText(many(2), plainLook))).toEqual([`  in kv-0, kv-1: ${opsLine}`]);
    expect(told(planText(many(9), plainLook))).toEqual([`  in all 9 vaults: ${opsLine}`]);
    expect(told(planText(planOf(...many(40).vaults, vault), plainLook))).toEqual([`  in 40 of 41 vaults: ${opsLine}`]);
    const markdown = planMarkdown(planOf(...many(9).vaults, vault));
    expect(markdown).toContain('## Gained access in several vaults');
    expect(told(markdown)).toHaveLength(0);
    expect(markdown.filter((line) => line.includes('in 9 of 10 vaults'))).toHaveLength(1);
  });

  test('of very many vaults tells what is found in those that it does not show, once for all, with whom it is about', () => {
    const doubt = { ...finding, severity: 'warning' as const };
    const many = Array.from({ length: 40 }, (_, i): VaultPlan => {
      const id = `${vaultId}-${i}`;
      return { ...vault, name: `kv-${i}`, vaultId: id, findings: [{ ...doubt, subject: { vault: id, principal: entry.objectId } }] };
    });
    const lines = planText(planOf(...many), plainLook);
    expect(lines.filter((line) => line.includes('PLN-DOUBT'))).toEqual([
      'warning PLN-DOUBT in all 40 vaults for Dana Developer (user, 00000000…): role assignments could not be read: refused',
    ]);
  });

  test('says whom a finding is about, once for all it is about, and shortens ids', () => {
    const other = { ...entry, objectId: '00000000-0000-0000-0000-0000000000ab', principal: { kind: 'group', displayName: 'ops' } };
    const about = (one: EntryPlan) =>
      aFinding(
        'blocker',
        'PLN-DOUBT',
        { vault: vaultId, principal: one.objectId },
        { because: [{ ...refused, text: `the lock \`${vaultId}\`` }] },
      );
    const text = planText(planOf({ ...vault, entries: [entry, other], findings: [about(entry), about(other)] }), plainLook).join('\n');
    expect(text.match(/PLN-DOUBT/g)).toHaveLength(1);
    expect(text).toContain(
      'blocker PLN-DOUBT for Dana Developer (user, 00000000…), ops (group, 00000000…): role assignments could not be read: the lock `…/vaults/kv-shop`',
    );
  });

  test('tells warnings that several vaults share once, after the vaults, and blockers where they are', () => {
    const shared = aFinding('warning', 'PLN-ALREADY-RBAC', {}, {});
    const named = (name: string): VaultPlan => {
      const id = `${vaultId}-${name}`;
      return {
        ...vault,
        name,
        vaultId: id,
        findings: [
          { ...finding, subject: { vault: id } },
          { ...shared, subject: { vault: id } },
        ],
      };
    };
    const lines = planText(planOf(...['kv-d', 'kv-a', 'kv-c', 'kv-b'].map(named)), plainLook);
    expect(lines.filter((line) => line.includes('PLN-ALREADY-RBAC'))).toEqual([
      'warning PLN-ALREADY-RBAC in all 4 vaults: the vault is on Azure RBAC already',
    ]);
    expect(lines.filter((line) => line.includes('PLN-DOUBT'))).toHaveLength(4);
    expect(lines.filter((line) => /^kv-/.test(line))).toEqual(['kv-a  ready', 'kv-b  ready', 'kv-c  ready', 'kv-d  ready']);
    expect(lines.join('\n')).not.toContain('nothing to do');
  });

  test('explains the letters of what comes along, and tells it once', () => {
    const gain = {
      principalId: entry.objectId,
      principal: entry.principal,
      dataActions: [{ dataAction: `${base}/keys/read`, tier: 'D' as const }],
      assignmentId: 'a',
      scope: vaultId,
      certain: true,
      cause: 'plan' as const,
    };
    const text = planText(planOf({ ...vault, gains: [gain] }), plainLook).join('\n');
    expect(text.match(/keys\/read/g)).toHaveLength(1);
    expect(text).toContain('(D) metadata and public keys');
    const wider = { ...gain, dataActions: [{ dataAction: `${base}/secrets/getSecret/action`, tier: 'A' as const }] };
    expect(text).toMatch(/gains the extra access above: a role at `kv-shop` \(assignment a\), made by this plan/);
    expect(planText(planOf({ ...vault, gains: [wider] }), plainLook).join('\n')).toMatch(
      /gains secrets\/getSecret \(A\): .*made by this plan/,
    );
  });

  test('of very many vaults shows a table, and in full only the blocked ones', () => {
    const many = Array.from({ length: 40 }, (_, i) => ({ ...vault, name: `kv-${i}`, vaultId: `${vaultId}-${i}` }));
    const text = planText(planOf(...many, { ...vault, name: 'kv-bad', state: 'blocked', findings: [finding] }), plainLook).join('\n');
    expect(text.match(/PLN-DOUBT/g)).toHaveLength(1);
    expect(text.match(/Dana Developer/g)).toHaveLength(1);
    expect(text).toMatch(/^kv-39 +ready/m);
  });

  test('is never wider than the terminal where words allow it', () => {
    const wide = { ...entry, permissions: { ...none, secrets: ['get', 'list', 'set', 'delete', 'recover', 'backup', 'restore', 'purge'] } };
    const lines = planText(planOf({ ...vault, entries: [wide] }), { ...plainLook, columns: 46 });
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(46);
  });
});

describe('the plan as Markdown', () => {
  const remark = aFinding('warning', 'PLN-ALREADY-RBAC', {}, {});

  test('names whom each finding is about by the whole id, says what of the plan could not be read, and what the letters mean', () => {
    const gain: PlannedGain = {
      principalId: entry.objectId,
      principal: entry.principal,
      dataActions: [{ dataAction: `${base}/secrets/getSecret/action`, tier: 'A' }],
      assignmentId: `${vaultId}/providers/Microsoft.Authorization/roleAssignments/a1`,
      roleName: 'Key Vault Secrets User',
      scope: vaultId,
      certain: true,
      cause: 'plan',
    };
    const findings = [{ ...remark, subject: { vault: vaultId, principal: entry.objectId } }];
    const plan = { ...planOf({ ...vault, gains: [gain], findings }), unreadable: [{ subject: '/subscriptions/x', because: '403' }] };
    const text = planMarkdown({ ...plan, findings: [remark] }).join('\n');
    expect(text).toContain('  Dana Developer (user, 00000000-0000-0000-0000-0000000000aa)');
    expect(text).toContain(
      '- **warning PLN-ALREADY-RBAC** for Dana Developer &#40;user, 00000000-0000-0000-0000-0000000000aa&#41;: the vault is on Azure RBAC already.\n',
    );
    expect(text).toContain(`roleAssignments/a1&#41;, made by this plan`);
    expect(text).toContain('- **warning PLN-ALREADY-RBAC**: the vault is on Azure RBAC already.');
    expect(text).toContain('- /subscriptions/x: 403');
    expect(text).toContain('reads secret values or destroys for good');
  });

  test('a display name cannot end the diff block or begin markup', () => {
    const hostile = { ...entry, principal: { kind: 'user', displayName: '```\n# Approved\n<script>' } };
    const lines = planMarkdown(planOf({ ...vault, name: '[x](y)', entries: [hostile] }));
    expect(lines.filter((line) => line.startsWith('#'))).toEqual(['# Plan', '## &#91;x&#93;&#40;y&#41;: ready']);
    const fences = lines.filter((line) => /^`{3,}/.test(line));
    expect(fences).toEqual(['````diff', '````']);
  });
});

test('the summary counts what a reader wants to know first', () => {
  expect(planSummary(planOf(vault, { ...vault, state: 'blocked' }))).toBe(
    '2 vaults: 1 ready, 1 blocked, 0 already on Azure RBAC; 0 role assignments to make',
  );
});
