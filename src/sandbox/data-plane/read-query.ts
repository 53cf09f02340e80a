import { ServiceError } from '../exchange.ts';
import type { Operation } from './operations.ts';

const versions = ['7.4', '7.5', '7.6', '2025-07-01'];
const paging = ['maxresults', '$skiptoken'];

/** @throws ServiceError 400 for an api-version that is missing or unknown, and naming a parameter that the operation does not have. */
export function readQuery(operation: Operation, query: URLSearchParams): void {
  const version = query.get('api-version');
  if (version === null) throw new ServiceError(400, 'BadParameter', 'api-version must be specified');
  if (!versions.includes(version))
    throw new ServiceError(
      400,
      'BadParameter',
      `The specified version (${version}) is not recognized. The sandbox knows ${versions.join(', ')}.`,
    );
  const known = ['api-version', ...parametersOf(operation)];
  const unknown = [...query.keys()].find((name) => !known.includes(name));
  if (unknown !== undefined) throw new ServiceError(400, 'BadParameter', `${operation.name} does not know the parameter \`${unknown}\``);
}

function parametersOf({ name }: Operation): readonly string[] {
  if (name === 'SecretGet') return ['outContentType'];
  if (name === 'CertificateList' || name === 'CertificateListDeleted') return [...paging, 'includePending'];
  return /List(Deleted|Versions)?$/.test(name) ? paging : [];
}
