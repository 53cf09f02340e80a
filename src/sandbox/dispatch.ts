import { armOperation } from './arm/arm.ts';
import { findOperation } from './data-plane/find-operation.ts';
import { isIdentityPath } from './identity/token-endpoint.ts';
import type { AskHead } from './read-ask.ts';

/** The service that a request is for. */
export type Service = 'control' | 'dataPlane' | 'graph' | 'identity' | 'arm';

const vaultHost = /\.vault\.(azure\.net|usgovcloudapi\.net|azure\.cn)$/;
const graphHosts = ['graph.microsoft.com', 'graph.microsoft.us', 'microsoftgraph.chinacloudapi.cn'];
const loginHosts = ['login.microsoftonline.com', 'login.microsoftonline.us', 'login.chinacloudapi.cn', 'login.windows.net'];

/** By host where the client says a public name, by path on 127.0.0.1. */
export function serviceOf({ host, segments }: Pick<AskHead, 'host' | 'segments'>): Service {
  const first = segments[0]?.toLowerCase() ?? '';
  if (first === '_sandbox') return 'control';
  if (vaultHost.test(host)) return 'dataPlane';
  if (graphHosts.includes(host) || first === 'v1.0' || first === 'beta') return 'graph';
  return loginHosts.includes(host) || isIdentityPath(segments) ? 'identity' : 'arm';
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The operation's name for metrics and faults: Resource Manager's as in Microsoft's contract, a vault's as in its audit
 * log, the others by method and path with `{}` for ids.
 */
export function operationOf(service: Service, head: AskHead): string {
  if (service === 'arm') return armOperation(head);
  if (service === 'dataPlane') return vaultOperation(head);
  const words = head.segments.filter((segment) => !/^(v1\.0|beta)$/i.test(segment)).map((word) => (guid.test(word) ? '{}' : word));
  return `${service} ${head.method} ${words.join('/')}`;
}

function vaultOperation(head: AskHead): string {
  try {
    return findOperation({ ...head, body: undefined }).operation.name;
  } catch {
    return 'dataPlane unknown';
  }
}
