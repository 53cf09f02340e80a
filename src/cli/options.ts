import type { FormatOptions } from './output/formats.ts';

/** Options that every command has. */
export interface CommonOptions extends FormatOptions {
  readonly quiet?: boolean;
  /** False with --no-color. */
  readonly color: boolean;
  readonly debug?: boolean;
  readonly cloud?: string;
  readonly auth?: string;
  /** A folder, or an address in Azure Blob Storage. */
  readonly state?: string;
  /** The file with what a team has agreed on, where it is not found by its name. */
  readonly config?: string;
  /** How old the facts may be that a flip stands on, in seconds. */
  readonly factsAge?: number;
  /** The most requests to Azure at once. */
  readonly concurrency?: number;
}

/** Which vaults: the same on every command that looks at the estate. */
export interface SelectionOptions {
  readonly subscription?: readonly string[];
  readonly resourceGroup?: readonly string[];
  readonly managementGroup?: readonly string[];
  readonly tag?: readonly string[];
  readonly from?: string;
}

export const authKinds = ['default', 'cli', 'env', 'workload', 'github', 'pipelines', 'managed-identity'] as const;
/** Where `verify` can have a second opinion. */
export const opinionSources = ['check-access'] as const;
