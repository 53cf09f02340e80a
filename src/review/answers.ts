import { subscriptionIdOf } from '../model/vault-id.ts';
import { accessAnswers } from './access-answers.ts';
import type { Answers } from './questions.ts';
import type { Review, ReviewVault } from './review.ts';
import { countWords, type ReviewNames, reviewNames } from './review-names.ts';

/** What a plan says to each question about one of its vaults; what it does not say is named as unknown. */
export function answersOf(vault: ReviewVault, review: Review): Answers {
  const names = reviewNames(review);
  return {
    ...accessAnswers(vault, review, names),
    decided: decided(vault, review, names),
    changed: changed(vault, review),
    calls: calls(vault, review, names),
    order: order(vault),
    success: success(vault),
    unapproved: unapproved(vault, review),
    back: back(vault, review),
  };
}

type Names = ReviewNames;

function decided({ entries, accepted, acceptedGains }: ReviewVault, review: Review, names: Names): readonly string[] {
  const decisions = entries.flatMap(({ principal, decision }) => {
    const one = decision === undefined ? undefined : review.decisions[decision];
    return one === undefined ? [] : [`\`${one.choice}\` for ${names.principal(principal)}, because: ${one.reason}`];
  });
  const lines = [
    ...decisions,
    ...accepted.map(({ code, reason }) => `\`${code}\` was accepted, because: ${reason}`),
    ...acceptedGains.map(({ principal, reason }) => `what ${names.principal(principal)} gets at the flip was accepted, because: ${reason}`),
  ];
  const open = entries.filter(({ change }) => review.changes[change]?.outcome === 'undecided').length;
  const waits = open === 0 ? [] : [`${countWords(open, 'access policy waits', 'access policies wait')} for a decision`];
  if (lines.length === 0) {
    return open > 0 ? waits : ['no decision was needed: keyturn takes the narrowest roles that cover everything'];
  }
  return [...lines, ...waits, 'the plan holds the reason, and not the name of who decided: the history of the decisions file has it'];
}

/** A review shows so many moves of a vault; `keyturn diff` shows all. */
const mostMoves = 20;

function changed({ since }: ReviewVault, review: Review): readonly string[] {
  if (since === undefined) return ['unknown: no earlier plan was given; `--since OLD` compares with one'];
  const earlier = review.since === undefined ? '' : ` (${review.since.digest.slice(0, 19)}…)`;
  if (since.state === 'new') return [`the vault is not in the earlier plan${earlier}`];
  if (since.state === 'same') return [`nothing: it stands in the earlier plan${earlier} in the same way`];
  const more = since.moves.length - mostMoves;
  return [
    ...since.moves.slice(0, mostMoves).map(({ sign, what, text }) => `${sign === '-' ? 'gone' : 'new'}, ${what}: ${text}`),
    ...(more > 0 ? [`and ${more} more: \`keyturn diff OLD PLAN\` shows them`] : []),
  ];
}

function calls(vault: ReviewVault, review: Review, names: Names): readonly string[] {
  const { assign, customRoles, flip, handOff, state } = vault;
  const made = [
    ...customRoles.map((at) => `PUT role definition ${review.customRoles[at]?.name ?? ''}: \`${review.customRoles[at]?.roleName ?? ''}\``),
    ...assign.map(({ principal, role, name, on, condition }) => {
      const where = on === undefined ? '' : ` on \`${on}\``;
      return `PUT role assignment ${name}: \`${names.role(role)}\`${where} to ${names.principal(principal)}${condition === undefined ? '' : ' under a condition'}`;
    }),
    ...(flip ? ['PATCH the vault: `properties.enableRbacAuthorization` becomes true, and nothing else of it is sent'] : []),
  ];
  return [
    ...(made.length === 0 ? ['nothing is written'] : []),
    ...(state === 'blocked' && made.length > 0 ? ['nothing as long as the vault is blocked; once it is not:'] : []),
    ...made,
    ...handOff.map((command) => `by someone with the rights, before the plan is applied: \`${command}\``),
    'and readings; no vault is written by PUT, and no value of a secret is read',
  ];
}

