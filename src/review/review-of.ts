import { grouped } from '../base/grouped.ts';
import type { Decision, EntryPlan, PlanHead, PlannedGain, PlanTail, VaultPlan } from '../formats/plan.ts';
import type { Finding } from '../model/finding.ts';
import { parseScope, rootScope, type ScopeLevel, scopeLevel } from '../model/scope.ts';
import { findingWords } from '../words/finding-words.ts';
import { reasonLines } from '../words/reason-words.ts';
import { changeOf } from './changes.ts';
import { headlineOf } from './headline.ts';
import { lossBook } from './losses.ts';
import type { Review, ReviewFinding, ReviewGain, ReviewGrant, ReviewPrincipal, ReviewVault, VaultSince } from './review.ts';
import { rows, vaultCount } from './rows.ts';

/** Makes the review of a plan while its vaults are read, one after the other. */
export interface ReviewBook {
  /** @param since how the vault stands against an earlier plan, where one was given. */
  add(vault: VaultPlan, since?: VaultSince): void;
  /** @param earlier the plan that vaults were compared with, and ids of the vaults that are in it alone. */
  done(tail: PlanTail, earlier?: Earlier): Review;
}

interface Earlier {
  readonly digest: string;
  readonly toolVersion: string;
  readonly gone: readonly string[];
}

type Named = EntryPlan['principal'];
type Role = Review['roles'][number];

/** @param digest of the plan, as its seal says. */
export function reviewBook(head: PlanHead, digest: string): ReviewBook {
  const tables = makeTables();
  const losses = lossBook(tables.changes);
  const vaults: ReviewVault[] = [];
  return {
    add(vault, since) {
      const at = vaults.length;
      const row = vaultRow(vault, at, tables);
      losses.add(row, vault.findings, at);
      vaults.push({ ...row, ...(since !== undefined && { since }) });
    },
    done(tail, earlier) {
      const found = tables.all(losses.all());
      const { toolVersion, tenantId, cloud, author, catalogue, settings, selection } = head;
      return {
        format: 'keyturn-review',
        formatVersion: 1,
        plan: {
          digest,
          toolVersion,
          tenantId,
          cloud,
          catalogue: catalogue.asOf,
          minimumAgeMinutes: settings.minimumAgeMinutes,
          ...(author !== undefined && { author }),
          ...(settings.approvals !== undefined && { approvals: settings.approvals }),
          ...(selection !== undefined && { selection }),
        },
        ...(earlier !== undefined && { since: sinceOf(earlier, vaults) }),
        headline: headlineOf({ ...found, vaults, unreadable: tail.unreadable.length }),
        ...found,
        planFindings: tail.findings.map((one) => ({ ...findingRow(one), vaults: 0, entries: 0 })),
        unreadable: tail.unreadable,
        vaults,
      };
    },
  };
}

function sinceOf({ digest, toolVersion, gone }: Earlier, vaults: readonly ReviewVault[]): NonNullable<Review['since']> {
  const count = (state: VaultSince['state']) => vaults.filter(({ since }) => since?.state === state).length;
  return { digest, toolVersion, new: count('new'), moved: count('moved'), same: count('same'), gone: [...gone] };
}

type Tables = ReturnType<typeof makeTables>;

