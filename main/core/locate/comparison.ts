// How loosely a line of a hunk may equal a line of the file, from exact to nearly anything but the words.

/**
 * `exact`; `trailing`: white space at the end does not count; `indented`: neither does indentation, where one shift explains
 * all lines; `unicode`: typographic look-alikes are equal; `unicode-indented`: both; `loose`: like it without a common shift.
 */
export type Level = 'exact' | 'trailing' | 'indented' | 'unicode' | 'unicode-indented' | 'loose'

/** Text under which two lines are equal at this level. */
export function keyOf(line: string, level: Level): string {
  switch (level) {
    case 'exact':
      return line
    case 'trailing':
      return line.trimEnd()
    case 'indented':
      return line.trim()
    case 'unicode':
      return plainPunctuation(line).trimEnd()
    case 'unicode-indented':
    case 'loose':
      return plainPunctuation(line).trim()
    default:
      return level satisfies never
  }
}

/** Whether indentation counts at this level. */
export function keepsIndent(level: Level): boolean {
  return level === 'exact' || level === 'trailing' || level === 'unicode'
}

/** Look-alikes that models write for one another (the set of the published apply_patch, with ellipsis and invisible marks). */
const LOOK_ALIKES: readonly (readonly [RegExp, string])[] = [
  [/[\u2010-\u2015\u2212]/g, '-'],
  [/[\u2018-\u201B]/g, "'"],
  [/[\u201C-\u201F\u00AB\u00BB]/g, '"'],
  [/[\u00A0\u2002-\u200A\u202F\u205F\u3000]/g, ' '],
  [/\u2026/g, '...'],
  [/[\u200B\u2060\uFEFF]/g, ''],
]

export function plainPunctuation(line: string): string {
  if (!/[^\0-\x7F]/.test(line)) return line
  let plain = line.normalize('NFC')
  for (const [lookAlike, ascii] of LOOK_ALIKES) plain = plain.replace(lookAlike, ascii)
  return plain
}

/** True when the line has a letter or digit: brackets and blank lines alone say little about a place. */
export function saysSomething(line: string): boolean {
  return /[\p{L}\p{N}]/u.test(line)
}
