import type { Stored } from '../state.ts';
import { ago, idAt } from './expand-authorization.ts';
import type { ScenarioNames } from './scenario-names.ts';
import type { ScenarioFile } from './scenario-schema.ts';

export function expandLocks(file: ScenarioFile, names: ScenarioNames, now: number): Map<string, Stored> {
  const locks = new Map<string, Stored>();
  for (const [index, lock] of (file.locks ?? []).entries()) {
    const id = idAt(names.scope(lock.scope, `locks.${index}.scope`), 'locks', lock.name);
    const properties = { level: lock.level, ...(lock.notes !== undefined && { notes: lock.notes }) };
    const body = { properties, id, type: 'Microsoft.Authorization/locks', name: lock.name };
    locks.set(id.toLowerCase(), { since: ago(now, 100).since, body });
  }
  return locks;
}
