import { wellFormed } from '../../base/well-formed.ts';
import type { FindingSubject } from '../../model/finding.ts';
import type { AssignStep, EntryPlan, PlannedGain, VaultPlan } from '../plan.ts';
import type { AssignLine, EntryLine, GainLine, VaultLine } from './lines.ts';
import { ownGain } from './own-gain.ts';
import { policyText } from './policy-text.ts';
import type { RowBook } from './share-rows.ts';
import type { RowOf } from './tables.ts';

/** The plan of a vault as its line: what vaults share goes into the book, and what follows from the rest is left out. */
export function compactVault(plan: VaultPlan, tenantId: string, book: RowBook): VaultLine {
  const { vaultId, name, state, wave, basis, entries, gains, findings, accepted, acceptedGains, steps, handOff } = plan;
  const { accessPolicies, ...others } = basis.fields;
  const subjects = subjectsOf(plan);
  const assigned = steps.filter((step) => step.kind === 'ensureRoleAssignment');
  const whoOf = placesOf(entries);
  const flip = steps.some((step) => step.kind === 'flip');
  return {
    kind: 'vault',
    vaultId,
    name,
    state,
    ...(wave !== undefined && { wave }),
    fingerprint: basis.fingerprint,
    facts: Object.fromEntries(Object.entries(others).map(([field, lines]) => [field, lines.map((line) => factLine(field, line, book))])),
    ...(accessPolicies !== undefined && { policies: policyLines(accessPolicies, entries, book) }),
    entries: entries.map((entry) => compactEntry(entry, tenantId, book)),
    gains: compactGains(gains, assigned, whoOf, book),
    findings: findings.map(({ subject, ...remark }): VaultLine['findings'][number] => {
      const about = subjects(subject);
      const key = shareRemark(remark, book);
      return about === undefined ? [key] : [key, about];
    }),
    ...(accepted !== undefined && {
      accepted: accepted.map(({ code, subject, reason }) => {
        const about = subjects(subject);
        return { code, ...(about !== undefined && { about }), reason };
      }),
    }),
    ...(acceptedGains !== undefined && {
      acceptedGains: acceptedGains.flatMap(({ assignmentId, principalId, reason }): [number, string][] => {
        const at = gains.findIndex((gain) => gain.assignmentId === assignmentId && gain.principalId === principalId);
        return at === -1 ? [] : [[at, book.share('texts', reason)]];
      }),
    }),
    roles: steps.flatMap((step) =>
      step.kind === 'ensureRoleDefinition'
        ? [book.share('customRoles', { name: step.name, roleName: step.roleName, scope: step.scope, dataActions: step.dataActions })]
        : [],
    ),
    assign: assigned.map((step) => compactAssign(step, vaultId, whoOf, book)),
    flip,
    ...(handOff !== undefined && { handOff: handOff.map((one) => steps.findIndex(({ id }) => id === one.step)) }),
  };
}

/** Facts of a choice are shared by all entries that it was made for, and so are the remarks on it. */
function shareRemark(remark: RowOf<'remarks'>, book: RowBook): string {
  const { severity, code, facts, answer } = remark;
  if (answer !== undefined) return book.share('remarks', remark);
  return book.shareMade('remarks', facts, `${severity} ${code}`, () => remark);
}

/** The place of the entry that names the object id in the same spelling, or the id. */
function placesOf(entries: readonly EntryPlan[]): (objectId: string) => number | string {
  const places = new Map(entries.map(({ objectId }, at) => [objectId, at]));
  return (objectId) => places.get(objectId) ?? objectId;
}

type WhoOf = ReturnType<typeof placesOf>;

