import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { errorCodes } from '../../src/base/error-codes.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { decisionChoices } from '../../src/formats/plan.ts';
import { findingCodes } from '../../src/model/finding-facts.ts';
import { allCodes, codeHelp } from '../../src/report/code-help.ts';
import { testIo } from '../cli/test-io.ts';
import { helpPages } from './help/help-pages.ts';

const root = path.resolve(import.meta.dirname, '../..');
const registers = ['model/finding-facts.ts', 'model/error-codes.ts'];

/** Every source file but the registers and the help itself. */
const sources = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .map((file) => file.split(path.sep).join('/'))
  .filter((file) => file.endsWith('.ts') && !registers.includes(file) && !file.startsWith('report/help/'))
  .map((file) => readFileSync(path.join(root, 'src', file), 'utf8'));

const said = allCodes.map((code) => {
  const help = codeHelp(code);
  return { code, help, text: [help?.cause, help?.consequence, help?.remedy].join(' ') };
});

test.each(Object.entries(helpPages()))('docs/%s is what the help texts say', (name, page) => {
  const file = path.join(root, 'docs', name);
  // KEYTURN_WRITE_DOCS=1 rewrites it after a change that was meant.
  if (process.env.KEYTURN_WRITE_DOCS === '1') writeFileSync(file, page);
  expect(readFileSync(file, 'utf8')).toBe(page);
});

