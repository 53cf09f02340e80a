import { everyone, type Guid, guidAtEnd } from '../base/guid.ts';
import { unreadable } from '../base/reading.ts';
import type { AccessPolicy } from '../model/access-policy.ts';
import type { Catalogue } from '../model/catalogue.ts';
import { type Finding, type FindingSubject, findingsAbout, type Remark, sortFindings } from '../model/finding.ts';
import { type CandidateSet, candidateSet } from './candidate-set.ts';
import { candidateRoles, expandDataActions } from './candidates.ts';
import { type Alternative, alternativesTo } from './cover/alternatives.ts';
import { whyChosen } from './cover/why-chosen.ts';
import type { CustomRole, CustomRoleBook } from './custom-role.ts';
import { noCustomRoleLeft, remarksOnCustomRole } from './custom-role-remarks.ts';
import { entryOf } from './entry.ts';
import { type EntryMapping, mapEntry } from './map-entry.ts';
import type { PermissionSet } from './permission-set.ts';
import type { RoleChoice } from './role-choice.ts';

/** Which roles replace a set of permissions. Every required data action is in `covered` or in `uncovered`. */
export interface PermissionAnswer extends RoleChoice {
  /** Exactly what the set needs; only when asked for, and where built-in roles are not exact. */
  readonly customRole?: CustomRole;
  /** Other sets of roles that cover the same, cheapest first. */
  readonly alternatives: readonly Alternative[];
  readonly findings: readonly Finding[];
}

/** What questions without a tenant stand on: made once, asked often. */
export interface OfflineMapping {
  readonly catalogue: Catalogue;
  readonly candidates: CandidateSet;
  /** What a role gives at a vault without any condition, by its name in lower case or its id; undefined for unknown roles. */
  readonly roleGives: (nameOrId: string) => readonly string[] | undefined;
  readonly customRoles?: CustomRoleBook;
}

export function offlineMapping(catalogue: Catalogue, customRoles?: CustomRoleBook): OfflineMapping {
  const { roles } = candidateRoles(catalogue, unreadable('nobody was asked'));
  const byKey = new Map<string, readonly string[]>(
    catalogue.roles.flatMap((role) => {
      const firm = role.permissions.filter((block) => block.condition === undefined);
      const actions = expandDataActions(firm, catalogue);
      return [[role.name.toLowerCase(), actions] as const, [role.id, actions] as const];
    }),
  );
  return {
    catalogue,
    candidates: candidateSet(roles, catalogue),
    roleGives: (nameOrId) => byKey.get(nameOrId.trim().toLowerCase()) ?? byKey.get(guidAtEnd(nameOrId) ?? ''),
    ...(customRoles !== undefined && { customRoles }),
  };
}

const tenant = everyone;

/** Maps permissions as `keyturn plan` maps an entry of somebody known. Pure but for the book of custom roles. */
export function mapPermissions(set: PermissionSet, offline: OfflineMapping): PermissionAnswer {
  const { catalogue, candidates, roleGives } = offline;
  const held = set.existingRoles.flatMap((role) => roleGives(role) ?? []);
  const principal = { kind: 'user', objectId: set.objectId ?? nobody, displayName: '', guest: false } as const;
  const policy = policyOf(set);
  const mapping = mapEntry(entryOf(policy, { vaultId: '', vaultTenantId: tenant, principal, catalogue }), { catalogue, candidates, held });
  const choice = mapping.choice ?? nothingAsked;
  const custom = customRoleFor(choice, mapping, offline);
  const remarks = [...custom.remarks, ...unknownRoles(set, offline), ...wordsWithBlanks(set)];
  const subject = subjectOf(policy);
  const findings = mapping.findings.map((finding) => ({ ...finding, subject }));
  return {
    roles: choice.roles,
    ...(custom.role !== undefined && { customRole: custom.role }),
    covered: choice.covered,
    uncovered: choice.uncovered,
    excess: choice.excess,
    controlPlane: choice.controlPlane,
    because: choice.because,
    price: choice.price,
    alternatives: mapping.matter === undefined ? [] : alternativesTo(choice, mapping.matter),
    findings: remarks.length === 0 ? findings : sortFindings([...findings, ...findingsAbout(subject, remarks)]),
  };
}

const nobody = '00000000-0000-0000-0000-000000000001' as Guid;
const nothing = { roles: [], covered: [], uncovered: [], excess: [], price: 0, controlPlane: [] };
const nothingAsked: RoleChoice = { ...nothing, because: whyChosen(nothing) };

function policyOf({ permissions, objectId, applicationId, oddities = [] }: PermissionSet): AccessPolicy {
  const id = { tenantId: tenant, objectId: objectId ?? nobody, ...(applicationId !== undefined && { applicationId }) };
  return { ...id, permissions, oddities, raw: {} };
}

/** The set that was asked about; of a compound identity the words name both ids. */
function subjectOf({ objectId, applicationId }: AccessPolicy): FindingSubject {
  return applicationId === undefined ? {} : { principal: objectId, application: applicationId };
}

function customRoleFor(
  choice: RoleChoice,
  mapping: EntryMapping,
  { customRoles, catalogue }: OfflineMapping,
): { readonly role?: CustomRole; readonly remarks: readonly Remark[] } {
  const isExact = choice.excess.length === 0 && choice.uncovered.length === 0;
  if (customRoles === undefined || isExact || mapping.required.length === 0) return { remarks: [] };
  const role = customRoles.propose(mapping.required);
  if (role === undefined) return { remarks: [noCustomRoleLeft(customRoles.limit)] };
  return { role, remarks: remarksOnCustomRole(role, catalogue) };
}

function wordsWithBlanks({ blanks = [] }: PermissionSet): readonly Remark[] {
  return blanks.length === 0 ? [] : [['note', 'MAP-BLANKS', { permissions: [...new Set(blanks)] }]];
}

function unknownRoles({ existingRoles }: PermissionSet, { roleGives }: OfflineMapping): readonly Remark[] {
  const unknown = existingRoles.filter((role) => roleGives(role) === undefined);
  return unknown.map((role): Remark => ['warning', 'MAP-EXISTING-UNKNOWN', { role }]);
}
