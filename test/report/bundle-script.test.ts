import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { type Bundle, makeBundle } from '../../src/formats/bundle.ts';
import { bundlePage } from '../../src/report/bundle-page.ts';
import { bundleScript } from '../../src/report/bundle-script.ts';
import { aVault, id, rawPolicy, rawVault } from '../builders/an-estate.ts';

const hostile = [
  "'; touch pwned; '",
  '$(touch pwned)',
  '`touch pwned`',
  '\nKEYTURN_FLAG\ntouch pwned\n',
  '\nKEYTURN_POLICIES\ntouch pwned\n',
  '\\',
  '"; touch pwned #',
  '\u001b[31m',
  '|<script>alert(1)</script>|',
];

function aBundle(policies: readonly JsonObject[], changes: Partial<Bundle> = {}): Bundle {
  const vault = aVault(rawVault('kv-app', policies));
  const bundle = makeBundle(vault, { cloud: 'public', tenantId: id('a'), digest: 'sha256:1' }, [], new Date('2026-11-24T08:00:00.000Z'));
  return { ...bundle, ...changes };
}

const ids = hostile.map((text) => ({
  step: text,
  id: `/subscriptions/x/${text}`,
  name: text,
  scope: text,
  roleDefinitionId: text,
  roleName: text,
  principalId: text,
  condition: text,
}));
const roles = hostile.map((text) => ({ step: text, id: `/subscriptions/x/${text}`, roleName: text, dataActions: [text] }));

describe('the script of a bundle', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'keyturn-script-'));
    // Stands in for az: writes down its words and the body it was given, and knows the tenant.
    const az = [
      '#!/bin/sh',
      `if [ "$1" = account ]; then cat "${folder}/tenant"; exit; fi`,
      `for word in "$@"; do printf '%s\\n' "$word" >> "${folder}/words"; case "$word" in @*) cat "\${word#@}" >> "${folder}/bodies";; esac; done`,
      `refused=$(cat "${folder}/refuse")`,
      `case " $* " in *" $refused "*) exit 1;; esac`,
    ].join('\n');
    writeFileSync(path.join(folder, 'az'), az);
    writeFileSync(path.join(folder, 'tenant'), id('a'));
    writeFileSync(path.join(folder, 'refuse'), 'nothing');
    chmodSync(path.join(folder, 'az'), 0o755);
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const run = (bundle: Bundle, ...words: string[]): { words: string[]; bodies: unknown[] } => {
    writeFileSync(path.join(folder, 'rollback.sh'), bundleScript(bundle));
    execFileSync('sh', ['rollback.sh', ...words], {
      cwd: folder,
      stdio: 'pipe',
      env: { PATH: `${folder}:${process.env.PATH ?? ''}`, TMPDIR: folder },
    });
    const text = (name: string) =>
      existsSync(path.join(folder, name)) ? readFileSync(path.join(folder, name), 'utf8').trim().split('\n') : [];
    return { words: text('words'), bodies: text('bodies').map((body) => JSON.parse(body) as unknown) };
  };

  test('sets the flag to false and touches nothing else', () => {
    const { words, bodies } = run(aBundle([rawPolicy(id('d'), { secrets: ['get'] })]));
    expect(words.slice(0, 5)).toEqual([
      'rest',
      '--method',
      'patch',
      '--url',
      expect.stringMatching(/^\/subscriptions\/.*\/vaults\/kv-app\?api-version=/),
    ]);
    expect(bodies).toEqual([{ properties: { enableRbacAuthorization: false } }]);
    expect(words).not.toContain('delete');
  });

  test('writes the saved policies, in order and spelling, only when asked', () => {
    const policies = [rawPolicy(id('d', 2), { secrets: ['Get'] }), rawPolicy(id('d', 1), { keys: ['wrapKey'] })];
    const { bodies } = run(aBundle(policies), '--with-policies');
    expect(bodies[1]).toEqual({ properties: { accessPolicies: policies, enableRbacAuthorization: false } });
  });

  test('carries a full list of 1,024 policies, longer than one argument may be', () => {
    const policies = Array.from({ length: 1024 }, (_, at) => rawPolicy(id('d', at + 1), { secrets: ['get', 'list', 'set', 'delete'] }));
    expect(JSON.stringify(policies).length).toBeGreaterThan(131_072);
    expect(run(aBundle(policies), '--with-policies').bodies[1]).toMatchObject({ properties: { accessPolicies: policies } });
  });

  test('text from Azure cannot break out of it, on any path through it', () => {
    const policies = hostile.map((text) => rawPolicy(text, { secrets: [text] }, { [text]: text }));
    const { bodies, words } = run(aBundle(policies, { assignments: ids, roles }), '--with-policies', '--remove-assignments');
    expect(readdirSync(folder).filter((name) => name.includes('pwned'))).toEqual([]);
    expect(bodies[1]).toEqual({ properties: { accessPolicies: policies, enableRbacAuthorization: false } });
    expect(words.filter((word) => word === 'delete')).toHaveLength(ids.length + roles.length);
    expect(words).toContain("/subscriptions/x/'; touch pwned; '");
  });

  describe('with custom roles', () => {
    const role = `/subscriptions/${id('b')}/providers/Microsoft.Authorization/roleDefinitions/${id('8')}`;
    const assignment = { ...ids[0], id: `/subscriptions/${id('b')}/assignment` } as Bundle['assignments'][number];
    const withRole = () =>
      aBundle([], { assignments: [assignment], roles: [{ step: 's', id: role, roleName: 'ours', dataActions: ['x'] }] });
    const deletions = (words: readonly string[]) => words.filter((word) => word.includes('/subscriptions/') && !word.includes('/vaults/'));

    test('deletes them after the assignments, and only when asked', () => {
      expect(deletions(run(withRole()).words)).toEqual([]);
      expect(deletions(run(withRole(), '--remove-assignments').words)).toEqual([assignment.id, `${role}?api-version=2022-04-01`]);
    });

    test('goes on when Azure does not delete one, as another vault may use it: the vault is back all the same', () => {
      writeFileSync(path.join(folder, 'refuse'), `${role}?api-version=2022-04-01`);
      expect(() => run(withRole(), '--remove-assignments')).not.toThrow();
    });

    test('fails when an assignment could not be deleted', () => {
      writeFileSync(path.join(folder, 'refuse'), assignment.id);
      expect(() => run(withRole(), '--remove-assignments')).toThrow(expect.objectContaining({ status: 1 }));
    });
  });

  test('changes nothing when az is signed in to another tenant', () => {
    writeFileSync(path.join(folder, 'tenant'), id('b'));
    expect(() => run(aBundle([]))).toThrow(expect.objectContaining({ status: 3 }));
    expect(existsSync(path.join(folder, 'words'))).toBe(false);
  });

  test('refuses a word it does not know before it changes anything', () => {
    expect(() => run(aBundle([]), '--force')).toThrow(expect.objectContaining({ status: 2 }));
    expect(existsSync(path.join(folder, 'words'))).toBe(false);
  });
});

