import { type AccessPolicy, policyKey } from '../model/access-policy.ts';
import type { Catalogue } from '../model/catalogue.ts';
import { compareText } from '../model/finding.ts';
import { type Guid, parseGuid } from '../model/guid.ts';
import type { Vault } from '../model/vault.ts';
import type { AccessFacts } from './access-facts.ts';
import type { Asker } from './access-request.ts';
import type { Access } from './judgement.ts';
import { membershipIn } from './membership.ts';
import { requiredDataActions } from './required-data-actions.ts';

/** A question under access policies. Every permission is the vault's, so no object is named (LP-1). */
export interface LegacyRequest extends Asker {
  readonly dataAction: string;
  /** Set when this application calls on behalf of the principal (LP-3). */
  readonly applicationId?: Guid;
}

type PolicyVault = Pick<Vault, 'tenantId' | 'accessPolicies'>;

/** Whether the vault's access policies give the data action, now or once the vault is flipped back (LP-1..8). */
export function decideLegacy(request: LegacyRequest, vault: PolicyVault, facts: AccessFacts): Access {
  const wanted = request.dataAction.trim().toLowerCase();
  const giving = matchingEntries(request, vault, facts).filter(({ entry }) =>
    policyActions(entry, facts.catalogue).some((action) => action.toLowerCase() === wanted),
  );
  const sure = giving.filter((match) => match.doubt === undefined);
  if (sure.length > 0) return { state: 'granted', by: [], entries: sure.map(({ entry }) => policyKey(entry)).sort(compareText) };
  const doubts = new Set(giving.flatMap(({ doubt }) => doubt ?? []));
  if (doubts.size > 0) return { state: 'unknown', because: [...doubts].sort(compareText) };
  return { state: 'notGranted', because: 'no access policy gives it' };
}

interface Match {
  readonly entry: AccessPolicy;
  readonly doubt?: string;
}

/** Entries of another tenant are inert; one with an application id counts only for calls through it (LP-2, LP-3, LP-4). */
function matchingEntries(request: Omit<LegacyRequest, 'dataAction'>, vault: PolicyVault, facts: AccessFacts): readonly Match[] {
  return vault.accessPolicies.flatMap((entry): readonly Match[] => {
    const objectId = parseGuid(entry.objectId);
    if (objectId === undefined || normalId(entry.tenantId) !== normalId(vault.tenantId)) return [];
    if (entry.applicationId !== undefined && entry.applicationId !== request.applicationId) return [];
    const membership = membershipIn(objectId, '', request, facts);
    if (membership.state === 'notMember') return [];
    return membership.state === 'unknown' ? [{ entry, doubt: membership.because }] : [{ entry }];
  });
}

function normalId(id: string): string {
  return parseGuid(id) ?? id.trim().toLowerCase();
}

/** What a principal can do by access policies today: surely, and perhaps, where a group's members are not known. */
export function heldByPolicy(
  principalId: Guid,
  vault: PolicyVault,
  facts: AccessFacts,
): { readonly surely: ReadonlySet<string>; readonly perhaps: ReadonlySet<string> } {
  const [surely, perhaps] = [new Set<string>(), new Set<string>()];
  for (const { entry, doubt } of matchingEntries({ principalId }, vault, facts)) {
    for (const action of policyActions(entry, facts.catalogue)) (doubt === undefined ? surely : perhaps).add(action);
  }
  return { surely, perhaps };
}

const remembered = new WeakMap<AccessPolicy, { readonly catalogue: Catalogue; readonly actions: readonly string[] }>();

function policyActions(entry: AccessPolicy, catalogue: Catalogue): readonly string[] {
  const known = remembered.get(entry);
  if (known?.catalogue === catalogue) return known.actions;
  const actions = requiredDataActions(entry, catalogue).required;
  remembered.set(entry, { catalogue, actions });
  return actions;
}
