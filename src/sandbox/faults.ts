import type { JsonValue } from '../base/json.ts';
import { operationPattern } from './operation-pattern.ts';

/**
 * What happens instead of the ordinary answer. `afterwards` lets the operation take place first, so that the client does
 * not learn of what it did.
 */
export type FaultAction =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      /** A text goes out as it is, anything else as JSON; without a content-type header it is JSON's. */
      readonly body?: JsonValue;
      readonly afterwards?: boolean;
    }
  | { readonly kind: 'reset'; readonly afterwards?: boolean }
  /** Never answers; the connection stays open. */
  | { readonly kind: 'hang'; readonly afterwards?: boolean }
  /** The ordinary answer, but the connection ends in the middle of its body. */
  | { readonly kind: 'cut' }
  /** The ordinary answer, with something else in its body; for whoever serves the sandbox in a process of their own. */
  | { readonly kind: 'change'; readonly change: (body: JsonValue) => JsonValue };

interface Fault {
  /** Name of the operation as the metrics show it; `*` stands for any run of characters. */
  readonly operation: string;
  /** Only calls whose path holds this text, without case. */
  readonly path?: string;
  /** The n-th matching call from now on; 1 when left out. */
  readonly nth?: number;
  /** How many calls in a row; 1 when left out. */
  readonly times?: number;
  readonly action: FaultAction;
}

export interface Faults {
  add(fault: Fault): void;
  clear(): void;
  /** Counts the call for every fault that it matches, and says what is to happen to it. */
  meet(operation: string, path: string): FaultAction | undefined;
  readonly pending: readonly Fault[];
}

interface Planned {
  readonly fault: Fault;
  readonly fits: (operation: string) => boolean;
  seen: number;
}

export function createFaults(): Faults {
  let planned: Planned[] = [];
  return {
    add(fault) {
      planned.push({ fault, fits: operationPattern(fault.operation), seen: 0 });
    },
    clear() {
      planned = [];
    },
    meet(operation, path) {
      let action: FaultAction | undefined;
      for (const plan of planned) {
        if (!matches(plan, operation, path)) continue;
        plan.seen += 1;
        if (plan.seen >= (plan.fault.nth ?? 1)) action ??= plan.fault.action;
      }
      planned = planned.filter(({ fault, seen }) => seen < (fault.nth ?? 1) + (fault.times ?? 1) - 1);
      return action;
    },
    get pending() {
      return planned.map(({ fault }) => fault);
    },
  };
}

function matches({ fault, fits }: Planned, operation: string, path: string): boolean {
  return fits(operation) && (fault.path === undefined || path.toLowerCase().includes(fault.path.toLowerCase()));
}
