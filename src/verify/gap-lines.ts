import type { Gain, PairVerdict, ShortfallKind } from '../access/judgement.ts';
import { compareText } from '../base/compare-text.ts';
import type { Guid } from '../base/guid.ts';
import { shortAction } from '../model/data-action.ts';
import type { Principal } from '../model/principal.ts';
import type { Vault } from '../model/vault.ts';
import type { VaultNeeds } from '../plan/vault-needs.ts';
import { reasonsInWords } from '../words/reason-words.ts';
import { shownPrincipal } from './parts/shown-principal.ts';

/** What keeps a vault from being covered, and what to do about it. */
export interface GapLine {
  readonly line: string;
  readonly next: string;
}

interface GapFacts {
  readonly open: VaultNeeds['open'];
  readonly pairs: readonly PairVerdict[];
  /** Gains that the plan does not list. */
  readonly news: readonly Gain[];
  readonly principals: ReadonlyMap<Guid, Principal>;
  readonly isPlanned: boolean;
  readonly vault: Pick<Vault, 'name' | 'permissionModel'>;
}

/** One line per entry that needs a person's word, per principal and reason, and per gain that nobody was shown. */
export function gapLines(told: GapFacts): readonly GapLine[] {
  return [
    ...told.open.map(({ line, remedy }) => ({ line, next: remedy })),
    ...pairLines(told),
    ...told.news.map((gain) => ({ line: gainLine(gain, told), next: 'run `keyturn plan` again, and have who gains reviewed' })),
  ];
}

function pairLines({ pairs, principals, isPlanned, vault }: GapFacts): readonly GapLine[] {
  const groups = new Map<string, { readonly pair: PairVerdict; readonly because: string; readonly actions: Set<string> }>();
  for (const pair of pairs) {
    if (pair.state === 'covered') continue;
    const because = reasonsInWords(pair.because);
    const key = `${pair.principalId} ${pair.state} ${because}`;
    const group = groups.get(key) ?? { pair, because, actions: new Set<string>() };
    group.actions.add(shortAction(pair.dataAction));
    groups.set(key, group);
  }
  const [surely, perhaps] = vault.permissionModel === 'azureRbac' ? ['lacks', 'may lack'] : ['would lose', 'may lose'];
  return [...groups.values()].map(({ pair, because, actions }) => {
    const word = pair.state === 'uncovered' && pair.lack !== 'decision' ? surely : perhaps;
    const line = `${shownPrincipal(pair.principalId, principals)} ${word} ${[...actions].sort(compareText).join(', ')}: ${because}`;
    return { line, next: nextFor(pair.lack ?? 'assignment', isPlanned, vault) };
  });
}

function nextFor(lack: ShortfallKind, isPlanned: boolean, vault: GapFacts['vault']): string {
  switch (lack) {
    case 'assignment':
      return nextForMissing(isPlanned, vault);
    case 'decision':
      return nextForDecision(vault);
    case 'making':
      return 'run `keyturn apply` with the plan, which makes what is planned';
    case 'age':
      return 'wait until the role assignment is old enough to have taken effect, then verify again';
    case 'denied':
      return 'ask the owner of the deny assignment to exclude the principal, or decide in the plan to give the access up: no role outweighs a deny';
    case 'fact':
      return 'get the right to read what could not be read, then verify again';
    case 'principal':
      return 'find out who it is, or decide in the plan to drop the entry';
  }
}

function nextForDecision({ permissionModel }: GapFacts['vault']): string {
  return permissionModel === 'azureRbac'
    ? 'assign the role to the principal itself; if a decision relies on the group, verify with the plan that holds the decision'
    : 'run `keyturn plan`: it gives the principal an assignment of its own, or takes your decision `keepExisting` to rely on the group';
}

/** On Azure RBAC a plan repairs: it makes what the stored policies give and no role does. */
function nextForMissing(isPlanned: boolean, { name, permissionModel }: GapFacts['vault']): string {
  if (permissionModel === 'azureRbac') {
    return `run \`keyturn plan ${name}\`: it plans what the stored policies give and no role does, and \`keyturn apply\` makes it at once; if a decision gave it up, verify with the plan that holds the decision`;
  }
  return isPlanned
    ? 'run `keyturn plan` again: this plan does not cover it'
    : 'run `keyturn plan`: it proposes the roles that are missing, or takes your decision to give the access up';
}

function gainLine({ principalId, dataActions, certain, route }: Gain, { principals, vault }: GapFacts): string {
  const actions = dataActions.map((action) => shortAction(action.name)).join(', ');
  const [surely, perhaps] = vault.permissionModel === 'azureRbac' ? ['has', 'may have'] : ['would gain', 'may gain'];
  return `${shownPrincipal(principalId, principals)} ${certain ? surely : perhaps} ${actions}, which the plan does not list: ${route.assignmentId}`;
}