function order({ wave, flip, id }: ReviewVault): readonly string[] {
  return [
    wave === undefined ? 'the plan names no wave for it' : `in wave ${wave}`,
    `in subscription ${subscriptionIdOf({ vaultId: id })}`,
    ...(flip
      ? [
          'infrastructure code was not read: where it sets the permission model or access policies of this vault, its next run reverts the flip; change it in the same step',
        ]
      : []),
    'names of assignments follow from scope, role and principal, so a second run makes nothing twice',
  ];
}

function success({ flip, assign }: ReviewVault): readonly string[] {
  if (!flip && assign.length === 0) return ['there is nothing to show: nothing is changed'];
  return [
    '`keyturn verify PLAN` checks on fresh facts that everybody keeps what this plan promises; the run writes a proof a vault, which `keyturn check-proof FILE` derives again',
    ...(flip ? ['services that cache may notice a loss only after a day: watch the audit log for `ForbiddenByRbac` that long'] : []),
  ];
}

function unapproved({ state, flip, assign, gains, acceptedGains }: ReviewVault, review: Review): readonly string[] {
  if (!flip && assign.length === 0) return ['nothing, as with approval: the plan changes nothing here'];
  const stays =
    state === 'repair'
      ? 'the access that is missing today stays missing'
      : 'the vault stays on access policies, which Azure goes on supporting';
  const open = gains.filter((one) => {
    const gain = review.gains[one.gain];
    const isAccepted = acceptedGains.some((accepted) => accepted.gain === one.gain && accepted.principal === one.principal);
    return gain?.cause === 'flip' && gain.tier <= 'B' && !isAccepted;
  });
  return [
    `${approvalWords(review)}; until then nothing is written, and ${stays}`,
    ...(open.length === 0
      ? []
      : [
          `${countWords(open.length, 'gain')} of tier A or B at the flip ${open.length === 1 ? 'needs' : 'need'} an acceptance by name, without which the vault is not flipped`,
        ]),
    'a plan turns stale when its facts move, and is refused then',
  ];
}

function approvalWords({ plan: { approvals, author } }: Review): string {
  if (approvals === undefined || approvals.need === 'none')
    return 'no approval is sealed into this plan, so the plan waits for nobody but the person who runs `keyturn apply`';
  const { need, count = 1, signed, selfApproval } = approvals;
  const who = author === undefined || selfApproval === true ? '' : `, none of them ${author}, who made the plan`;
  const what = need === 'vault' ? 'this vault' : 'the plan';
  return `\`keyturn apply\` refuses until ${countWords(count, 'person has', 'people have')} approved ${what}${signed === true ? ' with a signature' : ''}${who}`;
}

/** Findings that say that a rollback is hindered, or leaves something. */
const hindering = new Set(['INV-POLICY-DENIES-ROLLBACK', 'INV-LOCK-READONLY', 'PLN-POLICY-KEEPS', 'PLN-DENY-CONTROL', 'PLN-OPERATOR-FLIP']);

function back({ name, flip, assign, findings }: ReviewVault, review: Review): readonly string[] {
  if (!flip && assign.length === 0) return ['there is nothing to take back'];
  const told = [...new Set(findings.map(({ finding }) => finding))].flatMap((at) => {
    const one = review.findings[at];
    return one !== undefined && hindering.has(one.code) ? [`in the way: ${one.code}: ${one.message}`] : [];
  });
  return [
    ...(flip
      ? [
          `\`keyturn rollback ${name}\` sends one PATCH, after which the stored access policies hold again; a script that needs \`az\` alone is saved before the flip`,
        ]
      : []),
    `${countWords(assign.length, 'assignment stays', 'assignments stay')} unless \`--remove-assignments\` is given; on access policies they give nothing on data`,
    ...told,
  ].filter((line) => assign.length > 0 || !line.includes('--remove-assignments'));
}
