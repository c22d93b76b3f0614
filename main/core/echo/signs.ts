// What is known of a place where a lesson fits: the evidence that the judge weighs. Truth values are 0 or 1.

/** Of a place where the tokens of a lesson stand. */
export interface TokenSigns {
  /** Tokens (at most 4) that agree with the most similar example on its left and on its right. */
  readonly left: number
  readonly right: number
  /** `right`, for a word that was one of several changes in its line. */
  readonly partRight: number
  /** One example: 0. Else the share of examples among examples and places. */
  readonly done: number
  /** More than a tenth of examples and places are examples. */
  readonly few: number
  /** Several examples, and the token on the right is that of none. */
  readonly strangeRight: number
  /** Several examples, and not all that their surroundings have in common is here too. */
  readonly unlike: number
  /**
   * Bits by which the examples speak for "only behind these two tokens", which are not here. When all n examples share what a
   * share f of all places has, chance would have it f^n times: log2 of that, negated (the size principle: Tenenbaum and
   * Griffiths, "Generalization, similarity, and Bayesian inference", Behavioral and Brain Sciences 24, 2001).
   */
  readonly outside: number
  /** The line above is one that stood above an example; the one below one that stood below. */
  readonly sameAbove: number
  readonly sameBelow: number
  /** Share of tokens that its line has in common with the line of the example that is most like it. */
  readonly likeLine: number
  /** Old and new tokens share more than a fifth of their characters at their ends: a variation rather than a substitution. */
  readonly kin: number
  /** The new tokens contain the old ones. */
  readonly wraps: number
  /** A single word was removed; a single common keyword was replaced. */
  readonly wordGone: number
  readonly keyword: number
  /** What became what: a string or number a name; a number another; a string another. */
  readonly named: number
  readonly renumbered: number
  readonly reworded: number
  /** The old token is a name of several words (`fooBar`, `foo_bar`); the old tokens are a path of names (`foo.bar`). */
  readonly compound: number
  readonly path: number
  /** A single token was replaced by what the text knows already: log2(1 + occurrences, at most 20). */
  readonly known: number
  /** log2(1 + lessons) that the newest step with this lesson taught: many say that a line was rewritten. */
  readonly beside: number
  /** Steps (at most 5) so far, less one, that taught something new rather than repeat. */
  readonly novel: number
  /** Steps (at most 3) by which the person has moved away from here, always in one direction. */
  readonly behind: number
  /** In a comment or a string literal; and that in one but not the other of example and place. */
  readonly textual: number
  readonly textualUnlike: number
  /** Further places in the same line. */
  readonly perLine: number
  /** In an import or the like. */
  readonly imported: number
  /** Tokens were inserted, none removed; the three below are 0 otherwise. */
  readonly inserts: number
  /** The token on the right is that of no example. */
  readonly insertStrange: number
  /** As `outside`, of the most telling of one or two tokens on either side. */
  readonly insertOutside: number
  /** log2(1 + lines) to the nearest example; 8 where there is none in this file. */
  readonly insertFar: number
  /** It names what was renamed at its declaration: left alone, it would name nothing. */
  readonly orphaned: number
  /** The old tokens in another case style (`fooBar` for `foo_bar`). */
  readonly restyled: number
  /** log2(1 + places that agree with the examples in more tokens than this one). */
  readonly better: number
  /** log2 of the lines that were replaced together in the newest example. */
  readonly height: number
  /** log2(1 + characters) of the old tokens: what is long is no coincidence. log2(1 + words) of the new ones. */
  readonly oldLength: number
  readonly newWords: number
}

/** Of a place where lines stand that were replaced or removed elsewhere. */
export interface BlockSigns {
  /** Several examples, and log2 of their number. */
  readonly several: number
  readonly samples: number
  /** The line above, and the one below, are those of such an edit. */
  readonly above: number
  readonly below: number
  /** log2(1 + words) of the neighbours. */
  readonly neighbourWords: number
  /** Lines (at most 8) that came. */
  readonly newLines: number
  /** Share of words that the old and the new lines have in common: a variation rather than a substitution or a removal. */
  readonly kin: number
  /** log2(1 + lines) to the nearest example; 10 where there is none in this file. */
  readonly near: number
  /** log2(1 + places where the old lines stand). */
  readonly occurrences: number
  /** Steps (at most 3) by which the person has moved away from here. */
  readonly behind: number
}

/** Evidence for a place, and by which table it is weighed. */
export type Evidence =
  | { readonly kind: 'tokens'; readonly signs: TokenSigns }
  | { readonly kind: 'block'; readonly signs: BlockSigns }
  /** Too rare in real histories to be fitted: the confidence is set by hand. */
  | { readonly kind: 'set'; readonly confidence: number }
