import type { Gain, PairVerdict } from '../access/judgement.ts';
import type { Guid } from '../base/guid.ts';
import type { Gap, OpenQuestion } from '../model/gap.ts';
import type { Principal } from '../model/principal.ts';
import { reasonsKey } from '../model/reason.ts';
import type { Vault } from '../model/vault.ts';

interface GapFacts {
  readonly open: readonly OpenQuestion[];
  readonly pairs: readonly PairVerdict[];
  /** Gains that the plan does not list. */
  readonly news: readonly Gain[];
  readonly principals: ReadonlyMap<Guid, Principal>;
  readonly planned: boolean;
  readonly vault: Pick<Vault, 'name' | 'permissionModel'>;
}

/** One gap per entry that needs a person's word, per principal and reasons, and per gain that nobody was shown. */
export function gapsOf(facts: GapFacts): readonly Gap[] {
  return [...facts.open, ...pairGaps(facts), ...facts.news.map((gain) => newGain(gain, facts))];
}

function pairGaps({ pairs, principals, planned, vault }: GapFacts): readonly Gap[] {
  const groups = new Map<string, { readonly pair: PairVerdict; readonly dataActions: Set<string> }>();
  for (const pair of pairs) {
    if (pair.state === 'covered') continue;
    const key = `${pair.principalId} ${pair.state} ${reasonsKey(pair.because)}`;
    const group = groups.get(key) ?? { pair, dataActions: new Set<string>() };
    group.dataActions.add(pair.dataAction);
    groups.set(key, group);
  }
  const { name, permissionModel } = vault;
  return [...groups.values()].flatMap(({ pair: { principalId, state, because, lack = 'assignment' }, dataActions }): readonly Gap[] => {
    if (state === 'covered') return [];
    const who = whoIs(principalId, principals);
    return [{ kind: 'access', who, dataActions: [...dataActions], state, because, lack, vault: name, permissionModel, planned }];
  });
}

function newGain({ principalId, dataActions, certain, route }: Gain, { principals, vault: { permissionModel } }: GapFacts): Gap {
  const who = whoIs(principalId, principals);
  const names = dataActions.map(({ name }) => name);
  return { kind: 'gain', who, dataActions: names, certain, assignmentId: route.assignmentId, permissionModel };
}

function whoIs(id: Guid, principals: ReadonlyMap<Guid, Principal>): { readonly id: Guid; readonly name: string } {
  const principal = principals.get(id);
  return { id, name: principal === undefined || principal.kind === 'unresolved' ? '' : principal.displayName };
}
