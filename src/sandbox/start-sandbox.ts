import { randomUUID } from 'node:crypto';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { arm } from './arm/arm.ts';
import type { ArmContext, Paging } from './arm/arm-context.ts';
import { armStateJson } from './arm-state.ts';
import type { Denial, SandboxContext } from './context.ts';
import { type ControlParts, control, type RefusedAsk } from './control.ts';
import { dataPlane } from './data-plane/data-plane.ts';
import { createFaults, type Faults } from './faults.ts';
import { graph } from './graph/graph.ts';
import type { DirectoryAccess } from './graph/graph-answer.ts';
import { endMemberships } from './graph/group-schedules.ts';
import { issueFor } from './identity/answer-token.ts';
import { tokenEndpoint } from './identity/token-endpoint.ts';
import { createTokenIssuer } from './identity/tokens.ts';
import { createLatency, type Latency, type LatencySettings } from './latency.ts';
import { makeCertificates } from './make-certificates.ts';
import { createMetrics, type MetricsReport } from './metrics.ts';
import { serveIdentity } from './serve-identity.ts';
import { type ServeParts, serveRequest } from './serve-request.ts';
import type { Consistency, SandboxClock, TenantState } from './state.ts';
import { createThrottle, type ThrottleSettings } from './throttle.ts';

// The face of the sandbox: nothing else of it is imported from outside.
export { sandboxClock } from './clock.ts';
export type { WorkloadResult } from './data-plane/workload.ts';
export { runWorkload } from './data-plane/workloads.ts';
export { type LoadedScenario, loadScenario } from './scenario/load-scenario.ts';

export interface SandboxOptions {
  readonly tenant: TenantState;
  readonly consistency: Consistency;
  readonly clock: SandboxClock;
  /** Who the managed identity endpoint speaks for. */
  readonly operator: { readonly objectId: string };
  /** 0, any free one, when left out. */
  readonly port?: number;
  /** Takes one line of JSON per exchange with Resource Manager, without its line end. */
  readonly recordTo?: (line: string) => void;
  readonly directoryAccess?: DirectoryAccess;
  /** Resource Manager's own figures where left out. */
  readonly throttle?: ThrottleSettings;
  /** Nothing but what the work takes when left out. */
  readonly latency?: LatencySettings;
  /** 1,000 rows a page and no empty pages when left out. */
  readonly paging?: Partial<Paging>;
  /** Role assignments that one subscription may hold; 4,000 when left out. */
  readonly assignmentLimit?: number;
  /** Custom roles that the tenant may hold; 5,000 when left out. */
  readonly customRoleLimit?: number;
  /** How long a write of a vault takes, in real milliseconds; 5 when left out. */
  readonly vaultWriteTime?: number;
}

/** A running sandbox. */
export interface Sandbox {
  /** `https://127.0.0.1:PORT`: all services; vaults and the public names by the Host header or `x-sandbox-host`. */
  readonly origin: string;
  readonly port: number;
  /** Address of the managed identity endpoint, plain http as on App Service. */
  readonly identityEndpoint: string;
  /** The managed identity header, and every application's client secret. */
  readonly identitySecret: string;
  readonly caPem: string;
  readonly tenant: TenantState;
  readonly clock: SandboxClock;
  readonly context: SandboxContext;
  readonly faults: Faults;
  readonly latency: Latency;
  metrics(): MetricsReport;
  resetMetrics(): void;
  /** Every 403 that a caller got on a vault's data plane, oldest first. */
  denials(): readonly Denial[];
  /** Every request to Resource Manager that the sandbox did not understand. */
  refusedAsks(): readonly RefusedAsk[];
  /** What Resource Manager holds, as canonical JSON. */
  stateJson(): string;
  issueToken(objectId: string, audience: string): string;
  close(): Promise<void>;
}

/** @throws Error when the port is taken */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { caPem, certificatePem, keyPem } = await makeCertificates();
  const kept = {
    denials: [] as Denial[],
    refusedAsks: [] as RefusedAsk[],
    metrics: createMetrics(),
    faults: createFaults(),
    latency: createLatency(options.latency),
    throttle: createThrottle(options.clock, options.throttle),
  };
  const context = armContext(options, kept.denials);
  const parts = serveParts(options, context, kept);
  const server = createServer({ cert: certificatePem, key: keyPem }, (request, response) => {
    // As Azure's answers carry Azure's time, these carry the sandbox's.
    response.setHeader('date', new Date(options.clock.now()).toUTCString());
    endMemberships(options.tenant, options.clock.now());
    void serveRequest(parts, request, response);
  });
  const port = await listen(server, options.port ?? 0);
  const origin = `https://127.0.0.1:${port}`;
  const identityServer = createHttpServer((request, response) => {
    void serveIdentity(parts.handlers.identity, origin, request, response);
  });
  const identityPort = await listen(identityServer, 0);
  return {
    origin,
    port,
    identityEndpoint: `http://127.0.0.1:${identityPort}/msi/token`,
    identitySecret: context.identitySecret,
    caPem,
    tenant: options.tenant,
    clock: options.clock,
    context,
    faults: kept.faults,
    latency: kept.latency,
    metrics: () => kept.metrics.report(),
    resetMetrics: () => {
      kept.metrics.reset();
    },
    denials: () => kept.denials,
    refusedAsks: () => kept.refusedAsks,
    stateJson: () => armStateJson(options.tenant),
    issueToken: (objectId, audience) => issueToken(context, objectId, audience),
    close: async () => {
      await Promise.all([stop(server), stop(identityServer)]);
    },
  };
}

function serveParts(options: SandboxOptions, context: ArmContext, kept: Omit<ControlParts, 'context'>): ServeParts {
  return {
    handlers: {
      control: control({ context, ...kept }),
      dataPlane: dataPlane(context),
      graph: graph(context),
      identity: tokenEndpoint(context),
      arm: arm(context),
    },
    callerOf: (bearer) => context.tokens.verify(bearer),
    throttle: kept.throttle,
    faults: kept.faults,
    latency: kept.latency,
    metrics: kept.metrics,
    refusedAsks: kept.refusedAsks,
    recordTo: options.recordTo,
  };
}

function armContext(options: SandboxOptions, denials: Denial[]): ArmContext {
  const { tenant, clock, operator } = options;
  const consistency = { ...options.consistency };
  return {
    state: tenant,
    clock,
    consistency,
    view: () => ({ state: tenant, consistency, now: clock.now() }),
    tokens: createTokenIssuer({ tenantId: tenant.tenantId, clock }),
    operator,
    identitySecret: randomUUID(),
    directoryAccess: options.directoryAccess ?? 'read',
    recordAudit: (row) => {
      tenant.audit.push(row);
    },
    recordDenial: (denial) => {
      denials.push(denial);
    },
    paging: { size: options.paging?.size ?? 1000, emptyPages: options.paging?.emptyPages ?? 0 },
    assignmentLimit: options.assignmentLimit ?? 4000,
    customRoleLimit: options.customRoleLimit ?? 5000,
    vaultWriteTime: options.vaultWriteTime ?? 5,
    deletedVaults: new Map(),
    busyVaults: new Set(),
  };
}

/** A token with the claims of the principal's own facts; an id that the directory does not know gets a bare one. */
function issueToken(context: SandboxContext, objectId: string, audience: string): string {
  const principal = context.state.directory.get(objectId.toLowerCase());
  const token = principal === undefined ? context.tokens.issue(objectId, audience) : issueFor(context, principal, audience);
  return token.accessToken;
}

function listen(server: Server | HttpServer, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function stop(server: Server | HttpServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}
