import path from 'node:path';
import { builtInCloud, type CloudProfile, parseCloudProfile } from '../azure/cloud-profile.ts';
import type { Io } from './io.ts';
import type { CommonOptions } from './options.ts';
import { readTextFile } from './read-text-file.ts';

/**
 * The cloud that --cloud or KEYTURN_CLOUD names, or the public one.
 * @throws KnownError CLOUD_PROFILE (usage).
 */
export async function cloudFromOptions(options: Pick<CommonOptions, 'cloud'>, io: Pick<Io, 'env' | 'cwd'>): Promise<CloudProfile> {
  const wanted = options.cloud ?? (io.env.KEYTURN_CLOUD || 'public');
  const known = builtInCloud(wanted);
  if (known !== undefined) return known;
  const what = 'the cloud is none of public, usgov and china, and its profile';
  const profile = parseCloudProfile(await readTextFile(wanted, io.cwd, what, 'CLOUD_PROFILE'), wanted);
  if (profile.caCertificateFile === undefined) return profile;
  const folder = path.dirname(path.resolve(io.cwd, wanted));
  const caPem = await readTextFile(profile.caCertificateFile, folder, 'the certificate authority', 'CLOUD_PROFILE');
  return { ...profile, caPem };
}
