import { describe, expect, test } from 'vitest';
import type { CheckedResource, PairVerdict } from '../../src/access/judgement.ts';
import type { Guid } from '../../src/base/guid.ts';
import { type Reading, read, unreadable } from '../../src/base/reading.ts';
import type { AccessDecision } from '../../src/model/access-check.ts';
import type { Principal } from '../../src/model/principal.ts';
import { checksToAsk } from '../../src/verify/checks-to-ask.ts';
import { heedOpinion, secondOpinion } from '../../src/verify/second-opinion.ts';
import type { SecondOpinion, VerifyVerdict } from '../../src/verify/verify-verdict.ts';
import { linesAgainst } from '../../src/words/gap-words.ts';
import { application, aVault, id, rawVault, user, vaultResourceId } from '../builders/an-estate.ts';

const [app, dora, team, gone] = [id('a', 7), id('d'), id('e'), id('f')];
const vault = aVault(rawVault('kv-app', []));
const kv = vaultResourceId('kv-app');
const group: Principal = { kind: 'group', objectId: team, displayName: 'Team', securityEnabled: true, dynamic: false };
const principals = new Map<Guid, Principal>([
  [app, application(app)],
  [dora, user(dora)],
  [team, group],
  [gone, { kind: 'unresolved', objectId: gone, why: { kind: 'deletedUnread', because: 'nobody knows' } }],
]);

const get = 'Microsoft.KeyVault/vaults/secrets/getSecret/action';
const meta = 'Microsoft.KeyVault/vaults/secrets/readMetadata/action';
const anySecret: CheckedResource = { kind: 'anyObject', collection: 'secrets' };
const pair = (principalId: Guid, dataAction: string, resource: CheckedResource, state: PairVerdict['state'] = 'covered'): PairVerdict => ({
  principalId,
  dataAction,
  resource,
  state,
  by: [],
  because: [],
});
const says = (dataAction: string, word: string): AccessDecision => ({ dataAction, allowed: word === 'Allowed', word });

function opinion(pairs: readonly PairVerdict[], answer: Reading<readonly AccessDecision[]>) {
  const { checks, leftOut } = checksToAsk(pairs, vault, principals);
  return secondOpinion(
    checks.map((one) => ({ ...one, answer })),
    leftOut,
    principals,
  );
}
const verdict = (state: VerifyVerdict['state']): VerifyVerdict => ({
  state,
  pairs: [],
  gains: [],
  unlisted: [],
  gaps: [{ kind: 'gainsUnread', state: 'undetermined', text: 'own' }],
  doubts: [],
});

const own = 'who gains by the flip is not known: role assignments could not be read: own';
const heeded = (before: VerifyVerdict['state'], said: SecondOpinion) => {
  const after = heedOpinion(verdict(before), said);
  return { state: after.state, lines: linesAgainst(after) };
};

test('EA-39: a restore is asked about on the object alone, since a question about the vault cannot carry the name that it brings', () => {
  const restore = 'Microsoft.KeyVault/vaults/secrets/restore/action';
  const { checks } = checksToAsk([pair(app, restore, { kind: 'vault' }), pair(app, restore, anySecret)], vault, principals);
  expect(checks.map(({ check }) => [check.resourceId.startsWith(`${kv}/secrets/`), check.dataActions])).toEqual([[true, [restore]]]);
});

describe('EA-49: what Azure is asked', () => {
  test('is one question a principal and place, about all that is required there', () => {
    const named: CheckedResource = { kind: 'object', collection: 'secrets', name: 'db' };
    const pairs = [
      pair(app, get, anySecret),
      pair(app, meta, { kind: 'vault' }),
      pair(app, meta, anySecret),
      pair(app, get, named),
      pair(dora, get, anySecret),
    ];
    const { checks } = checksToAsk(pairs, vault, principals);
    expect(checks.map(({ check }) => [check.principalId, check.resourceId.replace(/no-object-.*/, '?'), check.dataActions])).toEqual([
      [app, `${kv}/secrets/?`, [get, meta]],
      [app, kv, [meta]],
      [app, `${kv}/secrets/db`, [get]],
      [dora, `${kv}/secrets/?`, [get]],
    ]);
    expect(checks.flatMap((one) => one.pairs)).toHaveLength(pairs.length);
  });
  test('of any object names one that can exist, is the same on every run, and is another in every vault and collection', () => {
    const at = (collection: string, where = vault) =>
      checksToAsk([pair(app, get, { kind: 'anyObject', collection })], where, principals)
        .checks[0]?.check.resourceId.split('/')
        .at(-1) ?? '';
    expect(at('secrets')).toMatch(/^no-object-[0-9a-f-]{36}$/);
    expect(at('secrets')).toBe(at('secrets'));
    expect(new Set([at('secrets'), at('keys'), at('secrets', aVault(rawVault('kv-b', [])))]).size).toBe(3);
  });
  test('is nothing about groups and about whom nobody knows, and that is told', () => {
    const pairs = [pair(team, get, anySecret), pair(gone, get, anySecret)];
    expect(checksToAsk(pairs, vault, principals)).toEqual({ checks: [], leftOut: [team, gone] });
    const { against, remarks } = opinion(pairs, read([]));
    expect(against).toEqual([]);
    expect(remarks.join()).toContain('users and service principals only');
    expect(remarks.join()).toContain('`Team`');
  });
});

