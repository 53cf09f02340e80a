import { z } from 'zod';
import { armStateJson } from './arm-state.ts';
import type { Denial, SandboxContext } from './context.ts';
import { type Answer, type Ask, type Handler, ServiceError } from './exchange.ts';
import type { Faults } from './faults.ts';
import { type Latency, latencySettings } from './latency.ts';
import type { Metrics } from './metrics.ts';
import { type Throttle, throttleSettings } from './throttle.ts';

/** A request that the sandbox did not understand, with the error that it was answered with. */
export interface RefusedAsk {
  readonly method: string;
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

export interface ControlParts {
  readonly context: SandboxContext;
  readonly metrics: Metrics;
  readonly faults: Faults;
  readonly latency: Latency;
  readonly throttle: Throttle;
  readonly denials: Denial[];
  readonly refusedAsks: RefusedAsk[];
}

const action = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('answer'),
    status: z.number().int().min(200).max(599),
    headers: z.record(z.string(), z.string()).exactOptional(),
    body: z.json().exactOptional(),
    afterwards: z.boolean().exactOptional(),
  }),
  z.strictObject({ kind: z.literal('reset'), afterwards: z.boolean().exactOptional() }),
  z.strictObject({ kind: z.literal('hang'), afterwards: z.boolean().exactOptional() }),
  z.strictObject({ kind: z.literal('cut') }),
]);
const faultBody = z.strictObject({
  operation: z.string().min(1),
  path: z.string().exactOptional(),
  nth: z.number().int().min(1).exactOptional(),
  times: z.number().int().min(1).exactOptional(),
  action,
});
const clockBody = z.union([z.strictObject({ advanceMilliseconds: z.number().min(0) }), z.strictObject({ now: z.iso.datetime() })]);
const delay = z.number().min(0).exactOptional();
const consistencyBody = z.strictObject({
  assignmentPropagation: delay,
  managementGroupPropagation: delay,
  principalReplication: delay,
  roleReplication: delay,
  listingLag: delay,
});

/** `/_sandbox/…`: what a test or a demonstration asks of the sandbox itself. Needs no token; the sandbox listens on loopback only. */
export function control(parts: ControlParts): Handler {
  return (ask) => {
    const route = `${ask.method} ${ask.segments.slice(1).join('/').toLowerCase()}`;
    const act = routes[route];
    if (act === undefined) throw new ServiceError(404, 'UnknownControl', `the sandbox knows no ${ask.method} ${ask.path}`);
    return act(parts, ask);
  };
}

const routes: Readonly<Record<string, (parts: ControlParts, ask: Ask) => Answer>> = {
  'GET metrics': ({ metrics }) => json({ ...metrics.report() }),
  'DELETE metrics': ({ metrics }) => {
    metrics.reset();
    return { status: 204 };
  },
  'GET denials': ({ denials }) => json({ value: denials.map((denial) => ({ ...denial })) }),
  'GET audit': ({ context }) => json({ value: context.state.audit }),
  'GET unknown': ({ refusedAsks }) => json({ value: refusedAsks.map((refused) => ({ ...refused })) }),
  'GET state': ({ context }) => ({
    status: 200,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: armStateJson(context.state),
  }),
  'GET clock': ({ context }) => clockAnswer(context),
  'POST clock': moveClock,
  'GET consistency': ({ context }) => json({ ...context.consistency }),
  'POST consistency': ({ context }, ask) => {
    Object.assign(context.consistency, parsed(consistencyBody, ask));
    return json({ ...context.consistency });
  },
  'GET latency': ({ latency }) => json({ ...latency.settings }),
  'POST latency': ({ latency }, ask) => {
    latency.set(parsed(latencySettings, ask));
    return json({ ...latency.settings });
  },
  'GET throttle': ({ throttle }) => json({ ...throttle.settings }),
  'POST throttle': ({ throttle }, ask) => {
    throttle.set(parsed(throttleSettings, ask));
    return json({ ...throttle.settings });
  },
  'GET faults': ({ faults }) => json({ value: faults.pending.map(({ operation, nth, times }) => ({ operation, nth, times })) }),
  'POST faults': ({ faults }, ask) => {
    faults.add(parsed(faultBody, ask));
    return { status: 204 };
  },
  'DELETE faults': ({ faults }) => {
    faults.clear();
    return { status: 204 };
  },
};

function json(body: NonNullable<Answer['body']>): Answer {
  return { status: 200, body };
}

function clockAnswer({ clock }: SandboxContext): Answer {
  return json({ now: new Date(clock.now()).toISOString() });
}

function moveClock({ context }: ControlParts, ask: Ask): Answer {
  const move = parsed(clockBody, ask);
  const by = 'now' in move ? Date.parse(move.now) - context.clock.now() : move.advanceMilliseconds;
  if (by < 0) throw new ServiceError(400, 'ClockGoesAhead', 'the sandbox clock only moves ahead');
  context.clock.advance(by);
  return clockAnswer(context);
}

/** @throws ServiceError 400 that says what is wrong with the body */
function parsed<T extends z.ZodType>(schema: T, ask: Ask): z.infer<T> {
  const result = schema.safeParse(ask.body);
  if (!result.success) throw new ServiceError(400, 'InvalidControlBody', z.prettifyError(result.error));
  return result.data;
}
