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
 * A name for metrics and faults where the service has no table of operations: `graph GET groups/{}/transitiveMembers`.
 * Object names and ids become `{}`.
 */
export function plainOperation(service: Service, { method, segments }: Pick<AskHead, 'method' | 'segments'>): string {
  const version = /^(v1\.0|beta)$/i;
  const words = segments.filter((segment) => !version.test(segment));
  const named = service === 'dataPlane' ? words.map((word, index) => (index === 1 || index === 2 ? vaultWord(word, index) : word)) : words;
  return `${service} ${method} ${named.map((word) => (guid.test(word) ? '{}' : word)).join('/')}`;
}

/** Under `/secrets/{name}/{version}` the second word is a name and the third a version, unless it is an act of the service. */
function vaultWord(word: string, index: number): string {
  const act =
    /^(create|import|backup|restore|rotate|rotationpolicy|policy|pending|versions|encrypt|decrypt|sign|verify|wrapkey|unwrapkey|release|contacts|issuers|recover|merge)$/i;
  return act.test(word) && (index === 2 || /^(restore|contacts|issuers)$/i.test(word)) ? word : '{}';
}
