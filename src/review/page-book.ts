import { parseGuid } from '../base/guid.ts';
import { acceptableFindings } from '../formats/acceptance-row.ts';
import type { Decision, VaultPlan } from '../formats/plan.ts';
import { entrySubject } from '../model/entry-standing.ts';
import { subjectText } from '../model/finding.ts';
import { possibleChoices } from '../plan/possible-choices.ts';
import type { PageData, VaultExtras } from './page-data.ts';
import type { Review } from './review.ts';
import { rows } from './rows.ts';

/** Gathers, while the vaults of a plan are read, what the page needs over and above the review. */
export interface PageBook {
  /** @param digest of the vault's line in the plan. */
  add(vault: VaultPlan, digest: string): void;
  /** @param planFile how the person called the plan. */
  done(review: Review, planFile: string): PageData;
}

export function pageBook(): PageBook {
  const choices = rows<readonly Decision['choice'][]>();
  const extras: VaultExtras[] = [];
  return {
    add(vault, digest) {
      extras.push({
        digest,
        choices: choicesOf(vault).map((set) => choices.at(set.join(), () => set)),
      });
    },
    done({ principals, customRoles, grants, changes, gains, findings, vaults, ...review }, planFile) {
      const lists = { principals, customRoles, grants, changes, gains, findings, vaults, extras };
      const lengths = {
        principals: principals.length,
        customRoles: customRoles.length,
        grants: grants.length,
        changes: changes.length,
        gains: gains.length,
        findings: findings.length,
        vaults: vaults.length,
        extras: extras.length,
      };
      return { head: { review, lengths, choices: choices.all, acceptable: acceptableFindings, planFile }, lists };
    },
  };
}

/** For each entry, by the blockers that stand against it. An id that is not a GUID has to be mended in the vault. */
function choicesOf({ vaultId, entries, findings }: VaultPlan): readonly (readonly Decision['choice'][])[] {
  const codes = new Map<string, string[]>();
  for (const { severity, subject, code } of findings) {
    if (severity !== 'blocker') continue;
    const about = subjectText(subject);
    codes.set(about, [...(codes.get(about) ?? []), code]);
  }
  return entries.map((entry) =>
    parseGuid(entry.objectId) === undefined ? [] : possibleChoices(codes.get(subjectText(entrySubject(vaultId, entry))) ?? []),
  );
}
