import { exitCode } from '../../base/known-error.ts';
import { inventoryFindings } from '../../checks/inventory-findings.ts';
import type { Estate } from '../../model/estate.ts';
import { inventoryReport } from '../../report/inventory-report.ts';
import type { Io } from '../io.ts';
import { afterInventory } from '../next-steps.ts';
import type { CommonOptions, SelectionOptions } from '../options.ts';
import { show } from '../output/show.ts';
import { selectionFromOptions } from '../selection-from-options.ts';
import { openSession } from '../session.ts';
import { viewOf } from '../view.ts';

export interface InventoryRequest extends CommonOptions, SelectionOptions {
  readonly vaults: readonly string[];
}

/** Prints facts; undetermined when a part of what was asked for, or a list that bears on it, could not be read. */
export async function inventoryCommand(request: InventoryRequest, io: Io): Promise<number> {
  const view = viewOf(request, io);
  const selection = await selectionFromOptions(request.vaults, request, io);
  const session = await openSession(request, 'read', io);
  const estate = await session.read(selection, { assignedTo: 'never' });
  const report = inventoryReport(estate, inventoryFindings(estate, session.catalogue));
  await show('inventory', report, request, io);
  for (const line of afterInventory(report.vaults)) view.note(line);
  return isWhole(estate) ? exitCode.done : exitCode.undetermined;
}

/** Rows of a list that could not be read are missing from what was printed. */
function isWhole({ unreadable, subscriptions }: Estate): boolean {
  const lists = subscriptions.flatMap((one) => [
    ...[one.roleAssignments, one.roleDefinitions, one.denyAssignments, one.activeInstances, one.eligibleInstances],
    ...[one.locks, one.policyAssignments],
  ]);
  return unreadable.length === 0 && lists.every(({ state }) => state === 'read');
}
