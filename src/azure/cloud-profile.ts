import { z } from 'zod';
import { KnownError } from '../base/known-error.ts';

/** Where a cloud's services are, and what their tokens are asked for. Addresses are origins: https, no path, no slash at the end. */
export interface CloudProfile {
  readonly name: string;
  readonly resourceManager: string;
  /** What tokens for the resource manager are asked for. */
  readonly resourceManagerAudience: string;
  readonly graph: string;
  readonly graphAudience: string;
  /** Where people and applications sign in. */
  readonly authority: string;
  /** `vault.azure.net`: what follows a vault's name in its host. */
  readonly vaultSuffix: string;
  /** PEM file with the certificate authority of a sandbox; whoever reads the profile reads it into `caPem`. */
  readonly caCertificateFile?: string;
  readonly caPem?: string;
  /** Address that moves a sandbox's clock; absent outside sandboxes. */
  readonly sandboxClock?: string;
}

const builtIn: Readonly<Record<string, CloudProfile>> = {
  public: cloud('public', 'management.azure.com', 'graph.microsoft.com', 'login.microsoftonline.com', 'vault.azure.net'),
  usgov: cloud('usgov', 'management.usgovcloudapi.net', 'graph.microsoft.us', 'login.microsoftonline.us', 'vault.usgovcloudapi.net'),
  china: cloud('china', 'management.chinacloudapi.cn', 'microsoftgraph.chinacloudapi.cn', 'login.chinacloudapi.cn', 'vault.azure.cn'),
};

function cloud(name: string, resourceManager: string, graph: string, authority: string, vaultSuffix: string): CloudProfile {
  const [arm, directory] = [`https://${resourceManager}`, `https://${graph}`];
  return {
    name,
    resourceManager: arm,
    resourceManagerAudience: arm,
    graph: directory,
    graphAudience: directory,
    authority: `https://${authority}`,
    vaultSuffix,
  };
}

export const builtInClouds: readonly string[] = Object.keys(builtIn);

/** `public`, `usgov` or `china`; undefined for any other name. */
export function builtInCloud(name: string): CloudProfile | undefined {
  return Object.hasOwn(builtIn, name) ? builtIn[name] : undefined;
}

const origin = z.string().transform((raw, context) => {
  const url = URL.canParse(raw) ? new URL(raw) : undefined;
  if (url?.protocol === 'https:' && url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '') return url.origin;
  context.addIssue(`\`${raw}\` is not an https address without a path`);
  return '';
});
const audience = z.url({ protocol: /^https$/ }).transform((raw) => raw.replace(/\/+$/, ''));

const profileFile = z
  .strictObject({
    name: z.string().regex(/^[\w-]+$/),
    resourceManager: origin,
    resourceManagerAudience: audience.exactOptional(),
    graph: origin,
    graphAudience: audience.exactOptional(),
    authority: origin,
    vaultSuffix: z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/),
    caCertificateFile: z.string().min(1).exactOptional(),
    caPem: z.string().startsWith('-----BEGIN CERTIFICATE-----').exactOptional(),
    sandboxClock: z.url({ protocol: /^https$/ }).exactOptional(),
  })
  .check((context) => {
    const { resourceManager, graph, authority, sandboxClock, caCertificateFile, caPem } = context.value;
    const addresses = [resourceManager, graph, authority, ...(sandboxClock === undefined ? [] : [sandboxClock])];
    const readable = addresses.every((address) => URL.canParse(address));
    const sandbox = [sandboxClock, caCertificateFile, caPem].some((member) => member !== undefined);
    // A certificate authority that a file brings along must never vouch for a public host.
    if (readable && (sandbox || addresses.some(isThisMachine)) && !addresses.every(isLoopback))
      context.issues.push({ code: 'custom', message: 'a sandbox has all its addresses on https://127.0.0.1', input: addresses });
    if (caCertificateFile !== undefined && caPem !== undefined)
      context.issues.push({ code: 'custom', message: 'caCertificateFile and caPem exclude each other', input: caCertificateFile });
  });

/** True when the profile names a sandbox on this machine. */
export function isSandbox(profile: CloudProfile): boolean {
  return isLoopback(profile.resourceManager);
}

/** True when people sign in where one of the built-in clouds has them sign in. */
export function hasKnownAuthority(profile: CloudProfile): boolean {
  return Object.values(builtIn).some(({ authority }) => authority === profile.authority);
}

function isLoopback(address: string): boolean {
  return new URL(address).hostname === '127.0.0.1';
}

/** Every spelling of this machine; only one of them is taken, so that nothing is resolved on the way. */
function isThisMachine(address: string): boolean {
  return /^(localhost\.?|.*\.localhost\.?|127\.[\d.]+|\[::1\]|\[::ffff:.*\]|0\.0\.0\.0|\[::\])$/.test(new URL(address).hostname);
}

/** In plain words, each member once: what is missing together, what nobody knows, and what is wrong with the others. */
function faultsIn(issues: readonly z.core.$ZodIssue[]): string {
  const at = (issue: z.core.$ZodIssue) => issue.path.join('.');
  const isMissing = (issue: z.core.$ZodIssue) => issue.code === 'invalid_type' && /received undefined/.test(issue.message);
  const missing = issues.filter(isMissing).map((issue) => `\`${at(issue)}\``);
  const others = issues.filter((issue) => !isMissing(issue));
  const own = others.filter((issue) => issue.code === 'custom').map(({ message }) => message);
  const strange = others.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : []));
  const wrong = others.filter((issue) => !['custom', 'unrecognized_keys'].includes(issue.code)).map((issue) => `\`${at(issue) || 'it'}\``);
  return [
    ...(missing.length > 0 ? [`it lacks ${[...new Set(missing)].join(', ')}`] : []),
    ...(strange.length > 0 ? [`unknown ${strange.map((name) => `\`${name}\``).join(', ')}`] : []),
    ...(wrong.length > 0 ? [`${[...new Set(wrong)].join(', ')} is not what a profile holds there`] : []),
    ...new Set(own),
  ].join('; ');
}

/**
 * Reads the text of a cloud profile file; audiences that it leaves out are the addresses themselves.
 * @throws KnownError CLOUD_PROFILE (usage) when the text is no such profile.
 */
export function parseCloudProfile(text: string, source: string): CloudProfile {
  const refuse = (why: string) =>
    new KnownError('usage', 'CLOUD_PROFILE', `\`${source}\` is not a cloud profile: ${why}`, 'write the profile as docs/sandbox.md shows');
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    throw refuse('it is not valid JSON');
  }
  const parsed = profileFile.safeParse(raw);
  if (!parsed.success) throw refuse(faultsIn(parsed.error.issues));
  const { resourceManager, graph } = parsed.data;
  return { resourceManagerAudience: resourceManager, graphAudience: graph, ...parsed.data };
}
