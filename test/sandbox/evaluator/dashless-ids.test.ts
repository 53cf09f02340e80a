import { expect, test } from 'vitest';
import { decide } from '../../../src/sandbox/evaluator/decide.ts';
import { addPrincipal, addRole, assign, emptyTenant, guid, tenantId, vault, viewOf } from './estate.ts';

test('an assignment names its principal with or without dashes, in any case', () => {
  const anna = 'aaaaaaaa-0000-4000-8000-00000000000a';
  const asked = (principal: string) => {
    const state = emptyTenant();
    addPrincipal(state, anna);
    const role = addRole(state, guid(7), [{ actions: [], notActions: [], dataActions: ['*'], notDataActions: [] }]);
    assign(state, { principal, role });
    const caller = { objectId: anna, appId: anna, tenantId };
    return decide(viewOf(state), { caller, plane: 'data', action: 'Microsoft.KeyVault/vaults/keys/read', resource: vault, attributes: {} })
      .allowed;
  };
  expect(asked(anna.replaceAll('-', ''))).toBe(true);
  expect(asked(anna.replaceAll('-', '').toUpperCase())).toBe(true);
  expect(asked(anna.toUpperCase())).toBe(true);
  expect(asked(`b${anna.slice(1)}`.replaceAll('-', ''))).toBe(false);
});
