import { judgeVault } from '../access/judge-vault.ts';
import type { Gain } from '../access/judgement.ts';
import { parseGuid } from '../base/guid.ts';
import type { PlannedGain } from '../formats/plan.ts';
import type { OpenQuestion } from '../model/gap.ts';
import { parseScope, scopeReaches } from '../model/scope.ts';
import { vaultNeeds } from '../plan/vault-needs.ts';
import { gapsOf } from './gaps.ts';
import { vaultQuestion } from './vault-question.ts';
import type { VerifyQuestion } from './verify-question.ts';
import type { VerifyVerdict } from './verify-verdict.ts';

/**
 * Whether the vault's access survives its flip, from facts alone. Pure; serves the gate of the flip and `keyturn verify`.
 * Unknown is never covered; and with a plan, a gain that nobody was shown is as much a stop as a loss.
 */
export function verifyVault(question: VerifyQuestion): VerifyVerdict {
  const { vault, estate, catalogue, plan } = question;
  const { needs, open: undecided } = vaultNeeds(vault, estate, catalogue, plan?.entries);
  const open = [...undecided, ...unknownGains(question)];
  const { pairs, gains, doubts } = judgeVault(vaultQuestion(question, needs));
  const listed = plan?.gains ?? [];
  const unlisted = gains.filter((gain) => !isListed(gain, listed, question));
  const unknown = pairs.some((pair) => pair.state === 'unknown') || open.some((one) => one.state === 'undetermined');
  const gap = pairs.some((pair) => pair.state === 'uncovered') || open.some((one) => one.state === 'gap');
  const news = plan === undefined || question.flipped === true ? [] : unlisted;
  const state = gap || news.length > 0 ? 'gap' : unknown ? 'undetermined' : 'covered';
  const gaps = gapsOf({ open, pairs, news, principals: estate.principals, planned: plan !== undefined, vault });
  return { state, pairs, gains, unlisted, doubts, gaps };
}

/** Listed: the same principal was shown to gain the same actions at that scope or a wider one. */
function isListed(gain: Gain, listed: readonly PlannedGain[], { subscription }: VerifyQuestion): boolean {
  const same = listed.filter((one) => {
    const scope = parseScope(one.scope);
    return (
      parseGuid(one.principalId) === gain.principalId &&
      scope !== undefined &&
      scopeReaches(scope, gain.route.scope, subscription.managementGroups)
    );
  });
  const shown = new Set(same.flatMap((one) => one.dataActions.map((action) => action.dataAction)));
  return gain.dataActions.every((action) => shown.has(action.name));
}

/** Also where nobody can lose anything, whoever gains has to be known. */
function unknownGains({ subscription: { roleAssignments } }: VerifyQuestion): readonly OpenQuestion[] {
  return roleAssignments.state === 'read' ? [] : [{ kind: 'gainsUnread', state: 'undetermined', text: roleAssignments.because }];
}
