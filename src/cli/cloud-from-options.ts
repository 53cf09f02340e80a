import path from 'node:path';
import { builtInCloud, builtInClouds, type CloudProfile, parseCloudProfile } from '../azure/cloud-profile.ts';
import { KnownError } from '../base/known-error.ts';
import { nearNames } from '../base/near-names.ts';
import type { Io } from './io.ts';
import type { CommonOptions } from './options.ts';
import { isFile, readTextFile } from './read-text-file.ts';

/**
 * The cloud that --cloud or KEYTURN_CLOUD names, or the public one.
 * @throws KnownError CLOUD_PROFILE (usage).
 */
export async function cloudFromOptions(options: Pick<CommonOptions, 'cloud'>, io: Pick<Io, 'env' | 'cwd'>): Promise<CloudProfile> {
  const wanted = options.cloud ?? (io.env.KEYTURN_CLOUD || 'public');
  const known = builtInCloud(wanted);
  if (known !== undefined) return known;
  const near = nearNames(wanted, builtInClouds);
  if (near.length > 0 && !(await isFile(path.resolve(io.cwd, wanted)))) {
    const meant = near.map((name) => `\`${name}\``).join(' or ');
    throw new KnownError('usage', 'CLOUD_PROFILE', `there is no cloud \`${wanted}\`, and no file of that name`, `did you mean ${meant}?`);
  }
  const what = 'the cloud is not public, usgov or china, and its profile';
  const profile = parseCloudProfile(await readTextFile(wanted, io.cwd, what, 'CLOUD_PROFILE'), wanted);
  if (profile.caCertificateFile === undefined) return profile;
  const folder = path.dirname(path.resolve(io.cwd, wanted));
  const caPem = await readTextFile(profile.caCertificateFile, folder, 'the certificate authority', 'CLOUD_PROFILE');
  return { ...profile, caPem };
}
