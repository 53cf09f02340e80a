import type { ErrorCode } from '../../base/error-codes.ts';
import { approvalErrorHelp } from './approval-error-help.ts';
import { azureErrorHelp } from './azure-error-help.ts';
import type { ErrorHelp } from './help.ts';
import { inputErrorHelp } from './input-error-help.ts';
import { planErrorHelp } from './plan-error-help.ts';
import { rollbackErrorHelp } from './rollback-error-help.ts';
import { runErrorHelp } from './run-error-help.ts';

/** What every code of an error means. */
export const errorHelp: Readonly<Record<ErrorCode, ErrorHelp>> = {
  ...approvalErrorHelp,
  ...azureErrorHelp,
  ...inputErrorHelp,
  ...planErrorHelp,
  ...rollbackErrorHelp,
  ...runErrorHelp,
};
