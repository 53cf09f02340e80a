const compiled = new Map<string, RegExp>();

/** Whether an action pattern of a role covers an action: no case, `*` is any run of characters, nothing else is special (EA-9, EA-10). */
export function covers(pattern: string, action: string): boolean {
  let expression = compiled.get(pattern);
  if (expression === undefined) {
    const literal = pattern.trim().replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');
    // A run of stars says no more than one, and many stars make the match slow.
    expression = new RegExp(`^${literal.replaceAll(/(\\\*)+/g, '[\\s\\S]*')}$`, 'i');
    compiled.set(pattern, expression);
  }
  return expression.test(action);
}

/** One subtraction: what `granted` covers and `removed` does not (EA-4, EA-6). */
export function coversExcept(granted: readonly string[], removed: readonly string[], action: string): boolean {
  return granted.some((pattern) => covers(pattern, action)) && !removed.some((pattern) => covers(pattern, action));
}
