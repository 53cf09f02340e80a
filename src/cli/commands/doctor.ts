import process from 'node:process';
import { operatorRights } from '../../access/operator-rights.ts';
import { azureTime } from '../../azure/azure-time.ts';
import { connectAzure } from '../../azure/connect-azure.ts';
import { exitCode, KnownError } from '../../base/known-error.ts';
import { subscriptionAround } from '../../model/estate.ts';
import { reasonsInWords } from '../../words/reason-words.ts';
import { authFromOptions } from '../auth-from-options.ts';
import { cloudFromOptions } from '../cloud-from-options.ts';
import { skewWords } from '../edges/azure-clock.ts';
import type { Io } from '../io.ts';
import { openConfig } from '../open-config.ts';
import { openState } from '../open-state.ts';
import type { CommonOptions, SelectionOptions } from '../options.ts';
import type { Diagnosis, DoctorLine } from '../output/doctor-view.ts';
import { show } from '../output/show.ts';
import { selectionFromOptions } from '../selection-from-options.ts';
import { openSession, type Session } from '../session.ts';
import { version } from '../version.ts';

export interface DoctorRequest extends CommonOptions, SelectionOptions {
  readonly vaults: readonly string[];
}

/** Whether everything that keyturn stands on is as it should be here: each with what to do where it is not. Changes nothing. */
export async function doctorCommand(request: DoctorRequest, io: Io): Promise<number> {
  const lines: DoctorLine[] = [
    nodeLine(),
    await asked('config', async () => {
      const { file } = await openConfig(request, io);
      return ok(file === undefined ? 'none here' : `\`${file}\` is in force`);
    }),
    proxyLine(io),
    ...(await azureLines(request, io)),
    await asked('state', async () => {
      const state = await openState(request, io);
      const live = (await state.held()).filter((one) => one.live).length;
      return ok(`${state.name} can be read, ${live === 0 ? 'and no run works with it' : `and ${live} places are held by runs`}`);
    }),
  ];
  const vaults = await vaultLines(request, lines, io);
  const diagnosis: Diagnosis = { lines: [...lines, ...vaults] };
  await show('doctor', diagnosis, request, io);
  if (diagnosis.lines.some(({ state }) => state === 'wrong')) return exitCode.blocked;
  return diagnosis.lines.some(({ state }) => state === 'unknown') ? exitCode.undetermined : exitCode.done;
}

type Found = Omit<DoctorLine, 'name'>;

const ok = (said: string): Found => ({ state: 'ok', said });

/** What fails says what to do by itself. */
async function asked(name: string, ask: () => Promise<Found> | Found): Promise<DoctorLine> {
  try {
    return { name, ...(await ask()) };
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    const state = error.outcome === 'undetermined' ? 'unknown' : 'wrong';
    return { name, state, said: `${error.code}: ${error.message}`, next: error.remedy };
  }
}

const oldest = [20, 19];

function nodeLine(): DoctorLine {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const said = `keyturn ${version} on Node ${process.versions.node}, ${process.platform} ${process.arch}`;
  const [needed = 0, least = 0] = oldest;
  if (major > needed || (major === needed && minor >= least)) return { name: 'program', ...ok(said) };
  return { name: 'program', state: 'wrong', said, next: `install Node ${oldest.join('.')} or later` };
}

/** That one is set is worth a word; whether it lets us through shows below. An address may hold a password, and is not shown. */
function proxyLine({ env }: Io): DoctorLine {
  const set = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY', 'NO_PROXY'].filter((name) => [env[name], env[name.toLowerCase()]].some(Boolean));
  return { name: 'proxy', ...ok(set.length === 0 ? 'none is set' : `set by ${set.join(', ')}`) };
}

