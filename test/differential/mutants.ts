/** A fault put into the product: `from`, which stands in `file` exactly once, becomes `to`. */
export interface Mutant {
  /** What is wrong then. */
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** One that notices it soon; the random questions of a run need not. */
  readonly seed: number;
}

/**
 * Faults that random questions have to notice. The first ones lie in what reads Azure's rows: they show that the sandbox reads them
 * without the product's help.
 */
export const mutants: readonly Mutant[] = [
  {
    name: 'the condition of a role assignment is dropped',
    file: 'src/model/role.ts',
    from: '    ...condition,\n    createdOn:',
    to: '    createdOn:',
    seed: 7,
  },
  {
    name: 'the condition of a permission block is dropped',
    file: 'src/model/role.ts',
    from: '{ ...lists, ...condition }',
    to: 'lists',
    seed: 4,
  },
  {
    name: 'notDataActions are dropped',
    file: 'src/model/role.ts',
    from: "notDataActions: row.texts('notDataActions')",
    to: 'notDataActions: []',
    seed: 1,
  },
  {
    name: 'notActions are dropped',
    file: 'src/model/role.ts',
    from: "notActions: row.texts('notActions')",
    to: 'notActions: []',
    seed: 11,
  },
  {
    name: 'only the first permission block of a role or deny assignment is read',
    file: 'src/model/role.ts',
    from: '? blocks : undefined',
    to: '? blocks.slice(0, 1) : undefined',
    seed: 5,
  },
  {
    name: 'a built-in role is read as a custom one',
    file: 'src/model/role.ts',
    from: "? 'custom' : 'builtIn'",
    to: "? 'custom' : 'custom'",
    seed: 35,
  },
  {
    name: 'the condition of a deny assignment is dropped',
    file: 'src/model/deny-assignment.ts',
    from: '    ...condition,\n',
    to: '',
    seed: 18,
  },
  {
    name: 'doNotApplyToChildScopes is ignored',
    file: 'src/model/deny-assignment.ts',
    from: "properties.flag('doNotApplyToChildScopes')",
    to: 'false',
    seed: 7,
  },
  {
    name: 'excludePrincipals are dropped',
    file: 'src/model/deny-assignment.ts',
    from: 'excludePrincipals: idsOf(spared)',
    to: 'excludePrincipals: []',
    seed: 28,
  },
  {
    name: 'a deny assignment that only audits denies',
    file: 'src/model/deny-assignment.ts',
    from: '    ...(isAuditOnly(raw) && { auditOnly: true }),\n',
    to: '',
    seed: 40,
  },
  {
    name: 'every deny assignment only audits',
    file: 'src/model/deny-assignment.ts',
    from: "=== 'audit'",
    to: "!== 'none'",
    seed: 7,
  },
  {
    name: 'a PIM instance has no end',
    file: 'src/model/schedule-instance.ts',
    from: "endDateTime: properties.timeOrNone('endDateTime')",
    to: 'endDateTime: undefined',
    seed: 32,
  },
  {
    name: 'a PIM instance has no start',
    file: 'src/model/schedule-instance.ts',
    from: "startDateTime: properties.timeOrNone('startDateTime')",
    to: 'startDateTime: undefined',
    seed: 32,
  },
  {
    name: 'scopes are compared with case',
    file: 'src/model/scope.ts',
    from: 'const written = raw.trim().toLowerCase();',
    to: 'const written = raw.trim().replace(/^\\/?[a-z]+\\//i, (root) => root.toLowerCase());',
    seed: 1,
  },
  {
    name: 'a slash at the end of a scope counts',
    file: 'src/model/scope.ts',
    from: "single.endsWith('/') ? single.slice(0, -1) : single",
    to: "single === '/' ? '' : single",
    seed: 9,
  },
  {
    name: 'what stands at a management group does not reach a vault',
    file: 'src/model/scope.ts',
    from: '[...own, ...managementGroups, rootScope]',
    to: '[...own, rootScope]',
    seed: 2,
  },
  {
    name: 'what stands at the root does not reach a vault',
    file: 'src/model/scope.ts',
    from: '[...own, ...managementGroups, rootScope]',
    to: '[...own, ...managementGroups]',
    seed: 8,
  },
  {
    name: 'the application id of an access policy is dropped',
    file: 'src/model/access-policy.ts',
    from: '...(compound && { applicationId: normalId(applicationId) }), ',
    to: '',
    seed: 25,
  },
  {
    name: 'the zero id is an application like any other',
    file: 'src/model/access-policy.ts',
    from: ' && applicationId !== nilGuid',
    to: '',
    seed: 36,
  },
  {
    name: 'the keys of an access policy are not read',
    file: 'src/model/access-policy.ts',
    from: "keys: list('keys')",
    to: 'keys: []',
    seed: 67,
  },
  {
    name: 'an access policy of another tenant counts',
    file: 'src/access/legacy-entries.ts',
    from: ' || normalId(policy.tenantId) !== normalId(vault.tenantId)',
    to: '',
    seed: 58,
  },
  {
    name: 'the word all gives purge too',
    file: 'src/access/required-data-actions.ts',
    from: "word === 'all' ? catalogue.all[type] : [word]",
    to: "word === 'all' ? [...catalogue.all[type], 'purge'] : [word]",
    seed: 24,
  },
  {
    name: 'the word all is known in small letters only',
    file: 'src/access/required-data-actions.ts',
    from: 'written.trim().toLowerCase()',
    to: 'written.trim()',
    seed: 23,
  },
  {
    name: 'action patterns are compared with case',
    file: 'src/model/data-action.ts',
    from: "action.trim().toLowerCase();\n  const [first = '', ...rest] = pattern.trim().toLowerCase()",
    to: "action.trim();\n  const [first = '', ...rest] = pattern.trim()",
    seed: 4,
  },
  {
    name: 'blanks around an action pattern count',
    file: 'src/model/data-action.ts',
    from: 'pattern.trim().toLowerCase()',
    to: 'pattern.toLowerCase()',
    seed: 7,
  },
  {
    name: 'data actions count on the control plane',
    file: 'src/access/role-rule.ts',
    from: '[block.actions, block.notActions]',
    to: '[block.dataActions, block.notDataActions]',
    seed: 2,
  },
  {
    name: 'the conditions that Azure does not show of built-in roles are not taken from the catalogue',
    file: 'src/access/role-rule.ts',
    from: 'return text === undefined ? {} :',
    to: "return text !== '' ? {} :",
    seed: 35,
  },
  {
    name: 'a deny assignment on everybody names nobody',
    file: 'src/access/rbac/weigh-denies.ts',
    from: "if (deny[list].includes(everyone)) return { certainty: 'certain', passing: false };",
    to: '',
    seed: 7,
  },
  {
    name: 'the condition on a block of a deny assignment is not judged',
    file: 'src/access/rbac/weigh-denies.ts',
    from: 'blocks.map(read)',
    to: 'blocks.map(() => undefined)',
    seed: 32,
  },
  {
    name: 'access held through a group is not seen',
    file: 'src/access/membership.ts',
    from: 'reading.value.has(asker.principalId) ? memberOf(principal, asker, facts)',
    to: "reading.value.has(asker.principalId) ? { state: 'notMember' }",
    seed: 4,
  },
  {
    name: 'a group without security gives access',
    file: 'src/access/membership.ts',
    from: "known?.kind === 'group' && !known.securityEnabled",
    to: 'false',
    seed: 41,
  },
  {
    name: 'an assignment on one object reaches none',
    file: 'src/access/rbac/reach.ts',
    from: 'scopes: chain(own, managementGroups)',
    to: 'scopes: chain(collection as Scope, managementGroups)',
    seed: 1,
  },
  {
    name: 'names of objects are compared with case',
    file: 'src/access/rbac/reach.ts',
    from: 'resource.name.toLowerCase()',
    to: 'resource.name',
    seed: 1,
  },
  {
    name: 'a negation in a condition is lost',
    file: 'src/access/conditions/parse-condition.ts',
    from: "{ kind: 'not', part: parseNegation(cursor) }",
    to: 'parseNegation(cursor)',
    seed: 18,
  },
  {
    name: 'OR in a condition is read as AND',
    file: 'src/access/conditions/parse-condition.ts',
    from: "word === '||' ? 'or'",
    to: "word === '||' ? 'and'",
    seed: 13,
  },
  {
    name: 'a negated text operator is read as the plain one',
    file: 'src/access/conditions/condition-operator.ts',
    from: "build('String', text[1],",
    to: "build('String', undefined,",
    seed: 11,
  },
  {
    name: 'all values of a condition are taken for any',
    file: 'src/access/conditions/evaluate-condition.ts',
    from: 'ForAnyOfAllValues: [some, all]',
    to: 'ForAnyOfAllValues: [some, some]',
    seed: 72,
  },
  {
    name: 'the name that a new secret gets is taken for one that is there',
    file: 'src/access/rbac/request-context.ts',
    from: '[[writesName ? newSecretName : secretName, name]]',
    to: '[[secretName, name]]',
    seed: 21,
  },
];

/** @throws Error when the text to break is not there exactly once: the table has to keep up with the product. */
export function broken(source: string, { name, file, from, to }: Mutant): string {
  const found = source.split(from).length - 1;
  if (found !== 1) throw new Error(`mutant "${name}": ${file} holds its text ${found} times instead of once`);
  return source.replace(from, () => to);
}
