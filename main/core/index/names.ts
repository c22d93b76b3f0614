// The names in a text, read without a grammar: all words as hashes, and the lines that look as if they declared one.

/** A name that is shorter says nothing about where it belongs. */
const SHORTEST = 3
const LONGEST = 100
/** Of one text. */
export const MOST_NAMES = 2_000
export const MOST_DECLARED = 500
/** UTF-16 units of a line that are looked at. */
const LONGEST_LINE = 300

/** FNV-1a over UTF-16 units, 32 bits (Fowler, Noll, Vo). Two names share a hash once in four thousand million. */
export function hashOfName(name: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < name.length; at += 1) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193)
  return hash >>> 0
}

/** ASCII letters, digits, `_` and `$`, and all that is beyond ASCII but white space. */
function isWordUnit(unit: number): boolean {
  if (unit < 128) {
    return (
      (unit >= 97 && unit <= 122) ||
      (unit >= 65 && unit <= 90) ||
      (unit >= 48 && unit <= 57) ||
      unit === 95 ||
      unit === 36
    )
  }
  return unit !== 0xa0 && unit !== 0xfeff && unit !== 0x2028 && unit !== 0x2029 && !(unit >= 0x2000 && unit <= 0x206f)
}

/**
 * Hashes of the different words of three to a hundred units that begin with no digit, in ascending order, at most MOST_NAMES.
 * Words of strings and comments are among them: who asks reads the file again. O(units).
 */
export function namesIn(text: string): Uint32Array {
  const found = new Set<number>()
  const { length } = text
  for (let at = 0; at < length && found.size < MOST_NAMES;) {
    let unit = text.charCodeAt(at)
    if (!isWordUnit(unit)) {
      at += 1
      continue
    }
    const start = at
    const isNumber = unit >= 48 && unit <= 57
    let hash = 0x811c9dc5
    do {
      hash = Math.imul(hash ^ unit, 0x01000193)
      at += 1
      unit = at < length ? text.charCodeAt(at) : 0
    } while (at < length && isWordUnit(unit))
    if (!isNumber && at - start >= SHORTEST && at - start <= LONGEST) found.add(hash >>> 0)
  }
  return Uint32Array.from(found).sort()
}

/** The words of a text in order of their first appearance, as `namesIn` would hash them, without words that every language has. */
export function wordsIn(text: string, most: number): readonly string[] {
  const found = new Set<string>()
  for (const [word] of text.matchAll(/[\p{L}_$][\p{L}\p{N}\p{M}_$]{2,99}/gu)) {
    if (!COMMON.has(word)) found.add(word)
    if (found.size >= most) break
  }
  return [...found]
}

const COMMON: ReadonlySet<string> = new Set(
  `abstract and any array assert async await begin bool boolean break byte case catch char class const constructor continue
  crate debugger declare def default defer del delete double elif else elsif end enum esac except export extends extern false
  final finally float fmt for foreach from func function get global goto impl implements import include in instanceof int
  interface internal into is lambda let long loop match mod module move mut namespace new nil none None not null number object
  of override package pass print printf private protected protocol public pub raise readonly ref register require rescue
  return sealed self Self set short signed sizeof static str string struct sub super switch template then this throw throws
  trait true True False try type typedef typeof undefined union unless unsigned until use using val var virtual void volatile
  when where while with yield the and for are not you all can has was but`
    .trim()
    .split(/\s+/),
)

export interface Declared {
  readonly name: string
  /** 1-based. */
  readonly line: number
}

const MODIFIERS =
  '(?:(?:export|default|pub(?:\\([^)]*\\))?|public|private|protected|internal|static|async|abstract|final|override|virtual|inline|unsafe|extern|declare|open|data|sealed|partial|readonly|const|local|mut|suspend|@\\w+(?:\\([^)]*\\))?)\\s+)*'
const NAME = '([\\p{L}_$][\\p{L}\\p{N}_$]*)'
const BY_WORD = new RegExp(
  `^\\s*${MODIFIERS}(?:function\\*?|class|interface|type|enum|struct|union|trait|def|defp|defmodule|fn|fun|func(?:\\s*\\([^)]*\\))?|module|mod|namespace|record|object|protocol|macro_rules!|proc|sub|typedef|actor|extension)\\s+(?:self\\.)?${NAME}`,
  'u',
)
const WORDS =
  /\b(?:function|class|interface|type|enum|struct|union|trait|def|defp|defmodule|fn|fun|func|module|mod|namespace|record|object|protocol|macro_rules|proc|sub|typedef|actor|extension|val|var|let|const|static|mut|create)\b/i
