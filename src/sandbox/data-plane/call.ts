import type { JsonObject, JsonValue } from '../../base/json.ts';
import type { Answer } from '../exchange.ts';
import type { SandboxVault } from '../state.ts';
import type { Route } from './find-operation.ts';

/** One authorized request. */
export interface Call extends Route {
  readonly vault: SandboxVault;
  /** An empty object when there was none. */
  readonly body: JsonObject;
  readonly query: URLSearchParams;
  /** Sandbox milliseconds. */
  readonly now: number;
  /** `https://kv-a.vault.azure.net`, to which ids belong. */
  readonly vaultUri: string;
  /** As the client wrote scheme, host and port, to which nextLinks belong. */
  readonly origin: string;
}

/** A body with status 200, or a whole answer. */
export type Act = (call: Call) => Body | Promise<Body>;
type Body = { readonly body: JsonValue } | Answer;
