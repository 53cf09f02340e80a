/** Whether a word means a place on the network; anything else is a path of this machine. */
export function isAddress(word: string): boolean {
  return /^https?:\/\//i.test(word.trim());
}
