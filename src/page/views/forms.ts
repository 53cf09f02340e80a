import type { ReviewChange } from '../../review/review.ts';
import type { App } from '../app.ts';
import type { Choice, DraftAcceptance, DraftDecision } from '../drafts.ts';
import { button, type Child, fill, h, say } from '../parts/dom.ts';
import { choose, field } from '../parts/pieces.ts';
import { choiceNames } from '../parts/words.ts';

/** Where an entry can be decided: only with choices that can work. */
export function decideForm(app: App, vault: number, entry: number): Child {
  const choices = choicesFor(app, vault, entry);
  const row = app.store.review.vaults[vault]?.entries[entry];
  const change = app.store.review.changes[row?.change ?? -1];
  if (choices.length === 0 || change === undefined || change.outcome === 'inert') return undefined;
  const place = h('div', { class: 'decide' });
  const draw = (): void => {
    const draft = app.drafts.decision(vault, entry);
    if (draft === undefined) {
      const open = change.outcome === 'undecided';
      const form = formOf(choices, change, (made) => {
        decide(made, 'Decided');
      });
      fill(place, h('details', { attrs: open ? { open: '' } : {} }, h('summary', {}, open ? 'Decide' : 'Decide otherwise'), form));
    } else {
      const undo = button('Take back', () => {
        decide(undefined, 'Taken back');
      });
      fill(
        place,
        h(
          'p',
          { class: 'mine' },
          'Your decision: ',
          h('strong', {}, choiceNames[draft.choice]),
          detailOf(draft),
          ': ',
          draft.reason,
          ' ',
          undo,
        ),
      );
    }
  };
  const decide = (made: DraftDecision | undefined, told: string): void => {
    app.drafts.decide(vault, entry, made);
    draw();
    place.querySelector<HTMLElement>('button, summary')?.focus();
    say(told);
  };
  draw();
  return place;
}

export function choicesFor({ store, head }: App, vault: number, entry: number): readonly Choice[] {
  return head.choices[store.extras[vault]?.choices[entry] ?? -1] ?? [];
}

function detailOf({ keep = [], objects = [] }: DraftDecision): string {
  const all = [...objects, ...keep];
  return all.length === 0 ? '' : ` (${all.join(', ')})`;
}

const limitsObjects = (choice: Choice) => choice === 'objectScope' || choice === 'nameCondition';

function formOf(choices: readonly Choice[], change: ReviewChange, decide: (made: DraftDecision) => void): HTMLElement {
  const reason = h('textarea', { attrs: { rows: '2', required: '' } });
  const objects = h('input', { attrs: { type: 'text', placeholder: 'secrets/db-password, secrets/api-key', autocomplete: 'off' } });
  const keep = permissionsOf(change).map((word) => {
    const box = h('input', { attrs: { type: 'checkbox', value: word } });
    return { box, line: h('label', { class: 'check' }, box, ' ', h('code', {}, word)) };
  });
  const objectsField = field('On these objects alone', objects);
  const keepLegend = h('legend');
  const keepField = h(
    'fieldset',
    {},
    keepLegend,
    keep.map(({ line }) => line),
  );
  const wrong = h('p', { class: 'wrong', attrs: { role: 'alert' } });
  let choice = choices[0] ?? 'drop';
  const adapt = (): void => {
    objectsField.hidden = !limitsObjects(choice);
    keepField.hidden = choice !== 'narrow' && !limitsObjects(choice);
    fill(keepLegend, choice === 'narrow' ? 'Keep these permissions' : 'Keep these for the whole vault');
  };
  const select = choose(
    choices.map((one) => [one, choiceNames[one]]),
    choice,
    (value) => {
      choice = value as Choice;
      adapt();
    },
  );
  adapt();
  const form = h(
    'form',
    {},
    field('Choice', select),
    objectsField,
    keepField,
    field('Reason', reason),
    wrong,
    h('button', { attrs: { type: 'submit' } }, 'Decide'),
  );
  form.noValidate = true;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const kept = keepField.hidden ? [] : keep.flatMap(({ box }) => (box.checked ? [box.value] : []));
    const named = objectsField.hidden ? [] : objects.value.split(/[\s,]+/).filter((one) => one !== '');
    const missing = whatIsMissing(choice, reason.value, kept, named);
    fill(wrong, missing);
    if (missing === '')
      decide({ choice, reason: reason.value.trim(), ...(kept.length > 0 && { keep: kept }), ...(named.length > 0 && { objects: named }) });
    else (missing.startsWith('Give') ? reason : form).querySelector<HTMLElement>('input:not([type=checkbox])')?.focus();
  });
  return form;
}

function whatIsMissing(choice: Choice, reason: string, kept: readonly string[], named: readonly string[]): string {
  if (choice === 'narrow' && kept.length === 0) return 'Choose at least one permission to keep.';
  if (limitsObjects(choice) && named.length === 0) return 'Name at least one object.';
  const odd = named.find((one) => !/^(keys|secrets|certificates)\/[0-9a-z-]{1,127}$/i.test(one));
  if (odd !== undefined) return `Write \`${odd}\` as secrets/name, keys/name or certificates/name.`;
  return reason.trim() === '' ? 'Give the reason: reviewers of the plan read it.' : '';
}

/** As a decisions file writes them: `secrets/get`. */
function permissionsOf({ permissions }: ReviewChange): readonly string[] {
  return permissions.flatMap((line) => {
    const [type = '', words = ''] = line.split(': ');
    return words.split(', ').map((word) => `${type}/${word}`);
  });
}

/** Lets a finding pass that blocks and that a person may accept. */
export function acceptForm(app: App, about: Omit<DraftAcceptance, 'reason'>): HTMLElement {
  const place = h('div', { class: 'decide' });
  const done = app.drafts.acceptance(about.vault, about.finding, about.principal);
  if (done !== undefined) {
    fill(place, h('p', { class: 'mine' }, 'You accept it: ', done.reason));
    return place;
  }
  const reason = h('input', { attrs: { type: 'text', required: '' } });
  const form = h('form', {}, field('Reason', reason), h('button', { attrs: { type: 'submit' } }, 'Accept the finding'));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (reason.value.trim() === '') return;
    app.drafts.accept({ ...about, reason: reason.value.trim() });
    fill(place, h('p', { class: 'mine' }, 'You accept it: ', reason.value.trim()));
    say('Accepted');
  });
  fill(place, h('details', {}, h('summary', {}, 'Accept it'), form));
  return place;
}
