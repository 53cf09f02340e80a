import { compareText } from '../../base/compare-text.ts';
import { type Guid, parseGuid } from '../../base/guid.ts';
import { exitCode, KnownError } from '../../base/known-error.ts';
import { nearNames } from '../../base/near-names.ts';
import { noDecisions } from '../../formats/decisions.ts';
import { readCatalogueFiles } from '../../local/catalogue-files.ts';
import { objectTypes } from '../../model/access-policy.ts';
import type { Catalogue } from '../../model/catalogue.ts';
import { shortAction } from '../../model/data-action.ts';
import { type Estate, subscriptionAround } from '../../model/estate.ts';
import { type ExplainReport, toldExplanation } from '../../report/explain-report.ts';
import { plainText } from '../../report/plain-text.ts';
import { namedPrincipal } from '../../report/principal-name.ts';
import { explainAccess, principalsMeant } from '../../verify/explain-access.ts';
import type { Io } from '../io.ts';
import { makePlan } from '../make-plan.ts';
import type { CommonOptions } from '../options.ts';
import { show } from '../output/show.ts';
import { selectionFromOptions } from '../selection-from-options.ts';
import { openSession } from '../session.ts';

export interface ExplainRequest extends CommonOptions {
  /** Object id or display name. */
  readonly principal: string;
  /** Such as `secrets/get`, or a data action such as `secrets/getSecret`. */
  readonly permission: string;
  readonly vault: string;
}

/** Answers for one principal and one permission: what gives it today, what will after the flip, and what comes along. */
export async function explainCommand(request: ExplainRequest, io: Io): Promise<number> {
  const dataActions = actionsNamed(request.permission, await readCatalogueFiles());
  const selection = await selectionFromOptions([request.vault], {}, io);
  const session = await openSession(request, 'read', io);
  const asked = parseGuid(request.principal);
  const estate = await session.read(selection, { people: true, ...(asked !== undefined && { alsoNamed: [asked] }) });
  const plan = makePlan(estate, noDecisions, session);
  const [facts] = estate.vaults;
  const subscription = subscriptionAround(estate, facts?.vault);
  const vaultPlan = plan.vaults.find((one) => one.vaultId === facts?.vault.id);
  if (facts === undefined || subscription === undefined || vaultPlan === undefined) {
    const because = estate.unreadable[0]?.because ?? 'its subscription could not be read';
    throw new KnownError(
      'undetermined',
      'VAULT_UNREADABLE',
      `\`${request.vault}\` cannot be explained: ${because}`,
      'get the right to read it',
    );
  }
  const principalId = onePrincipal(request.principal, estate);
  const { vault } = facts;
  const question = { estate, vault, subscription, catalogue: session.catalogue, principalId, dataActions, plan: vaultPlan };
  const report: ExplainReport = {
    format: 'keyturn-explain',
    formatVersion: 1,
    at: estate.readAt,
    vaultId: vault.id,
    vaultName: vault.name,
    permissionModel: vault.permissionModel,
    principalId,
    principal: namedPrincipal(estate.principals.get(principalId)),
    permission: request.permission,
    ...toldExplanation(explainAccess(question)),
  };
  await show('explain', report, request, io);
  return outcome(report);
}

/** A loss is what a gap is to `verify`; what was never granted cannot be lost. */
function outcome({ actions }: ExplainReport): number {
  const had = actions.filter(({ today }) => today.state !== 'notGranted' || today.throughApplications.length > 0);
  if (had.some(({ after }) => after.state === 'uncovered')) return exitCode.blocked;
  return actions.some(({ today, after }) => today.state === 'unknown' || after.state === 'unknown') ? exitCode.undetermined : exitCode.done;
}

function actionsNamed(words: string, catalogue: Catalogue): readonly string[] {
  const key = words.trim().toLowerCase();
  const type = objectTypes.find((one) => key === `${one}/all`);
  const permissions = type === undefined ? [key] : catalogue.all[type].map((word) => `${type}/${word}`.toLowerCase());
  const meant = [...new Set(permissions.flatMap((one) => catalogue.permissions.get(one) ?? []))].sort(compareText);
  if (meant.length > 0) return meant;
  const action = catalogue.dataActions.find(({ name }) => name.toLowerCase() === key || shortAction(name).toLowerCase() === key);
  if (action !== undefined) return [action.name];
  const message = `unknown permission \`${words}\``;
  throw new KnownError('usage', 'PERMISSION_UNKNOWN', message, 'write it like `secrets/get`, or as a data action like `secrets/getSecret`');
}

function onePrincipal(words: string, estate: Estate): Guid {
  const [found, ...more] = principalsMeant(words, estate, plainText);
  if (found !== undefined && more.length === 0) return found;
  if (found === undefined) {
    const names = [...estate.principals.values()].map((one) => namedPrincipal(one).displayName).filter((name) => name !== '');
    const near = nearNames(words, names.map(plainText)).map((name) => `\`${name}\``);
    const remedy = near.length === 0 ? 'give the object id' : `give the object id; did you mean ${near.join(', ')}`;
    throw new KnownError('usage', 'PRINCIPAL_UNKNOWN', `no principal at the vault is called \`${words}\``, remedy);
  }
  const who = [found, ...more].map((id) => `${id} (${namedPrincipal(estate.principals.get(id)).kind})`).join(', ');
  const message = `${more.length + 1} principals are called \`${words}\`: ${who}`;
  throw new KnownError('usage', 'PRINCIPAL_UNKNOWN', message, 'give the object id');
}
