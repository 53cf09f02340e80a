import { guidAtEnd } from '../../src/base/guid.ts';
import { type JsonObject, objectAt, stringAt } from '../../src/base/json.ts';
import { KnownError } from '../../src/base/known-error.ts';
import { type Reading, read } from '../../src/base/reading.ts';
import { type JournalEntry, journalText, parseJournal } from '../../src/formats/journal.ts';
import type { Proof } from '../../src/formats/proof.ts';
import type { MigrationEvent, MigrationPorts } from '../../src/migrate/ports.ts';
import type { Estate, SubscriptionFacts } from '../../src/model/estate.ts';
import type { Principal } from '../../src/model/principal.ts';
import { type PermissionBlock, parseRoleAssignment, parseRoleDefinition } from '../../src/model/role.ts';
import { parseScope } from '../../src/model/scope.ts';
import type { VaultObjects } from '../../src/model/vault-objects.ts';
import { anAssignment, anEstate, aSubscription, aVault, operatorId, roleDefinitions, subscriptionId, tenantId } from './an-estate.ts';

/** The process died here: nothing after it may happen. */
export class Crash extends Error {}

const owner: PermissionBlock = { actions: ['*'], notActions: [], dataActions: [], notDataActions: [] };

/** What lives on when keyturn dies: Azure itself, and the files on disk. */
export interface World {
  vaults: Map<string, JsonObject>;
  /** By lower-case id. */
  assignments: Map<string, JsonObject>;
  /** Custom roles, by lower-case id. */
  roles: Map<string, JsonObject>;
  principals: readonly Principal[];
  subscription: Partial<SubscriptionFacts>;
  estate: Partial<Estate>;
  operator: readonly PermissionBlock[] | undefined;
  journal: string;
  bundles: Map<string, string>;
  proofs: Map<string, Proof>;
  held: Set<string>;
  /** Milliseconds since 1970. */
  now: number;
  /** Every write that took effect, in order. */
  writes: string[];
  reads: number;
  /** Names of what every vault holds, as Resource Manager lists them. */
  objects: Reading<VaultObjects>;
  /** What somebody else does, before the reading of that number. */
  meanwhile: Map<number, () => void>;
  /** Service errors by operation: thrown before the write takes effect. */
  refuse: Map<string, KnownError>;
  /** How long a new assignment is missing from lists. */
  listingLag: number;
  /** How long a new custom role is missing from lists. */
  roleLag: number;
  /** How far Azure's clock is behind ours, in milliseconds. */
  azureBehind: number;
}

const ownRow = anAssignment(`/subscriptions/${subscriptionId}`, operatorId, 'Owner').raw;
/** Owner of the subscription: the operator of every world, unless a test says otherwise. */
export const operatorsOwn: [string, JsonObject] = [(stringAt(ownRow, 'id') ?? '').toLowerCase(), ownRow];

export function aWorld(vaults: readonly JsonObject[], principals: readonly Principal[], changes: Partial<World> = {}): World {
  return {
    vaults: new Map(vaults.map((raw) => [aVault(raw).scope, raw])),
    assignments: new Map([operatorsOwn]),
    roles: new Map(),
    principals,
    subscription: {},
    estate: {},
    operator: [owner],
    journal: '',
    bundles: new Map(),
    proofs: new Map(),
    held: new Set(),
    objects: read({ secrets: ['orders-db', 'Billing-Key'], keys: [] }),
    now: Date.parse('2026-11-24T09:00:00.000Z'),
    writes: [],
    reads: 0,
    meanwhile: new Map(),
    refuse: new Map(),
    listingLag: 0,
    roleLag: 0,
    azureBehind: 0,
    ...changes,
  };
}

export function estateOf(world: World): Estate {
  const rows = [...world.assignments.values()].filter((raw) => {
    const since = Date.parse(stringAt(objectAt(raw, 'properties'), 'createdOn') ?? '');
    return since + world.listingLag <= world.now;
  });
  const assignments = rows.flatMap((raw) => parseRoleAssignment(raw) ?? []);
  const custom = [...world.roles.values()]
    .filter((raw) => Date.parse(stringAt(objectAt(raw, 'properties'), 'createdOn') ?? '') + world.roleLag <= world.now)
    .flatMap((raw) => parseRoleDefinition(raw) ?? []);
  const roles = read([...roleDefinitions, ...custom]);
  const subscription = aSubscription({ roleAssignments: read(assignments), roleDefinitions: roles, ...world.subscription });
  const at = new Date(world.now).toISOString();
  return anEstate(
    [...world.vaults.values()].map((raw) => aVault(raw)),
    world.principals,
    subscription,
    { readAt: at, tenantId, ...world.estate },
  );
}

