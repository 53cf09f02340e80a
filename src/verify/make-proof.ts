import type { FactSources } from '../access/access-facts.ts';
import type { Gain, PairVerdict } from '../access/judgement.ts';
import { digestOf } from '../base/canonical-json.ts';
import { compareText } from '../base/compare-text.ts';
import { parseGuid } from '../base/guid.ts';
import { countsGroups } from '../formats/decisions.ts';
import type { EntryPlan, VaultPlan } from '../formats/plan.ts';
import { assignSteps } from '../formats/planned-steps.ts';
import type { Proof, ProofBody } from '../formats/proof.ts';
import { objectTypes, policyKey } from '../model/access-policy.ts';
import type { Catalogue } from '../model/catalogue.ts';
import { parseScope } from '../model/scope.ts';
import type { Vault } from '../model/vault.ts';
import { namedObject } from '../plan/named-object.ts';
import { plannedAssignments } from '../plan/planned-assignments.ts';
import { givenUp } from '../plan/vault-needs.ts';
import { linesAgainst } from '../words/gap-words.ts';
import { reasonsInWords } from '../words/reason-words.ts';
import { proofFacts } from './parts/proof-facts.ts';
import { judgedFacts } from './vault-question.ts';
import type { VerifyQuestion } from './verify-question.ts';
import type { VerifyVerdict } from './verify-verdict.ts';

/**
 * The proof of a verdict: what was demanded, what covers it, who gains, and every fact that bears on it, so that
 * `check-proof` can derive it again with nothing else. A pair that is not covered is its counterexample.
 */
export function makeProof(question: VerifyQuestion, verdict: VerifyVerdict, planDigest: string | undefined): Proof {
  const { vault, estate, catalogue, at, plan } = question;
  const subscription = judgedFacts(question);
  const sources: FactSources = { subscription, principals: estate.principals, members: estate.members, catalogue };
  const against = verdict.secondOpinion?.against ?? [];
  const facts = proofFacts(vault, sources, plannedAssignments(plan === undefined ? [] : assignSteps(plan)));
  const body: ProofBody = {
    format: 'keyturn-proof',
    formatVersion: 1,
    cloud: estate.cloud,
    vaultId: vault.scope,
    vaultTenantId: vault.tenantId,
    at: at.toISOString(),
    minimumAgeMinutes: question.minimumAgeMinutes,
    catalogue: cataloguePart(vault, catalogue),
    facts,
    fingerprints: Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, digestOf(fact)])),
    plan: plan === undefined ? null : planPart(plan, planDigest ?? ''),
    ...(question.flipped === true && { flipped: true }),
    verdict: {
      state: verdict.state,
      pairs: verdict.pairs.map(pairValue),
      gains: verdict.gains.map(gainValue),
      lines: linesAgainst(verdict).map((line) => line.toWellFormed()),
      ...(against.length > 0 && { secondOpinion: against.map((line) => line.toWellFormed()) }),
    },
  };
  return { ...body, digest: digestOf(body) };
}

/** All data actions, and of the permissions those that the vault's policies speak of. */
function cataloguePart({ accessPolicies }: Vault, { digest, dataActions, permissions, all }: Catalogue): ProofBody['catalogue'] {
  const spoken = accessPolicies.flatMap((policy) =>
    objectTypes.flatMap((type) => policy.permissions[type].map((word) => [type, word.trim().toLowerCase()] as const)),
  );
  const words = spoken.flatMap(([type, word]) => (word === 'all' ? all[type] : [word]).map((one) => `${type}/${one}`.toLowerCase()));
  const known = [...new Set(words)].sort(compareText).flatMap((word): [string, string[]][] => {
    const actions = permissions.get(word);
    return actions === undefined ? [] : [[word, [...actions]]];
  });
  return {
    digest,
    dataActions: dataActions.map(({ name, collection, checkedAt }) => {
      return { name, ...(collection !== undefined && { collection }), checkedAt: [...checkedAt] };
    }),
    permissions: Object.fromEntries(known),
    all: Object.fromEntries(objectTypes.map((type) => [type, [...all[type]]])),
  };
}

function planPart(plan: VaultPlan, digest: string): NonNullable<ProofBody['plan']> {
  const decided = plan.entries.filter((entry) => entry.outcome !== 'undecided');
  return {
    digest,
    decisions: decided.map((entry) => ({
      key: policyKey(entry),
      dropped: [...givenUp(entry)],
      ...(countsGroups(entry.decision) && { byGroups: true as const }),
      ...objectsPart(entry),
    })),
    gains: plan.gains.flatMap(({ principalId, scope, dataActions }) => {
      const [who, where] = [parseGuid(principalId), parseScope(scope)];
      if (who === undefined || where === undefined) return [];
      return [{ principalId: who, scope: where, dataActions: dataActions.map((action) => action.dataAction) }];
    }),
  };
}

function objectsPart({ objects }: EntryPlan): Pick<NonNullable<ProofBody['plan']>['decisions'][number], 'objects'> {
  if (objects === undefined) return {};
  return { objects: objects.map(({ object, dataActions }) => ({ resource: namedObject(object), dataActions })) };
}

function pairValue({ principalId, dataAction, resource, state, by, because }: PairVerdict): ProofBody['verdict']['pairs'][number] {
  const routes = by.map(({ assignmentId, throughGroup }) => ({ assignmentId, ...(throughGroup !== undefined && { throughGroup }) }));
  return { principalId, dataAction, resource: { ...resource }, state, by: routes, because: reasonsInWords(because).toWellFormed() };
}

function gainValue({ principalId, route, dataActions, certain, cause }: Gain): ProofBody['verdict']['gains'][number] {
  const names = dataActions.map((action) => action.name);
  return { principalId, assignmentId: route.assignmentId, scope: route.scope, dataActions: names, certain, cause };
}
