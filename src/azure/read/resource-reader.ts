import type { ResourceReader } from '../../inventory/ports.ts';
import type { Transport } from '../client/transport.ts';
import { authorizationReader } from './authorization-reader.ts';
import { governanceReader } from './governance-reader.ts';
import { objectReader } from './object-reader.ts';
import { policyReader } from './policy-reader.ts';
import { vaultReader } from './vault-reader.ts';

/** Reads Azure Resource Manager; every fact is taken from the raw answers, never from an SDK's model of them. */
export function createResourceReader(transport: Transport): ResourceReader {
  return {
    ...authorizationReader(transport),
    ...governanceReader(transport),
    ...policyReader(transport),
    ...vaultReader(transport),
    ...objectReader(transport),
  };
}
