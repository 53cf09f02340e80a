import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nameGuid } from '../../src/base/name-guid.ts';
import { candidateSet } from '../../src/mapping/candidate-set.ts';
import { type CandidateRole, expandDataActions } from '../../src/mapping/candidates.ts';
import { chooseRoles } from '../../src/mapping/choose-roles.ts';
import { actionsOf, allWords, builtIn, catalogue, roleId, short, words } from '../builders/the-catalogue.ts';
import { allSubsets, bruteForce } from './brute-force.ts';

const candidates = candidateSet(builtIn, catalogue);
const subsets = allSubsets(builtIn);
type Prefer = 'narrow' | 'fewest';
const choose = (required: readonly string[], held: readonly string[] = [], prefer: Prefer = 'narrow') =>
  chooseRoles({ required, held, candidates, prefer });
const names = (choice: ReturnType<typeof choose>) => choice.roles.map((role) => role.name.replace('Key Vault ', '')).sort();

function expectBruteForce(required: readonly string[], held: readonly string[] = [], prefer: Prefer = 'narrow'): void {
  const choice = choose(required, held, prefer);
  const brute = bruteForce(subsets, catalogue, required, held, prefer);
  const found = { ids: choice.roles.map((role) => role.id as string), uncovered: [...choice.uncovered], price: choice.price };
  expect(found).toEqual(brute);
}

const pick = (all: readonly string[]) => fc.subarray([...all], { minLength: 1 });

describe('the choice of roles equals a search of all 1,024 role subsets', () => {
  test('for every one of the 255 sets of secret permissions', () => {
    const all = allWords('secrets');
    expect(all).toHaveLength(8);
    for (let number = 1; number < 256; number++) expectBruteForce(actionsOf(...all.filter((_, bit) => (number >> bit) & 1)));
  });
  test.each(['keys', 'certificates', 'storage'])('for random sets of %s permissions', (type) => {
    fc.assert(
      fc.property(pick(allWords(type)), (chosen) => {
        expectBruteForce(actionsOf(...chosen));
      }),
      { numRuns: 300 },
    );
  });
  test('for random sets over all object types, with some of it held already', () => {
    const everything = ['keys', 'secrets', 'certificates', 'storage'].flatMap(allWords);
    const few = fc.subarray([...everything], { minLength: 1, maxLength: 6 });
    const held = fc.subarray(
      catalogue.dataActions.map((action) => action.name),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(fc.oneof(few, pick(everything)), fc.oneof(fc.constant([]), held), fc.constantFrom('narrow', 'fewest'), (...drawn) => {
        const [chosen, already, prefer] = drawn;
        expectBruteForce(actionsOf(...chosen), already, prefer);
      }),
      { numRuns: 500 },
    );
  });
});

describe('where a person prefers few assignments', () => {
  const keysAndRelease = actionsOf('keys/get', 'keys/release');
  test('Crypto Officer alone stands for reading and releasing keys, at a higher price', () => {
    expect(names(choose(keysAndRelease))).toEqual(['Crypto Service Release User', 'Reader']);
    expect(names(choose(keysAndRelease, [], 'fewest'))).toEqual(['Crypto Officer']);
    expect(choose(keysAndRelease, [], 'fewest').price).toBe(1934);
  });
  test('the sentence says that the number of roles came first', () => {
    expect(choose(keysAndRelease, [], 'fewest').because).toMatchObject([
      { kind: 'narrowest', roles: ['Key Vault Crypto Officer'], fewest: true },
    ]);
  });
  test('of as few roles the narrowest is chosen', () => {
    expect(names(choose(actionsOf('secrets/list'), [], 'fewest'))).toEqual(['Reader']);
  });
});

/** Made-up roles over the catalogue's actions: many ties, wildcards of the built-in ones do not help. */
function madeUp(count: number): fc.Arbitrary<CandidateRole[]> {
  const actions = catalogue.dataActions.map((action) => action.name).slice(0, 8);
  const role = fc.record({
    dataActions: fc.subarray(actions, { minLength: 1, maxLength: 4 }),
    controlPlane: fc.subarray(['a/read', 'b/read', 'c/write'], { maxLength: 3 }),
    salt: fc.integer(),
  });
  return fc.array(role, { minLength: count, maxLength: count }).map((roles) =>
    roles.map(({ dataActions, controlPlane, salt }, i) => ({
      id: nameGuid(String(i), String(salt)),
      name: `r${i}`,
      dataActions,
      controlPlane,
    })),
  );
}

