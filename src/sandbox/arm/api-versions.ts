import { UnknownAsk } from './refusals.ts';

/** The api-versions that real clients send, old ones of Azure CLI included; anything else is refused as ARM does. */
export const versions = {
  vaults: [
    '2015-06-01',
    '2016-10-01',
    '2018-02-14-preview',
    '2018-02-14',
    '2019-09-01',
    '2020-04-01-preview',
    '2021-04-01-preview',
    '2021-06-01-preview',
    '2021-10-01',
    '2021-11-01-preview',
    '2022-07-01',
    '2022-11-01',
    '2023-02-01',
    '2023-07-01',
    '2024-04-01-preview',
    '2024-11-01',
    '2025-05-01',
    '2026-02-01',
    '2026-04-01-preview',
  ],
  roleAssignments: [
    '2015-07-01',
    '2017-10-01-preview',
    '2018-01-01-preview',
    '2018-09-01-preview',
    '2020-03-01-preview',
    '2020-04-01-preview',
    '2020-08-01-preview',
    '2020-10-01-preview',
    '2021-04-01-preview',
    '2022-04-01',
  ],
  roleDefinitions: ['2015-07-01', '2018-01-01-preview', '2022-04-01', '2022-05-01-preview'],
  permissions: ['2015-07-01', '2018-01-01-preview', '2018-07-01', '2022-04-01', '2022-05-01-preview'],
  checkAccess: ['2018-09-01-preview'],
  denyAssignments: ['2018-07-01-preview', '2022-04-01', '2024-07-01-preview'],
  schedules: ['2020-10-01', '2020-10-01-preview', '2022-04-01-preview', '2024-09-01-preview'],
  locks: ['2015-01-01', '2016-09-01', '2017-04-01', '2020-05-01'],
  policy: [
    '2018-05-01',
    '2019-09-01',
    '2020-09-01',
    '2021-06-01',
    '2022-06-01',
    '2023-04-01',
    '2024-04-01',
    '2024-05-01',
    '2025-01-01',
    '2025-03-01',
  ],
  policyExemptions: ['2020-07-01-preview', '2022-07-01-preview', '2024-12-01-preview'],
  diagnosticSettings: ['2016-09-01', '2017-05-01-preview', '2021-05-01-preview'],
  subscriptions: [
    '2014-04-01',
    '2016-06-01',
    '2018-06-01',
    '2019-06-01',
    '2019-11-01',
    '2020-01-01',
    '2021-01-01',
    '2022-09-01',
    '2022-12-01',
  ],
  resources: [
    '2015-11-01',
    '2016-09-01',
    '2018-02-01',
    '2018-05-01',
    '2019-10-01',
    '2020-06-01',
    '2020-10-01',
    '2021-04-01',
    '2022-09-01',
    '2024-11-01',
    '2025-04-01',
  ],
  managementGroups: ['2018-03-01-preview', '2020-02-01', '2020-05-01', '2021-04-01', '2023-04-01'],
} as const;

/** @throws UnknownAsk 400 when the api-version is missing or not among those of the route */
export function checkApiVersion(given: string | null, path: string, known: readonly string[]): string {
  if (given === null || given === '')
    throw new UnknownAsk(
      400,
      'MissingApiVersionParameter',
      'The api-version query parameter (?api-version=) is required for all requests.',
    );
  if (known.includes(given.toLowerCase())) return given.toLowerCase();
  const type = /\/providers\/(Microsoft\.KeyVault)\/+(\w+)(?!.*\/providers\/)/i.exec(path);
  const supported = `The supported api-versions are '${known.join(', ')}'.`;
  if (type?.[1] !== undefined)
    throw new UnknownAsk(
      400,
      'InvalidResourceType',
      `The resource type '${type[2] ?? ''}' could not be found in the namespace '${type[1]}' for api version '${given}'. ${supported}`,
    );
  if (/\/providers\/Microsoft\.Authorization\/(?!.*\/providers\/)/i.test(path))
    throw new UnknownAsk(
      400,
      'UnsupportedApiVersion',
      `The HTTP resource that matches the request URI '${path}' does not support the API version '${given}'. ${supported}`,
    );
  throw new UnknownAsk(
    400,
    'InvalidApiVersionParameter',
    `The api-version '${given}' is invalid. The supported versions are '${known.join(',')}'.`,
  );
}
