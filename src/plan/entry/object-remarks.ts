import type { Decision } from '../../formats/plan.ts';
import type { ObjectShare } from '../../mapping/limit-to-objects.ts';
import type { AccessPolicy } from '../../model/access-policy.ts';
import type { Catalogue } from '../../model/catalogue.ts';
import { shortAction } from '../../model/data-action.ts';
import type { Remark } from '../../model/finding.ts';
import { heldPermissions } from '../kept-permissions.ts';

interface LimitedEntry {
  readonly policy: AccessPolicy;
  /** Data actions that stay for the whole vault. */
  readonly everywhere: readonly string[];
  readonly shares: readonly ObjectShare[];
  readonly catalogue: Catalogue;
}

/** What a reviewer should know before access is limited to named objects. */
export function remarksOnObjects(choice: Decision['choice'], matter: LimitedEntry): readonly Remark[] {
  const lost = lostAtVault(matter);
  const unsure = unsureActions(matter);
  const writing = choice === 'objectScope' ? writingActions(matter) : [];
  return [
    ['warning', choice === 'objectScope' ? 'MAP-OBJECT-SCOPE' : 'MAP-NAME-CONDITION', {}],
    ...(lost.length === 0 ? [] : [['warning', 'MAP-LIST-LOST', { permissions: lost }] as const]),
    ...(unsure.length === 0 ? [] : [['warning', 'MAP-OBJECT-UNSURE', { dataActions: unsure }] as const]),
    ...(writing.length === 0 ? [] : [['warning', 'MAP-OBJECT-WRITE', { dataActions: writing }] as const]),
  ];
}

/** Permissions to list, or to work on what is no object, that the decision does not keep for the whole vault (EA-14). */
function lostAtVault({ policy, everywhere, catalogue }: LimitedEntry): readonly string[] {
  const atVault = new Set(catalogue.dataActions.filter(({ checkedAt }) => !checkedAt.includes('object')).map(({ name }) => name));
  return heldPermissions(policy.permissions, catalogue).filter((word) => {
    const actions = catalogue.permissions.get(word) ?? [];
    return (word.endsWith('/list') || actions.every((name) => atVault.has(name))) && actions.some((name) => !everywhere.includes(name));
  });
}

/** Nobody documents whether these are checked on the object or at the vault. */
function unsureActions({ shares, catalogue }: LimitedEntry): readonly string[] {
  const open = catalogue.dataActions.filter(({ name, checkedAt }) => checkedAt.length > 1 && !listed.has(shortAction(name)));
  return open.map(({ name }) => name).filter((name) => shares.some(({ dataActions }) => dataActions.includes(name)));
}

/** Checked at both, and it is known which call where. */
const listed = new Set(['secrets/readMetadata', 'keys/read', 'certificates/read']);

/** Key Vault's page on Azure RBAC says of roles on single objects that they are for reading alone (EA-57). */
function writingActions({ shares }: LimitedEntry): readonly string[] {
  const limited = [...new Set(shares.flatMap(({ dataActions }) => dataActions))];
  return limited.filter((name) => writes.test(name)).sort();
}

const writes = /\/(setSecret|create|import|update|delete|restore|recover|purge|rotate)\/action$|\/(delete|write)$/i;
