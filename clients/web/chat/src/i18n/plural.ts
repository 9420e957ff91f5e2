const Order: readonly Intl.LDMLPluralRule[] = ['zero', 'one', 'two', 'few', 'many', 'other'];

/** The forms in which a language counts, in the order of its choices: `one | other` in English, all six in Arabic, one in Japanese. */
export function pluralForms(tag: string): readonly Intl.LDMLPluralRule[] {
  const { pluralCategories } = new Intl.PluralRules(tag).resolvedOptions();
  return Order.filter((form) => pluralCategories.includes(form));
}

/** Choice of a message by the rule of its language. One choice more than the language has forms: the first is for none at all. */
export function pluralRule(tag: string): (count: number, choices: number) => number {
  const rules = new Intl.PluralRules(tag);
  const forms = pluralForms(tag);
  return (count, choices) => {
    const extra = choices - forms.length;
    return extra > 0 && count === 0 ? 0 : extra + forms.indexOf(rules.select(count));
  };
}
