import { guidAtEnd, parseGuid } from '../../base/guid.ts';
import type { Operator, Truth } from '../condition.ts';

/**
 * Compares one value of an attribute with one of the condition. With `caseOpen`, an answer that hangs on upper and lower
 * case is unknown: what Key Vault does there is contradictory (EA-41).
 */
export function compareValues(operator: Operator, value: string, wanted: string, caseOpen: boolean): Truth {
  const answer = operator.type === 'String' ? compareTexts(operator, value, wanted, caseOpen) : compareTyped(operator, value, wanted);
  return answer === 'unknown' ? 'unknown' : answer !== operator.negated;
}

function compareTexts(operator: Operator, value: string, wanted: string, caseOpen: boolean): Truth {
  const exact = textMatches(operator.relation, value, wanted);
  const folded = textMatches(operator.relation, value.toLowerCase(), wanted.toLowerCase());
  if (caseOpen && exact !== folded) return 'unknown';
  return operator.ignoreCase ? folded : exact;
}

function textMatches(relation: Operator['relation'], value: string, wanted: string): boolean {
  if (relation === 'Like') return isLike(value, wanted);
  return relation === 'StartsWith' ? value.startsWith(wanted) : value === wanted;
}

function compareTyped(operator: Operator, value: string, wanted: string): Truth {
  if (operator.type === 'Bool') return /^(true|false)$/i.test(value) ? value.toLowerCase() === wanted.toLowerCase() : 'unknown';
  if (operator.type === 'Guid') {
    const id = parseGuid(value) ?? guidAtEnd(value);
    return id === undefined ? 'unknown' : id === parseGuid(wanted);
  }
  const [left, right] = operator.type === 'Numeric' ? [Number(value), Number(wanted)] : [Date.parse(value), Date.parse(wanted)];
  return Number.isNaN(left) || Number.isNaN(right) ? 'unknown' : ordered(operator.relation, left, right);
}

function ordered(relation: Operator['relation'], left: number, right: number): boolean {
  switch (relation) {
    case 'LessThan':
      return left < right;
    case 'LessThanEquals':
      return left <= right;
    case 'GreaterThan':
      return left > right;
    case 'GreaterThanEquals':
      return left >= right;
    case 'Equals':
    case 'StartsWith':
    case 'Like':
      return left === right;
  }
}

/** `*` is any run of characters, `?` is one, `\*` and `\?` are themselves. Goes back to the last star only, so it is never slow. */
export function isLike(text: string, pattern: string): boolean {
  const pieces = pattern.match(/\\[*?]|./gs) ?? [];
  let [at, piece, star, resumeAt] = [0, 0, -1, 0];
  while (at < text.length) {
    const wanted = pieces[piece];
    if (wanted === '*') {
      star = piece++;
      resumeAt = at;
    } else if (wanted !== undefined && (wanted === '?' || wanted.slice(-1) === text[at])) {
      piece += 1;
      at += 1;
    } else if (star >= 0) {
      piece = star + 1;
      at = ++resumeAt;
    } else return false;
  }
  return pieces.slice(piece).every((rest) => rest === '*');
}
