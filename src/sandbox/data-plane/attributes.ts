import { isObject, type JsonObject, objectAt } from '../../base/json.ts';
import type { SandboxVault } from '../state.ts';
import type { Attributes } from './vault-object.ts';

/** Attributes as a request gives them, over those that were there before; what it leaves out stays. */
export function attributesFrom(body: JsonObject, now: number, before?: Attributes): Attributes {
  const given = objectAt(body, 'attributes');
  const seconds = Math.floor(now / 1000);
  const time = (key: 'nbf' | 'exp') => (typeof given[key] === 'number' ? given[key] : before?.[key]);
  const nbf = time('nbf');
  const exp = time('exp');
  return {
    enabled: typeof given.enabled === 'boolean' ? given.enabled : (before?.enabled ?? true),
    ...(nbf !== undefined && { nbf }),
    ...(exp !== undefined && { exp }),
    created: before?.created ?? seconds,
    updated: seconds,
  };
}

/** The tags of a request, or those of before when it has none. */
export function tagsFrom(body: JsonObject, before?: JsonObject): { readonly tags?: JsonObject } {
  const tags = isObject(body.tags) ? body.tags : before;
  return tags === undefined ? {} : { tags };
}

/** Attributes as answers show them, with the vault's recovery settings. */
export function showAttributes(attributes: Attributes, vault: SandboxVault): JsonObject {
  const { days, level } = recovery(vault);
  return { ...attributes, recoveryLevel: level, ...(days > 0 && { recoverableDays: days }) };
}

export interface Recovery {
  /** How long a deleted object stays recoverable; 0 when it does not. */
  readonly days: number;
  readonly level: string;
  readonly purgeable: boolean;
}

export function recovery(vault: SandboxVault): Recovery {
  const properties = objectAt(vault.body, 'properties');
  if (properties.enableSoftDelete === false) return { days: 0, level: 'Purgeable', purgeable: true };
  const days = typeof properties.softDeleteRetentionInDays === 'number' ? properties.softDeleteRetentionInDays : 90;
  const purgeable = properties.enablePurgeProtection !== true;
  const level = days < 90 ? 'CustomizedRecoverable' : 'Recoverable';
  return { days, level: purgeable ? `${level}+Purgeable` : level, purgeable };
}
