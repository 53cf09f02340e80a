// Permission sets as they are met in public vault JSON and templates, and how often, very roughly: applications that read secrets
// are most of the entries, services with a customer's key come next, then people with what the portal's templates tick. The
// casing differs as it does there.
const managed = [
  'create',
  'delete',
  'deleteissuers',
  'get',
  'getissuers',
  'import',
  'list',
  'listissuers',
  'managecontacts',
  'manageissuers',
];
const keyKeeping = ['get', 'list', 'update', 'create', 'import', 'delete', 'recover', 'backup', 'restore'];
const secretKeeping = ['get', 'list', 'set', 'delete', 'recover', 'backup', 'restore'];
const title = (words) => words.map((word) => word[0].toUpperCase() + word.slice(1));

/** What an application or a service holds. */
export const applicationSets = [
  [30, { secrets: ['get'] }],
  [22, { secrets: ['get', 'list'] }],
  [6, { secrets: ['Get', 'List'] }],
  [9, { keys: ['get', 'unwrapKey', 'wrapKey'] }],
  [3, { keys: ['Get', 'UnwrapKey', 'WrapKey'] }],
  [4, { keys: ['get', 'list', 'unwrapKey', 'wrapKey'] }],
  [4, { keys: ['get', 'recover', 'unwrapKey', 'wrapKey'] }],
  [4, { secrets: ['get'], certificates: ['get'] }],
  [3, { secrets: ['Get'], certificates: ['Get'], keys: [] }],
  [2, { secrets: ['get', 'list', 'set'] }],
  [2, { secrets: ['get', 'list', 'set', 'delete'] }],
  [2, { keys: ['decrypt', 'get', 'list'], secrets: ['get'] }],
  [1, { keys: ['encrypt'], secrets: ['get'], certificates: ['get'] }],
  [1, { keys: ['get', 'sign', 'verify'] }],
  [1, { keys: ['get', 'list'], secrets: ['get', 'list'], certificates: ['get', 'list'] }],
  [1, { certificates: ['create', 'get', 'list'], secrets: ['get', 'list'] }],
  [1, { secrets: ['set'] }],
];

/** What people hold, mostly through groups. */
export const peopleSets = [
  [8, { keys: ['get', 'list'], secrets: ['get', 'list'], certificates: ['get', 'list'] }],
  [6, { secrets: ['get', 'list', 'set'] }],
  [5, { secrets: ['list'], keys: ['list'], certificates: ['list'] }],
  [5, { secrets: secretKeeping }],
  [4, { keys: keyKeeping, secrets: secretKeeping, certificates: [...managed, 'recover', 'setissuers', 'update'] }],
  [
    3,
    {
      keys: title(keyKeeping),
      secrets: title(secretKeeping),
      certificates: title([...managed, 'backup', 'recover', 'restore', 'setissuers', 'update']),
    },
  ],
  [3, { keys: ['all'], secrets: ['all'], certificates: ['all'] }],
  [2, { keys: ['all'], secrets: ['all'] }],
  [2, { secrets: [...secretKeeping, 'purge'] }],
  [2, { certificates: [...managed, 'recover', 'setissuers', 'update'] }],
  [2, { keys: [...keyKeeping, 'getrotationpolicy', 'setrotationpolicy', 'rotate'] }],
  [1, { keys: ['all'], secrets: ['all'], certificates: ['all'], storage: ['all'] }],
  [1, { keys: ['get'], secrets: ['get'], certificates: ['get'], storage: ['get'] }],
  [1, { secrets: ['delete', 'get', 'list', 'recover', 'set'] }],
];
