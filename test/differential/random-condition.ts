import type { Random } from './random.ts';
import { type Leaf, objectNames } from './world.ts';

const attributes = {
  vault: '@Resource[Microsoft.KeyVault/vaults:name]',
  resource: '@Resource[Microsoft.KeyVault/vaults/secrets:name]',
  request: '@Request[Microsoft.KeyVault/vaults/secrets:name]',
} as const;
const names = [...objectNames, ...objectNames, ...objectNames, 'kv1', 'kv10', 'app-', 'app-*', '*', 's?', 's1*'];
const undocumented = [
  "@Principal[Microsoft.Directory/CustomSecurityAttributes/Id:Team] StringEquals 'a'",
  "@Environment[UtcNow] DateTimeGreaterThan '2026-01-01T00:00:00Z'",
  "SubOperationMatches{'Blob.List'}",
  'Exists @Principal[Microsoft.Directory/CustomSecurityAttributes/Id:Team]',
  "@Resource[Microsoft.KeyVault/vaults/secrets:name] StringResembles 'a'",
  'this is no condition',
];

export interface RandomCondition {
  readonly text: string;
  readonly leaves: readonly Leaf[];
}

/** A condition on secrets or on role assignments, nested, in all the spellings that the grammar allows. */
export function randomCondition(random: Random, roleIds: readonly string[], depth = 0): RandomCondition {
  const dice = random.int(depth >= 3 ? 6 : 10);
  if (dice < 6) return randomLeaf(random, roleIds);
  if (dice < 7) {
    const inner = randomCondition(random, roleIds, depth + 1);
    return { text: `${random.pick(['!', 'NOT '])}(${inner.text})`, leaves: inner.leaves };
  }
  const parts = random.times(2, 3, () => randomCondition(random, roleIds, depth + 1));
  const joint = random.pick([' AND ', ' && ', ' OR ', ' || ', ' and ', ' or ']);
  return { text: parts.map((part) => `(${part.text})`).join(joint), leaves: parts.flatMap((part) => part.leaves) };
}

function randomLeaf(random: Random, roleIds: readonly string[]): RandomCondition {
  const dice = random.int(100);
  if (dice < 55) return nameLeaf(random);
  if (dice < 70) {
    const patterns = random.times(1, 2, () =>
      random.pick(['Microsoft.KeyVault/vaults/secrets/*', 'Microsoft.KeyVault/vaults/secrets/getSecret/action', 'Microsoft.KeyVault/*']),
    );
    return { text: `ActionMatches{${quoted(patterns.map((one) => random.odd(one)))}}`, leaves: [{ kind: 'action' }] };
  }
  if (dice < 78)
    return { text: `Exists ${attributes[random.pick(['vault', 'resource', 'request'] as const)]}`, leaves: [{ kind: 'exists' }] };
  if (dice < 90) {
    const ids = random.times(1, 3, () => random.odd(random.pick(roleIds)));
    const shown = random.chance(50) ? ids.join(', ') : quoted(ids);
    const attribute = '@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId]';
    return {
      text: `${attribute} ForAnyOfAnyValues:${random.pick(['GuidEquals', 'GuidNotEquals'])} {${shown}}`,
      leaves: [{ kind: 'role' }],
    };
  }
  return { text: random.pick(undocumented), leaves: [{ kind: 'undocumented' }] };
}

function nameLeaf(random: Random): RandomCondition {
  const attribute = random.pick(['vault', 'resource', 'resource', 'request'] as const);
  const operator = `String${random.pick(['', 'Not'])}${random.pick(['Equals', 'StartsWith', 'Like'])}${random.pick(['', '', 'IgnoreCase'])}`;
  const values = random.times(1, 3, () => random.pick(names));
  const quantifier =
    random.chance(40) || values.length > 1
      ? random.pick(['ForAnyOfAnyValues:', 'ForAllOfAnyValues:', 'ForAnyOfAllValues:', 'ForAllOfAllValues:'])
      : '';
  const plain = quantifier === '' && values.length > 1;
  const right = values.length > 1 || random.chance(30) ? `{${quoted(values)}}` : quoted(values);
  return {
    text: `${attributes[attribute]} ${random.odd(quantifier + operator)} ${right}`,
    leaves: [{ kind: 'name', attribute, values, plain }],
  };
}

function quoted(values: readonly string[]): string {
  return values.map((value) => `'${value}'`).join(', ');
}
