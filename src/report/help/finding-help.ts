import type { FindingCode } from '../../model/finding-facts.ts';
import type { FindingHelp } from './help.ts';
import { inventoryFindingHelp } from './inventory-finding-help.ts';
import { mappingFindingHelp } from './mapping-finding-help.ts';
import { planFindingHelp } from './plan-finding-help.ts';
import { principalFindingHelp } from './principal-finding-help.ts';

/** What every code of a finding means. */
export const findingHelp: Readonly<Record<FindingCode, FindingHelp>> = {
  ...inventoryFindingHelp,
  ...mappingFindingHelp,
  ...planFindingHelp,
  ...principalFindingHelp,
};
