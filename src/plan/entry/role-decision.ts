import { remarksOnChoice } from '../../mapping/choice-remarks.ts';
import { chooseRoles } from '../../mapping/choose-roles.ts';
import { remarksOnService } from '../../mapping/service-remarks.ts';
import { choiceValue } from './choice-value.ts';
import { type CarriedEntry, reproduced, type SettledEntry } from './settled.ts';

/** Roles that are there already, the narrowest or the fewest. @returns undefined when they leave something uncovered. */
export function settleByRoles({ entry, asked, decision, context }: CarriedEntry): SettledEntry | undefined {
  const { catalogue, candidates, held } = context;
  const wanted = asked.required;
  const prefer = decision.choice === 'preferFewer' ? 'fewest' : 'narrow';
  const choice = chooseRoles({ required: wanted, held, candidates, prefer });
  if (choice.uncovered.length > 0) return undefined;
  return {
    part: {
      outcome: wanted.length === 0 ? 'drop' : reproduced(choice),
      dropped: entry.required.filter((action) => !wanted.includes(action)),
      choice: choiceValue(choice),
    },
    remarks: [
      ...remarksOnChoice(choice, { policy: asked.policy, required: wanted, held, candidates, catalogue }),
      ...remarksOnService(entry.principal, choice, catalogue),
    ],
  };
}
