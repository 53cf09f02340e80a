import type { PlannedGain, VaultPlan } from '../../formats/plan.ts';
import { parseScope, rootScope } from '../../model/scope.ts';
import { reasonLines } from '../../words/reason-words.ts';
import { describeScope } from '../../words/scope-words.ts';
import { plainText } from '../plain-text.ts';
import { identifiedPrincipal } from '../principal-name.ts';
import { inVaults, saidOnce } from './said-once.ts';
import { tieredWords } from './tiered-words.ts';

/** How gains are told: in full, or with what the reader has seen already left out. */
interface GainStyle {
  /** Resource ids of assignments, or their names alone. */
  readonly ids: 'whole' | 'short';
  /** What comes along with a planned role is told under its entry already. */
  readonly besideEntries: boolean;
}

interface ToldGains {
  /** By vault id; none for vaults that are not shown by themselves. */
  readonly own: (vault: VaultPlan) => readonly string[];
  /** What several vaults have in the same words, each with where. */
  readonly shared: readonly string[];
}

/** Who gains what, through which role, scope and assignment. One assignment may reach a thousand vaults: then it is told once. */
export function toldGains(vaults: readonly VaultPlan[], shown: readonly VaultPlan[], style: GainStyle): ToldGains {
  const lines = new Map(vaults.map((vault) => [vault.vaultId, vault.gains.map((gain) => gainLine(gain, vault, style))]));
  const isShown = new Set(shown);
  const once = saidOnce(vaults.map((vault) => ({ name: vault.name, lines: lines.get(vault.vaultId) ?? [], hidden: !isShown.has(vault) })));
  return {
    own: (vault) => (lines.get(vault.vaultId) ?? []).filter((line) => !once.has(line)),
    shared: [...once].map(([line, names]) => `${inVaults(names.map(plainText), vaults.length)}: ${line}`),
  };
}

export function gainLine(gain: PlannedGain, vault: VaultPlan, { ids, besideEntries }: GainStyle): string {
  return gainWords(gain, ids, besideEntries && isToldByEntry(gain, vault) ? 'the extra access above' : undefined);
}

/** @param what in place of the data actions, where they are told already. */
export function gainWords(gain: PlannedGain, ids: GainStyle['ids'], what = tieredWords(gain.dataActions)): string {
  const { principal, principalId, certain, cause, because = [] } = gain;
  const why = cause === 'plan' ? 'made by this plan' : 'which takes effect at the flip';
  const open = because.length === 0 ? '' : `; not certain, since ${reasonLines(because).map(plainText).join('; ')}`;
  return `${identifiedPrincipal(principal, principalId, 'whole')} ${certain ? 'gains' : 'may gain'} ${what}: ${route(gain, ids)}, ${why}${open}`;
}

function route({ roleName, assignmentId, scope, throughGroup }: PlannedGain, ids: 'whole' | 'short'): string {
  const role = roleName === undefined ? 'a role' : `\`${plainText(roleName)}\``;
  const group = throughGroup === undefined ? '' : ` through group ${plainText(throughGroup)}`;
  const assignment = ids === 'whole' ? assignmentId : assignmentId.slice(assignmentId.lastIndexOf('/') + 1);
  return `${role} ${plainText(describeScope(parseScope(scope) ?? rootScope))}${group} (assignment ${plainText(assignment)})`;
}

function isToldByEntry({ cause, certain, principalId, throughGroup, dataActions }: PlannedGain, { entries }: VaultPlan): boolean {
  if (cause !== 'plan' || !certain || throughGroup !== undefined) return false;
  const told = entries
    .filter((entry) => entry.outcome === 'reproduce' && entry.objectId === principalId)
    .flatMap(({ choice, conditioned, objects }) => [choice, conditioned, ...(objects ?? [])])
    .flatMap((part) => part?.excess.map((action) => action.dataAction) ?? []);
  return dataActions.every((action) => told.includes(action.dataAction));
}
