import type { Bundle } from '../formats/bundle.ts';
import { objectTypes, parseAccessPolicy } from '../model/access-policy.ts';
import { parseVaultId } from '../model/vault-id.ts';

/** The bundle as a page a person can read at three in the morning. Markdown; text from Azure cannot become markup. */
export function bundlePage(bundle: Bundle): string {
  const name = parseVaultId(bundle.vaultId)?.name ?? bundle.vaultId;
  const policies = bundle.accessPolicies.map((raw, at) => {
    const policy = parseAccessPolicy(raw);
    const lists = objectTypes.map((type) => plain(policy.permissions[type].join(', ')));
    return row([String(at + 1), plain(policy.objectId), plain(policy.applicationId ?? ''), ...lists]);
  });
  const assignments = bundle.assignments.map(({ roleName, principalId, name: assignment, scope, condition }) =>
    row([plain(roleName), plain(principalId), plain(whereOn(scope, bundle.vaultId)), plain(condition ?? ''), plain(assignment)]),
  );
  const roles = (bundle.roles ?? []).map((role) => row([plain(role.roleName), plain(role.dataActions.join(', ')), plain(role.id)]));
  return `# Going back: ${plain(name)}

| | |
| --- | --- |
| vault | ${plain(bundle.vaultId)} |
| tenant | ${plain(bundle.tenantId)} (${plain(bundle.cloud)}) |
| taken | ${plain(bundle.takenAt)}, before the flip |
| plan | ${plain(bundle.planDigest)} |
| permission model | access policies (flag ${bundle.permissionModelFlag}) |

## What to do

Run \`keyturn rollback\` with this bundle. Without keyturn, run the script next to this page: it needs only \`az\`.
The flip did not delete the access policies. Setting the flag back to false is enough unless somebody changed the list
since; \`--with-policies\` writes the list below.
Role assignments may stay: they give no data access while the vault is on access policies.
Whoever does it needs \`Microsoft.KeyVault/vaults/write\` and unrestricted \`Microsoft.Authorization/roleAssignments/write\`.
Do not use this page when the vault was deleted and recovered, made again, or moved to another tenant since.

## Access policies before the flip

| # | object id | application id | keys | secrets | certificates | storage |
| --- | --- | --- | --- | --- | --- | --- |
${policies.join('\n')}

## Role assignments of the plan

| role | principal | on | condition | name |
| --- | --- | --- | --- | --- |
${assignments.join('\n')}
${roles.length === 0 ? '' : rolesPart(roles)}
Digest of the bundle: ${plain(bundle.digest)}
`;
}

function rolesPart(rows: readonly string[]): string {
  return `
## Custom roles of the plan

Other vaults may use them as well: Azure deletes none that somebody is still assigned.

| role | data actions | id |
| --- | --- | --- |
${rows.join('\n')}
`;
}

function whereOn(scope: string, vaultId: string): string {
  return scope.startsWith(`${vaultId}/`) ? scope.slice(vaultId.length + 1) : scope === vaultId ? 'the vault' : scope;
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** Control characters go, and every sign that Markdown or HTML could take for its own is escaped. */
function plain(text: string): string {
  const visible = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '');
  return visible
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_[\]|#!~]/g, (sign) => `\\${sign}`);
}
