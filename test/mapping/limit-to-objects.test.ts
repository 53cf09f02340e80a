import { describe, expect, it } from 'vitest';
import type { NamedObject } from '../../src/access/judgement.ts';
import { candidateSet } from '../../src/mapping/candidate-set.ts';
import { limitByName, limitByScope, objectShares, objectWords } from '../../src/mapping/limit-to-objects.ts';
import { nameCondition } from '../../src/mapping/name-condition.ts';
import type { RoleChoice } from '../../src/mapping/role-choice.ts';
import { actionsOf, builtIn, catalogue, short } from './the-catalogue.ts';

const candidates = candidateSet(builtIn, catalogue);
const object = (words: string): NamedObject => {
  const [collection = '', name = ''] = words.split('/');
  return { kind: 'object', collection, name };
};
const names = ({ roles }: Pick<RoleChoice, 'roles'>) => roles.map((role) => role.name.replace('Key Vault ', ''));

/** What is asked, what of it stays everywhere, and where the rest stays. */
function request(asked: readonly string[], kept: readonly string[], objects: readonly string[], held: readonly string[] = []) {
  return {
    required: actionsOf(...asked),
    everywhere: kept.length === 0 ? [] : actionsOf(...kept),
    objects: objects.map(object),
    held,
    candidates,
    catalogue,
  };
}

describe('what has to work on a named object', () => {
  const sharesOf = (...words: Parameters<typeof request>) =>
    objectShares(request(...words)).map((share) => [objectWords(share.object), short(share.dataActions)]);

  it('is what the entry gives on its kind, less what stays everywhere', () => {
    expect(sharesOf(['secrets/get', 'secrets/list', 'keys/sign'], ['secrets/list'], ['secrets/one'])).toEqual([
      ['secrets/one', ['secrets/getSecret']],
    ]);
  });
  it('EA-15: a certificate brings its key and its secret, each a resource of its own', () => {
    expect(sharesOf(['secrets/get', 'keys/sign', 'certificates/get'], [], ['certificates/tls'])).toEqual([
      ['certificates/tls', ['certificates/read']],
      ['keys/tls', ['keys/sign']],
      ['secrets/tls', ['secrets/getSecret']],
    ]);
  });
  it('EA-15: and a secret or a key brings nothing but itself', () => {
    expect(sharesOf(['secrets/get', 'keys/sign', 'certificates/get'], [], ['secrets/tls'])).toEqual([
      ['secrets/tls', ['secrets/getSecret']],
    ]);
    expect(sharesOf(['secrets/get', 'keys/sign', 'certificates/get'], [], ['keys/tls'])).toEqual([['keys/tls', ['keys/sign']]]);
  });
  it('is nothing where the entry gives nothing on that kind, or only at the vault (EA-14)', () => {
    expect(sharesOf(['secrets/get'], [], ['keys/one'])).toEqual([]);
    expect(sharesOf(['certificates/managecontacts'], [], ['certificates/one'])).toEqual([]);
  });
  it('comes in one order and once, however often and in whatever case an object is named', () => {
    expect(sharesOf(['secrets/get'], [], ['secrets/b', 'secrets/a', 'secrets/B']).map(([words]) => words)).toEqual([
      'secrets/a',
      'secrets/B',
    ]);
  });
});

