// Text in base64, told from other words of the same characters.

const PRINTABLE = /^[\t\n\r\x20-\x7e]+$/

/** The text that a word of base64 holds; null where it holds none. */
export function textInBase64(word: string): string | null {
  // A look at the beginning tells nearly all that is none.
  if (!PRINTABLE.test(bytes(word.slice(0, 16)) ?? '')) return null
  const whole = bytes(word)
  return whole !== null && PRINTABLE.test(whole) ? whole : null
}

function bytes(word: string): string | null {
  try {
    return atob(word)
  } catch {
    return null
  }
}
