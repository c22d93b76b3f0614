// Secrets that only their name betrays: `password = "…"`, `API_KEY=…`, `"clientSecret": "…"`, `?access_token=…`, `<password>…`.
import type { SecretSpan } from './span.ts'
import { looksSecret, type Expectation, type Standing } from './value.ts'

/** At least one of these, in lower case, stands in every name. */
const HINTS = [
  'pass',
  'pwd',
  'pswd',
  '_pw',
  '-pw',
  'secret',
  'token',
  'key',
  'auth',
  'cred',
  'sig',
  'connection',
  'cookie',
  'sess',
  'pepper',
]

/**
 * Only the telling end of a name is matched, never what stands before it: a pattern that began with `\w*` would take
 * quadratic time on a long word. Every repetition in this file is bounded for the same reason.
 */
const NAME = new RegExp(
  [
    String.raw`(?<token>tokens?|(?:api|access|secret|private|signing|signature|encryption|master|account|shared|auth|license|session|consumer|application|app|subscription|storage|service|role|deploy|admin|crypto|cipher|aes|hmac|jwt|function|host|webhook|cookie|client)[_-]?(?:access[_-]?)?keys?(?:[_-]?data)?|credentials?|connection[_-]?string|session[_-]?id|(?<word>auth|sig|creds?|cookie|sessid|phpsessid))`,
    String.raw`(?<password>passwords?|passwd|passphrase|passcode|pwd|pswd|secrets?|(?<=[_-])pw|pepper|(?<short>pass))`,
    String.raw`(?<key>(?<=[a-z0-9_-])(?<!public[_-]?)key)`,
  ].join('|'),
  'gi',
)
/** `DB_PASSWORD_PROD`, `tokenValue`, `secret_2`; a name that goes on otherwise (`tokenizer`) is another name. */
const SUFFIX =
  /(?:[_-]?(?:prod(?:uction)?|dev(?:elopment)?|test|testing|staging|live|value|string|text|hash|base64|hex|plain|raw|current|old|new|default|base|primary|secondary|\d{1,2})){0,2}(?![A-Za-z0-9_-])/iy

const KINDS: Readonly<Record<Expectation, string>> = { password: 'password', token: 'token', key: 'key' }
/** So much of a value is judged; one that is found secret is then taken whole, see `grown`. */
const JUDGED = 256

/** Every assignment of something secret-looking to something secret-sounding, unsorted. Linear in the text's length. */
export function findAssignments(text: string): readonly SecretSpan[] {
  const lower = text.toLowerCase()
  if (!HINTS.some((hint) => lower.includes(hint))) return []
  const spans: SecretSpan[] = []
  NAME.lastIndex = 0
  for (let match = NAME.exec(text); match !== null; match = NAME.exec(text)) {
    const groups = match.groups ?? {}
    const isPart = (groups['word'] ?? groups['short']) !== undefined && continuesWord(text, match.index, NAME.lastIndex)
    const nameEnd = isPart ? null : endOf(SUFFIX, text, NAME.lastIndex)
    if (nameEnd === null) continue
    const value = valueAfter(text, match.index, nameEnd)
    if (value === null) continue
    const expectation = groups['password'] !== undefined ? 'password' : groups['key'] !== undefined ? 'key' : 'token'
    const content = text.slice(value.start, value.end)
    if (!looksSecret(content, expectation, value.standing)) continue
    if (value.standing === 'bare' && content.toLowerCase().includes(match[0].toLowerCase())) continue
    const end = grown(text, value)
    spans.push({ start: value.start, end, kind: KINDS[expectation], block: null, bare: true })
    NAME.lastIndex = end
  }
  return spans
}

/** `pass` in `bypass` and `sig` in `design` are no words of their own; in `dbPass`, `db_pass` and `FTPPASS=` they are. */
function continuesWord(text: string, start: number, end: number): boolean {
  const before = text.charAt(start - 1)
  if (!/[A-Za-z]/.test(before)) return false
  if (/[a-z]/.test(text.charAt(start))) return true
  return /[A-Z]/.test(before) && text.charAt(end) !== '='
}