async function azureLines(request: DoctorRequest, io: Io): Promise<readonly DoctorLine[]> {
  const time = azureTime(() => io.now().getTime());
  let azure: Awaited<ReturnType<typeof connectAzure>> | undefined;
  const signIn = await asked('sign-in', async () => {
    const [profile, auth] = [await cloudFromOptions(request, io), authFromOptions(request, io)];
    azure = await connectAzure({ profile, auth, env: io.env, mode: 'read', signal: io.interrupted, time });
    const { objectId, tenantId } = azure.operator;
    return ok(`object id ${objectId} in tenant ${tenantId}, cloud ${profile.name}, by ${auth}`);
  });
  if (azure === undefined) return [signIn];
  const { resources, directory, operator } = azure;
  const subscriptions = await asked('resource manager', async () => {
    const reading = await resources.subscriptions();
    if (reading.state === 'unreadable')
      return { state: 'unknown', said: `the subscriptions could not be listed: ${reading.because}`, next: 'get the role Reader on them' };
    const { length } = reading.value;
    if (length > 0) return ok(`${length} subscription${length === 1 ? ' is' : 's are'} in reach`);
    const next = 'get the role Reader where the vaults are, and see that you signed in to their tenant';
    return { state: 'wrong', said: 'no subscription is in reach', next };
  });
  const graph = await asked('directory', async () => {
    const [objects, groups] = [await directory.objectsByIds([operator.objectId]), await directory.memberGroups(operator.objectId)];
    const unread = [objects, groups].find((reading) => reading.state === 'unreadable');
    if (unread === undefined) return ok('Microsoft Graph answers, your own groups too');
    const next =
      'get the right to read the directory (Directory.Read.All, or the role Directory Readers); without it names and groups stay unknown';
    return { state: 'unknown', said: `Microsoft Graph cannot be read: ${unread.because}`, next };
  });
  const skew = skewWords(time);
  const clock: DoctorLine =
    skew === undefined
      ? { name: 'clock', ...ok('agrees with Azure’s') }
      : { name: 'clock', state: 'wrong', said: skew, next: 'set the clock of this machine right, best by a time service' };
  return [signIn, subscriptions, graph, clock];
}

/** What the operator may do at each vault that was named, by phase. */
async function vaultLines(request: DoctorRequest, before: readonly DoctorLine[], io: Io): Promise<readonly DoctorLine[]> {
  const named = request.vaults.length > 0 || request.from !== undefined;
  if (!named) return [];
  if (before.some(({ name, state }) => name === 'sign-in' && state !== 'ok')) return [];
  const lines: DoctorLine[] = [];
  const read = await asked('vaults', async () => {
    const session = await openSession(request, 'read', io);
    const estate = await session.read(await selectionFromOptions([...request.vaults], request, io), { assignedTo: 'never' });
    for (const { vault } of estate.vaults) lines.push(...(await rightsAt(vault, estate, session)));
    const unread = estate.unreadable.map(({ subject, because }) => `${subject}: ${because}`);
    if (unread.length > 0) return { state: 'unknown', said: unread.slice(0, 5).join('; '), next: 'get the role Reader there' };
    return ok(`${estate.vaults.length} can be read`);
  });
  return [read, ...lines];
}

type Estate = Awaited<ReturnType<Session['read']>>;
type Vault = Estate['vaults'][number]['vault'];

async function rightsAt(vault: Vault, estate: Estate, { facts, catalogue, clock }: Session): Promise<readonly DoctorLine[]> {
  const subscription = subscriptionAround(estate, vault);
  const id = catalogue.roles.find((role) => role.name === 'Key Vault Secrets User')?.id;
  if (subscription === undefined || id === undefined) return [];
  const permissions = await facts.operatorPermissions(vault);
  const { operator, principals, members } = estate;
  const at = clock.now().toISOString();
  const more = permissions === undefined ? {} : { permissions };
  const rights = operatorRights({ operator, vault, subscription, principals, members, catalogue, at, ...more });
  const phases = [
    ['stage', rights.canAssign(id, 'ServicePrincipal'), 'the role User Access Administrator or Role Based Access Control Administrator'],
    ['flip', rights.canFlip, 'the roles Key Vault Contributor and User Access Administrator, or Owner'],
    ['rollback', rights.canDelete(id, 'ServicePrincipal'), 'the role User Access Administrator or Role Based Access Control Administrator'],
  ] as const;
  return phases.map(([phase, { state, because }, role]): DoctorLine => {
    const name = `${vault.name}: ${phase}`;
    if (state === 'yes') return { name, ...ok('you may') };
    const said = `${state === 'no' ? 'you may not' : 'nobody can say whether you may'}: ${reasonsInWords(because)}`;
    return {
      name,
      state: state === 'no' ? 'wrong' : 'unknown',
      said,
      next: `get ${role} at the vault, or ask someone with the rights to run it`,
    };
  });
}
