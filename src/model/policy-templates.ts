import { z } from 'zod';
import { objectTypes } from './access-policy.ts';
import type { Catalogue } from './catalogue.ts';

const lists = z.strictObject({
  keys: z.array(z.string()).exactOptional(),
  secrets: z.array(z.string()).exactOptional(),
  certificates: z.array(z.string()).exactOptional(),
  storage: z.array(z.string()).exactOptional(),
});

const templatesFile = z.strictObject({
  formatVersion: z.literal(1),
  asOf: z.iso.date(),
  provenance: z.array(z.string()).min(1),
  templates: z.array(
    z.strictObject({
      name: z.string().min(1),
      permissions: lists,
      recommendedRoles: z.array(z.string()),
      seen: lists.exactOptional(),
      note: z.string().min(1).exactOptional(),
    }),
  ),
});

type Lists = z.infer<typeof lists>;

/** An access policy template of Azure's portal, as Microsoft's page on migration has it. */
export interface PolicyTemplate {
  readonly name: string;
  readonly permissions: Lists;
  /** What Microsoft's table recommends; empty where it asks for a custom role. */
  readonly recommendedRoles: readonly string[];
  /** What was met in vaults that look as if the template had filled them; narrower than the page says. */
  readonly seen?: Lists;
  readonly note?: string;
}

/** @throws Error when the file is not what it should be, or names a permission or a role that the catalogue lacks. */
export function parsePolicyTemplates(file: unknown, catalogue: Pick<Catalogue, 'permissions' | 'roles'>): readonly PolicyTemplate[] {
  const { templates } = templatesFile.parse(file);
  const roleNames = new Set(catalogue.roles.map((role) => role.name));
  for (const { name, permissions, seen, recommendedRoles } of templates) {
    const words = [permissions, seen ?? {}].flatMap((one) =>
      objectTypes.flatMap((type) => (one[type] ?? []).map((word) => `${type}/${word}`)),
    );
    const strange = words.find((word) => !catalogue.permissions.has(word.toLowerCase()));
    if (strange !== undefined) throw new Error(`templates.json: \`${name}\` names the unknown permission \`${strange}\``);
    const stranger = recommendedRoles.find((role) => !roleNames.has(role));
    if (stranger !== undefined) throw new Error(`templates.json: \`${name}\` names the unknown role \`${stranger}\``);
  }
  return templates;
}
