import { canonicalJson } from '../base/canonical-json.ts';
import { shellWord } from '../base/shell-word.ts';
import type { Bundle } from '../formats/bundle.ts';

/** Vault API version that the script speaks. */
const apiVersion = '2026-02-01';

/**
 * A POSIX shell script that goes back with nothing but Microsoft's `az`: the flag alone; with `--with-policies` the whole
 * saved list too; with `--remove-assignments` the role assignments that the plan made under its own names. Everything that
 * came from Azure stands in single quotes or in a quoted here-document, so none of it is ever read as shell.
 */
export function bundleScript(bundle: Bundle): string {
  const flag = canonicalJson({ properties: { enableRbacAuthorization: false } });
  const all = canonicalJson({ properties: { accessPolicies: bundle.accessPolicies, enableRbacAuthorization: false } });
  const url = shellWord(`${encodedPath(bundle.vaultId)}?api-version=${apiVersion}`);
  const ids = bundle.assignments.map((assignment) => shellWord(assignment.id));
  return `#!/bin/sh
# Puts one vault back on its access policies. Needs az, signed in to the vault's tenant and cloud.
#   sh rollback.sh                       the permission model only; the stored policies apply again
#   sh rollback.sh --with-policies       also writes the saved policy list, if the stored one was changed since
#   sh rollback.sh --remove-assignments  also deletes the role assignments that the plan made under its own names, and
#                                        custom roles of the plan that nobody is assigned any more
set -eu

vault=${url}
tenant=${shellWord(bundle.tenantId)}
with_policies=no
remove_assignments=no
for word in "$@"; do
  case "$word" in
    --with-policies) with_policies=yes ;;
    --remove-assignments) remove_assignments=yes ;;
    *) echo "unknown option: $word" >&2; exit 2 ;;
  esac
done

signed_in=$(az account show --query tenantId --output tsv)
if [ "$signed_in" != "$tenant" ]; then
  echo "az is signed in to tenant $signed_in, the vault belongs to $tenant" >&2
  exit 3
fi

body=$(mktemp)
trap 'rm -f "$body"' EXIT
cat > "$body" <<'KEYTURN_FLAG'
${flag}
KEYTURN_FLAG
az rest --method patch --url "$vault" --headers Content-Type=application/json --body @"$body" --output none
echo "the vault is back on its access policies"

if [ "$with_policies" = yes ]; then
  cat > "$body" <<'KEYTURN_POLICIES'
${all}
KEYTURN_POLICIES
  az rest --method patch --url "$vault" --headers Content-Type=application/json --body @"$body" --output none
  echo "the saved access policies are written (${bundle.accessPolicies.length})"
fi

if [ "$remove_assignments" = yes ]; then
${removal(
  ids,
  (bundle.roles ?? []).map((role) => shellWord(`${encodedPath(role.id)}?api-version=2022-04-01`)),
)}
fi
`;
}

function removal(ids: readonly string[], roles: readonly string[]): string {
  if (ids.length === 0) return '  echo "the plan made no role assignment"';
  const each = ids.map((id) => `  az role assignment delete --ids ${id} --output none || failed=yes`);
  // Azure keeps a role that another vault still uses.
  const stays = 'a custom role could not be deleted, and stays: another vault may still use it';
  const unused = roles.map((url) => `  az rest --method delete --url ${url} --output none || echo "${stays}" >&2`);
  return [
    '  failed=no',
    ...each,
    ...unused,
    '  [ "$failed" = no ] || { echo "not every role assignment could be deleted" >&2; exit 1; }',
  ].join('\n');
}

/** `az rest` expands braces and reads `?` and `#` in a URL: segments are escaped. */
function encodedPath(id: string): string {
  return id
    .split('/')
    .map((segment) => encodeURIComponent(segment.toWellFormed()))
    .join('/');
}
