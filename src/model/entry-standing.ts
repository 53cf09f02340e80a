import { parseGuid } from '../base/guid.ts';
import { nearNames } from '../base/near-names.ts';
import { type AccessPolicy, objectTypes } from './access-policy.ts';
import type { Catalogue } from './catalogue.ts';
import { type Finding, type FindingSubject, findingsAbout, type Remark } from './finding.ts';
import type { Principal } from './principal.ts';

/**
 * What can become of an access policy entry before any role is looked at. `inert` grants nobody anything today, so nothing is
 * lost with it; `needsDecision` cannot be carried over without a person's word.
 */
export interface EntryStanding {
  readonly outcome: 'ordinary' | 'inert' | 'needsDecision';
  readonly findings: readonly Finding[];
}

/** What has to be known about an entry's surroundings to judge it. */
export interface EntrySurroundings {
  readonly vaultId: string;
  /** The vault's own tenant, as ARM answered it. */
  readonly vaultTenantId: string;
  /** Who the object id is; undefined when it could not even be asked for, such as an id that is not a GUID. */
  readonly principal: Principal | undefined;
  readonly catalogue: Pick<Catalogue, 'permissions'>;
}

/** Judges one entry by itself (LP-2, LP-3, EA-28, EA-32). Reasons add up: a compound identity may be unresolved as well. */
export function entryStanding(policy: AccessPolicy, at: EntrySurroundings): EntryStanding {
  const subject = entrySubject(at.vaultId, policy);
  const inert = whyInert(policy, at);
  if (inert !== undefined) return { outcome: 'inert', findings: findingsAbout(subject, [inert]) };
  const open = whyUndecided(policy, at);
  const findings = findingsAbout(subject, [...open, ...remarksOn(at.principal)]);
  return { outcome: open.length > 0 ? 'needsDecision' : 'ordinary', findings };
}

/** What a finding about an entry is about: the vault and the principal, with the application of a compound identity. */
export function entrySubject(
  vaultId: string,
  { objectId, applicationId }: Pick<AccessPolicy, 'objectId' | 'applicationId'>,
): FindingSubject {
  return { vault: vaultId, principal: objectId, ...(applicationId !== undefined && { application: applicationId }) };
}

/** Words of the entry that no permission is known by, as `secrets/frobnicate`; names compare without case and blanks (LP-2). */
function unknownPermissions(policy: Pick<AccessPolicy, 'permissions'>, catalogue: Pick<Catalogue, 'permissions'>): readonly string[] {
  const isKnown = (type: string, word: string) => word === 'all' || catalogue.permissions.has(`${type}/${word}`);
  return objectTypes.flatMap((type) =>
    policy.permissions[type].filter((word) => !isKnown(type, word.trim().toLowerCase())).map((word) => `${type}/${word}`),
  );
}

function whyInert(policy: AccessPolicy, { vaultTenantId: vaultTenant, principal }: EntrySurroundings): Remark | undefined {
  const tenant = parseGuid(policy.tenantId);
  if (tenant !== undefined && tenant !== (parseGuid(vaultTenant) ?? vaultTenant)) {
    return ['warning', 'PRN-FOREIGN-TENANT', { tenant, vaultTenant }];
  }
  if (policy.oddities.length > 0) return undefined;
  if (principal?.kind === 'application') return ['warning', 'PRN-APPLICATION-OBJECT', { applicationId: principal.appId }];
  if (principal?.kind === 'noPrincipal') {
    return ['warning', principal.is.what === 'application' ? 'PRN-APPLICATION-ID' : 'PRN-NO-PRINCIPAL', principal.is];
  }
  return objectTypes.every((type) => policy.permissions[type].length === 0) ? ['note', 'MAP-EMPTY', {}] : undefined;
}

function whyUndecided(policy: AccessPolicy, { principal, catalogue }: EntrySurroundings): readonly Remark[] {
  const { tenantId, oddities, permissions } = policy;
  const ofTenant = parseGuid(tenantId) === undefined ? [{ kind: 'tenantId', written: tenantId } as const] : [];
  const unknown = unknownPermissions(policy, catalogue);
  const near = [...new Set(unknown.flatMap((word) => nearNames(word, [...catalogue.permissions.keys()])))];
  return [
    ...[...ofTenant, ...oddities].map((odd): Remark => ['blocker', 'INV-ENTRY-ODD', odd]),
    ...compound(policy, principal),
    ...whoIsMissing(policy, principal),
    ...(unknown.length === 0 ? [] : [['blocker', 'MAP-UNKNOWN-PERMISSION', { permissions: unknown, near }] as const]),
    ...(permissions.storage.length === 0 ? [] : [['blocker', 'MAP-STORAGE', { permissions: permissions.storage }] as const]),
  ];
}

function compound({ applicationId }: AccessPolicy, principal: Principal | undefined): readonly Remark[] {
  if (applicationId === undefined) return [];
  const ownApplication = principal?.kind === 'servicePrincipal' && parseGuid(principal.appId) === applicationId;
  return [['blocker', 'PRN-COMPOUND', { ownApplication }]];
}

function whoIsMissing({ objectId }: AccessPolicy, principal: Principal | undefined): readonly Remark[] {
  if (principal?.kind === 'deleted') {
    const { since } = principal;
    return [['blocker', 'PRN-DELETED', since === undefined ? {} : { since }]];
  }
  // An id that is not a GUID was never asked for; that it is odd is said already.
  if ((principal !== undefined && principal.kind !== 'unresolved') || parseGuid(objectId) === undefined) return [];
  return [['blocker', 'PRN-UNRESOLVED', principal?.why ?? { kind: 'notLookedUp' }]];
}

function remarksOn(principal: Principal | undefined): readonly Remark[] {
  if (principal?.kind === 'user' && principal.guest) return [['note', 'PRN-GUEST', {}]];
  if (principal?.kind !== 'group') return [];
  return [
    ...(principal.securityEnabled ? [] : [['warning', 'PRN-GROUP-NOT-SECURITY', {}] as const]),
    ...(principal.dynamic ? [['note', 'PRN-GROUP-DYNAMIC', {}] as const] : []),
  ];
}
