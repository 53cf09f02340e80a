import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { planMoves } from '../../src/review/plan-moves.ts';
import { review as reviewSchema } from '../../src/review/review.ts';
import { scenariosFolder } from '../scenarios/open-scenario.ts';
import { type Served, served } from './served.ts';

const away = { env: { NO_COLOR: '1' } };

interface Scenario {
  readonly scenario: string;
  readonly vault: string;
  readonly answers: Readonly<Record<string, readonly string[]>>;
}

/** What has to be found under each question, in the words of the text; Markdown says the same. */
const scenarios: readonly Scenario[] = [
  {
    scenario: 'every-decision',
    vault: 'kv-orders',
    answers: {
      'Who is it about?': [
        'id-orders-api (managed identity, d1000000-0000-4000-8000-000000000001, application ',
        'found in the directory',
        'owners, and whether accounts are enabled, are unknown',
      ],
      'Who gains what, through which role, and where?': [
        'id-enclave',
        'keys/purge (A)',
        'Key Vault Crypto Officer at this vault, made by this plan',
      ],
      'Why these roles and no narrower ones?': [
        'has exactly the 2 data actions of the entry',
        'is of the fewest roles the narrowest cover',
      ],
      'What is held already, and by what?': ['nothing of what the access policies give is held already'],
      'Who loses what, and why?': ['Ines Intern', 'by the decision drop: The internship is over.', 'whether the access is used is unknown'],
      'What cannot be undone?': ['the flip and each assignment can be taken back', 'what is done meanwhile', 'keys/purge (A)'],
      'Who decided?': ['drop for Ines Intern', 'because: The internship is over.', 'not the name of who decided'],
      'What changed since the last plan?': [
        'new, access: Ines Intern',
        'decided drop',
        'more: keyturn diff before.json plan.json shows them',
      ],
      'What will be called?': [
        'PUT role definition',
        'PUT role assignment',
        'on secrets/orders-db',
        'PATCH the vault: properties.enableRbacAuthorization',
      ],
      'When is its turn, and who else manages it?': ['infrastructure code was not read', 'a second run makes nothing twice'],
      'What shows that it worked?': ['keyturn verify plan.json', 'ForbiddenByRbac'],
      'What happens if nobody approves?': [
        'no approval is sealed into this plan',
        'nothing is written, and the vault stays on access policies',
        'stale',
      ],
      'How to go back?': ['keyturn rollback kv-orders', '7 assignments stay unless --remove-assignments is given'],
    },
  },
  {
    scenario: 'estate',
    vault: 'kv-ledger-finance',
    answers: {
      'Who is it about?': ['sec-finance-operations (group, ', 'found in the directory'],
      'Who gains what, through which role, and where?': [
        'secrets/getSecret, secrets/purge',
        'Key Vault Administrator at the subscription (assignment ',
        'which stands already and takes effect at the flip',
      ],
      'Why these roles and no narrower ones?': ['exact cover of the entry'],
      'What is held already, and by what?': ['nothing of what the access policies give is held already'],
      'Who loses what, and why?': ['nobody loses anything that the access policies give'],
      'What cannot be undone?': ['values read and objects destroyed: sec-finance-operations'],
      'Who decided?': ['no decision was needed'],
      'What changed since the last plan?': ['nothing: it stands in the earlier plan'],
      'What will be called?': ['PATCH the vault'],
      'When is its turn, and who else manages it?': ['in subscription '],
      'What shows that it worked?': ['keyturn verify plan.json'],
      'What happens if nobody approves?': ['nothing is written', '1 gain of tier A or B at the flip needs an acceptance by name'],
      'How to go back?': ['keyturn rollback kv-ledger-finance'],
    },
  },
  {
    scenario: 'everything-wrong',
    vault: 'kv-people-left',
    answers: {
      'Who is it about?': ['Lena Left (deleted, 1c8f5d2b-a4e3-4d66-9f10-7b2e3c4d5e6f): deleted', 'unknown whether it exists'],
      'Who gains what, through which role, and where?': ['id-app', 'gains secrets/readMetadata (D): Key Vault Secrets User at this vault'],
      'Why these roles and no narrower ones?': ['Key Vault Secrets User is the narrowest cover of the entry'],
      'What is held already, and by what?': ['nothing of what the access policies give is held already'],
      'Who loses what, and why?': ['Lena Left (deleted, 1c8f5d2b…5e6f) may lose secrets/getSecret', 'nobody has decided yet'],
      'What cannot be undone?': ['nothing that keyturn itself does'],
      'Who decided?': ['2 access policies wait for a decision'],
      'What changed since the last plan?': ['nothing: it stands in the earlier plan'],
      'What will be called?': ['nothing as long as the vault is blocked'],
      'When is its turn, and who else manages it?': ['the plan names no wave for it'],
      'What shows that it worked?': ['keyturn check-proof FILE'],
      'What happens if nobody approves?': ['nothing is written'],
      'How to go back?': ['keyturn rollback kv-people-left'],
    },
  },
];

