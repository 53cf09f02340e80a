/** Whether an operation's name, as the metrics show it, is meant: `*` stands for any run of characters, case does not count. */
export function operationPattern(pattern: string): (operation: string) => boolean {
  const literal = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\/]/g, '\\$&'));
  const whole = new RegExp(`^${literal.join('.*')}$`, 'i');
  return (operation) => whole.test(operation);
}
