import type { Grantor, WhoCanGrant } from '../../access/who-can-grant.ts';
import type { PermissionModel } from '../../model/vault.ts';
import { reasonsInWords } from '../../words/reason-words.ts';
import { describeScope } from '../../words/scope-words.ts';
import { type Names, shownPrincipal } from '../names.ts';

/** At most so many are named in a sentence; the report for machines names all. */
const mostNamed = 10;

const words = {
  accessPolicy: {
    today: 'may write access policies today, also for themselves',
    losing: 'at the flip that way is lost by',
    open: 'whether it is lost as well by',
    nobodyLoses: 'at the flip nobody loses this right: everyone who has it may also assign roles',
    afterwards: 'may assign roles, and so grant access after the flip',
    nobodyGrants: 'nobody may assign roles here, so nobody can grant access after the flip',
  },
  azureRbac: {
    today: 'could write access policies before the flip, also for themselves',
    losing: 'since the flip that way is lost to',
    open: 'whether it is lost as well to',
    nobodyLoses: 'nobody lost this right: everyone who had it may also assign roles',
    afterwards: 'may assign roles, and so grant access',
    nobodyGrants: 'nobody may assign roles here, so nobody can grant access',
  },
} as const;

/** Two pages of Microsoft's about Key Vault, under `general/`. */
const contradiction =
  'a principal that may write a vault may flip it back according to `access-control-default`, and not without the right to assign roles according to `rbac-guide`';

/** Who can hand out access before the flip and who after it: the security that the migration buys. */
export function grantingLines(granting: WhoCanGrant, names: Names, model: PermissionModel): readonly string[] {
  const { today, losingIt, afterwards, unread } = granting;
  const say = words[model];
  const list = (rows: readonly Grantor[]) => few(rows.map((row) => whoAndHow(row, names)));
  const shown = ({ principalId, unlessIn }: WhoCanGrant['losingIt'][number]) => {
    const groups = few(unlessIn.map((group) => shownPrincipal(group, names)));
    return `${shownPrincipal(principalId, names)}${groups === '' ? '' : ` (unless it is in ${groups})`}`;
  };
  const surely = losingIt.filter((one) => !one.mayFlipBack).map(shown);
  const perhaps = losingIt.filter((one) => one.mayFlipBack).map(shown);
  const loses = [
    ...(losingIt.length === 0 ? [say.nobodyLoses] : []),
    ...(surely.length === 0 ? [] : [`${say.losing} ${few(surely)}`]),
    ...(perhaps.length === 0 ? [] : [`${say.open} ${few(perhaps)} is open: ${contradiction}`]),
  ].join('; ');
  const grants = afterwards.length > 0 ? [`${say.afterwards}: ${list(afterwards)}`] : unread.length > 0 ? [] : [say.nobodyGrants];
  return [
    ...(today.length === 0 ? [] : [`${say.today}: ${list(today)}; ${loses}`]),
    ...grants,
    ...(unread.length === 0 ? [] : [`could not determine everyone who may grant access: ${reasonsInWords(unread)}`]),
  ];
}

function whoAndHow({ principalId, route, restricted }: Grantor, names: Names): string {
  const how = `\`${names.roleName(route.roleDefinitionId)}\` ${describeScope(route.scope)}`;
  return `${shownPrincipal(principalId, names)} by ${how}${restricted ? ', restricted' : ''}`;
}

function few(said: readonly string[]): string {
  return said.length <= mostNamed ? said.join('; ') : `${said.slice(0, mostNamed).join('; ')} and ${said.length - mostNamed} more`;
}
