import { parseGuid } from '../base/guid.ts';
import type { Catalogue } from '../model/catalogue.ts';
import type { Remark } from '../model/finding.ts';
import type { Principal } from '../model/principal.ts';
import type { ServiceIdentity } from '../model/service-identities.ts';
import type { RoleChoice } from './role-choice.ts';

/**
 * What is known of a service of Microsoft's that has the entry: which one it is, and a warning where the roles said to be
 * right for it are not the ones chosen. Nobody can change what such a service does after a lockout (LP-8).
 */
export function remarksOnService(
  principal: Principal | undefined,
  choice: Pick<RoleChoice, 'roles' | 'uncovered'>,
  { services }: Pick<Catalogue, 'services'>,
): readonly Remark[] {
  if (principal?.kind !== 'servicePrincipal' || services.size === 0) return [];
  const appId = parseGuid(principal.appId);
  const service = appId === undefined ? undefined : services.get(appId);
  if (service === undefined) return [];
  const { source, note, appIdEvidence, roles, customRole, roleEvidence } = service;
  const known = { service: service.service, roles, customRole, roleEvidence };
  const told: Remark = ['note', 'MAP-SERVICE', { ...known, appIdEvidence, source, ...(note !== undefined && { note }) }];
  const isSaid = roles.length > 0 || customRole;
  if (!isSaid || chosenAsSaid(service, choice)) return [told];
  return [['warning', 'MAP-SERVICE-ROLE', { ...known, chosen: choice.roles.map(({ name }) => name) }], told];
}

/** Nothing chosen means that existing assignments give all of it: there is nothing to compare. */
function chosenAsSaid({ roles }: ServiceIdentity, choice: Pick<RoleChoice, 'roles' | 'uncovered'>): boolean {
  if (choice.roles.length === 0) return choice.uncovered.length === 0;
  return choice.roles.length === roles.length && choice.roles.every((role) => roles.includes(role.name));
}