test('every code of the registers is on one page, once', () => {
  const headings = Object.values(helpPages()).flatMap((page) => [...page.matchAll(/^### (.+)$/gm)].map(([, code]) => code));
  expect([...headings].sort()).toEqual([...allCodes].sort());
});

test('every code of the registers is used outside of them', () => {
  expect(allCodes.length).toBeGreaterThan(150);
  expect(allCodes.filter((code) => !sources.some((text) => new RegExp(`(?:'|error )${code}(?:'|:)`).test(text)))).toEqual([]);
});

describe('what the help says of a code is so:', () => {
  test('an error ends with one of the outcomes that its help names', () => {
    const made = sources.flatMap((text) => [...text.matchAll(/new (?:KnownError|Refusal|AzureError)\(\s*'(\w+)',\s*'([A-Z_]+)'/g)]);
    expect(made.length).toBeGreaterThan(80);
    const wrong = made.filter(([, outcome, code = '']) => {
      const help = codeHelp(code);
      return help?.kind !== 'error' || !help.outcomes.some((one) => one === outcome);
    });
    expect(wrong.map(([whole]) => whole)).toEqual([]);
  });

  test('a finding comes with one of the severities that its help names', () => {
    const severity = "'(blocker|warning|note)'(?: as const)?";
    const made = sources.flatMap((text) => [
      ...text.matchAll(new RegExp(`(?:severity: )?${severity},\\s*(?:code: )?'([A-Z]{3}-[A-Z-]+)'`, 'g')),
    ]);
    expect(made.length).toBeGreaterThan(50);
    const wrong = made.filter(([, how, code = '']) => {
      const help = codeHelp(code);
      return help?.kind !== 'finding' || !help.severities.some((one) => one === how);
    });
    expect(wrong.map(([whole]) => whole)).toEqual([]);
  });

  test('the commands and options that it names exist', () => {
    const program = buildProgram(testIo(), () => undefined);
    const flagsOf = (name: string) => program.commands.find((one) => one.name() === name)?.options.map(({ long }) => long);
    const every = [...program.commands, program].flatMap((one) => one.options.map(({ long }) => long)).concat('--help', '--tenant');
    const wrong = said.flatMap(({ code, text }) => {
      const commands = [...text.matchAll(/`keyturn ([a-z-]+)([^`]*)`/g)].filter(([, name = '', rest = '']) => {
        const flags = flagsOf(name);
        return flags === undefined ? name !== '--help' : (rest.match(/--[a-z-]+/g) ?? []).some((flag) => !flags.includes(flag));
      });
      const flags = (text.match(/(?<![\w-])--[a-z-]+/g) ?? []).filter((flag) => !every.includes(flag));
      return [...commands.map(([whole]) => whole), ...flags].map((what) => `${code}: ${what}`);
    });
    expect(wrong).toEqual([]);
  });

  test('the rules that it names are stated', () => {
    const semantics = readFileSync(path.join(root, 'docs/semantics.md'), 'utf8');
    const rules = said.flatMap(({ text }) => text.match(/\b(?:EA|LP)-\d+/g) ?? []);
    expect(rules.length).toBeGreaterThan(30);
    expect(rules.filter((rule) => !semantics.includes(`| ${rule} |`))).toEqual([]);
  });

  test('what it says to decide or to accept can be decided and accepted', () => {
    const words = said.flatMap(({ text }) => [...text.matchAll(/(?:[Dd]ecide|decision) `(\w+)`/g)].map(([, word]) => word));
    expect(words.length).toBeGreaterThan(20);
    expect(words.filter((word) => !decisionChoices.some((choice) => choice === word))).toEqual([]);
    const accepted = said.flatMap(({ text }) => [...text.matchAll(/accept `([A-Z-]+)`/g)].map(([, code]) => code));
    expect([...new Set(accepted)].sort()).toEqual(['INV-POLICY-DENIES-ROLLBACK', 'MAP-ROLE-DRIFT', 'PLN-OBJECTS-UNREAD']);
  });

  test('it is plain: subject, verb, what to do', () => {
    const old = /\bis no [a-z]+|\bis none\b|\bbeside\b|\bwhoever\b|\bcomes? along\b|\bbites?\b|\bnobody knows\b|\bsomebody who\b|\btold\b/i;
    expect(said.filter(({ text }) => old.test(text)).map(({ code }) => code)).toEqual([]);
  });

  test('it is whole sentences, and names other codes only where they exist', () => {
    const parts = said.flatMap(({ code, help }) => [help?.cause, help?.consequence, help?.remedy].map((part = '') => ({ code, part })));
    expect(parts.filter(({ part }) => !/^[A-Z`-].*[.]$/su.test(part) && !/^keyturn .*[.]$/su.test(part))).toEqual([]);
    const named = said.flatMap(({ text }) => text.match(/`(?:INV|MAP|PLN|PRN)-[A-Z-]+`/g) ?? []).map((word) => word.replaceAll('`', ''));
    expect(named.filter((code) => !findingCodes.some((one) => one === code))).toEqual([]);
  });
});

test('every code of a finding that the source names is in the register, also where it is only compared with', () => {
  const named = sources.flatMap((text) => [...text.matchAll(/['"`]((?:INV|MAP|PLN|PRN)-[A-Z-]+)['"`]/g)].map(([, code]) => code));
  expect(named.length).toBeGreaterThan(80);
  expect(named.filter((code) => !findingCodes.some((one) => one === code))).toEqual([]);
});

test('the pages for people name only codes that there are', () => {
  const names = ['README.md', 'MIGRATION.md', 'CHANGELOG.md', ...readdirSync(path.join(root, 'docs')).map((file) => `docs/${file}`)];
  const pages = names.filter((file) => file.endsWith('.md')).map((file) => readFileSync(path.join(root, file), 'utf8'));
  const findings = pages.flatMap((text) => text.match(/\b(?:INV|MAP|PLN|PRN)-[A-Z]+(?:-[A-Z]+)*/g) ?? []);
  const errors = pages.flatMap((text) => [...text.matchAll(/^\| `([A-Z]+_[A-Z_]+)`/gm)].map(([, code = '']) => code));
  expect(errors.length).toBeGreaterThan(10);
  expect([...findings, ...errors].filter((code) => !allCodes.includes(code))).toEqual([]);
});

test('findings are written with hyphens and errors without, so that no code is both', () => {
  expect(findingCodes.filter((code) => !/^[A-Z]{3}(-[A-Z]+)+$/.test(code))).toEqual([]);
  expect(errorCodes.filter((code) => !/^[A-Z]+(_[A-Z]+)*$/.test(code))).toEqual([]);
});
