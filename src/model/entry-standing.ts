import { parseGuid } from '../base/guid.ts';
import { nearNames } from '../base/near-names.ts';
import { type AccessPolicy, objectTypes } from './access-policy.ts';
import type { Catalogue } from './catalogue.ts';
import type { Finding, FindingSubject } from './finding.ts';
import type { FindingCode } from './finding-facts.ts';
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
  const say = (severity: Finding['severity'], [code, message, remedy]: Saying): Finding => ({
    severity,
    code,
    subject,
    facts: { message, remedy },
  });
  const inert = whyInert(policy, at);
  if (inert !== undefined) return { outcome: 'inert', findings: [say(inert[0] === 'MAP-EMPTY' ? 'note' : 'warning', inert)] };
  const open = whyUndecided(policy, at).map((saying) => say('blocker', saying));
  const remarks = remarksOn(at.principal).map(([severity, ...saying]) => say(severity, saying));
  return { outcome: open.length > 0 ? 'needsDecision' : 'ordinary', findings: [...open, ...remarks] };
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

/** Code, what is the case, and what to do about it. */
type Saying = readonly [code: FindingCode, facts: { message: string; remedy: string }];

function whyInert(policy: AccessPolicy, at: EntrySurroundings): Saying | undefined {
  const tenant = parseGuid(policy.tenantId);
  if (tenant !== undefined && tenant !== (parseGuid(at.vaultTenantId) ?? at.vaultTenantId)) {
    return [
      'PRN-FOREIGN-TENANT',
      `the entry names tenant \`${tenant}\`, the vault belongs to \`${at.vaultTenantId}\`: the entry grants nothing today`,
      'nothing is lost; to give that party access, use a guest or a multi-tenant application of the vault’s own tenant',
    ];
  }
  if (policy.oddities.length > 0) return undefined;
  if (at.principal?.kind === 'application') {
    return [
      'PRN-APPLICATION-OBJECT',
      `\`${policy.objectId}\` is the object id of an app registration, which no token carries: the entry grants nothing today`,
      `nothing is lost; if the application was meant, its service principal (application id \`${at.principal.appId}\`) would be a new grant`,
    ];
  }
  if (at.principal?.kind === 'noPrincipal') return noPrincipal(policy.objectId, at.principal);
  if (objectTypes.every((type) => policy.permissions[type].length === 0)) {
    return ['MAP-EMPTY', 'the entry lists no permission', 'nothing to do'];
  }
  return undefined;
}

/** The ids look alike, and people write one in the place of the other. */
function noPrincipal(objectId: string, { what, is }: Extract<Principal, { kind: 'noPrincipal' }>): Saying {
  const meant = is === 'applicationId' ? 'an entry for the object id of its service principal' : 'an entry for the one who was meant';
  return [
    is === 'applicationId' ? 'PRN-APPLICATION-ID' : 'PRN-NO-PRINCIPAL',
    `\`${objectId}\` is ${what}, which no token carries as an object id: the entry grants nothing today`,
    `nothing is lost; ${meant} would be a new grant`,
  ];
}

function whyUndecided(policy: AccessPolicy, at: EntrySurroundings): readonly Saying[] {
  const unknown = unknownPermissions(policy, at.catalogue);
  return [
    ...(parseGuid(policy.tenantId) === undefined ? [odd(`tenant id \`${policy.tenantId}\` is not a GUID`)] : []),
    ...policy.oddities.map(odd),
    ...compound(policy, at.principal),
    ...whoIsMissing(policy, at.principal),
    ...(unknown.length === 0 ? [] : [unknownWords(unknown, at.catalogue)]),
    ...(policy.permissions.storage.length === 0 ? [] : [storage(policy.permissions.storage)]),
  ];
}

function odd(what: string): Saying {
  return ['INV-ENTRY-ODD', `the entry cannot be understood: ${what}`, 'correct or remove the entry in the vault, then run again'];
}