export interface Run {
  readonly ports: MigrationPorts;
  readonly events: MigrationEvent[];
  /** Moments at which the process can die, counted while it runs. */
  moments(): number;
}

/** All of this world goes on without waiting. */
const turn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

/** One life of keyturn in that world. It dies at the moment of the given number, if there is one. */
export function startRun(world: World, dieAt = Number.POSITIVE_INFINITY): Run {
  let moments = 0;
  const events: MigrationEvent[] = [];
  world.held.clear();
  const alive = (): void => {
    if (moments >= dieAt) throw new Crash();
  };
  const moment = (): void => {
    alive();
    moments++;
    alive();
  };
  const effect = async <T>(what: string, change: () => T): Promise<T> => {
    await Promise.resolve();
    moment();
    const refusal = world.refuse.get(what.split(' ')[0] ?? '');
    if (refusal !== undefined) throw refusal;
    const result = change();
    moment();
    return result;
  };
  const entries: JournalEntry[] = [...parseJournal(world.journal).entries];
  world.journal = parseJournal(world.journal).intact;
  const ports: MigrationPorts = {
    writer: writer(world, effect),
    facts: {
      read: async (ids, asOf) => {
        await Promise.resolve();
        alive();
        world.reads++;
        world.meanwhile.get(world.reads)?.();
        const estate = estateOf(world);
        const wanted = new Set(ids.map((id) => parseScope(id)));
        const vaults = estate.vaults.filter(({ vault }) => wanted.has(vault.scope));
        return { ...estate, vaults: vaults.map((facts) => (asOf === undefined ? facts : { ...facts, vault: asOf(facts.vault) })) };
      },
      objectNames: async () => {
        await Promise.resolve();
        alive();
        return world.objects;
      },
      operatorPermissions: async () => {
        await Promise.resolve();
        alive();
        return world.operator;
      },
    },
    journal: {
      entries,
      hold: () => Promise.resolve(),
      append: async (entry) => {
        await Promise.resolve();
        moment();
        world.journal += journalText(entry);
        entries.push(entry);
        moment();
      },
    },
    proofs: {
      write: (vault, proof) => {
        world.proofs.set(vault.scope, proof);
        return Promise.resolve();
      },
    },
    bundles: {
      write: async (vault, bundle) =>
        effect(`bundle ${vault.name}`, () => {
          world.bundles.set(vault.scope, JSON.stringify(bundle));
          return vault.scope;
        }),
      read: async (vault) => {
        await Promise.resolve();
        alive();
        const text = world.bundles.get(vault.scope);
        if (text === undefined) throw new KnownError('usage', 'BUNDLE_MISSING', 'there is no bundle', 'give one');
        return JSON.parse(text) as unknown;
      },
    },
    holds: {
      hold: async (vault) => {
        await Promise.resolve();
        alive();
        if (world.held.has(vault.scope)) throw new KnownError('blocked', 'VAULT_BUSY', 'another run has it', 'wait');
        world.held.add(vault.scope);
        return {
          assertOurs: async () => {
            await Promise.resolve();
            if (!world.held.has(vault.scope)) throw new KnownError('blocked', 'VAULT_LOST', 'another run took it over', 'wait');
          },
          release: async () => {
            await Promise.resolve();
            world.held.delete(vault.scope);
          },
        };
      },
    },
    clock: {
      now: () => new Date(world.now),
      turn,
      // Whoever works takes no time here, so there is nothing to pause for.
      pause: () => new Promise(() => undefined),
      sleep: async (milliseconds, signal) => {
        await Promise.resolve();
        signal?.throwIfAborted();
        alive();
        world.now += milliseconds;
      },
    },
    onEvent: (event) => {
      events.push(event);
    },
  };
  return { ports, events, moments: () => moments };
}

type Effect = <T>(what: string, change: () => T) => Promise<T>;

