import { shortAction } from '../../model/data-action.ts';
import type { ReviewLoss } from '../../review/review.ts';
import type { App, View } from '../app.ts';
import { h, link } from '../parts/dom.ts';
import { pagedTable } from '../parts/paged-table.ts';
import { section } from '../parts/pieces.ts';
import { choiceNames, count, lossWords, number } from '../parts/words.ts';

const routes: Readonly<Record<ReviewLoss['kind'], string>> = {
  decided: 'vaults?about=lost',
  undecided: 'vaults?about=undecided',
  uncovered: 'vaults?finding=PLN-UNCOVERED',
};

/** What is lost, by whose decision, and what waits for one. */
export function lossesView({ store }: App): View {
  const { losses, decisions } = store.review;
  const table = pagedTable(
    {
      caption: 'Losses',
      columns: ['Kind', 'What', 'Decision', 'Access policies', 'Vaults'],
      empty: 'Nothing is lost: every access that a policy gives is covered.',
      cells: (loss: ReviewLoss) => {
        const made = decisions[loss.decision ?? -1];
        return [
          lossWords[loss.kind],
          h(
            'ul',
            { class: 'actions' },
            loss.dataActions.map((action) => h('li', {}, h('code', {}, shortAction(action)))),
          ),
          made === undefined ? 'none' : [h('strong', {}, choiceNames[made.choice]), ': ', made.reason],
          number(loss.entries),
          link(routes[loss.kind], number(loss.vaults)),
        ];
      },
    },
    [...losses].sort((a, b) => b.entries - a.entries),
  );
  const made = pagedTable(
    {
      caption: 'Decisions of the plan',
      columns: ['Choice', 'Reason', 'Access policies', 'Vaults'],
      empty: 'The plan has no decisions.',
      cells: (one: (typeof decisions)[number]) => [choiceNames[one.choice], one.reason, number(one.entries), number(one.vaults)],
    },
    decisions,
  );
  return {
    title: 'Losses and decisions',
    body: [
      section(count(losses.length, 'kind of loss', 'kinds of loss'), 'losses', table.element),
      section('Decisions that the plan carries out', 'decisions', made.element),
    ],
  };
}
