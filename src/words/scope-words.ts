import { parseScope, rootScope, type Scope, scopeLevel } from '../model/scope.ts';

/** Where, in a sentence. */
export function describeScope(scope: Scope): string {
  const parts = scope.split('/');
  const last = parts.at(-1) ?? '';
  switch (scopeLevel(scope)) {
    case 'root':
      return 'at the root';
    case 'managementGroup':
      return `at the management group \`${last}\``;
    case 'subscription':
      return 'at the subscription';
    case 'resourceGroup':
      return `at the resource group \`${last}\``;
    case 'resource':
      return `at \`${last}\``;
    case 'object':
      return `on \`${parts.slice(-2).join('/')}\``;
  }
}

/** The same for a scope as text, such as a file holds it. */
export function whereWords(scope: string): string {
  return describeScope(parseScope(scope) ?? rootScope);
}
