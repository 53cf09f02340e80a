/**
 * What every data-plane operation demands under either permission model. Columns: name in the audit log, method, path,
 * access-policy permissions of which one is enough, data action without its provider, resource that Azure RBAC checks it
 * on (EA-14). Fixed words come before the paths in which a name may stand at their place: the first match wins.
 */
const rows = [
  ['SecretSet', 'PUT', '/secrets/{name}', 'secrets', ['set'], 'secrets/setSecret/action', 'object'],
  ['SecretListVersions', 'GET', '/secrets/{name}/versions', 'secrets', ['list'], 'secrets/readMetadata/action', 'object'],
  ['SecretGet', 'GET', '/secrets/{name}/{version?}', 'secrets', ['get'], 'secrets/getSecret/action', 'object'],
  ['SecretList', 'GET', '/secrets', 'secrets', ['list'], 'secrets/readMetadata/action', 'vault'],
  ['SecretUpdate', 'PATCH', '/secrets/{name}/{version?}', 'secrets', ['set'], 'secrets/update/action', 'object'],
  ['SecretDelete', 'DELETE', '/secrets/{name}', 'secrets', ['delete'], 'secrets/delete', 'object'],
  ['SecretGetDeleted', 'GET', '/deletedsecrets/{name}', 'secrets', ['get'], 'secrets/readMetadata/action', 'object'],
  ['SecretListDeleted', 'GET', '/deletedsecrets', 'secrets', ['list'], 'secrets/readMetadata/action', 'vault'],
  ['SecretRecover', 'POST', '/deletedsecrets/{name}/recover', 'secrets', ['recover'], 'secrets/recover/action', 'object'],
  ['SecretPurge', 'DELETE', '/deletedsecrets/{name}', 'secrets', ['purge'], 'secrets/purge/action', 'object'],
  ['SecretBackup', 'POST', '/secrets/{name}/backup', 'secrets', ['backup'], 'secrets/backup/action', 'object'],
  ['SecretRestore', 'POST', '/secrets/restore', 'secrets', ['restore'], 'secrets/restore/action', 'vault'],

  ['KeyCreate', 'POST', '/keys/{name}/create', 'keys', ['create'], 'keys/create/action', 'object'],
  ['KeyImport', 'PUT', '/keys/{name}', 'keys', ['import'], 'keys/import/action', 'object'],
  ['KeyListVersions', 'GET', '/keys/{name}/versions', 'keys', ['list'], 'keys/read', 'object'],
  ['KeyRotationPolicyGet', 'GET', '/keys/{name}/rotationpolicy', 'keys', ['getrotationpolicy'], 'keyrotationpolicies/read', 'object'],
  ['KeyRotationPolicySet', 'PUT', '/keys/{name}/rotationpolicy', 'keys', ['setrotationpolicy'], 'keyrotationpolicies/write', 'object'],
  ['KeyAttestationGet', 'GET', '/keys/{name}/{version?}/attestation', 'keys', ['get'], 'keys/read', 'object'],
  ['KeyGet', 'GET', '/keys/{name}/{version?}', 'keys', ['get'], 'keys/read', 'object'],
  ['KeyList', 'GET', '/keys', 'keys', ['list'], 'keys/read', 'vault'],
  ['KeyUpdate', 'PATCH', '/keys/{name}/{version?}', 'keys', ['update'], 'keys/update/action', 'object'],
  ['KeyDelete', 'DELETE', '/keys/{name}', 'keys', ['delete'], 'keys/delete', 'object'],
  ['KeyGetDeleted', 'GET', '/deletedkeys/{name}', 'keys', ['get'], 'keys/read', 'object'],
  ['KeyListDeleted', 'GET', '/deletedkeys', 'keys', ['list'], 'keys/read', 'vault'],
  ['KeyRecover', 'POST', '/deletedkeys/{name}/recover', 'keys', ['recover'], 'keys/recover/action', 'object'],
  ['KeyPurge', 'DELETE', '/deletedkeys/{name}', 'keys', ['purge'], 'keys/purge/action', 'object'],
  ['KeyRestore', 'POST', '/keys/restore', 'keys', ['restore'], 'keys/restore/action', 'vault'],
  ['KeyBackup', 'POST', '/keys/{name}/backup', 'keys', ['backup'], 'keys/backup/action', 'object'],
  ['KeyRotate', 'POST', '/keys/{name}/rotate', 'keys', ['rotate'], 'keys/rotate/action', 'object'],
  ['KeyRelease', 'POST', '/keys/{name}/{version?}/release', 'keys', ['release'], 'keys/release/action', 'object'],
  ['KeyEncrypt', 'POST', '/keys/{name}/{version?}/encrypt', 'keys', ['encrypt'], 'keys/encrypt/action', 'object'],
  ['KeyDecrypt', 'POST', '/keys/{name}/{version?}/decrypt', 'keys', ['decrypt'], 'keys/decrypt/action', 'object'],
  ['KeyWrap', 'POST', '/keys/{name}/{version?}/wrapkey', 'keys', ['wrapKey'], 'keys/wrap/action', 'object'],
  ['KeyUnwrap', 'POST', '/keys/{name}/{version?}/unwrapkey', 'keys', ['unwrapKey'], 'keys/unwrap/action', 'object'],
  ['KeySign', 'POST', '/keys/{name}/{version?}/sign', 'keys', ['sign'], 'keys/sign/action', 'object'],
  ['KeyVerify', 'POST', '/keys/{name}/{version?}/verify', 'keys', ['verify'], 'keys/verify/action', 'object'],

  ['CertificateContactsGet', 'GET', '/certificates/contacts', 'certificates', ['managecontacts'], 'certificatecontacts/write', 'vault'],
  ['CertificateContactsSet', 'PUT', '/certificates/contacts', 'certificates', ['managecontacts'], 'certificatecontacts/write', 'vault'],
  [
    'CertificateContactsDelete',
    'DELETE',
    '/certificates/contacts',
    'certificates',
    ['managecontacts'],
    'certificatecontacts/write',
    'vault',
  ],
  [
    'CertificateIssuersList',
    'GET',
    '/certificates/issuers',
    'certificates',
    ['listissuers', 'manageissuers'],
    'certificatecas/read',
    'vault',
  ],
  [
    'CertificateIssuerGet',
    'GET',
    '/certificates/issuers/{name}',
    'certificates',
    ['getissuers', 'manageissuers'],
    'certificatecas/read',
    'vault',
  ],
  [
    'CertificateIssuerSet',
    'PUT',
    '/certificates/issuers/{name}',
    'certificates',
    ['setissuers', 'manageissuers'],
    'certificatecas/write',
    'vault',
  ],
  [
    'CertificateIssuerUpdate',
    'PATCH',
    '/certificates/issuers/{name}',
    'certificates',
    ['setissuers', 'manageissuers'],
    'certificatecas/write',
    'vault',
  ],
  [
    'CertificateIssuerDelete',
    'DELETE',
    '/certificates/issuers/{name}',
    'certificates',
    ['deleteissuers', 'manageissuers'],
    'certificatecas/delete',
    'vault',
  ],
  ['CertificateRestore', 'POST', '/certificates/restore', 'certificates', ['restore'], 'certificates/restore/action', 'vault'],
  ['CertificateCreate', 'POST', '/certificates/{name}/create', 'certificates', ['create'], 'certificates/create/action', 'object'],
  ['CertificateImport', 'POST', '/certificates/{name}/import', 'certificates', ['import'], 'certificates/import/action', 'object'],
  ['CertificatePendingGet', 'GET', '/certificates/{name}/pending', 'certificates', ['get'], 'certificates/read', 'object'],
  ['CertificatePendingUpdate', 'PATCH', '/certificates/{name}/pending', 'certificates', ['update'], 'certificates/update/action', 'object'],
  [
    'CertificatePendingDelete',
    'DELETE',
    '/certificates/{name}/pending',
    'certificates',
    ['update'],
    'certificates/update/action',
    'object',
  ],
  [
    'CertificatePendingMerge',
    'POST',
    '/certificates/{name}/pending/merge',
    'certificates',
    ['create'],
    'certificates/create/action',
    'object',
  ],
  ['CertificatePolicyGet', 'GET', '/certificates/{name}/policy', 'certificates', ['get'], 'certificates/read', 'object'],
  ['CertificatePolicyUpdate', 'PATCH', '/certificates/{name}/policy', 'certificates', ['update'], 'certificates/update/action', 'object'],
  ['CertificateListVersions', 'GET', '/certificates/{name}/versions', 'certificates', ['list'], 'certificates/read', 'object'],
  ['CertificateGet', 'GET', '/certificates/{name}/{version?}', 'certificates', ['get'], 'certificates/read', 'object'],
  ['CertificateList', 'GET', '/certificates', 'certificates', ['list'], 'certificates/read', 'vault'],
  ['CertificateUpdate', 'PATCH', '/certificates/{name}/{version?}', 'certificates', ['update'], 'certificates/update/action', 'object'],
  ['CertificateDelete', 'DELETE', '/certificates/{name}', 'certificates', ['delete'], 'certificates/delete', 'object'],
  ['CertificateGetDeleted', 'GET', '/deletedcertificates/{name}', 'certificates', ['get'], 'certificates/read', 'object'],
  ['CertificateListDeleted', 'GET', '/deletedcertificates', 'certificates', ['list', 'get'], 'certificates/read', 'vault'],
  [
    'CertificateRecover',
    'POST',
    '/deletedcertificates/{name}/recover',
    'certificates',
    ['recover'],
    'certificates/recover/action',
    'object',
  ],
  ['CertificatePurge', 'DELETE', '/deletedcertificates/{name}', 'certificates', ['purge'], 'certificates/purge/action', 'object'],
  ['CertificateBackup', 'POST', '/certificates/{name}/backup', 'certificates', ['backup'], 'certificates/backup/action', 'object'],
] as const;

export type OperationName = (typeof rows)[number][0];

export interface Operation {
  readonly name: OperationName;
  readonly method: string;
  /** Fixed words, `{name}` and `{version?}`. */
  readonly path: readonly string[];
  readonly objectType: 'secrets' | 'keys' | 'certificates';
  readonly permissions: readonly string[];
  readonly dataAction: string;
  readonly checkedOn: 'vault' | 'object';
}

export const operations: readonly Operation[] = rows.map(([name, method, path, objectType, permissions, dataAction, checkedOn]) => ({
  name,
  method,
  path: path.split('/').slice(1),
  objectType,
  permissions,
  dataAction: `Microsoft.KeyVault/vaults/${dataAction}`,
  checkedOn,
}));
