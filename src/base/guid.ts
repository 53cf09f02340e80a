/** A GUID in lower case with dashes. Deny assignments and some errors write it without dashes, people in any case. */
export type Guid = string & { readonly __brand: 'Guid' };

/** The principal id that stands for everyone in a deny assignment (EA-22). */
export const everyone = '00000000-0000-0000-0000-000000000000' as Guid;

const normal = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function parseGuid(raw: string): Guid | undefined {
  // What was parsed before, or came so from Azure, is asked about far more often than anything else.
  if (normal.test(raw)) return raw as Guid;
  const hex = raw.trim().toLowerCase().replaceAll('-', '');
  if (!/^[0-9a-f]{32}$/.test(hex)) return undefined;
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') as Guid;
}

/** The GUID that ends a resource id such as a roleDefinitionId; the text before it varies with who asked. */
export function guidAtEnd(resourceId: string): Guid | undefined {
  return parseGuid(resourceId.slice(resourceId.lastIndexOf('/') + 1));
}
