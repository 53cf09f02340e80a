import { isObject, type JsonObject, objectAt, objectsAt, stringAt } from '../base/json.ts';
import { type PermissionSet, readPermissionSet } from './permission-set.ts';

/**
 * The permission sets in what people have at hand: a set or an access policy, a vault as `az`, Azure PowerShell or Resource Manager
 * show it, a list of them, or what `terraform show -json` prints of a plan or a state.
 * @returns the sets in the order in which they stand there, or what is wrong with the value, in words.
 */
export function permissionSets(value: unknown, depth = 0): readonly PermissionSet[] | string {
  if (depth > deepest) return 'it is nested deeper than any list of policies or vaults';
  if (Array.isArray(value)) return together(value.map((item) => permissionSets(item, depth + 1)));
  if (!isObject(value)) return 'it is not an object with lists of permissions';
  if (Array.isArray(value.value)) return permissionSets(value.value, depth + 1);
  const module = terraformModule(value);
  if (module !== undefined) return setsOfTerraform(module);
  if (isVault(value)) return setsOfVault(value);
  const set = readPermissionSet(value);
  return typeof set === 'string' ? set : [set];
}

/** Lists in lists, and Terraform's modules in modules. */
const deepest = 30;

function together(parts: readonly (readonly PermissionSet[] | string)[]): readonly PermissionSet[] | string {
  const sets: PermissionSet[] = [];
  for (const part of parts) {
    if (typeof part === 'string') return part;
    sets.push(...part);
  }
  return sets;
}

/** Lower case, without underscores: `AccessPolicies`, `accessPolicies` and `access_policy` are found alike. */
function member(value: JsonObject, ...names: readonly string[]): unknown {
  const key = Object.keys(value).find((one) => names.includes(one.toLowerCase().replaceAll('_', '')));
  return key === undefined ? undefined : value[key];
}

function isVault(value: JsonObject): boolean {
  const looks = ['properties', 'accesspolicies', 'accesspolicy', 'vaultname', 'vaulturi'];
  return member(value, ...looks) !== undefined || /\/vaults\/[^/]+$/i.test(stringAt(value, 'id') ?? '');
}

function setsOfVault(value: JsonObject): readonly PermissionSet[] | string {
  const name = member(value, 'vaultname', 'name');
  const vault = typeof name === 'string' ? name : undefined;
  const shown = vault === undefined ? 'the vault' : `vault \`${vault}\``;
  const inner = member(value, 'properties');
  const policies = member(value, 'accesspolicies', 'accesspolicy') ?? (isObject(inner) ? member(inner, 'accesspolicies') : undefined);
  // PowerShell writes a list of one as its only item.
  const list = isObject(policies) ? [policies] : policies;
  if (!Array.isArray(list)) {
    return `${shown} stands there without its access policies, as lists of vaults often do: print it by itself, with \`az keyvault show\` or \`Get-AzKeyVault -VaultName\``;
  }
  return inVault(shown, vault, list);
}

function inVault(shown: string, vault: string | undefined, policies: readonly unknown[]): readonly PermissionSet[] | string {
  const sets: PermissionSet[] = [];
  for (const [at, policy] of policies.entries()) {
    const set = readPermissionSet(policy);
    if (typeof set === 'string') return `access policy ${at} of ${shown}: ${cutByDepth(policy) ?? set}`;
    sets.push({ ...set, ...(vault !== undefined && { vault }) });
  }
  return sets;
}

/** Where ConvertTo-Json reaches its depth, it writes what an object is called in place of the object. */
function cutByDepth(policy: unknown): string | undefined {
  return typeof policy === 'string' ? 'it is only a name; add `-Depth 5` to ConvertTo-Json' : undefined;
}

/** The resources of a plan as they will be, of a state as they are; undefined where it is none of Terraform's. */
function terraformModule(value: JsonObject): JsonObject | undefined {
  const values = [value.planned_values, value.values].find(isObject);
  if (values !== undefined && isObject(values.root_module)) return values.root_module;
  // The state file itself: resources with instances.
  return value.terraform_version !== undefined && Array.isArray(value.resources) ? value : undefined;
}

function setsOfTerraform(module: JsonObject): readonly PermissionSet[] | string {
  const found = resourcesOf(module);
  if (found.length === 0) {
    return 'it holds no `azurerm_key_vault` and no `azurerm_key_vault_access_policy`';
  }
  return together(
    found.map(({ type, values }) => {
      if (type === 'azurerm_key_vault') {
        const policies = objectsAt(values, 'access_policy');
        const name = stringAt(values, 'name');
        return inVault(name === undefined ? 'the vault' : `vault \`${name}\``, name, policies);
      }
      const { key_vault_id: vaultId, ...policy } = values;
      const vault = typeof vaultId === 'string' ? vaultId.slice(vaultId.lastIndexOf('/') + 1) : undefined;
      return inVault(vault === undefined ? 'a vault' : `vault \`${vault}\``, vault, [policy]);
    }),
  );
}

interface TerraformResource {
  readonly type: string;
  readonly values: JsonObject;
}

const keyVaultTypes = ['azurerm_key_vault', 'azurerm_key_vault_access_policy'];

function resourcesOf(module: JsonObject, depth = 0): readonly TerraformResource[] {
  const own = objectsAt(module, 'resources').flatMap((resource): readonly TerraformResource[] => {
    const type = stringAt(resource, 'type') ?? '';
    if (!keyVaultTypes.includes(type) || stringAt(resource, 'mode') === 'data') return [];
    const instances = Array.isArray(resource.instances) ? objectsAt(resource, 'instances') : undefined;
    const values = instances?.map((instance) => objectAt(instance, 'attributes')) ?? [objectAt(resource, 'values')];
    return values.map((one) => ({ type, values: one }));
  });
  if (depth === deepest) return own;
  return [...own, ...objectsAt(module, 'child_modules').flatMap((child) => resourcesOf(child, depth + 1))];
}
