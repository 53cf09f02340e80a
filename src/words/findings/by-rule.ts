/** The row of a decisions file that decides for every vault at once. */
export function byRule(when: string, choice: string): string {
  return `for all vaults at once, put \`{ "when": ${when}, "choice": "${choice}", "reason": "…" }\` under \`rules\` in the decisions file`;
}
