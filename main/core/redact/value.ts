// Whether a value that stands where a secret would stand looks like one, or like words, code or a blank to fill in.

/** Bits per character of the text's own character frequencies (Shannon, 1948). */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) {
    const share = count / text.length
    bits -= share * Math.log2(share)
  }
  return bits
}

/**
 * Made of words as people write them in code: `current-password`, `TokenKindIdentifier`, `auth/reset2`. Split at
 * separators and capitals, words are long, have vowels, and digits are few. Random keys split into scraps.
 */
export function isWordLike(text: string): boolean {
  const letters = text.replace(/[^A-Za-z]/g, '').length
  const digits = text.replace(/\D/g, '').length
  if (letters === 0 || digits > 4 || digits * 3 > letters) return false
  if ((text.match(/[A-Za-z]\d+(?=[A-Za-z])/g) ?? []).length > 1) return false
  const words = text.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g) ?? []
  if (letters < words.length * 3 || text.length > words.length * 20) return false
  return words.every((word) => word.length < 6 || isSpoken(word))
}

function isSpoken(word: string): boolean {
  const vowels = word.replace(/[^aeiouy]/gi, '').length
  return vowels * 8 >= word.length && !/[^aeiouy]{6}/i.test(word)
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const NUMBER = /^[+-]?(?:0x[0-9a-f_]+|[\d._]+(?:e[+-]?\d+)?)[a-z%]{0,3}$/i
/** References, templates and blanks: `$NAME`, `${{ secrets.X }}`, `<password>`, `%s`, `****`, `changeme`, `your-key-here`. */
const BLANK =
  /^(?:[$%<@&]|\{\{|\[|!\w+$|(?:x{4,}|\*{3,}|\.{3,}|-{3,}|_{3,}|•{3,})|change[-_ ]?(?:me|it)|replace[-_ ]?(?:me|this|with)|your[-_ ]|insert[-_ ]|todo|tbd|redacted|n\/a$)/i
const TEMPLATE = /\$\{|\{\{|\}\}|%\(|#\{|<%/
const ADDRESS = /^(?:[a-z][a-z0-9+.-]{1,20}:\/\/|\.{0,2}\/|~\/|[A-Za-z]:\\|arn:|urn:|projects\/)/
const TYPE = /^(?:u?int|float|utf|sha|md|base|aes|argon|bytes?|str|f|i|u|v|es|hs|rs)[-_]?\d+[a-z]{0,3}$/i

/** How much a name promises: a password may be short, a token is long, and a mere key has to be beyond doubt. */
export type Expectation = 'password' | 'token' | 'key'

/** How the value stands there: in quotes, bare after a name in environment style (`NAME=value`), or bare in prose or code. */
export type Standing = 'quoted' | 'environment' | 'bare'

export function looksSecret(value: string, expectation: Expectation, standing: Standing): boolean {
  if (BLANK.test(value) || TEMPLATE.test(value) || /\s/.test(value)) return false
  if (ADDRESS.test(value) && !isBase64(value)) return false
  if (standing !== 'quoted' && isCode(value, standing)) return false
  switch (expectation) {
    case 'password':
      return looksLikePassword(value, standing)
    case 'token':
      return value.length >= 12 && isScrambled(value, value.length >= 16 ? 2.8 : 3)
    case 'key':
      return value.length >= 24 && !UUID.test(value) && /\d/.test(value) && isScrambled(value, 3.3)
  }
}

/** Base64 may begin with a slash, like a path; but it has no words. */
function isBase64(value: string): boolean {
  return /^[A-Za-z0-9+/]{38,}={0,2}$/.test(value) && /\d/.test(value) && !isWordLike(value) && entropyOf(value) > 4.2
}

function looksLikePassword(value: string, standing: Standing): boolean {
  if (value.length < 5 || TYPE.test(value)) return false
  if (value.includes('/') && isWordLike(value)) return false
  if (/^\d+$/.test(value)) return value.length >= 6 && standing !== 'bare'
  if (NUMBER.test(value)) return false
  if (!/[A-Za-z]/.test(value)) return /\d/.test(value) && value.length >= 8
  if (/\d/.test(value) || /[!#^*+=?~|\\]/.test(value) || /[@$%&]/.test(value)) return true
  return value.length >= 10 && isScrambled(value, 2.8)
}

function isScrambled(value: string, entropy: number): boolean {
  return !/[()[\]{}|\\<>"'`]/.test(value) && !isWordLike(value) && !NUMBER.test(value) && entropyOf(value) >= entropy
}

/** Without quotes it may be a variable, a member, a type or a call. */
function isCode(value: string, standing: Standing): boolean {
  if (/[(){}[\]<>]/.test(value) || value.startsWith('\\')) return true
  if (standing === 'bare' && /^[!&*-]/.test(value)) return true
  if (/^[A-Za-z_$][\w$]*(?:(?:\.|->|::|\?\.)[A-Za-z_$][\w$]*)+$/.test(value) && !value.startsWith('eyJ')) return true
  if (standing === 'environment') return false
  if (!/^[A-Za-z_$][\w$]*$/.test(value)) return false
  if (/^[A-Z]/.test(value)) return value.length < 12 || isWordLike(value)
  return value.length < 7 || (value.length > 8 && isWordLike(value))
}
