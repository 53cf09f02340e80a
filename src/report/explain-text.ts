import { shortAction } from '../model/data-action.ts';
import type { GivingAssignment, RoleBesides } from '../verify/explain-access.ts';
import { eligibleWords } from '../words/grant-words.ts';
import { describeScope } from '../words/scope-words.ts';
import type { ExplainedAction, ExplainReport } from './explain-report.ts';
import type { Look } from './look.ts';
import { plainText } from './plain-text.ts';
import { identifiedPrincipal } from './principal-name.ts';
import { wrapLine } from './wrap-line.ts';

export function explainText(report: ExplainReport, look: Look): readonly string[] {
  const head = `${identifiedPrincipal(report.principal, report.principalId, 'whole')}, ${plainText(report.permission)}, vault ${plainText(report.vaultName)}`;
  const wrap = (line: string, hanging = '      ') => wrapLine(line, look.columns, hanging);
  const after = report.permissionModel === 'azureRbac' ? 'for good' : 'after the flip';
  return [
    ...wrap(head, '  ').map((line) => look.paint('bold', line)),
    ...report.actions.flatMap((action) => [
      '',
      shortAction(action.dataAction),
      ...wrap(`  today: ${todayWords(action)}`),
      ...wrap(`  ${after}: ${afterWords(action)}`),
    ]),
    ...(report.roles.length === 0 ? [] : ['']),
    ...report.roles.flatMap((role) => wrap(besidesWords(role), '  ')),
    ...report.eligible.flatMap((one) => {
      const actions = one.dataActions.map(shortAction).join(', ');
      return wrap(plainText(`${eligibleWords(one)}: gives ${actions} only while it is activated`), '  ');
    }),
    ...report.doubts.flatMap((doubt) => wrap(`in doubt: ${plainText(doubt)}`, '  ')),
  ];
}

function todayWords({ today }: ExplainedAction): string {
  const through = today.throughApplications.map((id) => `\`${plainText(id)}\``).join(' and ');
  if (through !== '') {
    const alone = today.state === 'unknown' ? `unknown by itself: ${plainText(today.because)}` : 'not granted by itself';
    return `${alone}; granted only for application ${through}, which ends at the flip: Azure RBAC has no such grant`;
  }
  if (today.state === 'notGranted') return `not granted: ${plainText(today.because)}`;
  if (today.state === 'unknown') return `unknown: ${plainText(today.because)}`;
  if (today.entries.length === 0) return 'granted by Azure RBAC';
  const entries = today.entries.map(({ objectId, displayName, throughGroup }) => {
    const name = displayName === '' ? `\`${objectId}\`` : `\`${displayName}\``;
    return throughGroup ? `the access policy of the group ${name}` : 'its own access policy';
  });
  return `granted by ${plainText(entries.join(' and '))}`;
}

function afterWords({ today, after }: ExplainedAction): string {
  if (after.state !== 'covered') {
    const word = after.state === 'unknown' ? 'unknown' : today.state === 'notGranted' ? 'not granted' : 'lost';
    return `${word}: ${plainText(after.because)}`;
  }
  return `granted by ${plainText(after.assignments.map(assignmentWords).join(' and '))}`;
}

function assignmentWords({ roleName, scope, throughGroup, groupName, planned }: GivingAssignment): string {
  const group =
    throughGroup === undefined ? '' : ` of the group \`${groupName === undefined || groupName === '' ? throughGroup : groupName}\``;
  return `\`${roleName}\`${group} ${describeScope(scope)}${planned ? ', which the plan creates' : ', which exists'}`;
}

function besidesWords({ roleName, dataActions, controlPlane }: RoleBesides): string {
  const more = dataActions.map(({ dataAction, tier }) => `${shortAction(dataAction)} (${tier})`).join(', ') || 'no other data action';
  const control = controlPlane.length === 0 ? 'nothing on the control plane' : `on the control plane ${controlPlane.join(', ')}`;
  return plainText(`${roleName} also brings ${more}; ${control}`);
}
