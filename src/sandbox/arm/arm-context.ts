import type { JsonObject } from '../../base/json.ts';
import type { SandboxContext } from '../context.ts';
import type { Answer, Ask, Caller } from '../exchange.ts';
import type { SandboxVault } from '../state.ts';

/** A vault that was deleted and can still be recovered. */
export interface DeletedVault {
  readonly vault: SandboxVault;
  /** Sandbox milliseconds. */
  readonly deletedAt: number;
}

/** How lists are cut into pages. */
export interface Paging {
  readonly size: number;
  /** Pages with an empty `value` and a nextLink that come after every page but the last, and before the end. */
  readonly emptyPages: number;
}

/** What Resource Manager needs beside what all services share. */
export interface ArmContext extends SandboxContext {
  readonly paging: Paging;
  /** Role assignments that one subscription may hold. */
  readonly assignmentLimit: number;
  /** Custom roles that the tenant may hold. */
  readonly customRoleLimit: number;
  /** How long a write of a vault takes, in real milliseconds; another one in that time is a conflict. */
  readonly vaultWriteTime: number;
  readonly deletedVaults: Map<string, DeletedVault>;
  /** Keys of the vaults that are being written now. */
  readonly busyVaults: Set<string>;
}

/** One request with its route found, its token and api-version accepted. */
export interface ArmCall {
  readonly context: ArmContext;
  readonly ask: Ask;
  readonly caller: Caller;
  /** The places of the route's path by name, as the client wrote them. */
  readonly places: Readonly<Record<string, string>>;
  /** For routes on any scope: the scope as the client wrote it, double slashes folded; the root is empty. */
  readonly scope: string;
  readonly apiVersion: string;
  /** The body where it is an object, else an empty one. */
  readonly body: JsonObject;
}

export interface ArmRoute {
  /** The operation's id in Microsoft's contract, such as `Vaults_Get`. */
  readonly name: string;
  readonly method: string;
  /** `{scope}` in front stands for any scope, the empty one included; other places are one segment. */
  readonly path: string;
  readonly versions: readonly string[];
  /** Query parameters beside `api-version`, in lower case. */
  readonly query: readonly string[];
  readonly act: (call: ArmCall) => Answer | Promise<Answer>;
}
