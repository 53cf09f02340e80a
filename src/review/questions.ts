/** What reviewers ask of a vault, in the order in which it is answered. */
export const questions = {
  who: 'Who is it about?',
  gains: 'Who gains what, through which role, and where?',
  why: 'Why these roles and no narrower ones?',
  held: 'What is held already, and by what?',
  losses: 'Who loses what, and why?',
  irreversible: 'What cannot be undone?',
  decided: 'Who decided?',
  changed: 'What changed since the last plan?',
  calls: 'What will be called?',
  order: 'When is its turn, and who else manages it?',
  success: 'What shows that it worked?',
  unapproved: 'What happens if nobody approves?',
  back: 'How to go back?',
} as const;

export type Question = keyof typeof questions;

/** Sentences by question: names in them are raw text of others. */
export type Answers = Readonly<Record<Question, readonly string[]>>;