describe('the choice among roles nobody knows', () => {
  const some = fc.subarray(catalogue.dataActions.map((action) => action.name).slice(0, 9), { minLength: 1 });
  test('is exact, ties and gaps included', () => {
    fc.assert(
      fc.property(madeUp(7), some, some, (roles, required, held) => {
        const choice = chooseRoles({ required, held, candidates: candidateSet(roles, catalogue) });
        const brute = bruteForce(allSubsets(roles), catalogue, required, held);
        expect({ ids: choice.roles.map((role) => role.id as string), uncovered: [...choice.uncovered], price: choice.price }).toEqual(
          brute,
        );
      }),
      { numRuns: 300 },
    );
  });
  test('stays the same when more than 20 candidates make it drop dominated ones first', () => {
    fc.assert(
      fc.property(madeUp(10), some, some, (roles, required, held) => {
        // Twelve copies with greater ids and more control-plane actions change nothing, but push the count to 22.
        const copies = [...roles, ...roles.slice(0, 2)].map((role, i) => ({
          ...role,
          id: `ffffffff-0000-0000-0000-${String(i).padStart(12, '0')}` as CandidateRole['id'],
          controlPlane: [...role.controlPlane, 'd/write'],
        }));
        const few = chooseRoles({ required, held, candidates: candidateSet(roles, catalogue) });
        const many = chooseRoles({ required, held, candidates: candidateSet([...copies, ...roles], catalogue) });
        expect(many).toEqual(few);
      }),
      { numRuns: 300 },
    );
  });
  test('is exact with 21 candidates and no copies', () => {
    const few = fc.subarray(catalogue.dataActions.map((action) => action.name).slice(0, 8), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(madeUp(21), few, (roles, required) => {
        const choice = chooseRoles({ required, held: [], candidates: candidateSet(roles, catalogue) });
        // No best set is larger than what it has to cover.
        const small = subsetsUpTo(roles, required.length);
        const brute = bruteForce(small, catalogue, required, []);
        expect({ ids: choice.roles.map((role) => role.id as string), uncovered: [...choice.uncovered], price: choice.price }).toEqual(
          brute,
        );
      }),
      { numRuns: 10 },
    );
  });
});

function subsetsUpTo(roles: readonly CandidateRole[], size: number): ReturnType<typeof allSubsets> {
  const combinations = (from: number, left: number): CandidateRole[][] =>
    left === 0
      ? [[]]
      : [[], ...roles.slice(from).flatMap((role, i) => combinations(from + i + 1, left - 1).map((rest) => [role, ...rest]))];
  return combinations(0, size).flatMap((picked) => allSubsets(picked).slice(-1));
}