function makeTables() {
  const principals = rows<ReviewPrincipal>();
  const roles = rows<Role>();
  const customRoles = rows<Review['customRoles'][number]>();
  const grants = rows<ReviewGrant>();
  const changes = rows<ReturnType<typeof changeOf>>();
  const gains = rows<ReviewGain>();
  const findings = rows<ReviewFinding>();
  const decisions = rows<Review['decisions'][number]>();
  const inVaults = { principals: vaultCount(), gains: vaultCount(), findings: vaultCount(), decisions: vaultCount() };
  const gainers = new Map<number, Set<number>>();
  const role = ({ id, name }: Role) => roles.at(`${id} ${name}`, () => ({ id, name }));
  const tables = {
    role,
    changes: changes.all,
    principal(id: string, named: Named | undefined, vault: number): number {
      const at = principals.at(id.toLowerCase(), () => principalRow(id, named));
      inVaults.principals.add(at, vault);
      return at;
    },
    customRole(one: Review['customRoles'][number]): number {
      return customRoles.at(one.name, () => one);
    },
    grant(held: NonNullable<EntryPlan['held']>[number]): number {
      return grants.at(textOf(held), () => {
        const { dataActions, assignmentId, roleDefinitionId, roleName, scope, throughGroup, groupName } = held;
        const through = { ...(throughGroup !== undefined && { throughGroup }), ...(groupName !== undefined && { groupName }) };
        return {
          role: role({ id: roleDefinitionId, name: roleName }),
          scope,
          level: levelOf(scope),
          assignmentId,
          ...through,
          dataActions,
        };
      });
    },
    change(entry: EntryPlan): number {
      const { permissions, outcome, choice = {}, dropped, required, held = [], objects = [], conditioned = {}, decision } = entry;
      const open = outcome === 'undecided' ? [held] : [];
      const parts = [permissions, required, choice, dropped, objects, conditioned, decision ?? {}, ...open].map(textOf);
      return changes.at(`${outcome} ${parts.join(' ')}`, () => changeOf(entry, role));
    },
    decision({ choice, reason }: Decision, vault: number): number {
      const at = decisions.at(JSON.stringify([choice, reason]), () => ({ choice, reason, entries: 0, vaults: 0 }));
      inVaults.decisions.add(at, vault);
      counted(decisions.all, at).entries += 1;
      return at;
    },
    gain(one: PlannedGain, vault: number): ReviewVault['gains'][number] {
      const principal = tables.principal(one.principalId, one.principal, vault);
      const at = gains.at(gainKey(one), () => gainRow(one, principal, role));
      inVaults.gains.add(at, vault);
      const who = gainers.get(at) ?? new Set<number>();
      gainers.set(at, who.add(principal));
      return { gain: at, principal };
    },
    finding(one: Finding, vault: number): number {
      const row = findingRow(one);
      const at = findings.at(JSON.stringify(row), () => ({ ...row, vaults: 0, entries: 0 }));
      inVaults.findings.add(at, vault);
      if (one.subject.principal !== undefined) counted(findings.all, at).entries += 1;
      return at;
    },
    all: (losses: Review['losses']) => ({
      principals: principals.all.map((one, at) => ({ ...one, vaults: inVaults.principals.of(at) })),
      roles: roles.all,
      customRoles: customRoles.all,
      grants: grants.all,
      changes: changes.all,
      gains: gains.all.map((one, at) => ({ ...one, vaults: inVaults.gains.of(at), principals: gainers.get(at)?.size ?? 0 })),
      losses,
      findings: findings.all.map((one, at) => ({ ...one, vaults: inVaults.findings.of(at) })),
      decisions: decisions.all.map((one, at) => ({ ...one, vaults: inVaults.decisions.of(at) })),
    }),
  };
  return tables;
}

function vaultRow(plan: VaultPlan, at: number, tables: Tables): ReviewVault {
  const { vaultId, name, state, wave, entries, steps, accepted = [], handOff = [] } = plan;
  const named = new Map(entries.map(({ objectId, principal }) => [objectId.toLowerCase(), principal]));
  const principal = (id: string) => tables.principal(id, named.get(id.toLowerCase()), at);
  return {
    id: vaultId,
    name,
    state,
    ...(wave !== undefined && { wave }),
    entries: entries.map((entry) => ({
      principal: principal(entry.objectId),
      ...(entry.applicationId !== undefined && { applicationId: entry.applicationId }),
      change: tables.change(entry),
      ...(entry.held !== undefined && { held: entry.held.map((one) => tables.grant(one)) }),
      ...(entry.decision !== undefined && { decision: tables.decision(entry.decision, at) }),
    })),
    assign: steps
      .filter((step) => step.kind === 'ensureRoleAssignment')
      .map((step) => ({
        principal: principal(step.principalId),
        role: tables.role({ id: step.roleDefinitionId, name: step.roleName }),
        name: step.name,
        ...(step.scope !== vaultId && { on: step.scope.slice(vaultId.length + 1) }),
        ...(step.condition !== undefined && { condition: step.condition }),
      })),
    customRoles: steps
      .filter((step) => step.kind === 'ensureRoleDefinition')
      .map(({ name: guid, roleName, scope, dataActions }) => tables.customRole({ name: guid, roleName, scope, dataActions })),
    flip: steps.some(({ kind }) => kind === 'flip'),
    gains: plan.gains.map((gain) => tables.gain(gain, at)),
    findings: plan.findings.map((one) => ({
      finding: tables.finding(one, at),
      ...(one.subject.principal !== undefined && { principal: principal(one.subject.principal) }),
    })),
    accepted: accepted.map(({ code, reason }) => ({ code, reason })),
    acceptedGains: acceptedGains(plan, at, tables),
    handOff: handOff.map(({ command }) => command),
  };
}

