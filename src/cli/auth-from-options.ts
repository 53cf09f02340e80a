import type { AuthKind } from '../azure/credential.ts';
import { KnownError } from '../base/known-error.ts';
import type { Io } from './io.ts';
import { authKinds, type CommonOptions } from './options.ts';

/** How to sign in: as `--auth` or KEYTURN_AUTH says. @throws KnownError AUTH_KIND (usage). */
export function authFromOptions(options: Pick<CommonOptions, 'auth'>, io: Pick<Io, 'env'>): AuthKind {
  const wanted = options.auth ?? (io.env.KEYTURN_AUTH || 'default');
  const known = authKinds.find((kind) => kind === wanted);
  if (known !== undefined) return known;
  throw new KnownError('usage', 'AUTH_KIND', `there is no way to sign in called \`${wanted}\``, `use one of ${authKinds.join(', ')}`);
}
