import type { Decision } from '../../formats/plan.ts';
import type { ObjectShare } from '../../mapping/limit-to-objects.ts';
import type { AccessPolicy } from '../../model/access-policy.ts';
import type { Catalogue } from '../../model/catalogue.ts';
import { shortAction } from '../../model/data-action.ts';
import type { Finding } from '../../model/finding.ts';
import type { FindingCode } from '../../model/finding-codes.ts';
import { heldPermissions } from '../kept-permissions.ts';

interface LimitedEntry {
  readonly policy: AccessPolicy;
  /** Data actions that stay for the whole vault. */
  readonly everywhere: readonly string[];
  readonly shares: readonly ObjectShare[];
  readonly catalogue: Catalogue;
  readonly subject: string;
}

/** What a reviewer should know before access is limited to named objects. */
export function remarksOnObjects(choice: Decision['choice'], matter: LimitedEntry): readonly Finding[] {
  const how = choice === 'objectScope' ? onScope : onNames;
  const say = (severity: Finding['severity'], [code, message, remedy]: readonly [FindingCode, string, string]): Finding => {
    return { severity, code, subject: matter.subject, message, remedy };
  };
  const lost = lostAtVault(matter);
  const unsure = unsureActions(matter);
  const writing = choice === 'objectScope' ? writingActions(matter) : [];
  return [
    say('warning', how),
    ...(lost.length === 0 ? [] : [say('warning', listLost(lost))]),
    ...(unsure.length === 0 ? [] : [say('warning', openPlace(unsure))]),
    ...(writing.length === 0 ? [] : [say('warning', doubtfulWrites(writing))]),
  ];
}

const onScope = [
  'MAP-OBJECT-SCOPE',
  'access is limited to the objects named: nothing reaches an object that is made later, and each takes assignments of its own',
  'Microsoft advises against assignments on objects, but for single objects that are shared; a vault of its own is the other way',
] as const;

const onNames = [
  'MAP-NAME-CONDITION',
  'conditions on the names of secrets are a preview, compare letters with case, and reach no secret that is made later under another name',
  'call the vault once as this principal soon after the flip',
] as const;

function listLost(lost: readonly string[]): readonly [FindingCode, string, string] {
  const message = `what is checked at the vault ends at the flip: ${words(lost)}`;
  return ['MAP-LIST-LOST', message, `add it to \`keep\`, unless it is not listed or used`];
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

function doubtfulWrites(actions: readonly string[]): readonly [FindingCode, string, string] {
  const message = `Microsoft says that roles on single objects are for reading alone, so whether ${actions.map(shortAction).join(', ')} works by them is in doubt`;
  return ['MAP-OBJECT-WRITE', message, 'keep what writes for the whole vault, or try it as this principal soon after the flip'];
}

function openPlace(actions: readonly string[]): readonly [FindingCode, string, string] {
  const message = `whether Azure checks ${actions.map(shortAction).join(', ')} on the object or at the vault is not documented`;
  return ['MAP-OBJECT-UNSURE', message, 'keep them for the whole vault if in doubt'];
}

function words(items: readonly string[]): string {
  return items.map((item) => `\`${item}\``).join(', ');
}
