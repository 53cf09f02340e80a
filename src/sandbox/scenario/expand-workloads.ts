import { type Workload, type WorkloadCall, type WorkloadOperation, workloadOperations } from '../data-plane/workload.ts';
import { scenarioError } from './scenario-error.ts';
import type { ScenarioNames } from './scenario-names.ts';
import type { ScenarioFile, ScenarioVault } from './scenario-schema.ts';

/** A call on an object that the vault does not hold would fail under either model and prove nothing, so it is an error. */
export function expandWorkloads(file: ScenarioFile, names: ScenarioNames): readonly Workload[] {
  return Object.entries(file.workloads ?? {}).map(([name, workload]) => {
    const path = `workloads.${name}`;
    const calls = workload.calls.map((call, index) => parseCall(file, names, call, `${path}.calls.${index}`));
    return {
      name,
      principal: names.objectId(workload.principal, `${path}.principal`),
      ...(workload.application !== undefined && { onBehalfOfApp: names.appId(workload.application, `${path}.application`) }),
      calls,
    };
  });
}

function parseCall(file: ScenarioFile, names: ScenarioNames, call: string, path: string): WorkloadCall {
  const [word = '', target = ''] = call.split(' ');
  const operation = workloadOperations.find((known) => known === word);
  const [vault = '', object] = target.split('/');
  names.vault(vault, path);
  if (operation === undefined) throw scenarioError('scenario.json', path, `no operation is called \`${word}\``);
  const lists = operation.startsWith('list');
  if (lists !== (object === undefined))
    throw scenarioError('scenario.json', path, `\`${word}\` ${lists ? 'takes no object' : 'needs an object'}`);
  if (object !== undefined && !holds(file.vaults[vault], operation, object))
    throw scenarioError('scenario.json', path, `vault \`${vault}\` holds no such object as \`${object}\``);
  return { vault, operation, ...(object !== undefined && { object }) };
}

/** A certificate is a key and a secret of the same name too (EA-15). */
function holds(vault: ScenarioVault | undefined, operation: WorkloadOperation, object: string): boolean {
  if (operation === 'setSecret') return true;
  const { secrets = {}, keys = {}, certificates = {} } = vault?.objects ?? {};
  if (Object.hasOwn(certificates, object)) return true;
  if (operation === 'getCertificate') return false;
  return Object.hasOwn(operation === 'getSecret' ? secrets : keys, object);
}
