import type { EntryPlan, VaultPlan } from '../formats/plan.ts';
import { policyKey } from '../model/access-policy.ts';
import { shortAction } from '../model/data-action.ts';
import { compareBasis, without } from '../plan/compare-basis.ts';
import { findingWords } from '../words/finding-words.ts';
import { whereWords } from '../words/scope-words.ts';
import { changeOf } from './changes.ts';
import type { Move, VaultSince } from './review.ts';

type Lines = Readonly<Record<Move['what'], readonly string[]>>;

/** How the plan of a vault differs from that of an earlier plan, whatever the reason; in words, as the two plans tell of themselves. */
export function vaultSince(earlier: VaultPlan | undefined, now: VaultPlan): VaultSince {
  if (earlier === undefined) return { state: 'new', moves: [] };
  const [before, after] = [linesOf(earlier), linesOf(now)];
  const told = (Object.keys(after) as Move['what'][]).flatMap((what) => moved(what, before[what], after[what]));
  const facts = compareBasis(earlier.basis, now.basis).flatMap(({ field, gone, came, reordered }) =>
    reordered
      ? [{ sign: '+' as const, what: 'fact' as const, text: `${field}: the same in another order` }]
      : moved('fact', prefixed(field, gone), prefixed(field, came)),
  );
  const moves = [...told, ...facts];
  return { state: moves.length === 0 ? 'same' : 'moved', moves };
}

function moved(what: Move['what'], before: readonly string[], after: readonly string[]): Move[] {
  return [
    ...without(before, after).map((text): Move => ({ sign: '-', what, text })),
    ...without(after, before).map((text): Move => ({ sign: '+', what, text })),
  ];
}

function prefixed(field: string, lines: readonly string[]): readonly string[] {
  return lines.map((line) => `${field}: ${line}`);
}

/** Facts are compared apart: the permission model, which our own flip changes, is shown as the state of the vault. */
function linesOf(plan: VaultPlan): Lines {
  const { state, wave, entries, steps, gains, findings } = plan;
  const names = new Map(entries.map((entry) => [entry.objectId.toLowerCase(), who(entry)]));
  const nameOf = (id: string) => names.get(id.toLowerCase()) ?? id;
  return {
    state: [wave === undefined ? state : `${state}, wave ${wave}`],
    access: entries.map(accessLine),
    assignment: steps.flatMap((step) => {
      if (step.kind === 'flip') return [];
      if (step.kind === 'ensureRoleDefinition') return [`custom role ${step.roleName}: ${actions(step.dataActions)}`];
      const { roleName, principalId, scope, condition } = step;
      return [`${roleName} ${whereWords(scope)} to ${nameOf(principalId)}${condition === undefined ? '' : ` under ${condition}`}`];
    }),
    gain: gains.map(({ principal, principalId, roleName, scope, dataActions, cause, certain }) => {
      const named = nameOf(principalId);
      const name = named === principalId && principal.displayName !== '' ? `${principal.displayName} (${principalId})` : named;
      const by = `${roleName ?? 'a role'} ${whereWords(scope)}`;
      const told = dataActions.map(({ dataAction, tier }) => `${shortAction(dataAction)} (${tier})`).join(', ');
      return `${name} ${certain ? 'gains' : 'may gain'} ${told}: ${by}, ${cause === 'plan' ? 'made by the plan' : 'at the flip'}`;
    }),
    finding: findings.map((one) => {
      const whom = one.subject.principal === undefined ? '' : ` for ${nameOf(one.subject.principal)}`;
      return `${one.severity} ${one.code}${whom}: ${findingWords(one).message}`;
    }),
    fact: [],
  };
}

function accessLine(entry: EntryPlan): string {
  const names: string[] = [];
  const roleAt = ({ name }: { readonly name: string }) => names.push(name);
  const { permissions, outcome, objects, conditioned, lost, open } = changeOf(entry, roleAt);
  const { decision } = entry;
  const parts = [
    permissions.length === 0 ? 'no permission' : permissions.join('; '),
    `${outcome}${names.length === 0 ? '' : ` by ${names.join(', ')}`}`,
    ...objects.map(({ object }) => `on ${object}`),
    ...(conditioned === undefined ? [] : ['under a condition']),
    ...(lost.length === 0 ? [] : [`gives up ${actions(lost)}`]),
    ...(open.length === 0 ? [] : [`open ${actions(open)}`]),
    ...(decision === undefined ? [] : [`decided ${decision.choice}: ${decision.reason}`]),
  ];
  return `${who(entry)}: ${parts.join('; ')}`;
}

function who(entry: EntryPlan): string {
  const [, ...id] = policyKey(entry).split('/');
  const name = entry.principal.displayName;
  return name === '' ? id.join('/') : `${name} (${id.join('/')})`;
}

function actions(all: readonly string[]): string {
  return all.map(shortAction).join(', ');
}
