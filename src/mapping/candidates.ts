import { blockGives } from '../access/role-rule.ts';
import { canonicalJson } from '../model/canonical-json.ts';
import type { BuiltInRole, Catalogue } from '../model/catalogue.ts';
import { shortAction } from '../model/data-action.ts';
import type { Finding } from '../model/finding.ts';
import type { Guid } from '../model/guid.ts';
import type { Reading } from '../model/reading.ts';
import type { PermissionBlock, RoleDefinition } from '../model/role.ts';

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
  /** Drift between catalogue and tenant (EA-18), sorted by role. */
  readonly findings: readonly Finding[];
}

/**
 * The catalogue's candidate roles as the tenant defines them now. A live definition with other data actions wins, and is a
 * blocker until a person has looked (EA-18); definitions that could not be read leave the catalogue's own, with a warning.
 */
export function candidateRoles(catalogue: Catalogue, live: Reading<readonly RoleDefinition[]>): Candidates {
  const proposed = catalogue.roles.filter((role) => role.candidate);
  if (live.state === 'unreadable') {
    return { roles: proposed.map((role) => expanded(role, catalogue)), findings: [notRead(catalogue, live.because)] };
  }
  const byId = new Map(live.value.map((definition) => [definition.id, definition]));
  const compared = proposed.map((role) => compare(role, byId.get(role.id), catalogue));
  return { roles: compared.flatMap((item) => item.role ?? []), findings: compared.flatMap((item) => item.finding ?? []) };
}

/** The data actions of the catalogue that a role gives: per block what is listed less what is taken out, then united (EA-4). */
export function expandDataActions(permissions: readonly PermissionBlock[], catalogue: Pick<Catalogue, 'dataActions'>): readonly string[] {
  return catalogue.dataActions.map((action) => action.name).filter((name) => permissions.some((block) => blockGives(block, 'data', name)));
}

interface Compared {
  readonly role?: CandidateRole;
  readonly finding?: Finding;
}

function compare(known: BuiltInRole, live: RoleDefinition | undefined, catalogue: Catalogue): Compared {
  if (live === undefined) return { finding: notThere(known) };
  // A condition inside a definition makes what it gives uncertain: such a role is evaluated when assigned, never proposed.
  const conditional = live.permissions.some((block) => block.condition !== undefined);
  const role = { ...expanded({ ...known, permissions: live.permissions }, catalogue), name: live.name === '' ? known.name : live.name };
  const drifted = dataSide(known.permissions) !== dataSide(live.permissions);
  return { ...(!conditional && { role }), ...(drifted && { finding: drift(known, live, catalogue) }) };
}

function expanded(role: BuiltInRole, catalogue: Catalogue): CandidateRole {
  return {
    id: role.id,
    name: role.name,
    dataActions: expandDataActions(role.permissions, catalogue),
    controlPlane: [...new Set(role.permissions.flatMap((block) => block.actions))],
  };
}

/** What a definition says about data, whatever the order, case and blanks it says it in. */
function dataSide(permissions: readonly PermissionBlock[]): string {
  const plain = (patterns: readonly string[]) => [...new Set(patterns.map((pattern) => pattern.trim().toLowerCase()))].sort();
  const blocks = permissions
    .filter((block) => block.dataActions.length > 0)
    .map((block) => canonicalJson([plain(block.dataActions), plain(block.notDataActions), block.condition ?? '']));
  return canonicalJson(blocks.sort());
}

function drift(known: BuiltInRole, live: RoleDefinition, catalogue: Catalogue): Finding {
  const show = (permissions: readonly PermissionBlock[]) =>
    permissions
      .flatMap((block) => [
        ...block.dataActions.map(shortAction),
        ...block.notDataActions.map((pattern) => `not ${shortAction(pattern)}`),
        ...(block.condition === undefined ? [] : ['under a condition']),
      ])
      .join(', ') || 'nothing';
  return {
    severity: 'blocker',
    code: 'MAP-ROLE-DRIFT',
    subject: known.id,
    message:
      `\`${known.name}\` gives ${show(live.permissions)} in this tenant, ` +
      `and gave ${show(known.permissions)} in the catalogue of ${catalogue.asOf}`,
    remedy: 'look at what changed, and use a version of keyturn whose catalogue knows the role as it is now',
  };
}

function notThere(known: BuiltInRole): Finding {
  return {
    severity: 'note',
    code: 'MAP-ROLE-MISSING',
    subject: known.id,
    message: `this cloud or tenant does not offer \`${known.name}\`, so it is not considered`,
    remedy: 'nothing to do',
  };
}

function notRead(catalogue: Catalogue, because: string): Finding {
  return {
    severity: 'warning',
    code: 'MAP-ROLES-UNREAD',
    subject: 'role definitions',
    message: `role definitions could not be read (${because}); roles are taken as they were on ${catalogue.asOf}`,
    remedy: 'get the right to read role definitions, then run again',
  };
}