function roleWriter(world: World, effect: Effect): Pick<MigrationPorts['writer'], 'ensureRoleDefinition' | 'deleteRoleDefinition'> {
  return {
    ensureRoleDefinition: ({ undo: { roleDefinitionId: id }, name, roleName, scope, dataActions }) => {
      if (world.roles.has(id.toLowerCase())) return Promise.resolve('created');
      return effect(`makeRole ${roleName}`, () => {
        const permissions = [{ actions: [], notActions: [], dataActions, notDataActions: [] }];
        const properties = {
          roleName,
          type: 'CustomRole',
          permissions,
          assignableScopes: [scope],
          createdOn: new Date(world.now).toISOString(),
        };
        world.roles.set(id.toLowerCase(), { id, name, type: 'Microsoft.Authorization/roleDefinitions', properties });
        world.writes.push(`makeRole ${roleName}`);
        return 'created' as const;
      });
    },
    deleteRoleDefinition: (id) =>
      effect('removeRole', () => {
        const role = guidAtEnd(id);
        if ([...world.assignments.values()].some((raw) => parseRoleAssignment(raw)?.roleDefinitionId === role)) return 'inUse' as const;
        const there = world.roles.delete(id.toLowerCase());
        if (there) world.writes.push('removeRole');
        return there ? ('deleted' as const) : ('notThere' as const);
      }),
  };
}

function writer(world: World, effect: Effect): MigrationPorts['writer'] {
  const patch = (scope: string, properties: JsonObject): JsonObject => {
    const raw = world.vaults.get(scope);
    if (raw === undefined) throw new KnownError('failed', 'AZURE_NOT_FOUND', 'no such vault', 'look for it');
    const changed = { ...raw, properties: { ...objectAt(raw, 'properties'), ...properties } };
    world.vaults.set(scope, changed);
    return changed;
  };
  return {
    ensureRoleAssignment: (step) => {
      const scope = parseScope(step.scope);
      const same = [...world.assignments.values()].find((raw) => {
        const found = parseRoleAssignment(raw);
        return (
          found?.scope === scope && found?.principalId === step.principalId && found.roleDefinitionId === guidAtEnd(step.roleDefinitionId)
        );
      });
      if (same !== undefined && parseRoleAssignment(same)?.condition !== step.condition)
        return Promise.reject(new KnownError('blocked', 'AZURE_CONFLICT', 'it is assigned under another condition', 'look at it'));
      if (same !== undefined) return Promise.resolve(same.name === step.name ? 'found' : 'alreadyThere');
      return effect(`assign ${step.roleName}`, () => {
        const on = new Date(world.now - world.azureBehind).toISOString();
        const properties = {
          scope: step.scope,
          roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${guidAtEnd(step.roleDefinitionId) ?? ''}`,
          principalId: step.principalId,
          principalType: step.principalType,
          ...(step.condition !== undefined && { condition: step.condition, conditionVersion: '2.0' }),
          createdOn: on,
          updatedOn: on,
        };
        world.assignments.set(step.undo.assignmentId.toLowerCase(), { id: step.undo.assignmentId, name: step.name, properties });
        world.writes.push(`assign ${step.roleName}`);
        return 'created' as const;
      });
    },
    deleteRoleAssignment: (id) =>
      effect('unassign', () => {
        const there = world.assignments.delete(id.toLowerCase());
        if (there) world.writes.push('unassign');
        return there ? ('deleted' as const) : ('notThere' as const);
      }),
    ...roleWriter(world, effect),
    setPermissionModel: async (vault, model, mayChange) => {
      const raw = world.vaults.get(vault.scope);
      if (raw !== undefined && aVault(raw).permissionModel === model) return { outcome: 'unchanged', vault: raw };
      if (raw !== undefined) mayChange?.(raw);
      return effect(`flip ${model}`, () => {
        world.writes.push(`flip ${model}`);
        return { outcome: 'changed' as const, vault: patch(vault.scope, { enableRbacAuthorization: model === 'azureRbac' }) };
      });
    },
    restoreAccessPolicies: (vault, accessPolicies) =>
      effect('restore', () => {
        world.writes.push('restore');
        return patch(vault.scope, { accessPolicies, enableRbacAuthorization: false });
      }),
  };
}