function compound(policy: AccessPolicy, principal: Principal | undefined): readonly Saying[] {
  if (policy.applicationId === undefined) return [];
  const own = principal?.kind === 'servicePrincipal' && parseGuid(principal.appId) === policy.applicationId;
  const mistaken = own ? '; the application is the principal’s own, so the entry probably never worked' : '';
  return [
    [
      'PRN-COMPOUND',
      `the entry holds only while application \`${policy.applicationId}\` acts for \`${policy.objectId}\`; Azure RBAC has no such grant${mistaken}`,
      own
        ? 'decide `drop`: what gives the principal access is an entry of its own, without the application'
        : 'decide `drop`; to give the access to the principal or the application by itself, add an access policy for it first',
    ],
  ];
}

function whoIsMissing(policy: AccessPolicy, principal: Principal | undefined): readonly Saying[] {
  if (principal?.kind === 'deleted') {
    return [
      [
        'PRN-DELETED',
        `\`${policy.objectId}\` was deleted: ${principal.because}`,
        `restore the principal, or decide \`drop\`; ${byRule('{ "principal": "deleted" }', 'drop')}`,
      ],
    ];
  }
  // An id that is not a GUID was never asked for; that it is odd is said already.
  if ((principal !== undefined && principal.kind !== 'unresolved') || parseGuid(policy.objectId) === undefined) return [];
  const because = principal === undefined ? 'it was not looked up' : principal.because;
  return [
    [
      'PRN-UNRESOLVED',
      `who \`${policy.objectId}\` is could not be determined: ${because}`,
      principal?.absent === true
        ? `find out who it is: not being found does not prove that it was deleted; then decide \`drop\`; ${byRule('{ "principal": "unresolved" }', 'drop')}`
        : 'get the right to read the directory, then run again; or find out who it is, and decide `drop` with a reason',
    ],
  ];
}

/** The row of a decisions file that decides for every vault at once. */
function byRule(when: string, choice: string): string {
  return `for all vaults at once, put \`{ "when": ${when}, "choice": "${choice}", "reason": "…" }\` under \`rules\` in the decisions file`;
}

function unknownWords(words: readonly string[], { permissions }: Pick<Catalogue, 'permissions'>): Saying {
  const near = [...new Set(words.flatMap((word) => nearNames(word, [...permissions.keys()])))].map((word) => `\`${word}\``);
  return [
    'MAP-UNKNOWN-PERMISSION',
    `unknown permission: ${words.map((word) => `\`${word}\``).join(', ')} stands for`,
    `correct the entry in the vault${near.length === 0 ? '' : ` (did you mean ${near.join(', ')})`}, or decide \`narrow\` and name the permissions to keep`,
  ];
}

function storage(words: readonly string[]): Saying {
  return [
    'MAP-STORAGE',
    `the entry manages storage accounts (${words.map((word) => `\`${word}\``).join(', ')}), a feature Azure has deprecated`,
    `decide \`dropStorage\`, or \`reproduce\`, for which only the widest role exists; ${byRule('{ "storage": true }', 'dropStorage')}`,
  ];
}

function remarksOn(principal: Principal | undefined): readonly (readonly [Finding['severity'], ...Saying])[] {
  if (principal?.kind === 'user' && principal.guest)
    return [['note', 'PRN-GUEST', 'the principal is a guest of the tenant', 'nothing to do']];
  if (principal?.kind !== 'group') return [];
  return [
    ...(principal.securityEnabled
      ? []
      : [
          [
            'warning',
            'PRN-GROUP-NOT-SECURITY',
            'the group is not security-enabled: its members’ tokens may not carry it',
            'check whether this entry is still used',
          ] as const,
        ]),
    ...(principal.dynamic
      ? [['note', 'PRN-GROUP-DYNAMIC', 'membership of the group follows a rule and may change after approval', 'nothing to do'] as const]
      : []),
  ];
}