describe('the choice', () => {
  test('does not depend on the order of permissions or roles, nor on their case', () => {
    const everything = ['keys', 'secrets', 'certificates'].flatMap(allWords);
    fc.assert(
      fc.property(pick(everything), fc.shuffledSubarray([...builtIn], { minLength: builtIn.length }), (chosen, shuffled) => {
        const required = actionsOf(...chosen);
        const other = chooseRoles({
          required: [...required].reverse().map((name) => name.toUpperCase()),
          held: [],
          candidates: candidateSet(shuffled, catalogue),
        });
        expect(other).toEqual(choose(required));
      }),
    );
  });
  test('covers or names every required data action, never both', () => {
    const everything = catalogue.dataActions.map((action) => action.name);
    fc.assert(
      fc.property(fc.subarray(everything), fc.subarray(everything), fc.subarray([...builtIn]), (required, held, roles) => {
        const choice = chooseRoles({ required, held, candidates: candidateSet(roles, catalogue) });
        expect([...choice.covered, ...choice.uncovered].sort()).toEqual([...required].sort());
      }),
    );
  });
  test('never covers less when a permission is added', () => {
    const everything = ['keys', 'secrets', 'certificates'].flatMap(allWords);
    fc.assert(
      fc.property(pick(everything), fc.constantFrom(...everything), (chosen, more) => {
        const less = choose(actionsOf(...chosen));
        expect(choose(actionsOf(...chosen, more)).covered).toEqual(expect.arrayContaining([...less.covered]));
      }),
    );
  });
  test('is never dearer for what is held already, and assigns nothing when all of it is', () => {
    const everything = ['keys', 'secrets', 'certificates'].flatMap(allWords);
    fc.assert(
      fc.property(pick(everything), fc.subarray(catalogue.dataActions.map((action) => action.name)), (chosen, held) => {
        const required = actionsOf(...chosen);
        expect(choose(required, held).price).toBeLessThanOrEqual(choose(required).price);
        const nothing = choose(required, required);
        expect(nothing.roles).toEqual([]);
        expect(nothing.covered).toEqual(required);
      }),
    );
  });
  test('names what is required and unknown to the catalogue as uncovered', () => {
    const required = ['Microsoft.KeyVault/vaults/secrets/fly/action', ...actionsOf('secrets/get', 'secrets/list')];
    const choice = choose(required);
    expect(names(choice)).toEqual(['Secrets User']);
    expect(short(choice.uncovered)).toEqual(['secrets/fly']);
  });
  test('asks for nothing when nothing is required', () => {
    expect(choose([])).toMatchObject({ roles: [], covered: [], uncovered: [], excess: [], price: 0, controlPlane: [] });
  });
  test('never takes a role outside the operator’s right (EA-42)', () => {
    const everything = ['keys', 'secrets', 'certificates'].flatMap(allWords);
    fc.assert(
      fc.property(pick(everything), fc.subarray([...builtIn]), (chosen, allowed) => {
        const ids = new Set<string>(allowed.map((role) => role.id));
        const restricted = candidateSet(builtIn, catalogue, (id) => ids.has(id));
        const choice = chooseRoles({ required: actionsOf(...chosen), held: [], candidates: restricted });
        expect(choice.roles.every((role) => ids.has(role.id))).toBe(true);
      }),
    );
  });
  test('says the control-plane actions that come along', () => {
    expect(choose(actionsOf('secrets/get')).controlPlane).toEqual([]);
    expect(choose(actionsOf('keys/get', 'keys/wrapKey', 'keys/unwrapKey')).controlPlane.join()).toContain('Microsoft.EventGrid/');
    expect(choose(actionsOf('secrets/set')).controlPlane).toContain('Microsoft.Resources/deployments/*');
  });
  test('remembers no more than it needs: more distinct questions than its memory holds give the same answers', () => {
    const set = candidateSet(builtIn, catalogue);
    const required = actionsOf('secrets/get');
    const first = chooseRoles({ required, held: [], candidates: set });
    const everything = catalogue.dataActions.map((action) => action.name);
    for (let number = 0; number < 5001; number++) {
      chooseRoles({ required, held: everything.filter((_, bit) => bit < 15 && (number >> bit) & 1), candidates: set });
    }
    expect(set.memory.size).toBeLessThanOrEqual(5000);
    expect(chooseRoles({ required, held: [], candidates: set })).toEqual(first);
  });
});

// Permissions, then roles, excess and its price.
const all = (type: string) => allWords(type).map((word) => word.slice(type.length + 1));
const allBut = (type: string, without: string) =>
  words(
    type,
    all(type)
      .filter((word) => word !== without)
      .join(' '),
  );
