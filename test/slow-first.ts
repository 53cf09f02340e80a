import type { TestSpecification } from 'vitest/node';
import { BaseSequencer } from 'vitest/node';

/** Folders whose files take longest, the longest first: begun last, one of them would run alone in the end. */
const slow = [
  'test/scenarios/lifecycle',
  'test/fuzz/',
  'test/kill/',
  'test/faults/',
  'test/scenarios/',
  'test/cli/',
  'test/field-cases/',
  'test/check-proof/',
  'test/az',
];

function rank({ moduleId }: TestSpecification): number {
  const at = slow.findIndex((part) => moduleId.includes(part));
  return at < 0 ? slow.length : at;
}

export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
  }
}