describe('EA-49: what Azure says', () => {
  test('agrees: nothing is told, and the state stays', () => {
    const said = opinion([pair(app, get, anySecret)], read([says(get.toUpperCase(), 'Allowed')]));
    expect(said).toEqual({ against: [], remarks: [] });
    for (const state of ['covered', 'gap', 'undetermined'] as const) expect(heeded(state, said)).toEqual({ state, lines: [own] });
    expect(opinion([pair(app, get, anySecret, 'uncovered')], read([says(get, 'NotAllowed')]))).toEqual({ against: [], remarks: [] });
  });
  test.each([
    [
      'NotAllowed',
      read([says(get, 'NotAllowed'), says(meta, 'Allowed')]),
      'Azure says NotAllowed to secrets/getSecret on any of its secrets, which keyturn judged covered',
    ],
    ['Denied', read([says(get, 'Denied'), says(meta, 'Allowed')]), 'Azure says Denied to secrets/getSecret'],
    ['a word that nobody knows', read([says(get, 'Perhaps'), says(meta, 'Allowed')]), 'Azure says Perhaps to'],
    ['yes and no to the same', read([says(get, 'Allowed'), says(get, 'NotAllowed'), says(meta, 'Allowed')]), 'Azure says NotAllowed to'],
    ['less than was asked', read([says(meta, 'Allowed')]), 'Azure says nothing to secrets/getSecret on any of its secrets'],
    ['nothing', read([]), 'Azure says nothing to secrets/getSecret, secrets/readMetadata'],
    ['something else', read([says('Microsoft.KeyVault/vaults/keys/read', 'Allowed')]), 'Azure says nothing to'],
    ['that it cannot', unreadable('Azure answered 403'), 'Azure gave no opinion: Azure answered 403'],
  ] as const)('%s: a covered vault is undetermined, with one line for the principal', (_, answer, words) => {
    const said = opinion([pair(app, get, anySecret), pair(app, meta, anySecret)], answer);
    expect(said.against).toHaveLength(1);
    expect(said.against[0]).toContain(words);
    expect(said.against[0]).toContain(app);
    expect(heeded('covered', said)).toEqual({ state: 'undetermined', lines: [own, said.against[0]] });
    expect(heedOpinion(verdict('gap'), said).state).toBe('gap');
    expect(heedOpinion(verdict('undetermined'), said).state).toBe('undetermined');
  });
  test('Allowed where nothing lasting covers: told, and a gap stays a gap', () => {
    const said = opinion(
      [pair(app, get, anySecret, 'uncovered')],
      read([{ ...says(get, 'Allowed'), by: { kind: 'role assignment', name: id('9') } }]),
    );
    expect(said.against).toEqual([]);
    expect(said.remarks).toEqual([expect.stringContaining(`Azure says Allowed (role assignment ${id('9')}) to secrets/getSecret`)]);
    expect(heeded('gap', said)).toEqual({ state: 'gap', lines: [own] });
    expect(opinion([pair(app, get, anySecret, 'unknown')], read([says(get, 'NotAllowed')])).remarks.join()).toContain(
      'keyturn could not decide these',
    );
  });
  test('of several people is told of each by itself, sorted, several failures in one line', () => {
    const pairs = [pair(dora, get, anySecret), pair(app, get, anySecret), pair(app, meta, { kind: 'vault' })];
    const said = opinion(pairs, unreadable('Azure answered 500'));
    expect(said.against).toHaveLength(2);
    expect([...said.against].sort()).toEqual(said.against);
    expect(said.against.find((line) => line.includes(app))).toContain('(and 1 more questions about it failed)');
  });
});
