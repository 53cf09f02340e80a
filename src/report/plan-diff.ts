import { diffArrays } from 'diff';
import type { EntryPlan, VaultPlan } from '../formats/plan.ts';
import { shortAction } from '../model/data-action.ts';
import { choiceInWords } from '../words/choice-words.ts';
import { heldWords as grantWords } from '../words/grant-words.ts';
import { tieredWords } from './parts/tiered-words.ts';
import { permissionWords } from './permission-words.ts';
import { plainText } from './plain-text.ts';
import { identifiedPrincipal, principalName } from './principal-name.ts';

type Held = NonNullable<EntryPlan['held']>[number];

/** One line of a before/after view. */
export interface DiffLine {
  readonly sign: ' ' | '-' | '+' | '?';
  readonly text: string;
}

/** What the plan changes in a vault: the model, and for each policy what holds today and what will. */
export function planDiff(plan: VaultPlan): readonly DiffLine[] {
  const before = modelBefore(plan);
  return [
    ...lineDiff([`permission model: ${before}`], ['permission model: azureRbac']),
    ...plan.entries.flatMap((entry) => [
      { sign: ' ' as const, text: entryTitle(entry, 'whole') },
      ...lineDiff(policyLines(entry), roleLines(entry)),
      ...remarks(entry).map((text) => ({ sign: '?' as const, text: `  ${text}` })),
    ]),
  ];
}

/** By the facts that the plan stands on: a repair, blocked or not, is of a vault on Azure RBAC. */
function modelBefore({ basis, state }: VaultPlan): string {
  return state === 'alreadyOnRbac' || state === 'repair' ? 'azureRbac' : (basis.fields.permissionModel?.[0] ?? 'accessPolicy');
}

export function entryName(entry: Pick<EntryPlan, 'principal' | 'objectId' | 'applicationId'>): string {
  const name = principalName(entry.principal, entry.objectId);
  return entry.applicationId === undefined ? name : `${name} through application ${plainText(entry.applicationId)}`;
}

/** The same with the object id, as decisions need it. */
export function entryTitle(entry: Pick<EntryPlan, 'principal' | 'objectId' | 'applicationId'>, ids: 'whole' | 'short'): string {
  const name = identifiedPrincipal(entry.principal, entry.objectId, ids);
  return entry.applicationId === undefined ? name : `${name} through application ${plainText(entry.applicationId)}`;
}

function lineDiff(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  return diffArrays([...before], [...after]).flatMap((part) => {
    const sign = part.added ? ('+' as const) : part.removed ? ('-' as const) : (' ' as const);
    return part.value.map((text) => ({ sign, text }));
  });
}

function policyLines(entry: EntryPlan): readonly string[] {
  const words = permissionWords(entry.permissions);
  return words.length === 0 ? ['  policy without any permission'] : words.map((line) => `  policy ${line}`);
}

function roleLines(entry: EntryPlan): readonly string[] {
  const roles = assignedRoles(entry).map((words) => `  role ${words}`);
  const held = heldWords(entry).map((words) => `  ${words}`);
  switch (entry.outcome) {
    case 'reproduce':
    case 'alreadyCovered':
      return roles.length + held.length === 0 ? ['  no new role'] : [...roles, ...held];
    case 'undecided':
      return held;
    case 'drop':
      return entry.decision?.choice === 'keepExisting' && held.length > 0 ? held : ['  nothing'];
    case 'inert':
      return ['  nothing'];
  }
}

function assignedRoles({ choice, conditioned, objects }: EntryPlan): readonly string[] {
  const named = (objects ?? []).map(({ object }) => object).join(', ');
  return [
    ...(choice?.roles ?? []).map((role) => plainText(role.name)),
    ...(conditioned?.roles ?? []).map((role) => plainText(`${role.name}, by a condition only for ${named}`)),
    ...(objects ?? []).flatMap(({ object, roles }) => roles.map((role) => plainText(`${role.name} on ${object}`))),
  ];
}

/**
 * Role, where, through whom and by which assignment. Of many that give the same, as few are named as give it all; which actions they
 * give is said where that is not all of the entry.
 */
function heldWords({ held = [], required }: EntryPlan): readonly string[] {
  const named = fewest(held);
  const more = held.length - named.length;
  const lines = named.map((grant) => {
    const what = grant.dataActions.length === required.length ? '' : `: ${shortActions(grant.dataActions)}`;
    return plainText(`held already: ${grantWords(grant)}${what}`);
  });
  return more === 0 ? lines : [...lines, `and ${more} more that give${more === 1 ? 's' : ''} no more than that`];
}

/** Those that give most first, and no more of them than it takes to give all that any of them gives. */
function fewest(held: readonly Held[]): readonly Held[] {
  const open = new Set(held.flatMap(({ dataActions }) => dataActions));
  const named: Held[] = [];
  const left = [...held];
  while (open.size > 0) {
    const counts = left.map(({ dataActions }) => dataActions.filter((action) => open.has(action)).length);
    const [best] = left.splice(counts.indexOf(Math.max(...counts)), 1);
    if (best === undefined) break;
    named.push(best);
    for (const action of best.dataActions) open.delete(action);
  }
  return named;
}

/** What a reviewer has to weigh: why nothing comes, what is given up, what comes along. */
function remarks(entry: EntryPlan): readonly string[] {
  const { choice, decision, dropped, objects, outcome } = entry;
  const lines: string[] = [];
  if (outcome === 'undecided') lines.push('undecided: a person has to choose');
  if (outcome === 'inert') lines.push('grants nothing today');
  if (decision !== undefined) lines.push(`decided: ${decision.choice}, because ${plainText(decision.reason)}`);
  const told = objects === undefined || (choice?.roles.length ?? 0) > 0;
  if (outcome === 'reproduce' && told && choice !== undefined && choice.because.length > 0)
    lines.push(`why: ${plainText(choiceInWords(choice.because))}`);
  if (dropped.length > 0) lines.push(`given up${objects === undefined ? '' : ' on everything else'}: ${shortActions(dropped)}`);
  const gives = outcome === 'reproduce' || outcome === 'undecided';
  if (gives && choice !== undefined && choice.uncovered.length > 0) lines.push(`no role covers: ${shortActions(choice.uncovered)}`);
  if (outcome === 'reproduce' && choice !== undefined && choice.excess.length > 0)
    lines.push(`extra access: ${tieredWords(choice.excess)}`);
  return [...lines, ...besidesOnObjects(entry)];
}

/** What comes along there alone. */
function besidesOnObjects({ conditioned, objects }: EntryPlan): readonly string[] {
  const there = [
    ...(conditioned === undefined ? [] : [{ where: 'for the named secrets', excess: conditioned.excess }]),
    ...(objects ?? []).map(({ object, excess }) => ({ where: `on ${plainText(object)}`, excess })),
  ];
  return there.flatMap(({ where, excess }) => (excess.length === 0 ? [] : [`extra access ${where}: ${tieredWords(excess)}`]));
}

/** Gathered by what they work on: `keys: create, read; secrets: getSecret`. */
function shortActions(actions: readonly string[]): string {
  const groups = new Map<string, string[]>();
  for (const action of actions) {
    const [on = '', ...verb] = short(action).split('/');
    groups.set(on, [...(groups.get(on) ?? []), verb.join('/')]);
  }
  return [...groups].map(([on, verbs]) => `${on}: ${verbs.join(', ')}`).join('; ');
}

function short(action: string): string {
  return plainText(shortAction(action));
}
