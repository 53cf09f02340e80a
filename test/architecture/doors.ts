/** A room of the house: what it holds, which rooms it may import, and why the doors to the others are shut. */
export interface Room {
  readonly holds: string;
  readonly rooms: readonly string[];
  readonly why: string;
  /** Whether it may also import the `ports.ts` of any room, which it implements. */
  readonly implementsPorts?: true;
}

/** Rooms by name, lowest first: a room may import those in its list and no others. `docs/architecture.md` shows the same table. */
export const doors: Readonly<Record<string, Room>> = {
  base: {
    holds: 'JSON, GUID, digest, reading, known error, untrusted input, shell word',
    rooms: [],
    why: 'everyone depends on it, the sandbox too',
  },
  model: {
    holds: 'what Azure answers, parsed once: vault, policy, role, assignment, deny assignment, principal, scope, estate, catalogue',
    rooms: ['base'],
    why: 'every judging room depends on it',
  },
  formats: {
    holds: 'every document that outlives a run: plan, decisions, approval, config, journal, rollback bundle, proof; the phases',
    rooms: ['base', 'model'],
    why: 'a file can be read without anything that judges it',
  },
  words: {
    holds: 'sentences for people, made of data once: findings, reasons, scopes',
    rooms: ['base', 'model'],
    why: 'text, Markdown, the page and JSON say the same thing',
  },
  access: {
    holds: 'who may do what: Azure RBAC, access policies, people, conditions',
    rooms: ['base', 'model'],
    why: 'judgement must not depend on how facts were fetched',
  },
  governance: {
    holds: 'what Azure Policy does to a change of a vault',
    rooms: ['base', 'model'],
    why: 'judgement must not depend on how facts were fetched',
  },
  mapping: {
    holds: 'from the permissions of an entry to roles',
    rooms: ['base', 'model', 'access'],
    why: 'a choice is judged by the access it gives',
  },
  checks: {
    holds: 'findings about a vault as it is',
    rooms: ['base', 'model', 'governance'],
    why: 'a finding is an opinion on facts, whoever read them',
  },
  plan: {
    holds: 'the plan of a vault: entry/ decides, steps/ lists what will be made, basis/ tells when it is stale',
    rooms: ['base', 'model', 'formats', 'words', 'access', 'governance', 'mapping', 'checks'],
    why: 'a plan is a value, not an act',
  },
  verify: {
    holds: 'question, verdict, gaps, people, proof, second opinion, explanation',
    rooms: ['base', 'model', 'formats', 'words', 'access', 'plan'],
    why: 'the gate of a flip is pure: facts in, verdict out',
  },
  inventory: {
    holds: 'reads the estate through ports, principals included',
    rooms: ['base', 'model', 'words'],
    why: 'it holds facts about the estate and no opinions',
  },
  review: {
    holds: 'what a reviewer asks of a plan, as plain data',
    rooms: ['base', 'model', 'formats', 'words', 'plan'],
    why: 'text, Markdown, the page and JSON show one value',
  },
  migrate: {
    holds: 'phases/, rollback/ and the ports through which anything is written',
    rooms: ['base', 'model', 'formats', 'words', 'access', 'governance', 'plan', 'verify'],
    why: 'it acts, through migrate/ports.ts only',
  },
  report: {
    holds: 'what is shown, as text, Markdown, diff; export/ holds the script and the page of a rollback',
    rooms: ['base', 'model', 'formats', 'words', 'access', 'governance', 'mapping', 'plan', 'verify', 'review'],
    why: 'it reads, it never decides',
  },
  page: {
    holds: 'the page of a review, which runs in a browser: views/ and parts/ of it',
    rooms: ['model', 'review', 'report'],
    why: 'it shows a review and knows nothing else; the build makes one file of it',
  },
  azure: {
    holds: 'client/ read/ write/ state/: Azure Resource Manager, Microsoft Graph and Blob Storage through the SDKs',
    rooms: ['base', 'model', 'formats'],
    why: 'it hands out plain facts',
    implementsPorts: true,
  },
  local: {
    holds: 'files, clock, holds, the state folder, terminal streams',
    rooms: ['base', 'model', 'formats'],
    why: 'it keeps what it is given',
    implementsPorts: true,
  },
  'check-proof': {
    holds: 'one small program that derives a verdict again from its proof',
    rooms: ['base', 'formats'],
    why: 'it has to find out when the judgement is wrong, so it must share nothing with it',
  },
  sandbox: {
    holds: 'Azure on loopback, with readers and evaluators of its own',
    rooms: ['base'],
    why: 'it must share no parser and no evaluator with the product: its 403 has to be able to prove us wrong',
  },
  cli: { holds: 'commands/, what they ask and show, and the wiring', rooms: ['*'], why: 'it wires everything together' },
};
