import { z } from 'zod';
import type { Estate } from '../model/estate.ts';
import { parseGuid } from '../model/guid.ts';
import { KnownError } from '../model/known-error.ts';
import type { Vault } from '../model/vault.ts';
import { type Decision, decisionChoices } from './plan.ts';
import { parseUntrusted } from './untrusted-json.ts';

const guid = z.string().refine((raw) => parseGuid(raw) !== undefined, 'is no GUID');
const permission = z.string().regex(/^(keys|secrets|certificates|storage)\/\S+$/i, 'is not written like `secrets/get`');

const objectWord = /^(keys|secrets|certificates)\/[0-9a-z-]{1,127}$/i;
const object = z.string().regex(objectWord, 'is not written like `secrets/name`');

/** Whether it names an object as decisions do; a name of Key Vault has letters, digits and dashes. */
export function isObjectWord(text: string): boolean {
  return objectWord.test(text);
}

const row = z
  .strictObject({
    vault: z.string().min(1).describe("The vault's name or resource id."),
    principal: guid.describe('Object id of the access policy.'),
    applicationId: guid.exactOptional().describe("The compound identity's application; leave it out for the plain policy."),
    choice: z
      .enum(decisionChoices)
      .describe(
        [
          'reproduce: the narrowest roles for all of it.',
          'preferFewer: few roles before little that comes along.',
          'customRole: a role with exactly its data actions.',
          'narrow: only `keep`.',
          'objectScope: only `objects`, by assignments on them, and `keep` for the whole vault.',
          'nameCondition: the same for secrets, by a condition on their names.',
          'keepExisting: only what roles give already.',
          'drop: none of it.',
        ].join(' '),
      ),
    keep: z
      .array(permission)
      .min(1)
      .exactOptional()
      .describe('With narrow: the legacy permissions to keep. With objectScope and nameCondition: those that stay for the whole vault.'),
    objects: z.array(object).min(1).exactOptional().describe('With objectScope and nameCondition, and only then: as `secrets/name`.'),
    reason: z.string().trim().min(1).describe('Shown to whoever reviews the plan.'),
  })
  .refine(({ choice, keep }) => (choice === 'narrow' ? keep !== undefined : keep === undefined || limitsObjects(choice)), {
    message: '`keep` goes with `narrow`, and may go with `objectScope` and `nameCondition`',
    path: ['keep'],
  })
  .refine(({ choice, objects }) => limitsObjects(choice) === (objects !== undefined), {
    message: '`objects` goes with `objectScope` and `nameCondition`',
    path: ['objects'],
  });

/** Whether the choice leaves access on named objects alone. */
export function limitsObjects(choice: Decision['choice']): boolean {
  return choice === 'objectScope' || choice === 'nameCondition';
}

/** The decisions file, version 1: a person's word on entries that need one. */
export const decisionsFile = z.strictObject({ formatVersion: z.literal(1), decisions: z.array(row) });
export type DecisionRow = z.infer<typeof row>;

const remedy = 'see docs/formats.md for what a decisions file holds';

/** @throws KnownError DECISIONS_UNREADABLE (usage), naming the first field that is wrong. */
export function readDecisions(text: string): readonly DecisionRow[] {
  const code = 'DECISIONS_UNREADABLE';
  const value = parseUntrusted(text, { what: 'the decisions file', code, remedy, limit: 64 * 1024 * 1024 });
  const parsed = decisionsFile.safeParse(value);
  if (parsed.success) return parsed.data.decisions;
  const issue = parsed.error.issues[0];
  const where = issue === undefined ? '' : `\`${issue.path.join('.')}\` ${issue.message}`;
  throw new KnownError('usage', code, `the decisions file cannot be read: ${where}`, remedy);
}

/** The decision for an entry: by the vault's scope and the policy's object and application id. */
export type DecisionsByEntry = ReadonlyMap<string, Decision>;

export function decisionKey(vault: Pick<Vault, 'scope'>, entry: { readonly objectId: string; readonly applicationId?: string }): string {
  return [vault.scope, entry.objectId, entry.applicationId ?? ''].join('|').toLowerCase();
}

/**
 * Binds each decision to the access policy it speaks of.
 * @throws KnownError (usage) DECISION_UNMATCHED when a vault or policy is not there, DECISION_TWICE when two speak of one.
 */
export function bindDecisions(rows: readonly DecisionRow[], estate: Estate): DecisionsByEntry {
  const bound = new Map<string, Decision>();
  for (const one of rows) {
    const vault = vaultNamed(one.vault, estate);
    const objectId = parseGuid(one.principal);
    const applicationId = one.applicationId === undefined ? undefined : parseGuid(one.applicationId);
    const policy = vault.accessPolicies.find((entry) => entry.objectId === objectId && entry.applicationId === applicationId);
    if (policy === undefined) {
      const who = applicationId === undefined ? `\`${one.principal}\`` : `\`${one.principal}\` with application \`${applicationId}\``;
      throw unmatched(`vault \`${vault.name}\` has no access policy for ${who}`);
    }
    const key = decisionKey(vault, policy);
    if (bound.has(key)) {
      const message = `two decisions speak of \`${one.principal}\` in vault \`${vault.name}\``;
      throw new KnownError('usage', 'DECISION_TWICE', message, 'leave one of them in the decisions file');
    }
    const { choice, reason, keep, objects } = one;
    bound.set(key, { choice, reason, ...(keep !== undefined && { keep }), ...(objects !== undefined && { objects }) });
  }
  return bound;
}

function vaultNamed(wanted: string, estate: Estate): Vault {
  const text = wanted.toLowerCase().replace(/\/+$/, '');
  const found = estate.vaults.find(({ vault }) => vault.name.toLowerCase() === text || vault.scope === text);
  if (found === undefined) throw unmatched(`no vault in view is called \`${wanted}\``);
  return found.vault;
}

function unmatched(what: string): KnownError {
  return new KnownError('usage', 'DECISION_UNMATCHED', `a decision matches nothing: ${what}`, 'correct the decisions file');
}