/** Markdown as it is read: without marks and with the characters that were written as numbers. */
function read(markdown: string): string {
  return markdown.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code))).replaceAll(/[`*]/g, '');
}

function sections(text: string): ReadonlyMap<string, string> {
  const parts = text.split(/^ *(?=(?:Who|Why|What|When|How)\b.*\?$)/m).slice(1);
  return new Map(parts.map((part) => [part.slice(0, part.indexOf('\n')).trim(), part.replaceAll(/\s+/g, ' ')]));
}

describe.each(scenarios)('a review of $vault in $scenario', ({ scenario, vault, answers }) => {
  let site: Served;
  let shown: Readonly<Record<string, ReadonlyMap<string, string>>> = {};
  beforeAll(async () => {
    site = await served(scenario);
    const decided = scenario === 'every-decision' ? ['--decisions', path.join(scenariosFolder, scenario, 'decisions.json')] : [];
    await site.run(['plan', '-o', 'before.json', '--quiet']);
    await site.run(['plan', ...decided, '-o', 'plan.json', '--quiet']);
    const argv = ['review', 'plan.json', vault, '--since', 'before.json'];
    const [text, markdown] = [await site.run(argv, away), await site.run([...argv, '--markdown'], away)];
    expect(text).toMatchObject({ code: 0, err: '' });
    shown = { text: sections(text.out.replaceAll('`', '')), markdown: sections(read(markdown.out)) };
  }, 60_000);
  afterAll(() => site.close());

  test.each(Object.entries(answers))('%s', (question, words) => {
    for (const [format, found] of Object.entries(shown)) {
      for (const word of words) expect(found.get(question), `${format}: ${question}`).toContain(word);
    }
  });

  test('answers every question in both formats, and the same in JSON', async () => {
    const { out } = await site.run(['review', 'plan.json', vault, '--json', '--since', 'before.json'], away);
    const json = reviewSchema.parse(JSON.parse(out));
    expect(json.vaults.map(({ name }) => name)).toEqual([vault]);
    for (const found of Object.values(shown)) expect([...found.keys()]).toEqual(Object.keys(answers));
    expect(Object.values(json.vaults[0]?.answers ?? {}).every((lines) => lines.length > 0)).toBe(true);
  });
});