/** Where the sticky pattern's match ends that begins at `at`, or null. */
function endOf(pattern: RegExp, text: string, at: number): number | null {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : null
}

interface Value {
  readonly start: number
  readonly end: number
  readonly standing: Standing
}

/** `"name"`, `'name'`, `\"name\"`, `["name"]`. */
const CLOSING = /(?:\\?["'`])\]?|\]/y
/** `=`, `:`, `:=`, `=>`, `==`, `: string =`, and what stands before a fallback: `||`, `??`, `or`. */
const OPERATOR =
  /[ \t]{0,20}(?:[?!]?:[ \t]{0,4}[A-Za-z][\w.<>|?&[\] ]{0,40}=(?![=>])(?![ \t]*(?:\r?\n|$))|:=|=>|={1,3}|!={1,2}|\|\|=?|\?\?=?|\?=|\bor\b|:)[ \t]{0,20}(?:[([]?[ \t]{0,4}\r?\n[ \t+-]{0,60}(?=["'`])|[([](?=["'`]))?/y
/** `password: >-` and `token: |` in YAML: the value is the next line. */
const BLOCK_SCALAR = /[ \t]{0,4}:[ \t]{1,4}[|>][-+]?[ \t]{0,4}\r?\n[ \t+-]{0,60}/y
/** `PASSWORD '…'` and `IDENTIFIED BY '…'` in SQL, `| API_KEY | … |` in a table. */
const QUOTED_NEXT = /[ \t]{1,4}(?=')/y
const CELL = /`?[ \t]{0,40}\|[ \t]{0,4}`?(?=[^\s|`])/y
/** `define('NAME', '…')`, `value="…"` after a quoted name, `value:` in the line after `name: NAME`, `{"name": …, "value": …}`. */
const AFTER_QUOTED_NAME =
  /[ \t]{0,3},[ \t]{0,4}(?=\\?["'`])|\s{1,4}(?:value|content|default)\s{0,2}=\s{0,2}|\s{0,2},\s{0,20}["']value["']\s{0,4}:\s{0,4}/y
const NEXT_LINE_VALUE = /["']?[ \t]{0,4}\r?\n[-+]?[ \t]{0,60}value:[ \t]{0,4}/y
const CALL = /\s{0,2}\(\s{0,4}(?=\\?["'`])/y
const FLAG_GAP = /[ \t]{1,3}(?=[^\s=:-])/y
/** `SecretString("…")`, `Buffer.from('…')`, `new Secret("…")` around the value. */
const WRAPPER = /(?:new )?(?:[A-Z][\w.]{0,40}|[\w.]{0,30}(?:decode|bytes|str))\(\s{0,4}(?=["'`])/y
const QUOTE = /(?:String\.raw|[A-Za-z@$]{1,2})?(\\?)("""|'''|["'`])/y

function valueAfter(text: string, nameStart: number, nameEnd: number): Value | null {
  const call = endOf(CALL, text, nameEnd)
  if (call !== null) return quotedAt(text, call)
  const nextLine = endOf(NEXT_LINE_VALUE, text, nameEnd)
  if (nextLine !== null) return quotedAt(text, nextLine) ?? bareAt(text, nextLine, 'environment', /[^\s"'`#]/)
  const scalar = endOf(BLOCK_SCALAR, text, nameEnd)
  if (scalar !== null) return bareAt(text, scalar, 'environment', /[^\s"'`#]/)
  const quotedNext = endOf(QUOTED_NEXT, text, nameEnd)
  if (quotedNext !== null) return quotedAt(text, quotedNext)
  const cell = endOf(CELL, text, nameEnd)
  if (cell !== null) return bareAt(text, cell, 'environment', /[^\s"'`|]/)
  const closed = endOf(CLOSING, text, nameEnd)
  if (closed !== null) {
    const inner = endOf(AFTER_QUOTED_NAME, text, closed)
    if (inner !== null) return quotedAt(text, inner)
  }
  const afterName = closed ?? nameEnd
  const operator = endOf(OPERATOR, text, afterName)
  if (operator !== null) {
    const wrapped = endOf(WRAPPER, text, operator) ?? operator
    const quoted = quotedAt(text, wrapped)
    if (quoted !== null) return quoted
    if (text.slice(afterName, operator) !== '=') return bareAt(text, operator, 'bare', /[^\s"'`,;(){}[\]<>]/)
    // `NAME=value` after a blank goes to the next blank; in an address or a connection string, to the next part.
    const own = /(?:^|\s)[\w.-]*$/.test(lineBefore(text, nameStart))
    return bareAt(text, operator, 'environment', own ? /[^\s"'`]/ : /[^\s"'`;&,<>)}\]]/)
  }
  if (text.charAt(nameEnd) === '>') return bareAt(text, nameEnd + 1, 'environment', /[^\s<]/)
  const flag = endOf(FLAG_GAP, text, nameEnd)
  if (flag === null || !/(?:^|[\s"'`])--?[a-z][\w-]*$/i.test(lineBefore(text, nameStart))) {
    if (flag === null) return null
    return /(?:^|\s)--?(?:require)?$/.test(lineBefore(text, nameStart))
      ? flagValue(text, flag)
      : spokenValue(text, flag)
  }
  return flagValue(text, flag)
}

/** `ENV API_SECRET …`, `proxy_set_header X-Api-Key …;`: after a mere blank only what can be nothing else. */
function spokenValue(text: string, at: number): Value | null {
  const value = bareAt(text, at, 'environment', /[\w+/=.~-]/)
  const word = value === null ? '' : text.slice(value.start, value.end)
  return /^[\w+/=.~-]{24,}$/.test(word) && /\d\D*\d/.test(word) ? value : null
}

function flagValue(text: string, at: number): Value | null {
  return quotedAt(text, at) ?? bareAt(text, at, 'environment', /[^\s"'`]/)
}

/** The text of the line before `at`, at most 80 characters of it. */
function lineBefore(text: string, at: number): string {
  const piece = text.slice(Math.max(0, at - 80), at)
  return piece.slice(piece.lastIndexOf('\n') + 1)
}

/** What stands in quotes at `at`. A quote that is not closed in its line (the line may be cut) ends with the line. */
function quotedAt(text: string, at: number): Value | null {
  QUOTE.lastIndex = at
  const opening = QUOTE.exec(text)
  if (opening === null) return null
  const [whole, escape = '', quote = ''] = opening
  const start = at + whole.length
  const closing = escape + quote
  let end = start
  while (end < text.length && end - start < JUDGED) {
    const character = text.charAt(end)
    if (character === '\n' || text.startsWith(closing, end)) break
    end += character === '\\' && escape === '' && text.charAt(end + 1) !== '\n' ? 2 : 1
  }
  return end > start ? { start, end: Math.min(end, text.length), standing: 'quoted' } : null
}

function bareAt(text: string, at: number, standing: Standing, inside: RegExp): Value | null {
  let end = at
  while (end < text.length && end - at < JUDGED && inside.test(text.charAt(end))) end += 1
  if (end === at || text.charAt(end) === '(') return null
  while (end > at && /[,;.)\\]/.test(text.charAt(end - 1))) end -= 1
  return end > at ? { start: at, end, standing } : null
}

/** The end of a value that is longer than what was judged: the next blank or quote. */
function grown(text: string, value: Value): number {
  let end = value.end
  if (end - value.start >= JUDGED) while (end < text.length && /[^\s"'`]/.test(text.charAt(end))) end += 1
  return end
}
