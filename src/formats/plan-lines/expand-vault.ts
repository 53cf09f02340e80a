import type { FindingSubject } from '../../model/finding.ts';
import { makeAssignStep, makeFlipStep, makeRoleStep } from '../make-steps.ts';
import type { AssignStep, EntryPlan, PlannedGain, VaultPlan } from '../plan.ts';
import { commandFor } from '../step-command.ts';
import type { AssignLine, EntryLine, GainLine, VaultLine } from './lines.ts';
import { ownGain } from './own-gain.ts';
import { policyText } from './policy-text.ts';
import type { RowOf, SharedTables, TableName } from './tables.ts';

/** A line names a row, an entry or a step that the plan does not have. */
export class MissingRow extends Error {}

type Rows = <Table extends TableName>(table: Table, key: string) => RowOf<Table>;

/** The plan of a vault from its line and what the vaults of its subscription share. Rows are handed on as they are, not copied. */
export function expandVault(line: VaultLine, tenantId: string, tables: SharedTables): VaultPlan {
  const rows: Rows = (table, key) => {
    const row = tables[table][key] as RowOf<typeof table> | undefined;
    if (row === undefined) throw new MissingRow(`row \`${key}\` of \`${table}\``);
    return row;
  };
  const { vaultId, name, state, wave, fingerprint } = line;
  const entries = line.entries.map((entry) => expandEntry(entry, tenantId, rows));
  const subject = (about: number | FindingSubject | undefined) => subjectOf(about, vaultId, entries);
  const steps = stepsOf(line, entries, rows);
  const assigned = steps.filter((step) => step.kind === 'ensureRoleAssignment');
  const { accepted, acceptedGains, handOff } = line;
  const gains = line.gains.map((gain) => expandGain(gain, assigned, entries, rows));
  return {
    vaultId,
    name,
    state,
    ...(wave !== undefined && { wave }),
    basis: { fingerprint, fields: fieldsOf(line, entries, rows) },
    entries,
    gains,
    findings: line.findings.map(([key, about]) => ({ ...rows('remarks', key), subject: subject(about) })),
    ...(accepted !== undefined && { accepted: accepted.map(({ code, about, reason }) => ({ code, subject: subject(about), reason })) }),
    ...(acceptedGains !== undefined && {
      acceptedGains: acceptedGains.map(([at, reason]) => ({ ...gainAt(at, gains), reason: rows('texts', reason) })),
    }),
    steps,
    ...(handOff !== undefined && { handOff: handOff.map((at) => handedOver(steps[at])) }),
  };
}

function gainAt(at: number, gains: readonly PlannedGain[]): Pick<PlannedGain, 'assignmentId' | 'principalId'> {
  const gain = gains[at];
  if (gain === undefined) throw new MissingRow(`gain ${at}`);
  return { assignmentId: gain.assignmentId, principalId: gain.principalId };
}

function fieldsOf({ facts, policies }: VaultLine, entries: readonly EntryPlan[], rows: Rows): VaultPlan['basis']['fields'] {
  const accessPolicies = policies?.map((policy) => {
    if (typeof policy === 'string') return policy;
    const [at, permissions] = policy;
    return policyText.join(entryAt(at, entries), rows('texts', permissions));
  });
  const fields: Record<string, string[]> = {};
  for (const [field, lines] of Object.entries(facts))
    fields[field] = lines.map((one) => (typeof one === 'string' ? rows('facts', one) : one[1]));
  return accessPolicies === undefined ? fields : { ...fields, accessPolicies };
}

function expandEntry(line: EntryLine, planTenant: string, rows: Rows): EntryPlan {
  const { objectId, tenantId = planTenant, applicationId, outcome, decision, held, dropped, choice, objects, conditioned } = line;
  const { lists, required } = rows('permissions', line.permissions);
  return {
    tenantId,
    objectId,
    ...(applicationId !== undefined && { applicationId }),
    principal: rows('principals', line.principal),
    permissions: lists,
    required,
    outcome,
    ...(decision !== undefined && { decision: rows('decisions', decision) }),
    ...(held !== undefined && { held: held.map((key) => rows('held', key)) }),
    dropped: dropped === undefined ? [] : rows('actions', dropped),
    ...(choice !== undefined && { choice: rows('choices', choice) }),
    ...(objects !== undefined && { objects }),
    ...(conditioned !== undefined && { conditioned }),
  };
}

function stepsOf({ vaultId, roles, assign, flip }: VaultLine, entries: readonly EntryPlan[], rows: Rows): VaultPlan['steps'] {
  return [
    ...roles.map((key) => makeRoleStep({ vaultId, ...rows('customRoles', key) })),
    ...assign.map((one) => assignStepOf(one, vaultId, entries, rows)),
    ...(flip ? [makeFlipStep(vaultId)] : []),
  ];
}

function assignStepOf([who, type, role, because, limits = {}]: AssignLine, vaultId: string, entries: readonly EntryPlan[], rows: Rows) {
  const { id, name } = rows('roles', role);
  const { on, condition } = limits;
  return makeAssignStep({
    vaultId,
    scope: on === undefined ? vaultId : `${vaultId}/${on}`,
    roleDefinitionId: id,
    roleName: name,
    principalId: objectIdOf(who, entries),
    principalType: type,
    ...(condition !== undefined && { condition }),
    because: rows('reasons', because),
  });
}

function expandGain(line: GainLine, assigned: readonly AssignStep[], entries: readonly EntryPlan[], rows: Rows): PlannedGain {
  if (typeof line === 'string') return rows('gains', line);
  const [at, who, principal, gained] = line;
  const step = assigned[at];
  if (step === undefined) throw new MissingRow(`assignment ${at + 1}`);
  return ownGain(step, {
    principalId: objectIdOf(who, entries),
    principal: rows('principals', principal),
    dataActions: rows('gained', gained),
  });
}

function objectIdOf(who: number | string, entries: readonly EntryPlan[]): string {
  return typeof who === 'string' ? who : entryAt(who, entries).objectId;
}

function subjectOf(about: number | FindingSubject | undefined, vaultId: string, entries: readonly EntryPlan[]): FindingSubject {
  if (about === undefined) return { vault: vaultId };
  if (typeof about !== 'number') return about;
  const { objectId, applicationId } = entryAt(about, entries);
  return { vault: vaultId, principal: objectId, ...(applicationId !== undefined && { application: applicationId }) };
}

function entryAt(at: number, entries: readonly EntryPlan[]): EntryPlan {
  const entry = entries[at];
  if (entry === undefined) throw new MissingRow(`entry ${at + 1}`);
  return entry;
}

function handedOver(step: VaultPlan['steps'][number] | undefined) {
  if (step === undefined || step.kind === 'flip') throw new MissingRow('a step that is handed over');
  return { step: step.id, command: commandFor(step) };
}
