/** Things in sections of one month each, in the order in which they come. */
export function byMonth<Thing>(
  things: readonly Thing[],
  timeOf: (thing: Thing) => number,
  locale: string,
): { title: string; things: Thing[] }[] {
  const format = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric' });
  const sections: { title: string; things: Thing[] }[] = [];
  for (const thing of things) {
    const title = format.format(timeOf(thing));
    const last = sections.at(-1);
    if (last?.title === title) last.things.push(thing);
    else sections.push({ title, things: [thing] });
  }
  return sections;
}
