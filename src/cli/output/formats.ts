import type { VaultResult } from '../../migrate/vault-result.ts';
import type { CodeHelp } from '../../report/code-help.ts';
import type { ExplainReport } from '../../report/explain-report.ts';
import type { InventoryReport } from '../../report/inventory-report.ts';
import type { Look } from '../../report/look.ts';
import type { MappedSet } from '../../report/map-text.ts';
import type { PlanPartFile } from '../../report/plan-parts.ts';
import type { ShownReview } from '../../report/review-text.ts';
import type { PlanMoves } from '../../review/plan-moves.ts';
import type { ApprovalShown } from '../approval-shown.ts';
import type { CheckedProof } from './checked-proof.ts';
import type { DemoEnd } from './demo-end.ts';
import type { Diagnosis } from './doctor-view.ts';
import type { LargePlan } from './large-plan.ts';
import type { PlanStatus } from './plan-status.ts';
import type { PlannedVaults } from './planned-vaults.ts';
import type { SandboxStart } from './sandbox-start.ts';
import type { StateContents, StateCopy } from './state-view.ts';
import type { Verification } from './verification.ts';

/** What is printed as a result: a page by its name, mostly that of its command. */
export interface Pages {
  readonly inventory: InventoryReport;
  readonly plan: PlannedVaults;
  /** A plan of too many vaults to show each. */
  readonly largePlan: LargePlan;
  /** Several plans, each in its file. */
  readonly planParts: readonly PlanPartFile[];
  readonly review: ShownReview;
  readonly diff: PlanMoves;
  readonly verify: Verification;
  readonly 'check-proof': CheckedProof;
  readonly explain: ExplainReport;
  readonly map: readonly MappedSet[];
  readonly status: PlanStatus;
  readonly approval: ApprovalShown;
  readonly help: CodeHelp;
  /** How vaults ended, whatever changed them. */
  readonly results: readonly VaultResult[];
  readonly demo: DemoEnd;
  readonly sandbox: SandboxStart;
  readonly state: StateContents;
  readonly doctor: Diagnosis;
  readonly stateCopy: StateCopy;
}

export type Page = keyof Pages;

/** Draws a page in pieces: what may be longer than one text can be comes in many. */
export type Renderer<T> = (shown: T, look: Look) => Iterable<string> | AsyncIterable<string>;

/** Renderers by page, each loaded when it is asked for. */
type Renderers = { readonly [P in Page]?: () => Promise<Renderer<Pages[P]>> };

interface FormatRow {
  /** What help says of the flag that asks for it, which is named like the format; text needs none. */
  readonly flag?: string;
  /** What ends each piece. */
  readonly end: '\n' | '';
  readonly pages: Renderers;
}

const document = async () => (await import('./json.ts')).jsonDocument;

function documentOf<T>(load: () => Promise<(shown: T) => unknown>): () => Promise<Renderer<T>> {
  return async () => {
    const [contents, json] = await Promise.all([load(), document()]);
    return (shown) => json(contents(shown));
  };
}

/** One row a format. Every page has text and JSON; a command offers the flag of another format where its page is in that row. */
export const formats = {
  text: {
    end: '\n',
    pages: {
      inventory: async () => (await import('../../report/inventory-text.ts')).inventoryText,
      plan: async () => (await import('./planned-vaults.ts')).plannedText,
      largePlan: async () => (await import('./large-plan.ts')).largePlanText,
      planParts: async () => (await import('../../report/plan-parts.ts')).planPartsText,
      review: async () => (await import('../../report/review-text.ts')).reviewText,
      diff: async () => (await import('../../report/plan-moves-text.ts')).planMovesText,
      verify: async () => (await import('./verification.ts')).verificationText,
      'check-proof': async () => (await import('./checked-proof.ts')).checkedProofText,
      explain: async () => (await import('../../report/explain-text.ts')).explainText,
      map: async () => (await import('../../report/map-text.ts')).mapText,
      status: async () => (await import('./plan-status.ts')).planStatusText,
      help: async () => (await import('../../report/code-help.ts')).helpLines,
      approval: async () => (await import('../approval-shown.ts')).approvalText,
      results: async () => (await import('./results-view.ts')).resultLines,
      demo: async () => (await import('./demo-end.ts')).demoEndText,
      sandbox: async () => (await import('./sandbox-start.ts')).sandboxStartText,
      state: async () => (await import('./state-view.ts')).stateText,
      stateCopy: async () => (await import('./state-view.ts')).stateCopyText,
      doctor: async () => (await import('./doctor-view.ts')).doctorText,
    },
  },
  json: {
    flag: 'print JSON: one document, or one event a line for long runs',
    end: '',
    pages: {
      inventory: documentOf(async () => (await import('../../report/inventory-report.ts')).inventoryDocument),
      plan: async () => (await import('./planned-vaults.ts')).plannedJson,
      largePlan: async () => (await import('./large-plan.ts')).largePlanJson,
      planParts: documentOf(async () => (await import('../../report/plan-parts.ts')).planPartsDocument),
      review: async () => (await import('../../report/review-document.ts')).reviewDocument,
      diff: document,
      verify: async () => (await import('./verification.ts')).verificationJson,
      'check-proof': document,
      explain: document,
      map: async () => (await import('../map-items.ts')).mappedLines,
      status: documentOf(async () => (await import('./plan-status.ts')).planStatusDocument),
      help: documentOf(async () => (await import('../../report/code-help.ts')).helpDocument),
      approval: documentOf(async () => (await import('../approval-shown.ts')).approvalDocument),
      results: async () => (await import('./results-view.ts')).resultsJson,
      demo: documentOf(async () => (await import('./demo-end.ts')).demoEndDocument),
      sandbox: documentOf(async () => (await import('./sandbox-start.ts')).sandboxStartDocument),
      state: documentOf(async () => (await import('./state-view.ts')).stateDocument),
      stateCopy: documentOf(async () => (await import('./state-view.ts')).stateCopyDocument),
      doctor: documentOf(async () => (await import('./doctor-view.ts')).doctorDocument),
    },
  },
  markdown: {
    flag: 'print Markdown',
    end: '\n',
    pages: {
      inventory: async () => (await import('../../report/inventory-text.ts')).inventoryMarkdown,
      plan: async () => (await import('./planned-vaults.ts')).plannedMarkdown,
      largePlan: async () => (await import('./large-plan.ts')).largePlanMarkdown,
      planParts: async () => (await import('../../report/plan-parts.ts')).planPartsMarkdown,
      review: async () => (await import('../../report/review-markdown.ts')).reviewPage,
      diff: async () => (await import('../../report/plan-moves-text.ts')).planMovesMarkdown,
      verify: async () => (await import('./verification.ts')).verificationMarkdown,
    },
  },
} as const satisfies Readonly<Record<string, FormatRow>>;

export type Format = keyof typeof formats;

/** A flag a format, as the command line gives them: one of them at most. */
export type FormatOptions = { readonly [F in Exclude<Format, 'text'>]?: boolean };
