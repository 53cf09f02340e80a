import type { JsonObject } from '../../base/json.ts';
import type { Directory, DirectoryObject } from '../state.ts';
import { directoryOf } from '../tenant-maps.ts';
import type { ScenarioMember } from './scenario-member.ts';
import type { ScenarioNames } from './scenario-names.ts';
import type { ScenarioFile, ScenarioPrincipal } from './scenario-schema.ts';

const minute = 60_000;
const longAgo = 400 * 24 * 60 * minute;

/** The directory's objects, in the properties that Graph answers; principals that are `gone` are not among them. */
export function expandDirectory(file: ScenarioFile, names: ScenarioNames, now: number): Directory {
  const directory = directoryOf();
  for (const [alias, principal] of Object.entries(file.principals)) {
    if (principal.deleted === 'gone') continue;
    const object = directoryObject(alias, principal, { file, names, now });
    directory.set(object.id.toLowerCase(), object);
  }
  return directory;
}

interface Context {
  readonly file: ScenarioFile;
  readonly names: ScenarioNames;
  readonly now: number;
}

function directoryObject(alias: string, principal: ScenarioPrincipal, context: Context): DirectoryObject {
  const { names, now } = context;
  const path = `principals.${alias}`;
  const members = membersOf(principal).flatMap((member) =>
    typeof member === 'string' ? member : member.eligible === true ? [] : member.principal,
  );
  const deleted = principal.deleted === 'soft';
  return {
    kind: principal.kind === 'managedIdentity' ? 'servicePrincipal' : principal.kind,
    id: names.objectId(alias, path),
    displayName: principal.displayName,
    properties: {
      ...properties(alias, principal, context),
      ...(deleted && { deletedDateTime: new Date(now - 5 * 24 * 60 * minute).toISOString() }),
    },
    members: [...new Set(members.map((member) => names.objectId(member, `${path}.members`).toLowerCase()))],
    deleted,
    since: now - (principal.createdMinutesAgo === undefined ? longAgo : principal.createdMinutesAgo * minute),
  };
}

function membersOf(principal: ScenarioPrincipal): readonly ScenarioMember[] {
  return principal.kind === 'group' ? (principal.members ?? []) : [];
}

function properties(alias: string, principal: ScenarioPrincipal, { file, names }: Context): JsonObject {
  const path = `principals.${alias}`;
  switch (principal.kind) {
    case 'user':
      return userProperties(alias, principal, file.tenant.domain);
    case 'group':
      return {
        groupTypes: principal.membershipRule === undefined ? [] : ['DynamicMembership'],
        mail: null,
        mailEnabled: false,
        mailNickname: alias,
        membershipRule: principal.membershipRule ?? null,
        securityEnabled: principal.securityEnabled ?? true,
        visibility: principal.hiddenMembership === true ? 'HiddenMembership' : null,
      };
    case 'servicePrincipal':
      return servicePrincipal(names.appId(alias, path), 'Application', [], names.tenantId);
    case 'managedIdentity': {
      const group = principal.resourceGroup ?? Object.keys(file.resourceGroups)[0] ?? '';
      const home = names.resourceGroup(group, `${path}.resourceGroup`);
      const identity = `${home}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${alias}`;
      return servicePrincipal(names.appId(alias, path), 'ManagedIdentity', ['isExplicit=True', identity], null);
    }
    case 'application':
      return { appId: names.appId(alias, path), identifierUris: [], tags: [] };
    case 'device':
    case 'administrativeUnit':
    case 'directoryRole':
      return {};
  }
}

function userProperties(alias: string, user: ScenarioPrincipal & { readonly kind: 'user' }, domain: string): JsonObject {
  const guest = user.guest === true;
  const userPrincipalName = user.userPrincipalName ?? (guest ? `${alias}_partner.example#EXT#@${domain}` : `${alias}@${domain}`);
  return {
    accountEnabled: true,
    businessPhones: [],
    givenName: null,
    jobTitle: null,
    mail: null,
    mobilePhone: null,
    officeLocation: null,
    preferredLanguage: null,
    surname: null,
    userPrincipalName,
    userType: guest ? 'Guest' : 'Member',
  };
}

function servicePrincipal(appId: string, type: string, alternativeNames: readonly string[], owner: string | null): JsonObject {
  return {
    accountEnabled: true,
    alternativeNames,
    appId,
    appOwnerOrganizationId: owner,
    servicePrincipalNames: [appId],
    servicePrincipalType: type,
    tags: [],
  };
}
