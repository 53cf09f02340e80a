import * as legacy from '../../src/access/decide-legacy.ts';
import * as rbac from '../../src/access/decide-rbac.ts';
import * as people from '../../src/access/judge-people.ts';
import * as vault from '../../src/access/judge-vault.ts';
import type { Access, Gain } from '../../src/access/judgement.ts';
import * as rights from '../../src/access/operator-rights.ts';
import { reasonInWords, reasonLines, reasonsInWords, unreadInWords } from '../../src/words/reason-words.ts';

// The judgement with its reasons as people read them: for tests of what a person is told. Reasons as data are asserted in
// reasons.test.ts.

export const decideRbac = (...asked: Parameters<typeof rbac.decideRbac>) => accessInWords(rbac.decideRbac(...asked));
export const decideLegacy = (...asked: Parameters<typeof legacy.decideLegacy>) => accessInWords(legacy.decideLegacy(...asked));

function accessInWords(access: Access) {
  switch (access.state) {
    case 'granted':
      return access;
    case 'unknown':
      return { ...access, because: access.because.map(reasonInWords) };
    case 'notGranted': {
      const { because, nearest, ...rest } = access;
      return { ...rest, because: reasonInWords(because), ...(nearest !== undefined && { nearest: reasonInWords(nearest) }) };
    }
  }
}

export function judgeVault(...asked: Parameters<typeof vault.judgeVault>) {
  const { pairs, gains, doubts } = vault.judgeVault(...asked);
  return { pairs: pairs.map(inWords), gains: gains.map(gainInWords), doubts: reasonLines(doubts) };
}

function gainInWords({ doubts, ...gain }: Gain) {
  return { ...gain, ...(doubts !== undefined && { doubts: reasonLines(doubts) }) };
}

export function judgePeople(...asked: Parameters<typeof people.judgePeople>) {
  const judged = people.judgePeople(...asked);
  return {
    people: judged.people.map(({ losses, ...one }) => ({ ...one, losses: losses.map(inWords) })),
    unread: judged.unread.map(({ losses, because, ...one }) => ({ ...one, losses: losses.map(inWords), because: unreadInWords(because) })),
  };
}

export function operatorRights(...asked: Parameters<typeof rights.operatorRights>) {
  const { canFlip, canAssign, canDefineRoles, canDelete } = rights.operatorRights(...asked);
  return {
    canFlip: inWords(canFlip),
    canAssign: (...planned: Parameters<typeof canAssign>) => inWords(canAssign(...planned)),
    canDefineRoles: () => inWords(canDefineRoles()),
    canDelete: (...planned: Parameters<typeof canDelete>) => inWords(canDelete(...planned)),
  };
}

function inWords<T extends { readonly because: Parameters<typeof reasonsInWords>[0] }>(value: T) {
  return { ...value, because: reasonsInWords(value.because) };
}
