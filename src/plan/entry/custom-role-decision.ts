import { chooseRoles } from '../../mapping/choose-roles.ts';
import { noCustomRoleLeft, remarksOnCustomRole } from '../../mapping/custom-role-remarks.ts';
import { remarksOnService } from '../../mapping/service-remarks.ts';
import { settleByRoles } from './role-decision.ts';
import type { CarriedEntry, SettledEntry } from './settled.ts';

/**
 * One custom role with exactly the data actions of the entry, shared by all entries of the subscription that need the same. It
 * takes one of few places in the tenant, so it is not made where built-in roles are exact, or where nothing has to be assigned.
 */
export function settleByCustomRole(carried: CarriedEntry): SettledEntry | undefined {
  const { asked, context } = carried;
  const wanted = asked.required;
  const { catalogue, candidates, held, customRoles } = context;
  const builtIn = chooseRoles({ required: wanted, held, candidates });
  if (builtIn.uncovered.length === 0 && builtIn.excess.length === 0) return settleByRoles(carried);
  const customRole = customRoles.propose(wanted);
  if (customRole === undefined) {
    return { part: { outcome: 'undecided', dropped: [] }, remarks: [noCustomRoleLeft(customRoles.limit)] };
  }
  const { id, name } = customRole;
  const roles = [{ id, name }];
  const because = [{ kind: 'customRole', role: name, dataActions: [...wanted] } as const];
  return {
    part: {
      outcome: 'reproduce',
      dropped: [],
      choice: { roles, covered: [...wanted], uncovered: [], excess: [], price: 0, controlPlane: [], because },
    },
    remarks: [...remarksOnCustomRole(customRole, catalogue), ...remarksOnService(asked.principal, { roles, uncovered: [] }, catalogue)],
    customRole,
  };
}
