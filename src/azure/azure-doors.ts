import type { Directory } from '../inventory/directory-ports.ts';
import type { ResourceReader } from '../inventory/ports.ts';
import type { AccessChecker, AzureWriter } from '../migrate/ports.ts';
import type { AzureTime } from './azure-time.ts';
import type { SentRequest } from './client/attempt-policy.ts';
import type { Pace } from './client/governor.ts';
import type { Operator } from './client/operator.ts';
import type { Mode } from './client/request-rules.ts';
import type { Limits } from './client/retry-rules.ts';
import type { Sleep } from './client/sleep.ts';
import type { CloudProfile } from './cloud-profile.ts';
import type { AuthKind, Env } from './credential.ts';

export interface ConnectOptions {
  readonly profile: CloudProfile;
  readonly auth: AuthKind;
  readonly env: Env;
  /** In `read` nothing that changes anything can leave this process. */
  readonly mode: Mode;
  /** Ends every request and wait of the run. */
  readonly signal?: AbortSignal;
  /** Told of every try of every request. */
  readonly onRequest?: (sent: SentRequest) => void;
  /** Told the time of every answer of Resource Manager. */
  readonly time?: AzureTime;
  /** Waits between tries of a write; real time when not given. */
  readonly sleep?: Sleep;
  /** What requests wait for their turn by; real time when not given. */
  readonly pace?: Pace;
  readonly limits?: Partial<Limits>;
}

export interface AzureDoors {
  readonly operator: Operator;
  readonly resources: ResourceReader;
  readonly directory: Directory;
  readonly accessChecker: AccessChecker;
  /** In `write` mode only. */
  readonly writer?: AzureWriter;
}
