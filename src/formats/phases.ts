/** What an apply does with each vault, in this order. */
export const phases = ['stage', 'settle', 'verify', 'flip', 'watch'] as const;

export type Phase = (typeof phases)[number];

/** Whether a run that goes through one phase comes to another. */
export function reaches(through: Phase, phase: Phase): boolean {
  return phases.indexOf(through) >= phases.indexOf(phase);
}
