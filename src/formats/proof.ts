import { z } from 'zod';

/** The proof file, version 1: a verdict on one vault with every fact it stands on, so that it can be re-checked with nothing else. */

const text = z.string();
const texts = z.array(z.string());
const namedObject = z.strictObject({ kind: z.literal('object'), collection: text, name: text });
const resource = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('vault') }),
  z.strictObject({ kind: z.literal('anyObject'), collection: text }),
  namedObject,
]);

/** A condition as far as a proof can be checked by it: what it asks of the action and of a secret's name. All else is `other`. */
export type ProofCondition =
  | { readonly all: readonly ProofCondition[] }
  | { readonly any: readonly ProofCondition[] }
  | { readonly not: ProofCondition }
  | { readonly actionMatches: readonly string[] }
  | { readonly nameIs: readonly string[]; readonly of: 'resource' | 'request'; readonly anyCase?: true }
  | { readonly other: string };
const condition: z.ZodType<ProofCondition> = z.lazy(() =>
  z.union([
    z.strictObject({ all: z.array(condition) }),
    z.strictObject({ any: z.array(condition) }),
    z.strictObject({ not: condition }),
    z.strictObject({ actionMatches: texts }),
    z.strictObject({ nameIs: texts, of: z.enum(['resource', 'request']), anyCase: z.literal(true).exactOptional() }),
    z.strictObject({ other: text }),
  ]),
);
const block = z
  .strictObject({ dataActions: texts, notDataActions: texts, condition: condition.exactOptional() })
  .describe('One permission block of a role or deny, with the condition that stands on it, shown by Azure or not.');
const named = z.array(z.strictObject({ id: text, type: text }));

const assignment = z.strictObject({
  id: text,
  scope: text,
  roleDefinitionId: text,
  principalId: text,
  principalType: text,
  condition: condition.exactOptional(),
  planned: z
    .enum(['no', 'made', 'missing'])
    .describe('Whether the plan makes it. A missing one covers nothing; what the plan gives is listed as a gain.'),
  since: text.exactOptional().describe('When it was made or last changed; empty when Azure did not say.'),
  windows: z
    .array(z.strictObject({ from: text.exactOptional(), until: text.exactOptional(), activated: z.boolean() }))
    .nullable()
    .describe('Times in which PIM has it active; empty when PIM does not stand behind it, null when that could not be read.'),
});

const deny = z.strictObject({
  id: text,
  scope: text,
  blocks: z.array(block),
  principals: named,
  excludePrincipals: named,
  doNotApplyToChildScopes: z.boolean(),
  condition: condition.exactOptional(),
});

const principal = z.strictObject({
  id: text,
  kind: text,
  displayName: text.exactOptional().describe('For reading only.'),
  dynamic: z.boolean().exactOptional(),
  securityEnabled: z.boolean().exactOptional(),
  managedIdentity: z.boolean().exactOptional(),
});

const facts = z.strictObject({
  accessPolicies: z.array(z.record(z.string(), z.json())).describe('Verbatim as the vault stores them.'),
  managementGroups: texts.describe('Those above the subscription.'),
  roleAssignments: z.array(assignment).describe('All that reach the vault or one of its objects and may give data actions.'),
  roleDefinitions: z.array(z.strictObject({ id: text, name: text, blocks: z.array(block) })),
  denyAssignments: z.array(deny).describe('All that reach the vault or one of its objects and name data actions.'),
  principals: z.array(principal),
  groups: z
    .array(
      z.strictObject({
        id: text,
        members: texts.nullable(),
        ending: z
          .array(z.strictObject({ principalId: text, until: text.exactOptional() }))
          .exactOptional()
          .describe('Members whose membership PIM for Groups ends, and when where it says so: no firm ground.'),
      }),
    )
    .describe('Transitive members of each group that takes part, as far as they take part themselves; null when unreadable.'),
  unreadable: texts.describe('Lists that could not be read.'),
});

const proofBody = z.strictObject({
  format: z.literal('keyturn-proof'),
  formatVersion: z.literal(1),
  cloud: text,
  vaultId: text,
  vaultTenantId: text,
  at: z.iso.datetime(),
  minimumAgeMinutes: z.number().int().min(0),
  catalogue: z
    .strictObject({
      digest: text,
      dataActions: z.array(
        z.strictObject({ name: text, collection: text.exactOptional(), checkedAt: z.array(z.enum(['vault', 'object'])) }),
      ),
      permissions: z.record(z.string(), texts),
      all: z.record(z.string(), texts),
    })
    .describe('What permissions stand for and where each data action is checked.'),
  facts,
  fingerprints: z.record(z.string(), z.string()).describe('Digest of each list of `facts`, to compare two proofs by.'),
  plan: z
    .strictObject({
      digest: text,
      decisions: z
        .array(
          z.strictObject({
            key: text,
            dropped: texts,
            byGroups: z.literal(true).exactOptional().describe('What the principal has through groups counts, by decision.'),
            objects: z
              .array(z.strictObject({ resource: namedObject, dataActions: texts }))
              .exactOptional()
              .describe('Where alone what is dropped still has to work.'),
          }),
        )
        .describe('By the key of the entry: tenant/object[/application].'),
      gains: z.array(z.strictObject({ principalId: text, scope: text, dataActions: texts })),
    })
    .nullable()
    .describe('What people decided and were shown; null when the vault was checked without a plan.'),
  flipped: z
    .literal(true)
    .exactOptional()
    .describe('The vault was on Azure RBAC, and was held against what the plan promised: gains that the plan did not show do not stop it.'),
  verdict: z.strictObject({
    state: z.enum(['covered', 'gap', 'undetermined']),
    pairs: z
      .array(
        z.strictObject({
          principalId: text,
          dataAction: text,
          resource,
          state: z.enum(['covered', 'uncovered', 'unknown']),
          by: z.array(z.strictObject({ assignmentId: text, throughGroup: text.exactOptional() })),
          because: text.describe('Why it is not covered, with the nearest assignment; empty when it is.'),
        }),
      )
      .describe('Every required pair. A pair that is not covered is the counterexample.'),
    gains: z.array(
      z.strictObject({
        principalId: text,
        assignmentId: text,
        scope: text,
        dataActions: texts,
        certain: z.boolean(),
        cause: z.enum(['plan', 'flip']),
      }),
    ),
    lines: texts.describe('What keeps the state from being covered, in words.'),
    secondOpinion: texts
      .exactOptional()
      .describe('What Azure said against it when asked for its own judgement; it stands on no fact of the proof.'),
  }),
});

export const proofFile = proofBody.extend({ digest: z.string().describe('SHA-256 over the canonical form of the rest.') });
export type ProofBody = z.infer<typeof proofBody>;
export type Proof = z.infer<typeof proofFile>;
