// A name in other case styles: fooBar, FooBar, foo_bar, FOO_BAR, foo-bar.

const capital = (part: string): string => part.slice(0, 1).toUpperCase() + part.slice(1)

const STYLES: readonly ((parts: readonly string[]) => string)[] = [
  (parts) => parts.map((part, index) => (index === 0 ? part : capital(part))).join(''),
  (parts) => parts.map(capital).join(''),
  (parts) => parts.join('_'),
  (parts) => parts.join('_').toUpperCase(),
  (parts) => parts.join('-'),
]

/**
 * What the renaming `old` → `fresh` is in the styles in which neither was written: pairs of names. Empty unless both are
 * names of the same style, and of several parts, because a single word says too little.
 */
export function otherStyles(old: string, fresh: string): readonly { readonly old: string; readonly new: string }[] {
  const from = partsOf(old)
  const to = partsOf(fresh)
  if (from.length < 2 || to.length < 1) return []
  const own = STYLES.find((style) => style(from) === old && style(to) === fresh)
  if (own === undefined) return []
  return STYLES.filter((style) => style !== own)
    .map((style) => ({ old: style(from), new: style(to) }))
    .filter((pair) => pair.old !== old && pair.old !== pair.new)
}

/** Its parts in lower case; empty when it is no name. */
function partsOf(name: string): readonly string[] {
  if (!/^\p{L}[\p{L}\p{N}]*(?:[_-][\p{L}\p{N}]+)*$/u.test(name)) return []
  return name
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1_$2')
    .split(/[_-]/)
    .map((part) => part.toLowerCase())
}
