import { KnownError } from '../base/known-error.ts';
import type { Phase } from '../formats/phases.ts';
import type { AssignStep, Plan, RoleStep, VaultPlan } from '../formats/plan.ts';
import { assignSteps, roleSteps } from '../formats/planned-steps.ts';
import type { RunReport, RunReportVault } from '../formats/run-report.ts';
import { type ApprovalFacts, approvalGate, type GivenApproval } from '../migrate/approval-gate.ts';
import type { MigrationEvent } from '../migrate/ports.ts';
import type { VaultResult } from '../migrate/vault-result.ts';
import { hasWork, type Wave } from '../migrate/waves.ts';
import type { Session } from './session.ts';
import { version } from './version.ts';

/** What is known of a run before it begins. */
export interface RunToRecord {
  /** As it is typed. */
  readonly command: string;
  readonly file: string;
  readonly plan: Plan;
  readonly through: Phase;
  readonly waves: readonly Wave[];
  readonly session: Pick<Session, 'place' | 'operatorId' | 'clock'>;
  readonly approvals: ApprovalFacts;
}

/** How a run ended: with results, or with an error of its own. */
export interface RunEnd {
  readonly exitCode: number;
  readonly results: readonly VaultResult[];
  readonly error?: unknown;
  readonly next: readonly string[];
}

/** Notes what happens in a run, to report of it at its end. */
export interface RunRecord {
  on(event: MigrationEvent): void;
  /** Why no further vault was begun, as a sentence. */
  readonly stopped: string | undefined;
  report(end: RunEnd): RunReport;
}

export function recordRun({ command, file, plan, through, waves, session, approvals }: RunToRecord): RunRecord {
  const { clock, place, operatorId } = session;
  const now = () => clock.now().toISOString();
  const gate = approvalGate(plan, approvals);
  const began = now();
  const waveBegan = new Map<number, string>();
  const vaults = new Map<string, VaultNotes>();
  const notes = (vaultId: string): VaultNotes => {
    const known = vaults.get(vaultId) ?? { made: new Set<string>() };
    vaults.set(vaultId, known);
    return known;
  };
  let stopped: string | undefined;
  return {
    on(event) {
      if (event.kind === 'wave') waveBegan.set(event.wave, now());
      if (event.kind === 'stopped') stopped = event.because;
      if (event.kind === 'found') notes(event.vaultId).before ??= event.permissionModel;
      if (event.kind === 'step' && event.event === 'done' && event.outcome === 'created') notes(event.vaultId).made.add(event.step);
    },
    get stopped() {
      return stopped;
    },
    report({ exitCode, results, error, next }) {
      const waveOf = new Map(waves.flatMap(({ name, vaultIds }) => vaultIds.map((id) => [id, name] as const)));
      const planned = new Map(plan.vaults.map((vault) => [vault.vaultId, vault]));
      const rows = results.map((result) =>
        vaultRow(result, planned.get(result.vaultId), waveOf.get(result.vaultId) ?? '', {
          ...(vaults.get(result.vaultId) ?? { made: new Set() }),
          approvals: gate.countingFor(result).map((one) => approvalRow(one, plan)),
        }),
      );
      return {
        format: 'keyturn-run',
        formatVersion: 1,
        toolVersion: version,
        command,
        plan: { file, digest: plan.digest, vaults: plan.vaults.length },
        ...place,
        operatorId,
        through,
        began,
        ended: now(),
        exitCode,
        ...(stopped !== undefined && { stopped }),
        ...(error !== undefined && { error: errorWords(error) }),
        waves: waves.map(({ name, vaultIds }, at) => {
          const since = waveBegan.get(at + 1);
          return { name, vaults: [...vaultIds], ...(since !== undefined && { began: since }) };
        }),
        vaults: rows,
        remaining: waves
          .flatMap(({ vaultIds }) => vaultIds)
          .filter((id) =>
            isOpen(
              planned.get(id),
              rows.find(({ vaultId }) => vaultId === id),
            ),
          ),
        next: [...next],
      };
    },
  };
}

interface VaultNotes {
  before?: 'accessPolicy' | 'azureRbac';
  readonly made: Set<string>;
}

function vaultRow(
  result: VaultResult,
  plan: VaultPlan | undefined,
  wave: string,
  notes: VaultNotes & { readonly approvals: NonNullable<RunReportVault['approvals']> },
): RunReportVault {
  const { vaultId, name, outcome, code, because, remedy, lines, phase, permissionModel } = result;
  const assigned = plan === undefined ? [] : assignSteps(plan);
  const roles = (plan === undefined ? [] : roleSteps(plan)).filter(({ id }) => notes.made.has(id));
  return {
    vaultId,
    name,
    wave,
    outcome,
    ...(code !== undefined && { code }),
    because,
    ...(remedy !== undefined && { remedy }),
    ...(lines.length > 0 && { lines: [...lines] }),
    ...(phase !== undefined && { phase }),
    permissionModel: {
      ...(notes.before !== undefined && { before: notes.before }),
      ...(permissionModel !== undefined && { after: permissionModel }),
    },
    ...(notes.approvals.length > 0 && { approvals: notes.approvals }),
    assignments: { planned: assigned.length, made: assigned.filter(({ id }) => notes.made.has(id)).map(assignmentRow) },
    ...(roles.length > 0 && { customRoles: roles.map(roleId) }),
  };
}

function approvalRow({ approval, file, signature }: GivenApproval, { author }: Plan): NonNullable<RunReportVault['approvals']>[number] {
  const { approver, at, gains, note } = approval;
  return {
    approver: approver.objectId,
    at,
    file,
    signed: signature === 'good',
    ...(approver.objectId.toLowerCase() === author?.toLowerCase() && { byAuthor: true }),
    gains: gains.length,
    ...(note !== undefined && { note }),
  };
}

function assignmentRow({ undo, roleName, principalId, scope }: AssignStep): RunReportVault['assignments']['made'][number] {
  return { id: undo.assignmentId, roleName, principalId, scope };
}

function roleId({ undo }: RoleStep): string {
  return undo.roleDefinitionId;
}

/** A vault that the plan finds done is never open; one without a result was not come to. */
function isOpen(plan: VaultPlan | undefined, row: RunReportVault | undefined): boolean {
  if (plan === undefined || (!hasWork(plan) && plan.state !== 'blocked')) return false;
  return row?.outcome !== 'done';
}

function errorWords(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof KnownError) return { code: error.code, message: error.message };
  return { code: 'BUG', message: 'something happened that keyturn did not expect' };
}
