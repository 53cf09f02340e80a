import type { ResourceReader } from '../inventory/ports.ts';
import type { AccessChecker, AzureWriter } from '../migrate/ports.ts';
import type { Directory } from '../principals/ports.ts';
import type { SentRequest } from './attempt-policy.ts';
import type { AzureTime } from './azure-time.ts';
import type { CloudProfile } from './cloud-profile.ts';
import type { AuthKind, Env } from './credential.ts';
import type { Operator } from './operator.ts';
import type { Mode } from './request-rules.ts';
import type { Limits } from './retry-rules.ts';
import type { Sleep } from './sleep.ts';

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
