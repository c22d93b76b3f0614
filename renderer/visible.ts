// Makes characters visible that would hide, reorder or command: what a person decides on must be what is written.

/**
 * Controls (but not tab and newline), bidirectional marks and overrides, and what is there without being seen: soft hyphens,
 * fillers, blanks without width, tags. Joiners count beside ASCII only: between emoji and in other scripts they are writing.
 */
const HIDDEN = new RegExp(
  [
    '(?![\\t\\n])\\p{Cc}',
    '[\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180e\\u200b\\u200e\\u200f\\u2028\\u2029\\u202a-\\u202e]',
    '[\\u2060-\\u206f\\u3164\\ufeff\\uffa0\\ufff9-\\ufffb\\u{e0000}-\\u{e0fff}]',
    '(?<=[!-~])[\\u200c\\u200d]',
    '[\\u200c\\u200d](?=[!-~])',
  ].join('|'),
  'gu',
)

/**
 * Text from a model or a file name, safe to paint: C0 controls become their pictures (␛), others their number (‹U+202E›).
 * Against the reordering of source text see Boucher and Anderson, "Trojan Source", 2021.
 */
export function visible(text: string): string {
  return text.replace(HIDDEN, (character) => {
    const code = character.codePointAt(0) ?? 0
    if (code < 0x20) return String.fromCodePoint(0x2400 + code)
    if (code === 0x7f) return '\u2421'
    return `\u2039U+${code.toString(16).toUpperCase().padStart(4, '0')}\u203A`
  })
}

/** Whether `visible` would show the text otherwise than it is. */
export function hasHidden(text: string): boolean {
  return visible(text) !== text
}

/** A line from the engine as a sentence of its own: a capital first and a full stop last. */
export function sentence(line: string): string {
  const text = visible(line.trim())
  const stopped = /[.!?…]$/.test(text) || text === '' ? text : `${text}.`
  return stopped.charAt(0).toUpperCase() + stopped.slice(1)
}