describe('roles on objects', () => {
  it('EA-14: the list that stays needs a role at the vault, the value one on the object', () => {
    const { wide, shares } = limitByScope(request(['secrets/get', 'secrets/list'], ['secrets/list'], ['secrets/one']));
    expect(names(wide)).toEqual(['Reader']);
    expect(shares.map(({ choice }) => names(choice))).toEqual([['Secrets User']]);
    // What the role at the vault gives already comes along with nothing.
    expect(shares[0]?.choice.price).toBe(0);
  });
  it('without a list nothing is assigned at the vault', () => {
    const { wide, shares } = limitByScope(request(['secrets/get', 'secrets/list'], [], ['secrets/one', 'secrets/two']));
    expect(names(wide)).toEqual([]);
    expect(shares.map(({ choice }) => [names(choice), choice.price])).toEqual([
      [['Secrets User'], 0],
      [['Secrets User'], 0],
    ]);
  });
  it('EA-15: a TLS consumer takes a role on the certificate and one on its secret', () => {
    const { shares } = limitByScope(request(['secrets/get', 'certificates/get'], [], ['certificates/tls']));
    expect(shares.map(({ object: at, choice }) => [objectWords(at), names(choice)])).toEqual([
      ['certificates/tls', ['Reader']],
      ['secrets/tls', ['Secrets User']],
    ]);
  });
  it('what is held everywhere already is not assigned on an object', () => {
    const { shares } = limitByScope(request(['secrets/get'], [], ['secrets/one'], actionsOf('secrets/get')));
    expect(shares.map(({ choice }) => names(choice))).toEqual([[]]);
  });
});

describe('roles under a condition on names', () => {
  const getSecret = 'Microsoft.KeyVault/vaults/secrets/getSecret/action';
  it('EA-40: one role does it where lists stay, and its condition leaves metadata alone', () => {
    const limit = limitByName(request(['secrets/get', 'secrets/list'], ['secrets/list'], ['secrets/two', 'secrets/one']));
    expect(limit && names(limit.conditioned)).toEqual(['Secrets User']);
    expect(limit && names(limit.wide)).toEqual([]);
    expect(limit?.condition).toBe(nameCondition(['one', 'two'], [getSecret]));
  });
  it('where no list stays, metadata is bound as well', () => {
    const limit = limitByName(request(['secrets/get', 'secrets/list'], [], ['secrets/one']));
    expect(limit?.condition).toBe(nameCondition(['one'], actionsOf('secrets/get', 'secrets/list')));
  });
  it('all that the role brings beside is bound too: an Officer on one name deletes no other secret', () => {
    const limit = limitByName(request(['secrets/get', 'secrets/set'], ['secrets/get'], ['secrets/one']));
    expect(limit && names(limit.conditioned)).toEqual(['Secrets Officer']);
    expect(limit?.condition).toContain('/secrets/purge/action');
    expect(limit?.condition).not.toContain('/secrets/getSecret/action');
  });
  it('what stays everywhere and is no secret has roles of its own, without a condition', () => {
    const limit = limitByName(request(['secrets/get', 'keys/sign', 'keys/get'], ['keys/sign', 'keys/get'], ['secrets/one']));
    expect(limit && names(limit.wide)).toEqual(['Crypto User']);
    expect(limit && names(limit.conditioned)).toEqual(['Secrets User']);
  });
  it('EA-41: every spelling that was given is asked for', () => {
    const limit = limitByName(request(['secrets/get'], [], ['secrets/One', 'secrets/one']));
    expect(limit?.condition).toContain("{'One', 'one'}");
  });
  it('no condition is written where all of it is held already', () => {
    const limit = limitByName(request(['secrets/get'], [], ['secrets/one'], actionsOf('secrets/get')));
    expect(limit && names(limit.conditioned)).toEqual([]);
    expect(limit?.condition).toBeUndefined();
  });
  it('EA-39: keys and certificates cannot be limited so, nor can nothing', () => {
    expect(limitByName(request(['keys/sign'], [], ['keys/one']))).toBeUndefined();
    expect(limitByName(request(['secrets/get', 'certificates/get'], [], ['certificates/tls']))).toBeUndefined();
    expect(limitByName(request(['secrets/get'], ['secrets/get'], ['secrets/one']))).toBeUndefined();
  });
  it('only roles of secrets alone stand under it: Certificate User would be narrower for two kinds, and is not taken', () => {
    const limit = limitByName(request(['secrets/get', 'keys/get'], ['keys/get'], ['secrets/one']));
    expect(limit && names(limit.conditioned)).toEqual(['Secrets User']);
    expect(limit && names(limit.wide)).toEqual(['Reader']);
  });
});