const metadata = [
  'certificatecas/read',
  'certificates/read',
  'keyrotationpolicies/read',
  'keys/read',
  'secrets/readMetadata',
  'storageaccounts/read',
  'storageaccounts/sas/read',
];
const metadataBut = (name: string) => metadata.filter((other) => other !== name);
const representative: readonly [string, readonly string[], readonly string[], readonly string[], number][] = [
  ['s-get', words('secrets', 'get'), ['Secrets User'], ['secrets/readMetadata'], 1],
  ['s-list', words('secrets', 'list'), ['Reader'], metadataBut('secrets/readMetadata'), 6],
  ['s-get-list', words('secrets', 'get list'), ['Secrets User'], [], 0],
  [
    's-set',
    words('secrets', 'set'),
    ['Secrets Officer'],
    [
      'secrets/backup',
      'secrets/delete',
      'secrets/getSecret',
      'secrets/purge',
      'secrets/readMetadata',
      'secrets/recover',
      'secrets/restore',
    ],
    2311,
  ],
  ['s-no-purge', allBut('secrets', 'purge'), ['Secrets Officer'], ['secrets/purge'], 1000],
  ['k-get-list', words('keys', 'get list'), ['Reader'], metadataBut('keys/read'), 6],
  ['k-get-list-wrap-unwrap', words('keys', 'get list wrapKey unwrapKey'), ['Crypto Service Encryption User'], [], 0],
  ['k-get-list-unwrap', words('keys', 'get list unwrapKey'), ['Crypto Service Encryption User'], ['keys/wrap'], 1],
  ['k-get-release', words('keys', 'get release'), ['Crypto Service Release User', 'Reader'], metadataBut('keys/read'), 6],
  ['c-get-list', words('certificates', 'get list'), ['Reader'], metadataBut('certificates/read'), 6],
  [
    'c-get-list + s-get',
    [...words('certificates', 'get list'), ...words('secrets', 'get')],
    ['Certificate User'],
    ['keys/read', 'secrets/readMetadata'],
    2,
  ],
  [
    'Key, Secret, Certificate Management',
    [...allWords('keys'), ...allWords('secrets'), ...allWords('certificates')],
    ['Certificates Officer', 'Crypto Officer', 'Secrets Officer'],
    ['certificates/release'],
    100,
  ],
];

describe('representative sets of permissions', () => {
  test.each(representative)('%s', (_name, permissions, roles, excess, price) => {
    const choice = choose(actionsOf(...permissions));
    expect(names(choice)).toEqual(roles);
    expect(short(choice.excess.map(({ dataAction }) => dataAction)).sort()).toEqual([...excess].sort());
    expect(choice.price).toBe(price);
  });
});

describe('an operator who is Key Vault Data Access Administrator may assign eight roles only (EA-42)', () => {
  const permitted = new Set(
    [
      'Administrator',
      'Certificates Officer',
      'Crypto Officer',
      'Crypto Service Encryption User',
      'Crypto User',
      'Reader',
      'Secrets Officer',
      'Secrets User',
    ].map(roleId),
  );
  const restricted = candidateSet(builtIn, catalogue, (id) => permitted.has(id));
  const everythingReadable = [...words('keys', 'get list'), ...words('secrets', 'get list'), ...words('certificates', 'get list')];
  test.each<[string, readonly string[], readonly string[], number, readonly string[], number]>([
    ['k-get-release', words('keys', 'get release'), ['Crypto Service Release User', 'Reader'], 6, ['Crypto Officer'], 1934],
    [
      'c-get-list + s-get',
      [...words('certificates', 'get list'), ...words('secrets', 'get')],
      ['Certificate User'],
      2,
      ['Reader', 'Secrets User'],
      6,
    ],
    [
      's-get-list + k-get-list',
      [...words('secrets', 'get list'), ...words('keys', 'get list')],
      ['Certificate User'],
      1,
      ['Reader', 'Secrets User'],
      5,
    ],
    ['read everything', everythingReadable, ['Certificate User'], 0, ['Reader', 'Secrets User'], 4],
    ['k-get + s-get', [...words('keys', 'get'), ...words('secrets', 'get')], ['Certificate User'], 2, ['Reader', 'Secrets User'], 6],
  ])('%s', (_name, permissions, free, freePrice, bound, boundPrice) => {
    const required = actionsOf(...permissions);
    const whole = choose(required);
    expect([names(whole), whole.price]).toEqual([free, freePrice]);
    const choice = chooseRoles({ required, held: [], candidates: restricted });
    expect([names(choice), choice.price]).toEqual([bound, boundPrice]);
  });
});

describe('what a role gives', () => {
  test('EA-4: is what each block lists less what it takes out, united', () => {
    const block = {
      actions: [],
      notActions: [],
      dataActions: ['Microsoft.KeyVault/vaults/secrets/*'],
      notDataActions: ['*/getSecret/action'],
    };
    expect(short(expandDataActions([block], catalogue))).not.toContain('secrets/getSecret');
    const second = { ...block, dataActions: ['Microsoft.KeyVault/vaults/secrets/getSecret/action '], notDataActions: [] };
    expect(short(expandDataActions([block, second], catalogue))).toContain('secrets/getSecret');
  });
});
