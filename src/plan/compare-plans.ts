import { canonicalJson } from '../base/canonical-json.ts';
import type { EntryPlan, PlannedGain, VaultPlan } from '../formats/plan.ts';
import { commandFor } from '../formats/step-command.ts';
import { policyKey } from '../model/access-policy.ts';
import { findingWords } from '../words/finding-words.ts';
import { type MovedField, without } from './compare-basis.ts';

/**
 * Where the plan of a vault that is said to be ready differs from the one made again from its facts. Left out is what time and whoever
 * runs it may change without harm: display names, sentences for people, prices, warnings; gains that are none any more; what the
 * operator may do. A blocker, an undecided entry, a step, an outcome, something given up, a gain that was not told: all of it counts.
 */
export function comparePlans(planned: VaultPlan, again: VaultPlan): readonly MovedField[] {
  const fields: Readonly<Record<string, readonly [readonly string[], readonly string[]]>> = {
    entries: [planned.entries.flatMap(entryLines), again.entries.flatMap(entryLines)],
    'extra data actions': untold(planned.entries.flatMap(excessLines), again.entries.flatMap(excessLines)),
    gains: untold(planned.gains.flatMap(gainLines), again.gains.flatMap(gainLines)),
    blockers: [[], blockers(again)],
    steps: [planned.steps.map(stepLine), again.steps.map(stepLine)],
    handOff: [handOffLines(planned), knownCommands(planned)],
  };
  return Object.entries(fields).flatMap(([field, [before, after]]) => {
    if (canonicalJson(before) === canonicalJson(after)) return [];
    const gone = without(before, after);
    const came = without(after, before);
    return [{ field, gone, came, reordered: gone.length + came.length === 0 }];
  });
}

function entryLines(entry: EntryPlan): readonly string[] {
  const { permissions, required, outcome, decision, dropped, choice, objects = [], conditioned } = entry;
  const parts: Readonly<Record<string, unknown>> = {
    permissions,
    required,
    outcome,
    decision,
    dropped,
    roles: choice?.roles.map(roleWords),
    covered: choice?.covered,
    uncovered: choice?.uncovered,
    'control plane': choice?.controlPlane,
    condition: conditioned?.condition,
    'roles under it': conditioned?.roles.map(roleWords),
  };
  const onObjects = objects.map(({ object, dataActions, roles }) => [object, { dataActions, roles: roles.map(roleWords) }] as const);
  const said = [...Object.entries(parts), ...onObjects].filter(([, value]) => value !== undefined);
  return said.map(([name, value]) => `${policyKey(entry)} ${name}: ${canonicalJson(value)}`);
}

function excessLines(entry: EntryPlan): readonly string[] {
  const { choice, conditioned, objects = [] } = entry;
  const parts = [choice, conditioned, ...objects].flatMap((part) => part?.excess ?? []);
  return parts.map(({ dataAction, tier }) => `${policyKey(entry)} ${dataAction} [${tier}]`);
}

function roleWords({ id, name }: { readonly id: string; readonly name: string }): string {
  return `${name} (${id})`;
}

function gainLines({ principalId, assignmentId, scope, throughGroup, dataActions }: PlannedGain): readonly string[] {
  const through = throughGroup === undefined ? '' : ` through ${throughGroup}`;
  const where = `${principalId} by ${assignmentId.toLowerCase()} at ${scope.toLowerCase()}${through}`;
  return dataActions.map(({ dataAction, tier }) => `${where}: ${dataAction} [${tier}]`);
}

/** Whether all is covered is for the gate to say, on facts that are read again just before the flip. */
const judgedByTheGate = new Set<string>(['PLN-UNCOVERED', 'PLN-UNKNOWN']);

/** In a repair an entry that needs a decision holds nobody else's access up. */
function blockers({ state, findings, entries }: VaultPlan): readonly string[] {
  const open = state === 'repair' ? [] : entries.filter(({ outcome }) => outcome === 'undecided');
  return [
    ...findings
      .filter(({ severity, code }) => severity === 'blocker' && !judgedByTheGate.has(code))
      .map((finding) => `${finding.code}: ${findingWords(finding).message}`),
    ...open.map((entry) => `${policyKey(entry)} needs a decision`),
  ];
}

/** Ids compare without case: Azure spells them now so, now so. What a step says for people is left out. */
export function stepLine(step: VaultPlan['steps'][number]): string {
  const lower = (text: string) => (text.startsWith('/') ? text.toLowerCase() : text);
  const { vaultId, undo } = step;
  const ids = Object.fromEntries(Object.entries(undo).map(([name, value]) => [name, lower(value)]));
  const scope = 'scope' in step ? { scope: lower(step.scope) } : {};
  return canonicalJson({ ...step, because: '', ...scope, vaultId: lower(vaultId), undo: ids });
}

function handOffLines({ handOff = [] }: VaultPlan): readonly string[] {
  return handOff.map(({ step, command }) => `${step}: ${command}`);
}

/** Which steps are handed over depends on who made the plan; the command for each does not. */
function knownCommands({ handOff = [], steps }: VaultPlan): readonly string[] {
  return handOff.flatMap(({ step: id }) => {
    const step = steps.find((one) => one.id === id);
    return step === undefined || step.kind === 'flip' ? [] : [`${id}: ${commandFor(step)}`];
  });
}

/** Only what the plan does not tell counts. */
function untold(told: readonly string[], now: readonly string[]): readonly [readonly string[], readonly string[]] {
  return [[], without(now, told)];
}
