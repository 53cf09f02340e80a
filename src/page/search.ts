import type { ReviewVault, Tier } from '../review/review.ts';
import { placeOf, type Store } from './store.ts';

/** What a reader looks for; an empty text asks for nothing. */
export interface Query {
  readonly text: string;
  readonly state: '' | ReviewVault['state'];
  readonly gain: '' | Tier;
  readonly about: '' | 'undecided' | 'lost' | 'moved' | 'custom';
  readonly wave: string;
  readonly finding: string;
}

export const everything: Query = { text: '', state: '', gain: '', about: '', wave: '', finding: '' };

export interface Search {
  /** Places of the vaults that fit, in the order of the plan. */
  vaults(query: Query): readonly number[];
  /** Places of the principals whose name or ids hold every word, or of all. */
  people(text: string): readonly number[];
}

/** Texts are lowered once; what vaults share is matched once, and not again for each vault. */
export function searchIn(store: Store): Search {
  const { review } = store;
  const people = review.principals.map(({ name, id, appId = '', kind }) => `${name} ${id} ${appId} ${kind}`.toLowerCase());
  const roles = review.roles.map(({ name }) => name.toLowerCase());
  const findings = review.findings.map(({ code, message }) => `${code} ${message}`.toLowerCase());
  const vaults = review.vaults.map(({ name, id, wave = '' }) =>
    `${name} ${placeOf(id).group} ${placeOf(id).subscription} ${wave}`.toLowerCase(),
  );
  const tiersOfGain = review.gains.map(({ dataActions }) => new Set(dataActions.map(({ tier }) => tier)));
  const holds = (texts: readonly string[], word: string): Uint8Array => Uint8Array.from(texts, (text) => (text.includes(word) ? 1 : 0));

  const wordTest = (word: string) => {
    const [who, role, finding] = [holds(people, word), holds(roles, word), holds(findings, word)];
    return (vault: ReviewVault, at: number): boolean =>
      vaults[at]?.includes(word) === true ||
      vault.entries.some(({ principal }) => who[principal] === 1) ||
      vault.gains.some(({ principal }) => who[principal] === 1) ||
      vault.assign.some((one) => role[one.role] === 1) ||
      vault.findings.some((one) => finding[one.finding] === 1);
  };
  const about = (wanted: Query['about'], vault: ReviewVault): boolean => {
    const changes = vault.entries.map(({ change }) => review.changes[change]);
    switch (wanted) {
      case '':
        return true;
      case 'undecided':
        return changes.some((change) => change?.outcome === 'undecided');
      case 'lost':
        return changes.some((change) => change !== undefined && change.lost.length > 0);
      case 'moved':
        return vault.since !== undefined && vault.since.state !== 'same';
      case 'custom':
        return vault.customRoles.length > 0;
    }
  };
  return {
    vaults({ text, state, gain, wave, finding, ...query }) {
      const tests = wordsOf(text).map(wordTest);
      const found: number[] = [];
      for (const [at, vault] of review.vaults.entries()) {
        if (state !== '' && vault.state !== state) continue;
        if (wave !== '' && vault.wave !== wave) continue;
        if (gain !== '' && !vault.gains.some((one) => tiersOfGain[one.gain]?.has(gain) === true)) continue;
        if (finding !== '' && !vault.findings.some((one) => review.findings[one.finding]?.code === finding)) continue;
        if (about(query.about, vault) && tests.every((test) => test(vault, at))) found.push(at);
      }
      return found;
    },
    people(text) {
      const words = wordsOf(text);
      return people.flatMap((one, at) => (words.every((word) => one.includes(word)) ? [at] : []));
    },
  };
}

function wordsOf(text: string): readonly string[] {
  return text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
}
