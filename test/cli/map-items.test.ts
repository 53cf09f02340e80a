import fc from 'fast-check';
import { expect, test } from 'vitest';
import { answerLine } from '../../src/cli/map-items.ts';
import { customRoleBook } from '../../src/mapping/custom-role.ts';
import { mapPermissions, offlineMapping } from '../../src/mapping/map-permissions.ts';
import { type ObjectType, objectTypes } from '../../src/model/access-policy.ts';
import type { Scope } from '../../src/model/scope.ts';
import { toldChoice } from '../../src/words/choice-words.ts';
import { findingShown } from '../../src/words/finding-words.ts';
import { catalogue } from '../builders/the-catalogue.ts';

const words = (type: ObjectType) =>
  fc.subarray([...catalogue.permissions.keys()].filter((key) => key.startsWith(`${type}/`)).map((key) => key.slice(type.length + 1)));
const permissions = fc.record(
  Object.fromEntries(objectTypes.map((type) => [type, words(type)])) as Record<ObjectType, fc.Arbitrary<string[]>>,
);
const existingRoles = fc.subarray(['Key Vault Reader', 'Key Vault Secrets User', 'a role that "nobody" knows\n']);
const customRoles = customRoleBook('/subscriptions/5b000000-0000-0000-0000-000000000001' as Scope, 5000);

test.each([
  ['built-in roles', offlineMapping(catalogue)],
  ['custom roles', offlineMapping(catalogue, customRoles)],
])('a line of the answer with %s is the JSON of the answer, whole', (_, offline) => {
  fc.assert(
    fc.property(permissions, existingRoles, (lists, roles) => {
      const answer = mapPermissions({ permissions: lists, existingRoles: roles }, offline);
      const { because, price, alternatives, findings: found, ...parts } = answer;
      const findings = found.map((one) => ({ ...findingShown(one), subject: 'permission set' }));
      const whole = { ...parts, ...toldChoice(because), price, alternatives, findings };
      expect(answerLine(answer)).toBe(`${JSON.stringify(whole)}\n`);
    }),
  );
});
