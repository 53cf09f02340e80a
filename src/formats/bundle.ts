import { z } from 'zod';
import { digestOrNone } from '../base/canonical-json.ts';
import { isObject, type JsonObject, objectAt, objectsAt, stringAt } from '../base/json.ts';
import { KnownError } from '../base/known-error.ts';
import { parseUntrusted } from '../base/untrusted-json.ts';
import type { Vault } from '../model/vault.ts';
import { parseVaultId } from '../model/vault-id.ts';
import type { AssignStep, Plan, RoleStep, VaultPlan } from './plan.ts';

const rawPolicy = z.record(z.string(), z.json()).describe('Verbatim as the vault stored it: spelling, order and unknown members.');

const bundleBody = z.strictObject({
  format: z.literal('keyturn-rollback'),
  formatVersion: z.literal(1),
  cloud: z.string(),
  tenantId: z.string().describe('The tenant that was signed in to.'),
  vaultTenantId: z.string(),
  vaultId: z.string(),
  vaultCreatedAt: z.string().exactOptional().describe('When Azure says the vault was made: another time means another vault.'),
  planDigest: z.string().describe('The plan whose flip this bundle undoes.'),
  flipStep: z.string().describe("The plan's id of the flip: a rollback is journalled under it."),
  takenAt: z.iso.datetime(),
  permissionModelFlag: z
    .enum(['true', 'false', 'null', 'absent'])
    .describe('`enableRbacAuthorization` as stored. Azure cannot be made to forget the flag: going back always writes false.'),
  accessPolicies: z.array(rawPolicy),
  assignments: z
    .array(
      z.strictObject({
        step: z.string(),
        id: z.string(),
        name: z.string(),
        scope: z.string(),
        roleDefinitionId: z.string(),
        roleName: z.string(),
        principalId: z.string(),
        condition: z.string().exactOptional(),
      }),
    )
    .describe('What the plan would make. Whether keyturn made it, its name says; what was there already bears another.'),
  roles: z
    .array(z.strictObject({ step: z.string(), id: z.string(), roleName: z.string(), dataActions: z.array(z.string()) }))
    .exactOptional()
    .describe('Custom roles that the plan would make, and that other vaults may use as well.'),
});

/** The rollback bundle, version 1: enough to put the vault's access back without Azure, keyturn's plan or its journal. */
export const bundleFile = bundleBody.extend({ digest: z.string().describe('SHA-256 over the canonical form of the rest.') });
export type Bundle = z.infer<typeof bundleFile>;

/** The bundle of a vault as it is now, before its flip. */
export function makeBundle(
  vault: Vault,
  plan: Pick<Plan, 'cloud' | 'tenantId' | 'digest'>,
  steps: VaultPlan['steps'],
  takenAt: Date,
): Bundle {
  const createdAt = vaultCreatedAt(vault);
  const roles = steps.flatMap((step) => (step.kind === 'ensureRoleDefinition' ? plannedRole(step) : []));
  const body = bundleBody.parse({
    format: 'keyturn-rollback',
    formatVersion: 1,
    cloud: plan.cloud,
    tenantId: plan.tenantId,
    vaultTenantId: vault.tenantId,
    vaultId: vault.id,
    ...(createdAt !== undefined && { vaultCreatedAt: createdAt }),
    planDigest: plan.digest,
    flipStep: steps.find((step) => step.kind === 'flip')?.id ?? '',
    takenAt: takenAt.toISOString(),
    permissionModelFlag: storedFlag(vault),
    accessPolicies: storedPolicies(vault.raw),
    assignments: steps.flatMap((step) => (step.kind === 'ensureRoleAssignment' ? plannedAssignment(step) : [])),
    ...(roles.length > 0 && { roles }),
  });
  const digest = digestOrNone(body);
  if (digest !== undefined) return { ...body, digest };
  const message = `an access policy of vault \`${vault.name}\` holds half a character, which no rollback bundle can keep word for word`;
  throw new KnownError(
    'blocked',
    'POLICIES_UNREADABLE',
    message,
    'write that access policy anew without it, then run `keyturn plan` again',
  );
}

export function plannedRole({ id, undo, roleName, dataActions }: RoleStep): NonNullable<Bundle['roles']>[number] {
  return { step: id, id: undo.roleDefinitionId, roleName, dataActions };
}

export function plannedAssignment({
  id,
  undo,
  name,
  scope,
  roleDefinitionId,
  roleName,
  principalId,
  condition,
}: AssignStep): Bundle['assignments'][number] {
  const conditioned = condition === undefined ? {} : { condition };
  return { step: id, id: undo.assignmentId, name, scope, roleDefinitionId, roleName, principalId, ...conditioned };
}

/** @throws KnownError BUNDLE_UNREADABLE (usage), BUNDLE_EDITED (blocked). */
export function parseBundle(value: unknown): Bundle {
  if (!isObject(value)) throw unreadable('it is not a JSON object');
  const { digest, ...body } = value;
  if (value.format !== 'keyturn-rollback' || value.formatVersion !== 1) throw unreadable('it is not a rollback bundle of format version 1');
  if (digest !== digestOrNone(body)) {
    const message = 'the rollback bundle was changed after it was written';
    throw new KnownError('blocked', 'BUNDLE_EDITED', message, 'use the untouched bundle; its policies are what would be restored');
  }
  const parsed = bundleFile.safeParse(value);
  if (!parsed.success) throw unreadable(`\`${parsed.error.issues[0]?.path.join('.') ?? ''}\` is not valid in format version 1`);
  if (parseVaultId(parsed.data.vaultId) === undefined) throw unreadable('`vaultId` names no vault');
  return parsed.data;
}

/** @throws KnownError BUNDLE_UNREADABLE (usage), BUNDLE_EDITED (blocked). */
export function readBundle(text: string): Bundle {
  return parseBundle(parseUntrusted(text, { what: 'the rollback bundle', code: 'BUNDLE_UNREADABLE', remedy, limit: 64 * 1024 * 1024 }));
}

/** The stored policy list, in stored order. */
export function storedPolicies(rawVault: JsonObject): readonly JsonObject[] {
  return objectsAt(objectAt(rawVault, 'properties'), 'accessPolicies');
}

/** Same entries, same order, same spelling. What has no canonical form is not the same as anything. */
export function samePolicies(a: readonly JsonObject[], b: readonly JsonObject[]): boolean {
  const [one, other] = [digestOrNone(a), digestOrNone(b)];
  return one !== undefined && one === other;
}

export function vaultCreatedAt(vault: Pick<Vault, 'raw'>): string | undefined {
  return stringAt(objectAt(vault.raw, 'systemData'), 'createdAt');
}

function storedFlag(vault: Vault): Bundle['permissionModelFlag'] {
  const flag = objectAt(vault.raw, 'properties').enableRbacAuthorization;
  if (flag === null) return 'null';
  return flag === undefined ? 'absent' : flag === true ? 'true' : 'false';
}

const remedy = 'give the bundle that `keyturn apply` or `keyturn flip` wrote before the flip';

function unreadable(why: string): KnownError {
  return new KnownError('usage', 'BUNDLE_UNREADABLE', `the rollback bundle cannot be read: ${why}`, remedy);
}
