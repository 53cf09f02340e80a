import { describe, expect, test } from 'vitest';
import type { NamedObject } from '../../src/access/judgement.ts';
import { type CandidateSet, candidateSet } from '../../src/mapping/candidate-set.ts';
import { type LimitRequest, limitByName, limitByScope, objectShares, objectWords } from '../../src/mapping/limit-to-objects.ts';
import { nameCondition } from '../../src/mapping/name-condition.ts';
import { actionsOf, builtIn, catalogue, roleId, short } from '../builders/the-catalogue.ts';

const candidates = candidateSet(builtIn, catalogue);

function named(words: string): NamedObject {
  const [collection = '', name = ''] = words.split('/');
  return { kind: 'object', collection, name };
}

interface Asked {
  readonly keep?: readonly string[];
  readonly held?: readonly string[];
  readonly from?: CandidateSet;
}

function request(
  permissions: readonly string[],
  objects: readonly string[],
  { keep = [], held = [], from = candidates }: Asked = {},
): LimitRequest {
  return {
    required: actionsOf(...permissions),
    everywhere: actionsOf(...keep),
    objects: objects.map(named),
    held,
    candidates: from,
    catalogue,
  };
}

const sharesOf = (...asked: Parameters<typeof request>) =>
  objectShares(request(...asked)).map(({ object, dataActions }) => [objectWords(object), short(dataActions)]);
const rolesOf = ({ roles }: { readonly roles: readonly { readonly name: string }[] }) =>
  roles.map(({ name }) => name.replace('Key Vault ', ''));

describe('what has to work on a named object', () => {
  test('EA-15: a certificate is a key and a secret as well, each with what the entry gives on its kind', () => {
    expect(sharesOf(['certificates/get', 'secrets/get', 'keys/sign'], ['certificates/tls'])).toEqual([
      ['certificates/tls', ['certificates/read']],
      ['keys/tls', ['keys/sign']],
      ['secrets/tls', ['secrets/getSecret']],
    ]);
    expect(sharesOf(['secrets/get'], ['certificates/tls'])).toEqual([['secrets/tls', ['secrets/getSecret']]]);
  });

  test('EA-15: a key or a secret is no certificate', () => {
    expect(sharesOf(['certificates/get', 'secrets/get'], ['secrets/tls'])).toEqual([['secrets/tls', ['secrets/getSecret']]]);
    expect(sharesOf(['certificates/get', 'secrets/get'], ['keys/tls'])).toEqual([]);
  });

  test('EA-13: an object that is named twice, in whatever letter case, is one', () => {
    const twice = sharesOf(['secrets/get', 'certificates/get'], ['certificates/tls', 'secrets/tls', 'certificates/TLS']);
    expect(twice.map(([where]) => String(where).toLowerCase())).toEqual(['certificates/tls', 'secrets/tls']);
  });

  test('EA-14: what is kept for the whole vault, and what is checked at the vault alone, is no matter of objects', () => {
    expect(sharesOf(['secrets/get', 'secrets/list'], ['secrets/a'], { keep: ['secrets/list'] })).toEqual([
      ['secrets/a', ['secrets/getSecret']],
    ]);
    expect(sharesOf(['certificates/manageissuers', 'certificates/managecontacts'], ['certificates/a'])).toEqual([]);
  });
});

describe('access on objects by assignments on them', () => {
  test('takes the narrowest role for each object, and roles for the whole vault where something is kept', () => {
    const { wide, shares } = limitByScope(
      request(['certificates/get', 'secrets/get', 'secrets/list'], ['certificates/tls'], { keep: ['secrets/list'] }),
    );
    expect(rolesOf(wide)).toEqual(['Reader']);
    expect(shares.map(({ object, choice }) => [objectWords(object), rolesOf(choice)])).toEqual([
      // Reader at the vault reads every certificate already.
      ['certificates/tls', []],
      ['secrets/tls', ['Secrets User']],
    ]);
  });

  test('assigns nothing for what the principal holds in the whole vault already', () => {
    const { wide, shares } = limitByScope(request(['keys/sign', 'secrets/get'], ['keys/k', 'secrets/s'], { held: actionsOf('keys/sign') }));
    expect(rolesOf(wide)).toEqual([]);
    expect(shares.map(({ object, choice }) => [objectWords(object), rolesOf(choice)])).toEqual([
      ['keys/k', []],
      ['secrets/s', ['Secrets User']],
    ]);
  });

  test('names what no role gives', () => {
    const onlyReader = candidateSet(
      builtIn.filter(({ id }) => id === roleId('Reader')),
      catalogue,
    );
    const { shares } = limitByScope(request(['secrets/get'], ['secrets/s'], { from: onlyReader }));
    expect(shares.map(({ choice }) => short(choice.uncovered))).toEqual([['secrets/getSecret']]);
  });
});

