// Texts that are not UTF-8: which encoding a file has, and its text to bytes and back, without loss or not at all.
import { isUtf8 } from 'node:buffer'
import { decodeText, type Decoded } from './bytes.ts'

export const UTF_8 = 'utf-8'

/** A decoded text and its encoding: a name of iconv-lite, with `?` behind it when it is only the best guess. */
export type DecodedText =
  { readonly ok: true; readonly text: string; readonly encoding: string } | Extract<Decoded, { readonly ok: false }>

/** `reason` is one line for people. */
export type Encoded = { readonly ok: true; readonly bytes: Buffer } | { readonly ok: false; readonly reason: string }

/** What is known of the content that stands in the file, for an encoding that was only guessed. */
export interface Standing {
  readonly bytes: Uint8Array | null
  /** A text that stood there earlier. */
  readonly text: string | null
}

type Candidate = { readonly encoding: string; readonly text: string; readonly confidence: number }

/** chardet costs about 5 ms for this much, and hardly less for less. */
const SAMPLE_BYTES = 8192
/** chardet's scale of 0 to 100. Multi-byte encodings have a grammar: a long text that obeys it is no accident. */
const CERTAIN_BY_GRAMMAR = 90
const CERTAIN_BY_LETTERS = 40
const CLEAR_LEAD = 15
const WORTH_A_GUESS = 10
/** Fewer bytes beyond ASCII than this prove nothing. */
const ENOUGH_BYTES = 12
const GRAMMAR = new Set(['shift_jis', 'gbk', 'gb18030', 'big5', 'euc-jp', 'euc-kr'])
const LETTERS = /^(iso-8859-\d+|windows-125\d|koi8-r)$/u
/** Whatever no text holds: control characters, replacement characters, private use, unpaired surrogates. */
const NO_TEXT =
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  /[\u0000-\u0008\u000b\u000e-\u001a\u001c-\u001f\u007f-\u009f\ue000-\uf8ff\ufffd\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/u

/**
 * The text of a file; encoding it again with the same name gives these very bytes. `hint` is the encoding that this file had before:
 * it holds as long as the bytes obey it. UTF-8 costs nothing more than it did; the libraries are loaded with the first
 * file that is something else. Where two encodings read the bytes differently and neither is clearly likelier, the name ends in `?`.
 */
export async function decodeBytes(bytes: Buffer, hint: string | null): Promise<DecodedText> {
  const wide = wideEncodingOf(bytes)
  if (wide !== null) return decodeWide(bytes, wide)
  const plain = decodeText(bytes)
  if (plain.ok) return { ...plain, encoding: UTF_8 }
  if (plain.code === 'binary' || bytes.includes(0)) return isWideText(bytes) ?? plain
  if (isDamagedUtf8(bytes)) {
    return { ok: false, code: 'undecodable', reason: 'it is UTF-8 text with damaged characters in it' }
  }
  if (hint !== null && hint !== UTF_8) {
    const text = await decodeExactly(bytes, nameOf(hint))
    if (text !== null) return { ok: true, text, encoding: hint }
  }
  return await detect(bytes)
}

/**
 * The bytes of a text, or why there are none. With a guessed encoding only those characters beyond ASCII are written that
 * stand, or stood, in the file: they turn into the bytes they came from, whether the guess was right or wrong.
 */
export async function encodeText(text: string, encoding: string, standing: Standing): Promise<Encoded> {
  if (!text.isWellFormed()) {
    return { ok: false, reason: 'it holds half a character (a lone surrogate), which no file should hold' }
  }
  const name = nameOf(encoding)
  if (name === UTF_8) return { ok: true, bytes: Buffer.from(text, 'utf8') }
  if (name === 'utf-16le') return { ok: true, bytes: Buffer.from(text, 'utf16le') }
  if (name === 'utf-16be') return { ok: true, bytes: Buffer.from(text, 'utf16le').swap16() }
  const iconv = await import('iconv-lite')
  if (!iconv.encodingExists(name)) return { ok: false, reason: `nothing is known of its encoding ${name}` }
  const bytes = iconv.encode(text, name, { addBOM: false })
  const back = iconv.decode(bytes, name, { stripBOM: false })
  if (back !== text) return { ok: false, reason: `${firstDifference(text, back)} cannot be written in ${name}` }
  const stranger = encoding === name ? null : await firstStranger(text, name, standing)
  if (stranger === null) return { ok: true, bytes }
  return {
    ok: false,
    reason: `its encoding is only guessed (${name}), so ${quoted(stranger)}, which was never in it, could come out wrong`,
  }
}

function nameOf(encoding: string): string {
  return encoding.replace(/\?$/u, '')
}

/** By byte order mark alone. */
function wideEncodingOf(bytes: Buffer): 'utf-16le' | 'utf-16be' | null {
  const [first, second, third, fourth] = bytes
  if (first === 0xff && second === 0xfe) return third === 0 && fourth === 0 ? null : 'utf-16le'
  return first === 0xfe && second === 0xff ? 'utf-16be' : null
}

function decodeWide(bytes: Buffer, encoding: 'utf-16le' | 'utf-16be'): DecodedText {
  if (bytes.length % 2 !== 0) {
    return { ok: false, code: 'undecodable', reason: 'it begins as UTF-16 text and ends in half a character' }
  }
  const text = (encoding === 'utf-16le' ? bytes : Buffer.from(bytes).swap16()).toString('utf16le')
  if (text.includes('\0')) return { ok: false, code: 'binary', reason: 'it is a binary file' }
  if (!text.isWellFormed()) return { ok: false, code: 'undecodable', reason: 'it is not valid UTF-16 text' }
  return { ok: true, text, encoding }
}

/** UTF-16 without its mark: every unit a character of a text, most of them ASCII, and with an end of a line. */
function isWideText(bytes: Buffer): DecodedText | null {
  if (bytes.length < 8 || bytes.length % 2 !== 0) return null
  const encoding = bytes[0] === 0 ? 'utf-16be' : 'utf-16le'
  const decoded = decodeWide(bytes, encoding)
  if (!decoded.ok || NO_TEXT.test(decoded.text) || !decoded.text.includes('\n')) return null
  let plain = 0
  for (let at = 0; at < decoded.text.length; at += 1) if (decoded.text.charCodeAt(at) < 0x80) plain += 1
  return plain * 4 >= decoded.text.length * 3 ? decoded : null
}

/** Whether most bytes beyond ASCII are whole characters of UTF-8: another encoding gets there by rare accident only. */
function isDamagedUtf8(bytes: Buffer): boolean {
  let high = 0
  let whole = 0
  for (let at = 0; at < bytes.length;) {
    const byte = bytes[at] ?? 0
    if (byte < 0x80) {
      at += 1
      continue
    }
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 1
    const valid = length > 1 && at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length))
    high += valid ? length : 1
    if (valid) whole += length
    at += valid ? length : 1
  }
  return whole * 2 > high
}