/** Variables count where they are not indented: others are a function's own. */
const BY_VALUE = new RegExp(`^${MODIFIERS}(?:val|var|let|const|static|mut)\\s+(?:mut\\s+)?${NAME}`, 'u')
const SQL =
  /^\s*create\s+(?:or\s+replace\s+)?(?:temporary\s+)?(?:table|view|function|procedure|trigger|type)\s+(?:if\s+not\s+exists\s+)?["`[]?([\p{L}_][\p{L}\p{N}_]*)/iu
/** A function of C and its like: a type, a name with its parameters, and a body that begins there or on the next line. */
const TYPED = new RegExp(`^[\\p{L}_][\\p{L}\\p{N}_<>,:*&\\s]*[\\s*&]${NAME}\\s*\\([^;{]*\\)[^;({]*(\\{?)\\s*$`, 'u')
/** A method: a name with its parameters, and what opens a body or ends a signature. */
const METHOD = new RegExp(
  `^\\s+${MODIFIERS}(?:[\\p{L}_$][\\p{L}\\p{N}_$<>,.?\\[\\]*&: ]*\\s[*&]*)?${NAME}\\s*(?:<[^>]*>)?\\([^;]*$`,
  'u',
)
const CONSTANT = /^([\p{Lu}_][\p{Lu}\p{N}_]{2,}|[\p{L}_]\w{2,})\s*(?::[^=]{1,60})?=(?![=>])/u
const NO_METHOD =
  /^(?:if|for|while|switch|catch|return|else|do|try|new|await|throw|when|match|unless|until|elif|elsif|with|and|or|not|in|is|function|super|this|assert|print|echo|yield|typeof|sizeof|defer|go|select|case|default|using|lock|fixed|foreach)$/

/** Lines that look as if they declared something that other places could use; who needs certainty parses. At most MOST_DECLARED. */
export function declaredIn(text: string): readonly Declared[] {
  const found: Declared[] = []
  let line = 0
  for (let at = 0; at <= text.length && found.length < MOST_DECLARED; line += 1) {
    const newline = text.indexOf('\n', at)
    const end = newline < 0 ? text.length : newline
    const head = text.slice(at, Math.min(end, at + LONGEST_LINE))
    const name = head.trim() === '' ? undefined : declaredBy(head, text.charAt(end + 1))
    if (name !== undefined) found.push({ name, line: line + 1 })
    at = end + 1
  }
  return found
}

function declaredBy(head: string, next: string): string | undefined {
  const isDeclared = (name: string | undefined): boolean =>
    name !== undefined && name.length >= SHORTEST && !COMMON.has(name)
  // Most lines hold none of the words, and those patterns are dear.
  for (const pattern of WORDS.test(head) ? [BY_WORD, BY_VALUE, SQL] : []) {
    const name = pattern.exec(head)?.[1]
    if (isDeclared(name)) return name
  }
  return [methodIn(head), typedIn(head, next), CONSTANT.exec(head)?.[1]].find(isDeclared)
}

function typedIn(head: string, next: string): string | undefined {
  if (!head.includes('(')) return undefined
  const [, name, brace] = TYPED.exec(head) ?? []
  const [first] = head.split(/[^\p{L}\p{N}_]/u)
  const isNone = (brace === '' && next !== '{') || NO_METHOD.test(name ?? '') || NO_METHOD.test(first ?? '')
  return isNone ? undefined : name
}

function methodIn(head: string): string | undefined {
  if (!/[({]\s*$|[{:]\s*$|,\s*$|=>\s*$/.test(head) || !head.includes('(')) return undefined
  const name = METHOD.exec(head)?.[1]
  const [first] = head.trim().split(/[^\p{L}\p{N}_]/u)
  return name === undefined || NO_METHOD.test(name) || NO_METHOD.test(first ?? '') ? undefined : name
}