describe('access on secrets by a condition on their names', () => {
  test('EA-40: binds what is given on the names alone, and leaves free what is kept, so that a list that is kept works', () => {
    const limit = limitByName(request(['secrets/get', 'secrets/list'], ['secrets/b', 'secrets/a'], { keep: ['secrets/list'] }));
    expect(limit).toMatchObject({ wide: { roles: [] }, conditioned: { roles: [{ name: 'Key Vault Secrets User' }] } });
    expect(limit?.condition).toBe(nameCondition(['a', 'b'], actionsOf('secrets/get')));
  });

  test('EA-40: binds what comes along as well, and a list that is not kept', () => {
    const listed = limitByName(request(['secrets/get', 'secrets/list'], ['secrets/a']));
    expect(listed?.condition).toBe(nameCondition(['a'], actionsOf('secrets/get', 'secrets/list')));
    const written = limitByName(request(['secrets/set'], ['secrets/a']));
    expect(written?.condition).toBe(
      nameCondition(
        ['a'],
        catalogue.dataActions.filter(({ collection }) => collection === 'secrets').map(({ name }) => name),
      ),
    );
  });

  test('EA-39: lets no role with other than secrets stand under it, and covers what is kept of those without one', () => {
    const limit = limitByName(
      request(['secrets/get', 'certificates/get', 'keys/get'], ['secrets/a'], { keep: ['certificates/get', 'keys/get'] }),
    );
    expect(rolesOf(limit?.conditioned ?? { roles: [] })).toEqual(['Secrets User']);
    expect(rolesOf(limit?.wide ?? { roles: [] })).toEqual(['Reader']);
  });

  test('EA-41: names every spelling that was given', () => {
    expect(limitByName(request(['secrets/get'], ['secrets/Key', 'secrets/key']))?.condition).toMatch(
      / StringEquals 'Key' OR .* StringEquals 'key'\)/,
    );
  });

  test('EA-39: is not for keys, nor for a certificate beyond its secret', () => {
    expect(limitByName(request(['keys/sign', 'secrets/get'], ['secrets/a', 'keys/a']))).toBeUndefined();
    expect(limitByName(request(['certificates/get', 'secrets/get'], ['certificates/tls']))).toBeUndefined();
    expect(limitByName(request(['secrets/get'], ['certificates/tls']))?.condition).toContain(" StringEquals 'tls')");
  });

  test('needs none where what it would bind is held already', () => {
    const held = actionsOf('secrets/set');
    const limit = limitByName(
      request(['secrets/get', 'secrets/list', 'secrets/set'], ['secrets/a'], { keep: ['secrets/get', 'secrets/list'], held }),
    );
    expect(limit?.condition).toBeUndefined();
    expect(rolesOf(limit?.wide ?? { roles: [] })).toEqual(['Secrets User']);
    expect(limitByName(request(['secrets/get'], ['secrets/a'], { held: actionsOf('secrets/get') }))).toMatchObject({ wide: { roles: [] } });
  });

  test('names what no role that may stand under it gives, also where a wider role would', () => {
    const noOfficer = candidateSet(
      builtIn.filter(({ id }) => id !== roleId('Secrets Officer')),
      catalogue,
    );
    const limit = limitByName(request(['secrets/set'], ['secrets/a'], { from: noOfficer }));
    expect(short(limit?.conditioned.uncovered ?? [])).toEqual(['secrets/setSecret', 'secrets/update']);
    expect(short(limitByScope(request(['secrets/set'], ['secrets/a'], { from: noOfficer })).wide.uncovered)).toEqual([]);
  });
});
