import { type JsonObject, stringAt } from '../../base/json.ts';
import { itemsRead, type Reading, read, unreadable } from '../../base/reading.ts';
import type { PolicyFacts } from '../../model/estate.ts';
import type { PolicyAssignment } from '../../model/governance.ts';
import { isBuiltInPolicy, type PolicyDefinition, type PolicySet, parsePolicyDefinition } from '../../model/policy-definition.ts';
import type { PolicyKind, ResourceReader } from '../ports.ts';

type Definitions = Map<string, Reading<PolicyDefinition | PolicySet>>;

/**
 * What is behind the policy assignments of a subscription: exemptions, and the definitions and initiatives that they name, with
 * the members of the initiatives. One call for exemptions, one for each kind of custom definition, and one for each of Azure's
 * own, which are read once for all subscriptions.
 * @param now ISO 8601
 * @returns undefined where no assignment is enforced: then there is nothing to know
 */
export async function readPolicies(
  scope: string,
  assignments: Reading<readonly PolicyAssignment[]>,
  now: string,
  resources: ResourceReader,
): Promise<PolicyFacts | undefined> {
  const enforced = itemsRead(assignments).filter((assignment) => assignment.enforcement !== 'off');
  if (enforced.length === 0) return undefined;
  const named = enforced.map((assignment) => assignment.policyDefinitionId.toLowerCase());
  const [exemptions, definitions] = await Promise.all([resources.policyExemptions(scope), readDefinitions(named, scope, resources)]);
  return { definitions, exemptions, readAt: now };
}

async function readDefinitions(named: readonly string[], scope: string, resources: ResourceReader): Promise<Definitions> {
  const lists = new Map<PolicyKind, Promise<Definitions>>();
  const custom = (kind: PolicyKind) => {
    const list = lists.get(kind) ?? resources.customPolicies(scope, kind).then((rows) => byId(itemsRead(rows)));
    lists.set(kind, list);
    return list;
  };
  const found: Definitions = new Map();
  const add = async (ids: readonly string[]) => {
    for (const [id, one] of await readEach(
      [...new Set(ids)].filter((id) => !found.has(id)),
      custom,
      resources,
    ))
      found.set(id, one);
  };
  await add(named);
  const sets = [...found.values()].flatMap((one) => (one.state === 'read' && one.value.kind === 'set' ? [one.value] : []));
  await add(sets.flatMap((set) => set.members.map((member) => member.definitionId)));
  return found;
}

/** From this many of Azure's own on, one list of all of them costs less. */
const many = 40;

/** What the list of a subscription does not show is asked for by itself: it may stand where the list does not reach. */
async function readEach(
  ids: readonly string[],
  custom: (kind: PolicyKind) => Promise<Definitions>,
  resources: ResourceReader,
): Promise<Definitions> {
  const own = ids.filter((id) => isBuiltInPolicy(id));
  const listed = own.length < many ? byId([]) : byId(itemsRead(await resources.builtInPolicies()));
  const readings = ids.map(async (id): Promise<readonly [string, Reading<PolicyDefinition | PolicySet>]> => {
    const known = listed.get(id) ?? (isBuiltInPolicy(id) ? undefined : (await custom(kindOf(id))).get(id));
    return [id, known ?? (await resources.policyDefinition(id))];
  });
  return new Map(await Promise.all(readings));
}

function kindOf(id: string): PolicyKind {
  return /\/policysetdefinitions\/[^/]+$/i.test(id) ? 'policySetDefinitions' : 'policyDefinitions';
}

/** A row that is not understood is unreadable by itself; the others are none the worse. */
function byId(rows: readonly JsonObject[]): Definitions {
  return new Map(
    rows.flatMap((row) => {
      const id = stringAt(row, 'id')?.toLowerCase();
      const parsed = parsePolicyDefinition(row);
      return id === undefined ? [] : [[id, parsed === undefined ? unreadable('it is not understood') : read(parsed)] as const];
    }),
  );
}