function acceptedGains({ gains, acceptedGains: accepted = [] }: VaultPlan, at: number, tables: Tables): ReviewVault['acceptedGains'] {
  return accepted.flatMap(({ assignmentId, principalId, reason }) => {
    const isMeant = (gain: PlannedGain) =>
      gain.assignmentId.toLowerCase() === assignmentId.toLowerCase() && gain.principalId.toLowerCase() === principalId.toLowerCase();
    return gains.filter(isMeant).map((gain) => ({ ...tables.gain(gain, at), reason }));
  });
}

function principalRow(id: string, named: Named | undefined): ReviewPrincipal {
  const { kind, displayName, appId } = named ?? { kind: 'unresolved', displayName: '', appId: undefined };
  const standing = standings[kind] ?? 'found';
  return { id: id.toLowerCase(), kind, name: displayName, standing, ...(appId !== undefined && { appId }), vaults: 0 };
}

const standings: Readonly<Record<string, ReviewPrincipal['standing']>> = {
  deleted: 'deleted',
  application: 'noPrincipal',
  applicationId: 'noPrincipal',
  noPrincipal: 'noPrincipal',
  unresolved: 'unknown',
};

function gainKey({ cause, certain, because = [], dataActions, roleDefinitionId, scope, ...gain }: PlannedGain): string {
  const { assignmentId, principalId, throughGroup = '' } = gain;
  const where = cause === 'flip' ? [assignmentId, principalId] : [levelOf(scope)];
  return [cause, certain, textOf(because), textOf(dataActions), roleDefinitionId ?? '', throughGroup, ...where].join(' ').toLowerCase();
}

function gainRow(gain: PlannedGain, principal: number, roleAt: (role: Role) => number): ReviewGain {
  const { cause, certain, because = [], dataActions, roleDefinitionId: id, roleName = id, scope, assignmentId, throughGroup } = gain;
  return {
    cause,
    certain,
    because: [...reasonLines(because)],
    tier: worstTier(dataActions),
    dataActions,
    ...(id !== undefined && { role: roleAt({ id, name: roleName ?? id }) }),
    level: levelOf(scope),
    ...(cause === 'flip' && { scope, assignmentId, principal }),
    ...(throughGroup !== undefined && { throughGroup }),
    principals: 0,
    vaults: 0,
  };
}

function worstTier(actions: PlannedGain['dataActions']): ReviewGain['tier'] {
  const tiers = grouped(actions, ({ tier }) => tier);
  return (['A', 'B', 'C'] as const).find((tier) => tiers.has(tier)) ?? 'D';
}

function findingRow(one: Finding): Omit<ReviewFinding, 'vaults' | 'entries'> {
  const { message, remedy } = findingWords(one);
  return { severity: one.severity, code: one.code, message, remedy };
}

function levelOf(scope: string): ScopeLevel {
  return scopeLevel(parseScope(scope) ?? rootScope);
}

function counted<Row>(all: readonly Row[], at: number): Row {
  const row = all[at];
  if (row === undefined) throw new RangeError(`there is no row ${at}`);
  return row;
}

const texts = new WeakMap<object, string>();

/** As JSON; rows that vaults share are written once. */
function textOf(value: object): string {
  const known = texts.get(value) ?? JSON.stringify(value);
  texts.set(value, known);
  return known;
}
