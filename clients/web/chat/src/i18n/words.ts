import type * as en from './en';

/** A translation of a part of the English catalogue: all of its keys, and no others. */
export type Words<English> = { readonly [Key in keyof English]: English[Key] extends string ? string : Words<English[Key]> };

type Later = typeof en.later;

/** Name of a section that comes with the view that needs it. */
export type Section = keyof Later;

/** A language: the sections that the page starts with, and those that come later. A section that is missing does not compile. */
export type Catalogue = { readonly [Name in Exclude<keyof typeof en, 'later'>]: Words<(typeof en)[Name]> } & {
  readonly later: { readonly [Name in Section]: () => Promise<Words<Awaited<ReturnType<Later[Name]>>>> };
};