function compactAssign(step: AssignStep, vaultId: string, whoOf: WhoOf, book: RowBook): AssignLine {
  const role = book.share('roles', { id: step.roleDefinitionId, name: step.roleName });
  const because = book.share('reasons', step.because);
  const limits = {
    ...(step.scope !== vaultId && { on: step.scope.slice(vaultId.length + 1) }),
    ...(step.condition !== undefined && { condition: step.condition }),
  };
  const line = [whoOf(step.principalId), step.principalType, role, because] as const;
  return Object.keys(limits).length === 0 ? [...line] : [...line, limits];
}

/** What the plan's own assignments bring is told from them; what others bring, vaults share. */
function compactGains(gains: readonly PlannedGain[], assigned: readonly AssignStep[], whoOf: WhoOf, book: RowBook): GainLine[] {
  const places = new Map(assigned.map(({ undo }, at) => [undo.assignmentId, at]));
  return gains.map((gain): GainLine => {
    const at = places.get(gain.assignmentId);
    const step = at === undefined ? undefined : assigned[at];
    if (at === undefined || step === undefined || !isOwnGain(gain, step)) return book.share('gains', gain);
    return [at, whoOf(gain.principalId), book.share('principals', gain.principal), book.share('gained', gain.dataActions)];
  });
}

function isOwnGain(gain: PlannedGain, step: AssignStep): boolean {
  const told: Readonly<Record<string, unknown>> = { ...ownGain(step, gain) };
  const all: Readonly<Record<string, unknown>> = { ...gain };
  return Object.keys(told).every((name) => told[name] === all[name]) && Object.keys(all).every((name) => told[name] === all[name]);
}

/** Facts about the vault alone are spelt out; those that other vaults may have as well are rows. */
function factLine(field: string, line: string, book: RowBook): VaultLine['facts'][string][number] {
  return field === 'vault' || field === 'permissionModel' ? ['as', line] : book.share('facts', line);
}

function policyLines(lines: readonly string[], entries: readonly EntryPlan[], book: RowBook): NonNullable<VaultLine['policies']> {
  const places = new Map(entries.map((entry, at) => [entry.objectId, at]));
  return lines.map((line) => {
    const found = policyText.split(line);
    const at = found === undefined ? undefined : places.get(found.objectId);
    const entry = at === undefined ? undefined : entries[at];
    if (found === undefined || at === undefined || entry === undefined) return line;
    const same = policyText.join(entry, found.permissions) === line;
    return same ? [at, book.share('texts', found.permissions)] : line;
  });
}

function compactEntry(entry: EntryPlan, planTenant: string, book: RowBook): EntryLine {
  const { tenantId, objectId, applicationId, principal, permissions, required, outcome, ...rest } = entry;
  const { decision, held, dropped, choice, objects, conditioned } = rest;
  return wellFormed({
    objectId,
    ...(tenantId !== planTenant && { tenantId }),
    ...(applicationId !== undefined && { applicationId }),
    principal: book.share('principals', principal),
    permissions: book.shareMade('permissions', permissions, required, () => ({ lists: permissions, required })),
    outcome,
    ...(decision !== undefined && { decision: book.share('decisions', decision) }),
    ...(held !== undefined && { held: held.map((one) => book.share('held', one)) }),
    ...(dropped.length > 0 && { dropped: book.share('actions', dropped) }),
    ...(choice !== undefined && { choice: book.share('choices', choice) }),
    ...(objects !== undefined && { objects }),
    ...(conditioned !== undefined && { conditioned }),
  });
}

/** Nothing for the vault itself, the place of an entry, or the subject spelt out. */
function subjectsOf({ vaultId, entries }: VaultPlan): (subject: FindingSubject) => number | FindingSubject | undefined {
  const places = new Map(entries.map((entry, at) => [`${entry.objectId} ${entry.applicationId ?? ''}`, at]));
  return (subject) => {
    const { vault, principal, application, ...others } = subject;
    if (vault !== vaultId || Object.keys(others).length > 0) return subject;
    if (principal === undefined) return application === undefined ? undefined : subject;
    return places.get(`${principal} ${application ?? ''}`) ?? subject;
  };
}
