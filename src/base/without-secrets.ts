const assigned =
  /\b(client_secret|client_assertion|password|passwd|pwd|sig|signature|access_token|refresh_token|id_token|accountkey|sharedaccesskey|sharedsecret|api[-_]?key)(["']?\s*[=:]\s*["']?)[^&\s"',;}]{1,4000}/gi;

/**
 * Text of services and proxies without what looks like a token, a key or a password: it goes to terminals, journals, proofs
 * and plans. Every pattern is bounded, so that hostile text costs no more than its length.
 */
export function withoutSecrets(text: string): string {
  return text
    .replace(/\beyJ[\w-]{8,4000}(?:\.[\w-]{0,4000}){0,4}/g, '(token)')
    .replace(/\b(Bearer|Basic|SharedAccessSignature|SharedKey|PoP)\s{1,20}(?!\(token\))[\w+/=.:~%&-]{6,4000}/gi, '$1 (token)')
    .replace(assigned, '$1$2(secret)')
    .replace(/\b([a-z][a-z\d+.-]{1,20}:\/\/)[^\s/@:]{0,400}:[^\s/@]{1,400}@/gi, '$1(secret)@')
    .replace(/(?<![\w+/])[A-Za-z\d+/]{86}==/g, '(key)');
}
