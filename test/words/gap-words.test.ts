import { describe, expect, test } from 'vitest';
import { finding } from '../../src/model/finding.ts';
import type { Gap } from '../../src/model/gap.ts';
import { findingWords } from '../../src/words/finding-words.ts';
import { gapInWords, linesAgainst } from '../../src/words/gap-words.ts';
import { anna } from '../builders/a-tenant.ts';

const [get, list] = ['getSecret/action', 'readMetadata/action'].map((name) => `Microsoft.KeyVault/vaults/secrets/${name}`) as [
  string,
  string,
];
const who = { id: anna, name: 'Anna' };
const access: Extract<Gap, { readonly kind: 'access' }> = {
  kind: 'access',
  who,
  dataActions: [list, get],
  state: 'uncovered',
  because: [{ kind: 'assignmentNone' }],
  lack: 'assignment',
  vault: 'kv-shop',
  permissionModel: 'accessPolicy',
  planned: false,
};
const gain = { kind: 'gain', who, dataActions: [list, get], certain: true, assignmentId: '/a1', permissionModel: 'accessPolicy' } as const;
const onRbac = { permissionModel: 'azureRbac' } as const;

describe('a gap in words', () => {
  test.each<[Gap, string]>([
    [access, `\`Anna\` (${anna}) would lose secrets/getSecret, secrets/readMetadata: no role assignment gives it`],
    [
      { ...access, state: 'unknown', who: { id: anna, name: '' } },
      `\`${anna}\` may lose secrets/getSecret, secrets/readMetadata: no role assignment gives it`,
    ],
    [
      { ...access, lack: 'decision', dataActions: [get, get] },
      `\`Anna\` (${anna}) may lose secrets/getSecret: no role assignment gives it`,
    ],
    [{ ...access, ...onRbac, dataActions: [get] }, `\`Anna\` (${anna}) lacks secrets/getSecret: no role assignment gives it`],
    [
      { ...access, ...onRbac, state: 'unknown', dataActions: [get] },
      `\`Anna\` (${anna}) may lack secrets/getSecret: no role assignment gives it`,
    ],
    [gain, `\`Anna\` (${anna}) would gain secrets/readMetadata, secrets/getSecret, which the plan does not list: /a1`],
    [{ ...gain, certain: false, dataActions: [get] }, `\`Anna\` (${anna}) may gain secrets/getSecret, which the plan does not list: /a1`],
    [{ ...gain, ...onRbac, dataActions: [get] }, `\`Anna\` (${anna}) has secrets/getSecret, which the plan does not list: /a1`],
    [
      { kind: 'gainsUnread', state: 'undetermined', text: '403' },
      'who gains by the flip is not known: role assignments could not be read: 403',
    ],
  ])('%o', (gap, line) => {
    expect(gapInWords(gap).line).toBe(line);
  });

  test('of an entry says what its finding says', () => {
    const about = finding('blocker', 'PRN-COMPOUND', { vault: '/v' }, { ownApplication: false });
    const { message, remedy } = findingWords(about);
    expect(gapInWords({ kind: 'entry', state: 'gap', finding: about })).toEqual({ line: message, next: remedy });
  });

  test.each<[Partial<typeof access>, string]>([
    [{}, 'run `keyturn plan`: it proposes the roles that are missing'],
    [{ planned: true }, 'run `keyturn plan` again: this plan does not cover it'],
    [onRbac, 'run `keyturn plan kv-shop`: it plans what the stored policies give'],
    [{ lack: 'decision' }, 'run `keyturn plan`: it gives the principal an assignment of its own'],
    [{ lack: 'decision', ...onRbac }, 'assign the role to the principal itself'],
    [{ lack: 'making' }, 'run `keyturn apply` with the plan'],
    [{ lack: 'age' }, 'wait until the role assignment is old enough'],
    [{ lack: 'denied' }, 'ask the owner of the deny assignment to exclude the principal'],
    [{ lack: 'fact' }, 'get the right to read what could not be read'],
    [{ lack: 'principal' }, 'find out who it is'],
  ])('says what to do next: %o', (change, next) => {
    expect(gapInWords({ ...access, ...change }).next).toMatch(new RegExp(`^${next}`));
  });
});

test('what Azure has against a vault comes after its gaps', () => {
  expect(linesAgainst({ gaps: [gain] })).toEqual([gapInWords(gain).line]);
  expect(linesAgainst({ gaps: [gain], secondOpinion: { against: ['Azure says no'] } })).toEqual([gapInWords(gain).line, 'Azure says no']);
});