describe('the page of a bundle', () => {
  test('says on what an assignment stands, under which condition, and which custom roles the plan made', () => {
    const bundle = aBundle([]);
    const assignment = { ...ids[0], scope: `${bundle.vaultId}/secrets/db`, condition: 'only some' } as Bundle['assignments'][number];
    const page = bundlePage({
      ...bundle,
      assignments: [assignment],
      roles: [{ step: 's', id: '/x', roleName: 'ours', dataActions: ['sign'] }],
    });
    expect(page).toMatch(/^\| .* \| secrets\/db \| only some \| /m);
    expect(page).toContain('| ours | sign | /x |');
    expect(bundlePage({ ...bundle, assignments: [{ ...assignment, scope: bundle.vaultId }] })).toMatch(/\| the vault \|/);
    expect(bundlePage(bundle)).not.toContain('Custom roles');
  });

  test('P24: text from Azure stays text: no markup, no new table cell, no control character', () => {
    const policies = hostile.map((text) => rawPolicy(text, { secrets: [text] }));
    const page = bundlePage(aBundle(policies, { assignments: ids, roles }));
    expect(page).not.toMatch(/<script>/);
    expect(page).not.toContain('\u001b');
    const cells = (line: string) => line.match(/(?<!\\)\|/g)?.length;
    const rows = page.split('\n').filter((line) => /^\| \d+ \|/.test(line));
    expect(rows).toHaveLength(hostile.length);
    for (const row of rows) expect(cells(row)).toBe(8);
    const [, assignments = '', customRoles = ''] = page.split(/^## (?:Role assignments|Custom roles) of the plan$/m);
    for (const [part, width] of [[assignments, 6] as const, [customRoles, 4] as const]) {
      const table = part.split('\n').filter((line) => line.startsWith('|'));
      expect(table).toHaveLength(hostile.length + 2);
      for (const line of table) expect(cells(line)).toBe(width);
    }
  });
});
