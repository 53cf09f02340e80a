import { expect, test } from 'vitest';
import { parseFilter } from '../../../src/sandbox/arm/filter.ts';

const known = ['atScope()', 'assignedTo()', 'principalId', 'roleName'];
const parsed = (text: string | null) => Object.fromEntries(parseFilter(text, known));

test('terms are read without case and with blanks, quotes are doubled inside values', () => {
  expect(parsed(null)).toEqual({});
  expect(parsed(" ATSCOPE( ) and  assignedTo( 'x' ) ")).toEqual({ 'atscope()': '', 'assignedto()': 'x' });
  expect(parsed("roleName eq 'Dana''s role'")).toEqual({ rolename: "Dana's role" });
});

test.each([
  "scope eq 'x'",
  'atScope',
  "principalId ne 'x'",
  'principalId eq x',
  'atScope() or atScope()',
  'atScope() and atScope()',
  'atScope() and ',
])('a filter that is not known is refused by name: %s', (text) => {
  expect(() => parsed(text)).toThrow(`The filter '${text}' is not supported.`);
});
