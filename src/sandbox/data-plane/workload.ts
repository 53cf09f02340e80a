/** What a workload may do in one call; each is one request to the vault's data plane. */
export const workloadOperations = [
  'getSecret',
  'listSecrets',
  'setSecret',
  'getKey',
  'listKeys',
  'wrapKey',
  'unwrapKey',
  'encrypt',
  'decrypt',
  'sign',
  'verify',
  'getCertificate',
  'listCertificates',
] as const;
export type WorkloadOperation = (typeof workloadOperations)[number];

export interface WorkloadCall {
  /** Name of the vault. */
  readonly vault: string;
  readonly operation: WorkloadOperation;
  /** Name of the secret, key or certificate; every operation but the lists needs it. */
  readonly object?: string;
}

/** An application or a person that calls vaults all through a migration. */
export interface Workload {
  readonly name: string;
  /** Object id of the user or service principal that calls. */
  readonly principal: string;
  /** Application id through which the user calls: a compound identity (LP-3). */
  readonly onBehalfOfApp?: string;
  readonly calls: readonly WorkloadCall[];
}

/** What came of one round of a workload's calls. */
export interface WorkloadResult {
  readonly name: string;
  readonly ok: number;
  /** Answered 403. */
  readonly refused: number;
  /** Any other end: another status, no connection. */
  readonly failed: number;
  /** The first refusal or failure in the service's own words. */
  readonly firstRefusal?: string;
}
