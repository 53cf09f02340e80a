import { blockGives } from '../access/role-rule.ts';
import type { Guid } from '../base/guid.ts';
import type { Reading } from '../base/reading.ts';
import type { BuiltInRole, Catalogue } from '../model/catalogue.ts';
import { type Finding, finding } from '../model/finding.ts';
import type { PermissionBlock, RoleDefinition } from '../model/role.ts';
import { type RoleDrift, roleDrift } from './cover/role-drift.ts';

/** A role that may be proposed, with its wildcards expanded over the catalogue. */
export interface CandidateRole {
  readonly id: Guid;
  readonly name: string;
  readonly dataActions: readonly string[];
  /** Control-plane action patterns, as the definition writes them. */
  readonly controlPlane: readonly string[];
  /** A role of the tenant's own. */
  readonly custom?: true;
}

export interface Candidates {
  readonly roles: readonly CandidateRole[];
  /** Where tenant and catalogue differ (EA-18), and the roles as the catalogue has them. */
  readonly drifts: readonly RoleDrift[];
  readonly known: readonly CandidateRole[];
  /** Roles that are not offered, or that nobody could read. */
  readonly findings: readonly Finding[];
}

/**
 * The catalogue's candidate roles as the tenant defines them now: a live definition wins (EA-18). Definitions that could not be
 * read leave the catalogue's own, with a warning.
 */
export function candidateRoles(catalogue: Catalogue, live: Reading<readonly RoleDefinition[]>): Candidates {
  const proposed = catalogue.roles.filter((role) => role.candidate);
  const known = proposed.map((role) => expanded(role, catalogue));
  if (live.state === 'unreadable') {
    const unread = finding('warning', 'MAP-ROLES-UNREAD', {}, { because: live.because, asOf: catalogue.asOf });
    return { roles: known, known, drifts: [], findings: [unread] };
  }
  const byId = new Map(live.value.map((definition) => [definition.id, definition]));
  const compared = proposed.map((role) => compare(role, byId.get(role.id), catalogue));
  return {
    roles: compared.flatMap((item) => item.role ?? []),
    known,
    drifts: compared.flatMap((item) => item.drift ?? []),
    findings: compared.flatMap((item) => item.finding ?? []),
  };
}

/** The data actions of the catalogue that a role gives: per block what is listed less what is taken out, then united (EA-4). */
export function expandDataActions(permissions: readonly PermissionBlock[], catalogue: Pick<Catalogue, 'dataActions'>): readonly string[] {
  return catalogue.dataActions.map((action) => action.name).filter((name) => permissions.some((block) => blockGives(block, 'data', name)));
}

interface ComparedRole {
  readonly role?: CandidateRole;
  readonly drift?: RoleDrift;
  readonly finding?: Finding;
}

function compare(known: BuiltInRole, live: RoleDefinition | undefined, catalogue: Catalogue): ComparedRole {
  if (live === undefined) return { finding: finding('note', 'MAP-ROLE-MISSING', { role: known.id }, { roleName: known.name }) };
  // A condition inside a definition makes what it gives uncertain: such a role is evaluated when assigned, never proposed.
  const conditional = live.permissions.some((block) => block.condition !== undefined);
  const role = { ...expanded({ ...known, permissions: live.permissions }, catalogue), name: live.name === '' ? known.name : live.name };
  const drift = roleDrift(known, live, catalogue);
  return { ...(!conditional && { role }), ...(drift !== undefined && { drift }) };
}

function expanded(role: BuiltInRole, catalogue: Catalogue): CandidateRole {
  return {
    id: role.id,
    name: role.name,
    dataActions: expandDataActions(role.permissions, catalogue),
    controlPlane: [...new Set(role.permissions.flatMap((block) => block.actions))],
  };
}
