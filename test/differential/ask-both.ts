import { type AccessFacts, accessFacts, type FactSources } from '../../src/access/access-facts.ts';
import type { Asker } from '../../src/access/access-request.ts';
import { decideLegacy } from '../../src/access/decide-legacy.ts';
import { decideRbac } from '../../src/access/decide-rbac.ts';
import type { Access } from '../../src/access/judgement.ts';
import { isObject } from '../../src/base/json.ts';
import { read } from '../../src/base/reading.ts';
import { parseVault, type Vault } from '../../src/model/vault.ts';
import { decide } from '../../src/sandbox/evaluator/decide.ts';
import { decideByPolicy } from '../../src/sandbox/evaluator/decide-by-policy.ts';
import { secretAttributes } from '../../src/sandbox/evaluator/secret-attributes.ts';
import type { EvaluatorView } from '../../src/sandbox/evaluator/types.ts';
import { accessSources, guidOf, isIn, parsed, sandboxState } from './both-sides.ts';
import { permissionsGiving, type Question } from './question.ts';
import { idOf, now, objectNames, tenantId, unmentioned, type World } from './world.ts';

export interface SandboxAnswer {
  readonly allowed: boolean;
  readonly reason: string;
}

/** One tenant, ready to be asked on both sides. */
export interface BothSides {
  readonly world: World;
  readonly sources: FactSources;
  readonly access: (question: Question) => Access;
  readonly sandbox: (question: Question) => SandboxAnswer;
}

export function bothSides(world: World): BothSides {
  const sources = accessSources(world);
  const facts = accessFacts(sources);
  const view: EvaluatorView = {
    state: sandboxState(world),
    now: Date.parse(now),
    consistency: { assignmentPropagation: 0, principalReplication: 0, roleReplication: 0, listingLag: 0 },
  };
  const vaults = new Map(world.vaults.map((body) => [idOf(body), parsed(parseVault(body))]));
  return {
    world,
    sources,
    access: (question) => askAccess(question, world, facts, parsed(vaults.get(question.vault))),
    sandbox: (question) => askSandbox(question, world, view),
  };
}

function askAccess(question: Question, world: World, facts: AccessFacts, vault: Vault): Access {
  const asker: Asker = { principalId: guidOf(question.asker), ...groupsOf(question, world) };
  if (question.model === 'accessPolicy') {
    const through = question.throughAppId === undefined ? {} : { applicationId: guidOf(question.throughAppId) };
    return decideLegacy({ ...asker, dataAction: question.action, ...through }, vault, facts);
  }
  const { plane, action, resource, assigning } = question;
  const attributes = assigning === undefined ? {} : { attributes: new Map([[roleAttribute, [assigning]]]) };
  return decideRbac({ ...asker, plane, action, vault, resource, at: now, ...attributes }, facts);
}

const roleAttribute = '@request[microsoft.authorization/roleassignments:roledefinitionid]';

function groupsOf({ asker }: Question, world: World): Pick<Asker, 'groups'> {
  if (world.groupsFrom === 'members') return {};
  const person = parsed(world.people.find(({ id }) => id === asker));
  return { groups: read(world.people.filter((group) => group.kind === 'group' && isIn(person, group, world)).map(({ id }) => guidOf(id))) };
}

function askSandbox(question: Question, world: World, view: EvaluatorView): SandboxAnswer {
  const { asker: objectId, throughAppId, plane, action } = question;
  const onBehalf = throughAppId === undefined ? {} : { onBehalfOf: objectId };
  const caller = { objectId, appId: throughAppId ?? objectId, tenantId, ...onBehalf };
  if (question.model === 'accessPolicy') {
    const body = world.vaults.find(({ id }) => id === question.vault);
    const giving = permissionsGiving.get(action) ?? [];
    const allowed = giving.some(
      ({ objectType, permission }) => isObject(body) && decideByPolicy(body, caller, view, objectType, permission) === 'allowed',
    );
    return { allowed, reason: '' };
  }
  const answers = resourceIds(question).map((resource) =>
    decide(view, { caller, plane, action, resource, attributes: sandboxAttributes(question, resource) }),
  );
  const [first] = answers;
  if (first === undefined) throw new Error('nothing was asked about');
  return answers.find((answer) => !answer.allowed) ?? first;
}

/** A restore is checked on the vault and brings the name of a secret along. */
function sandboxAttributes({ plane, action, assigning }: Question, resource: string): Readonly<Record<string, string>> {
  if (plane === 'data') return secretAttributes(action, resource, /\/(setSecret|restore)\//.test(action) ? unmentioned : undefined);
  return assigning === undefined ? {} : { [roleAttribute]: assigning };
}

/** Any object is granted when each one is: those that facts may speak of, and one that none speaks of. */
function resourceIds({ vault, resource }: Question): readonly string[] {
  switch (resource.kind) {
    case 'vault':
      return [vault];
    case 'anyObject':
      return [unmentioned, ...objectNames].map((name) => `${vault}/${resource.collection}/${name}`);
    case 'object':
      return [`${vault}/${resource.collection}/${resource.name}`];
  }
}
