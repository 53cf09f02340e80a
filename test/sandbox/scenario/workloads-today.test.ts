import { describe, expect, test } from 'vitest';
import type { ObjectType } from '../../../src/model/access-policy.ts';
import { parseCatalogue } from '../../../src/model/catalogue.ts';
import { parseVault } from '../../../src/model/vault.ts';
import type { Workload, WorkloadCall, WorkloadOperation } from '../../../src/sandbox/data-plane/workload.ts';
import { decide } from '../../../src/sandbox/evaluator/decide.ts';
import { decideByPolicy } from '../../../src/sandbox/evaluator/decide-by-policy.ts';
import type { EvaluatorView, Question } from '../../../src/sandbox/evaluator/types.ts';
import { type LoadedScenario, loadScenario } from '../../../src/sandbox/scenario/load-scenario.ts';
import { now, scenarioCatalogue, scenarioFolder, scenarioNames } from './minimal-scenario.ts';

const demanded: Readonly<Record<WorkloadOperation, readonly [ObjectType, string]>> = {
  getSecret: ['secrets', 'get'],
  listSecrets: ['secrets', 'list'],
  setSecret: ['secrets', 'set'],
  getKey: ['keys', 'get'],
  listKeys: ['keys', 'list'],
  wrapKey: ['keys', 'wrapKey'],
  unwrapKey: ['keys', 'unwrapKey'],
  encrypt: ['keys', 'encrypt'],
  decrypt: ['keys', 'decrypt'],
  sign: ['keys', 'sign'],
  verify: ['keys', 'verify'],
  getCertificate: ['certificates', 'get'],
  listCertificates: ['certificates', 'list'],
};
const { permissions } = parseCatalogue(scenarioCatalogue);

interface Asked {
  readonly name: string;
  readonly byPolicy: boolean;
  readonly byRoles: boolean;
  readonly model: string;
}

/** Each call of each workload, judged by both models. */
function judge(scenario: LoadedScenario): readonly Asked[] {
  const view: EvaluatorView = { state: scenario.tenant, consistency: scenario.consistency, now };
  return scenario.workloads.flatMap((workload) => workload.calls.map((call) => judgeCall(scenario, view, workload, call)));
}

function judgeCall(scenario: LoadedScenario, view: EvaluatorView, workload: Workload, call: WorkloadCall): Asked {
  const stored = [...scenario.tenant.vaults.values()].find(({ body }) => body.name === call.vault);
  if (stored === undefined) throw new Error(call.vault);
  const [type, permission] = demanded[call.operation];
  const { tenantId } = scenario.tenant;
  const compound = workload.onBehalfOfApp === undefined ? {} : { onBehalfOf: workload.principal };
  const caller: Question['caller'] = { objectId: workload.principal, appId: workload.onBehalfOfApp ?? 'any', tenantId, ...compound };
  const resource = call.object === undefined ? stored.key : `${stored.key}/${type}/${call.object}`;
  const actions = permissions.get(`${type}/${permission}`.toLowerCase()) ?? [];
  return {
    name: `${workload.name}: ${call.operation} ${call.vault}/${call.object ?? ''}`,
    model: parseVault(stored.body)?.permissionModel ?? '',
    byPolicy: decideByPolicy(stored.body, caller, view, type, permission) === 'allowed',
    byRoles:
      actions.length > 0 && actions.every((action) => decide(view, { caller, plane: 'data', action, resource, attributes: {} }).allowed),
  };
}

describe.each(scenarioNames)('%s', (name) => {
  test('every call of its workloads works today, so that whatever is refused later is the migration’s doing', async () => {
    const asked = judge(await loadScenario(scenarioFolder(name), { catalogue: scenarioCatalogue, now }));
    const refused = asked.filter((call) => !(call.model === 'azureRbac' ? call.byRoles : call.byPolicy));
    expect(refused.map((call) => call.name)).toEqual([]);
  });

  test('a bare flip would refuse some of them, so that a migration which assigns nothing cannot pass', async () => {
    const asked = judge(await loadScenario(scenarioFolder(name), { catalogue: scenarioCatalogue, now }));
    const lost = asked.filter((call) => call.model === 'accessPolicy' && !call.byRoles);
    expect(lost.length).toBeGreaterThan(asked.length / 3);
  });
});