describe('a review of a whole plan', () => {
  let site: Served;
  beforeAll(async () => {
    site = await served('estate');
    await site.run(['plan', '-o', 'plan.json', '--quiet']);
    await site.run(['plan', '--tag', 'team=retail', '-o', 'part.json', '--quiet']);
  }, 60_000);
  afterAll(() => site.close());

  test('asks nobody but the file, says the headline first, and ends well whatever the plan holds', async () => {
    const { code, out, err } = await site.run(['review', 'plan.json'], away);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const [title, vaults, ...more] = out.split('\n');
    expect(title).toMatch(/^review of the plan sha256:[0-9a-f]{64}$/);
    expect(vaults).toBe('vaults     30 vaults in 3 subscriptions: 24 ready, 0 blocked, 6 on Azure RBAC already');
    expect(more.find((line) => line.startsWith('new access'))).toContain('reads secret values or destroys for good');
    expect(out).toMatch(/^VAULT +STATE +GAINS A\/B +LOSE +OPEN +BLOCKERS +TO MAKE$/m);
    expect(out).toContain('in 9 of 30 vaults: sec-finance-operations (group, ');
  });

  test.each([80, 60])('keeps within %i columns, but for commands and ids, which are to be copied', async (columns) => {
    for (const by of [[], ['--by', 'principal'], ['--by', 'finding'], ['kv-ledger-finance']]) {
      const { out } = await site.run(['review', 'plan.json', ...by], { env: { NO_COLOR: '1' }, columns, terminal: true });
      const long = out.split('\n').filter((line) => line.length > columns && !/`|\/|^\S+$|[0-9a-f]{8}-|sha256:/.test(line));
      expect(long, by.join(' ')).toEqual([]);
    }
  });

  test('finds vaults by what stands in them, and says how many of how many', async () => {
    const { out } = await site.run(['review', 'plan.json', '--search', 'CRYPTO user'], away);
    expect(out).toContain('of 30 vaults of the plan, 1 is shown and counted, which matches `CRYPTO user`');
    expect(out).toContain('kv-signing-shared');
    const none = await site.run(['review', 'plan.json', '--search', 'no such thing'], away);
    expect(none.out).toContain('of 30 vaults of the plan, 0 are shown');
  });

  test('shows by principal and by finding where each stands', async () => {
    const people = await site.run(['review', 'plan.json', '--by', 'principal'], away);
    expect(people.out).toMatch(/^sec-finance-operations \(group, .*\)\n {2}in \S+, \S+, \S+ and 6 more: gains /m);
    const findings = await site.run(['review', 'plan.json', '--by', 'finding'], away);
    expect(findings.out).toMatch(/^note PLN-ALREADY-RBAC in \S+, \S+, \S+ and 3 more: /m);
  });

  test('compares with an earlier plan, of which vaults may be gone or not have been there', async () => {
    const { out } = await site.run(['review', 'plan.json', '--since', 'part.json'], away);
    const [, moved = '', added = '', same = ''] =
      /^since +against the plan sha256:.*: (\d+) vaults moved, (\d+) new, (\d+) the same$/m.exec(out) ?? [];
    expect(Number(moved) + Number(added) + Number(same)).toBe(30);
    expect(Number(moved) * Number(added) * Number(same)).toBeGreaterThan(0);
    const back = await site.run(['diff', 'plan.json', 'part.json'], away);
    expect(back).toMatchObject({ code: 0, err: '' });
    expect(back.out).toContain(`vaults: ${moved} moved, 0 new, ${added} gone, ${same} the same; from sha256:`);
    // For few vaults the plan also asks who logs their calls.
    expect(back.out).toMatch(/^kv-basket-retail\n {2}\+ finding: warning INV-NO-DIAGNOSTICS: /m);
    const json = planMoves.parse(JSON.parse((await site.run(['diff', 'part.json', 'plan.json', '--json'], away)).out));
    expect([json.moved.length, json.new.length, json.same]).toEqual([moved, added, same].map(Number));
    const markdown = (await site.run(['diff', 'part.json', 'plan.json', '--markdown'], away)).out;
    expect(markdown).toContain(`vaults: ${moved} moved, ${added} new, 0 gone, ${same} the same`);
    expect(markdown).toContain('  - gone, finding: warning INV-NO-DIAGNOSTICS');
  });

  test('writes Markdown in parts, and names them', async () => {
    const { err, code } = await site.run(['review', 'plan.json', '--split', '10', '-o', 'for-github.md'], away);
    expect(code).toBe(0);
    expect(err).toContain('review written to for-github.md and 3 more files in the same folder');
    expect((await site.files()).filter((file) => file.endsWith('.md'))).toEqual([
      'for-github-1.md',
      'for-github-2.md',
      'for-github-3.md',
      'for-github.md',
    ]);
    expect((await site.run(['review', 'plan.json', '--split', 'none'], away)).err).toContain(
      'Give `vaults`, or how many vaults a file may hold.',
    );
  });
});