async function detect(bytes: Buffer): Promise<DecodedText> {
  const first = bytes.findIndex((byte) => byte >= 0x80)
  const sample = bytes.subarray(bytes.lastIndexOf(0x0a, first) + 1).subarray(0, SAMPLE_BYTES)
  const { analyse } = await import('chardet')
  const candidates: Candidate[] = []
  for (const { name, confidence } of analyse(sample)) {
    for (const encoding of namesFor(name)) {
      const text = confidence < WORTH_A_GUESS ? null : await decodeExactly(bytes, encoding)
      if (text === null) continue
      candidates.push({ encoding, text, confidence })
      break
    }
  }
  const best = candidates[0]
  if (best === undefined) {
    return { ok: false, code: 'undecodable', reason: 'it is neither UTF-8 nor any other encoding that is known here' }
  }
  const sure = isSure(best, candidates, bytes)
  return { ok: true, text: best.text, encoding: sure ? best.encoding : `${best.encoding}?` }
}

/** chardet's names as iconv-lite's, the narrower one first: what it cannot read back exactly is out. */
function namesFor(name: string): readonly string[] {
  const lower = name.toLowerCase()
  if (lower === 'gb18030') return ['gbk', 'gb18030']
  return GRAMMAR.has(lower) || LETTERS.test(lower) ? [lower] : []
}

function isSure(best: Candidate, candidates: readonly Candidate[], bytes: Buffer): boolean {
  if (GRAMMAR.has(best.encoding)) return best.confidence >= CERTAIN_BY_GRAMMAR
  let high = 0
  for (const byte of bytes) if (byte >= 0x80) high += 1
  if (high < ENOUGH_BYTES || best.confidence < CERTAIN_BY_LETTERS) return false
  return candidates.every(
    (other) =>
      other.text === best.text || (!GRAMMAR.has(other.encoding) && best.confidence - other.confidence >= CLEAR_LEAD),
  )
}

/** null when the bytes are no text in this encoding, or would not come back the same. */
async function decodeExactly(bytes: Buffer, name: string): Promise<string | null> {
  const iconv = await import('iconv-lite')
  if (!iconv.encodingExists(name)) return null
  const text = iconv.decode(bytes, name, { stripBOM: false })
  if (NO_TEXT.test(text)) return null
  return iconv.encode(text, name, { addBOM: false }).equals(bytes) ? text : null
}

/** The first character beyond ASCII that never stood in the file; null when there is none. */
async function firstStranger(text: string, name: string, standing: Standing): Promise<string | null> {
  if (standing.bytes === null && standing.text === null) return null
  const { decode } = await import('iconv-lite')
  const now = standing.bytes === null ? '' : decode(Buffer.from(standing.bytes), name, { stripBOM: false })
  const known = new Set(now + (standing.text ?? ''))
  for (const character of text) if (character > '\u007f' && !known.has(character)) return character
  return null
}

function firstDifference(text: string, back: string): string {
  const other = [...back]
  return quoted([...text].find((character, at) => character !== other[at]) ?? '')
}

function quoted(character: string): string {
  return `“${character}” (U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')})`
}
