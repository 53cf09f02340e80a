import { readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { digestOf } from '../../src/base/canonical-json.ts';
import { checkProof } from '../../src/check-proof/check-proof.ts';
import { type Proof, proofFile } from '../../src/formats/proof.ts';
import { type Served, served } from '../cli/served.ts';
import { seededRandom } from '../differential/random.ts';
import { tampered } from './tampered.ts';

const scenarios = path.resolve(import.meta.dirname, '../../fixtures/scenarios');
const names = readdirSync(scenarios).sort();
const seed = Number(process.env.KEYTURN_TEST_SEED);

describe.each(names)('%s', (name) => {
  let site: Served;
  const kept: Proof[] = [];

  /** Every proof that lies in the state folder now. */
  async function proofs(): Promise<readonly Proof[]> {
    const files = (await site.files()).filter((file) => /proofs\/[^.].*\.json$/.test(file));
    return Promise.all(files.map(async (file) => proofFile.parse(JSON.parse(await readFile(path.join(site.folder, file), 'utf8')))));
  }

  beforeAll(async () => {
    site = await served(name);
    await site.run(['verify', '--quiet']);
    kept.push(...(await proofs()));
    const decisions = readdirSync(path.join(scenarios, name)).includes('decisions.json');
    await site.run(['plan', '-o', 'plan.json', ...(decisions ? ['--decisions', path.join(scenarios, name, 'decisions.json')] : [])]);
    await site.run(['apply', 'plan.json', '--yes', '--quiet']);
    kept.push(...(await proofs()));
  }, 120_000);
  afterAll(() => site.close());

  test('every proof, before and after the flip, is borne out by check-proof', () => {
    expect(kept.length).toBeGreaterThan(0);
    for (const proof of kept) {
      const { verdict, lines } = checkProof(proof);
      expect([verdict, ...lines]).toEqual([proof.verdict.state === 'covered' ? 'proved' : 'refuted', ...lines]);
    }
  });

  test('1,000 random tamperings of single fields are all caught', () => {
    const random = seededRandom(seed);
    const missed: string[] = [];
    for (let n = 0; n < 1000; n += 1) {
      const { value, what } = tampered(random.pick(kept), random);
      const parsed = proofFile.safeParse(value);
      if (parsed.success && checkProof(parsed.data).verdict !== 'edited') missed.push(what);
    }
    expect(missed).toEqual([]);
  });

  test('a verdict that was changed and sealed again is caught by what it holds', () => {
    const random = seededRandom(seed + 1);
    const missed: string[] = [];
    for (let n = 0; n < 300; n += 1) {
      const proof = random.pick(kept);
      const { value, what } = tampered(proof.verdict, random);
      const parsed = proofFile.safeParse(sealed({ ...proof, verdict: value as Proof['verdict'] }));
      // Words for reading, and what makes no difference to who keeps or gains what, prove nothing.
      const telling = !/because|lines|certain|cause|throughGroup|gains\.\d+\.(scope|.*principalId)|state/.test(what);
      if (parsed.success && telling && checkProof(parsed.data).verdict !== 'wrong') missed.push(what);
    }
    expect(missed).toEqual([]);
  });

  test('a gap that was turned into covered and sealed again is wrong', () => {
    const refuted = kept.filter((proof) => proof.verdict.state !== 'covered');
    for (const proof of refuted) {
      const claimed = sealed({ ...proof, verdict: { ...proof.verdict, state: 'covered' } });
      expect(checkProof(claimed).verdict).toBe('wrong');
      const pairs = proof.verdict.pairs.map((pair) => ({ ...pair, state: 'covered' as const }));
      if (pairs.length > 0) expect(checkProof(sealed({ ...claimed, verdict: { ...claimed.verdict, pairs } })).verdict).toBe('wrong');
    }
  });

  test('the command answers 0 for a proof that holds and 3 for one that does not', async () => {
    const [covered] = kept.filter((proof) => proof.verdict.state === 'covered');
    const [gap] = kept.filter((proof) => proof.verdict.state !== 'covered');
    const ask = async (value: unknown) => {
      await writeFile(path.join(site.folder, 'a.json'), JSON.stringify(value));
      return site.run(['check-proof', 'a.json', '--json']);
    };
    if (covered !== undefined) expect(await ask(covered)).toMatchObject({ code: 0, out: expect.stringContaining('"proved"') as string });
    if (gap !== undefined) expect(await ask(gap)).toMatchObject({ code: 3, out: expect.stringContaining('"refuted"') as string });
    expect((await ask({ ...kept[0], minimumAgeMinutes: 1 })).code).toBe(3);
    expect((await ask({ ...kept[0], format: 'x' })).code).toBe(2);
    expect((await ask([])).code).toBe(2);
  });
});

function sealed(proof: Proof): Proof {
  return { ...proof, digest: digestOf({ ...proof, digest: undefined }) };
}
