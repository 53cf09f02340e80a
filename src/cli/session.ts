import { azureTime } from '../azure/azure-time.ts';
import type { CloudProfile } from '../azure/cloud-profile.ts';
import { connectAzure } from '../azure/connect-azure.ts';
import type { AuthKind } from '../azure/credential.ts';
import type { Guid } from '../base/guid.ts';
import type { Reading } from '../base/reading.ts';
import {
  type EstatePiece,
  type EstatePorts,
  type EstateRequest,
  type ReadingProgress,
  readEstate,
  readEstatePieces,
} from '../inventory/read-estate.ts';
import type { Selection } from '../inventory/selection.ts';
import { readCatalogueFiles } from '../local/catalogue-files.ts';
import { systemClock } from '../local/process.ts';
import { sandboxClock } from '../local/sandbox-clock.ts';
import type { AccessChecker, AzureWriter, Clock, FactsReader } from '../migrate/ports.ts';
import type { Catalogue } from '../model/catalogue.ts';
import type { Estate } from '../model/estate.ts';
import { authFromOptions } from './auth-from-options.ts';
import { cloudFromOptions } from './cloud-from-options.ts';
import { azureClock, skewWords } from './edges/azure-clock.ts';
import { factsReader } from './edges/facts-reader.ts';
import type { Io } from './io.ts';
import type { CommonOptions } from './options.ts';
import { startProgress } from './progress.ts';
import { viewOf } from './view.ts';

/** Signed in to one tenant of one cloud, for one command. */
export interface Session {
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  /** Where we are, in the words of a plan. */
  readonly place: { readonly cloud: string; readonly tenantId: string };
  /** Object id of who is signed in. */
  readonly operatorId: string;
  readonly facts: FactsReader;
  readonly accessChecker: AccessChecker;
  /** The groups that somebody is in, through others as well. */
  groupsOf(objectId: Guid): Promise<Reading<readonly Guid[]>>;
  /** Reads everything that bears on the selected vaults, with progress on stderr. */
  read(selection: Selection, more?: Pick<EstateRequest, 'asOf' | 'assignedTo' | 'people' | 'alsoNamed' | 'objectsOf'>): Promise<Estate>;
  /** The same, in one piece up to `whole` vaults and subscription by subscription beyond. */
  readPieces(selection: Selection, more: Pick<EstateRequest, 'objectsOf'>, whole: number): AsyncGenerator<EstatePiece>;
  /** @throws Error in a session that was opened for reading: there is nothing that could write. */
  writer(): AzureWriter;
}

/** @throws KnownError when the cloud is not known or signing in fails. */
export async function openSession(options: CommonOptions, mode: 'read' | 'write', io: Io): Promise<Session> {
  const auth = authFromOptions(options, io);
  const [profile, catalogue] = await Promise.all([cloudFromOptions(options, io), readCatalogueFiles()]);
  return connectSession({ profile, auth, env: io.env, mode, catalogue }, options, io);
}

export interface Connection {
  readonly profile: CloudProfile;
  readonly auth: AuthKind;
  readonly env: Io['env'];
  readonly mode: 'read' | 'write';
  readonly catalogue: Catalogue;
}

export async function connectSession(connection: Connection, options: CommonOptions, io: Io): Promise<Session> {
  const { profile, auth, env, mode, catalogue } = connection;
  const local = profile.sandboxClock === undefined ? systemClock : await sandboxClock(profile.sandboxClock, profile.caPem);
  const time = azureTime(() => local.now().getTime());
  const clock = azureClock(local, time);
  const sleep: Clock['sleep'] = (milliseconds, signal) => clock.sleep(milliseconds, signal);
  const limits = options.concurrency === undefined ? {} : { concurrency: options.concurrency };
  const azure = await connectAzure({ profile, auth, env, mode, signal: io.interrupted, sleep, time, limits });
  const view = viewOf(options, io);
  let skewSaid = false;
  const saySkew = (): void => {
    const words = skewSaid ? undefined : skewWords(time);
    if (words === undefined) return;
    skewSaid = true;
    view.note(words);
  };
  const ports: EstatePorts = { resources: azure.resources, directory: azure.directory };
  const place = { cloud: profile.name, tenantId: azure.operator.tenantId };
  const request = { ...place, operatorId: azure.operator.objectId };
  const facts = factsReader(request, ports, clock);
  return {
    catalogue,
    clock,
    place,
    operatorId: azure.operator.objectId,
    facts: {
      ...facts,
      async read(...asked) {
        const estate = await facts.read(...asked);
        saySkew();
        return estate;
      },
    },
    accessChecker: azure.accessChecker,
    groupsOf: (objectId) => azure.directory.memberGroups(objectId),
    async read(selection, more = {}) {
      const progress = await startProgress(options, io);
      const say = (reading: ReadingProgress) => {
        progress.say(readingWords(reading));
      };
      try {
        return await readEstate({ ...request, ...more, selection, now: () => clock.now().toISOString() }, ports, say);
      } finally {
        progress.stop();
        saySkew();
      }
    },
    async *readPieces(selection, more, whole) {
      const progress = await startProgress(options, io);
      const say = (reading: ReadingProgress) => {
        progress.say(readingWords(reading));
      };
      try {
        yield* readEstatePieces({ ...request, ...more, selection, now: () => clock.now().toISOString() }, ports, say, whole);
      } finally {
        progress.stop();
        saySkew();
      }
    },
    writer() {
      if (azure.writer === undefined) throw new Error('this session only reads');
      return azure.writer;
    },
  };
}

function readingWords({ done, total, vaults, principals }: ReadingProgress): string {
  if (principals !== undefined)
    return `the directory could not be read; asking Azure: ${principals.done} of ${principals.total} principals`;
  return total === 1 ? 'reading the estate' : `reading the estate: ${done} of ${total} subscriptions, ${vaults} vaults`;
}
