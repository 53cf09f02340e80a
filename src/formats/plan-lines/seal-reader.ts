import type { z } from 'zod';
import { KnownError } from '../../base/known-error.ts';
import { parseUntrusted } from '../../base/untrusted-json.ts';
import { headOf, type PlanHead, type PlanTail, type VaultPlan } from '../plan.ts';
import { endLine, headLine, sealLine } from './lines.ts';
import { lineDigest, sealDigest } from './write-lines.ts';

const again = 'run `keyturn plan` again';

/** In UTF-16 code units: more than the line of any subscription that Azure can hold. */
const longestLine = 400_000_000;

/** What the plan says of a vault before its line is read. */
type VaultName = Pick<VaultPlan, 'vaultId' | 'name' | 'state'> & {
  /** SHA-256 of its line, in hex: what an approval of the vault binds to. */
  readonly digest: string;
};

/** A plan that is whole, as its seal says, with what can be told before its vaults are read. */
export interface SealedPlan {
  readonly head: PlanHead;
  readonly tail: PlanTail;
  readonly vaults: readonly VaultName[];
  readonly digest: string;
  /** SHA-256 of each line before the seal, in hex. */
  readonly lines: readonly string[];
}

export interface SealReader {
  /** The next line, without its end. */
  push(line: string): void;
  /** @throws KnownError PLAN_UNREADABLE or PLAN_FORMAT (usage), PLAN_EDITED (blocked). */
  done(): SealedPlan;
}

/** Reads a plan that may come from anywhere: version before seal, seal before meaning. Nothing of it is kept but what it answers with. */
export function sealReader(): SealReader {
  const digests: string[] = [];
  const vaults: VaultName[] = [];
  let head: PlanHead | undefined;
  let last = '';
  let beforeLast = '';
  // A plan of format 1, like any other JSON that is laid out for people, is one text over many lines.
  let manyLines = false;
  let start = '';
  return {
    push(line) {
      if (line.length > longestLine) throw unreadablePlan(`a line is longer than ${longestLine} characters`);
      if (digests.length < firstLines && (manyLines || line.trim() === '{')) {
        manyLines = true;
        start += line;
      } else head ??= manyLines ? notLines(start) : readHead(line);
      const digest = lineDigest(line);
      const vault = nameOf(line);
      if (vault !== undefined) vaults.push({ ...vault, digest });
      digests.push(digest);
      [beforeLast, last] = [last, line];
    },
    done() {
      if (manyLines) notLines(start);
      if (head === undefined) throw unreadablePlan('it is empty');
      if (!last.startsWith('{"kind":"seal"')) throw unreadablePlan('it ends before its seal: it was cut off');
      const seal = parsedLine(last, sealLine);
      const lines = digests.slice(0, -1);
      if (
        seal.lines.length !== lines.length ||
        lines.some((digest, at) => digest !== seal.lines[at]) ||
        sealDigest(lines) !== seal.digest
      ) {
        throw new KnownError('blocked', 'PLAN_EDITED', 'the plan was changed after it was written', `${again} and have it approved`);
      }
      const { unreadable, findings } = parsedLine(beforeLast, endLine);
      return { head, tail: { unreadable, findings }, vaults, digest: seal.digest, lines };
    },
  };
}

/** So many lines tell what a JSON text over many lines is. */
const firstLines = 5;

/** @throws KnownError PLAN_FORMAT or PLAN_UNREADABLE (usage), always. */
function notLines(start: string): never {
  const [, version] = /"format": ?"keyturn-plan",\s*"formatVersion": ?(\d+)/.exec(start) ?? [];
  if (version === undefined) throw unreadablePlan('it is not a keyturn plan file');
  throw otherFormat(Number(version), /"toolVersion": ?"([^"]*)"/.exec(start)?.[1]);
}

function readHead(line: string): PlanHead {
  const value = parseUntrusted(line, { what: 'the plan', code: 'PLAN_UNREADABLE', remedy: again, limit: longestLine });
  if (value.format !== 'keyturn-plan') throw unreadablePlan('it is not a keyturn plan file');
  if (value.formatVersion !== 2) throw otherFormat(value.formatVersion, value.toolVersion);
  return headOf(parsedLine(line, headLine));
}

function otherFormat(found: unknown, writer: unknown): KnownError {
  const version = typeof found === 'number' ? found : 'none';
  const by = typeof writer === 'string' ? writer.slice(0, 40) : 'unknown';
  const message = `the plan has format \`${version}\`, written by version \`${by}\`; this version reads format 2`;
  return new KnownError('usage', 'PLAN_FORMAT', message, `${again} with this version, or use the version that wrote it`);
}

const vaultStart =
  /^\{"kind":"vault","vaultId":("(?:[^"\\]|\\.)*"),"name":("(?:[^"\\]|\\.)*"),"state":"(ready|blocked|repair|alreadyOnRbac)",/;

function nameOf(line: string): Omit<VaultName, 'digest'> | undefined {
  if (!line.startsWith('{"kind":"vault"')) return undefined;
  const [, vaultId, name, state] = vaultStart.exec(line) ?? [];
  if (vaultId === undefined || name === undefined || state === undefined) throw notValid('a vault');
  return { vaultId: text(vaultId), name: text(name), state: state as VaultName['state'] };
}

function text(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    throw notValid('a vault');
  }
}

/** @throws KnownError PLAN_UNREADABLE (usage). */
export function parsedLine<Schema extends z.ZodType>(line: string, schema: Schema): z.infer<Schema> {
  const value = parseUntrusted(line, { what: 'the plan', code: 'PLAN_UNREADABLE', remedy: again, limit: longestLine });
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const kind = typeof value.kind === 'string' ? value.kind.slice(0, 20) : 'line';
  throw notValid(`${kind}.${parsed.error.issues[0]?.path.join('.') ?? ''}`);
}

function notValid(what: string): KnownError {
  return unreadablePlan(`\`${what}\` is not valid in format version 2`);
}

export function unreadablePlan(why: string): KnownError {
  return new KnownError('usage', 'PLAN_UNREADABLE', `the plan cannot be read: ${why}`, again);
}
