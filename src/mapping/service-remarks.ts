import { parseGuid } from '../base/guid.ts';
import type { Catalogue } from '../model/catalogue.ts';
import type { Finding } from '../model/finding.ts';
import type { Principal } from '../model/principal.ts';
import type { Evidence, ServiceIdentity } from '../model/service-identities.ts';
import type { RoleChoice } from './role-choice.ts';

const said: Readonly<Record<Evidence, string>> = {
  documented: 'Microsoft documents',
  reported: 'users report that it needs',
  unverified: 'it is said, without proof, to need',
};

/**
 * What is known of a service of Microsoft's that has the entry: which one it is, and a warning where the roles said to be
 * right for it are not the ones chosen. Nobody can change what such a service does after a lockout (LP-8).
 */
export function remarksOnService(
  principal: Principal | undefined,
  choice: Pick<RoleChoice, 'roles' | 'uncovered'>,
  { services }: Pick<Catalogue, 'services'>,
  subject: string,
): readonly Finding[] {
  if (principal?.kind !== 'servicePrincipal' || services.size === 0) return [];
  const appId = parseGuid(principal.appId);
  const service = appId === undefined ? undefined : services.get(appId);
  if (service === undefined) return [];
  const named = rolesSaid(service);
  const note: Finding = {
    severity: 'note',
    code: 'MAP-SERVICE',
    subject,
    facts: { message: `the principal is ${service.service}${doubtOnId(service)}; ${named ?? 'no role is documented for it'} (${service.source})`,
    remedy: `look for what uses the vault through it before the flip, and check it a day after${service.note === undefined ? '' : `. ${service.note}`}` },
  };
  return named === undefined || chosenAsSaid(service, choice) ? [note] : [otherRoles(service, choice, named, subject), note];
}

function rolesSaid({ roles, customRole, roleEvidence }: ServiceIdentity): string | undefined {
  const names = [...roles.map((name) => `\`${name}\``), ...(customRole ? ['a custom role'] : [])];
  return names.length === 0 ? undefined : `${said[roleEvidence]} ${names.join(' or ')}`;
}

function doubtOnId({ appIdEvidence }: ServiceIdentity): string {
  return appIdEvidence === 'documented' ? '' : ', if its application id is what it is said to be';
}

/** Nothing chosen means that existing assignments give all of it: there is nothing to compare. */
function chosenAsSaid({ roles }: ServiceIdentity, choice: Pick<RoleChoice, 'roles' | 'uncovered'>): boolean {
  if (choice.roles.length === 0) return choice.uncovered.length === 0;
  return choice.roles.length === roles.length && choice.roles.every((role) => roles.includes(role.name));
}

function otherRoles(service: ServiceIdentity, choice: Pick<RoleChoice, 'roles'>, named: string, subject: string): Finding {
  const chosen = choice.roles.map((role) => `\`${role.name}\``).join(' with ') || 'no role';
  return {
    severity: 'warning',
    code: 'MAP-SERVICE-ROLE',
    subject,
    facts: { message: `${named} for ${service.service}, while the narrowest cover of this entry is ${chosen}`,
    remedy: "find out whether the entry gives what the service needs: the choice reproduces the entry, not the service's documents" },
  };
}
