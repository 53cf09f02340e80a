/** Where two long texts part, with what stands there; undefined when they are the same. Keeps megabytes out of a test's report. */
export function firstDifference(before: string, after: string): string | undefined {
  if (before === after) return undefined;
  let at = 0;
  while (before[at] === after[at]) at += 1;
  const part = (text: string) => text.slice(Math.max(0, at - 300), at + 200);
  return `at ${at}:\n- ${part(before)}\n+ ${part(after)}`;
}
