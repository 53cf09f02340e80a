import type { CloudProfile } from '../cloud-profile.ts';

/** Address of a resource-manager operation. `path` is an ARM id with or without slashes at its ends. */
export function armUrl(profile: Pick<CloudProfile, 'resourceManager'>, path: string, apiVersion: string): string {
  const segments = path.split('/').filter((segment) => segment !== '');
  const url = new URL(profile.resourceManager);
  url.pathname = `/${segments.map(encodeURIComponent).join('/')}`;
  url.searchParams.set('api-version', apiVersion);
  return url.href;
}
