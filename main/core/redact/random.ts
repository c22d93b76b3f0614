// Secrets that nothing betrays but their look: long words of mixed letters and digits without any order in them.
import { textInBase64 } from './base64.ts'
import { matchesInLongWords } from './long-words.ts'
import type { SecretSpan } from './span.ts'
import { entropyOf, isWordLike } from './value.ts'

/** Whole words of base64 or base62; a part of a path, a domain or a longer text is none. */
const WORD = /(?<![\w+/=.@%$#-])[A-Za-z0-9][A-Za-z0-9+/_-]{22,126}[A-Za-z0-9+/]={0,2}(?![\w+/=.(@-])/g
/** Checksums and contents are random, too, and no secrets: `sha512-…`, `h1:…`, `base64,…`, `integrity: …`. */
const CHECKSUM =
  /(?:sha\d{1,3}[-:=]|h1:|md5[-:=]|base64,|(?:integrity|checksum|digest|hash|etag|fingerprint|sum|nonce|commit|revision|buildid|mappings|version|uuid|guid)["']?\s{0,2}[:=]?\s{0,2}["']?)$/i
/** Bits per character: random base62 of 24 characters has 4.1 to 4.5, identifiers and words seldom more than 3.8. */
const SCRAMBLED = 3.9

/** Linear in the text's length. */
export function findRandom(text: string): readonly SecretSpan[] {
  const spans: SecretSpan[] = []
  for (const { index: start, value } of matchesInLongWords(text, WORD)) {
    if (
      !isRandom(value) ||
      isIdentifier(text, start, value) ||
      isBlockLine(text, start, value) ||
      // What it holds is judged elsewhere.
      textInBase64(value) !== null ||
      CHECKSUM.test(text.slice(Math.max(0, start - 24), start))
    )
      continue
    spans.push({ start, end: start + value.length, kind: 'random text', block: null, bare: false })
  }
  return spans
}

function isRandom(value: string): boolean {
  const digits = value.replace(/\D/g, '').length
  const lower = value.replace(/[^a-z]/g, '').length
  const upper = value.replace(/[^A-Z]/g, '').length
  if (digits < 2 || lower < 5 || upper < 5) return false
  // Names are made of words, paths of names: each of their pieces reads as one.
  const pieces = value.split(/[/_-]/).filter((piece) => piece.length > 3)
  if (pieces.length > 1 && pieces.filter(isNamed).length * 2 >= pieces.length) return false
  const words = value.match(/[A-Z][a-z]{3,}|[a-z]{5,}/g) ?? []
  if (words.join('').length * 2 >= value.length) return false
  return changesOfKind(value) * 4 >= value.length && !isWordLike(value) && entropyOf(value) >= SCRAMBLED
}

/** Lines of certificates, images and other contents in base64; those of private keys are found by their blocks. */
function isBlockLine(text: string, start: number, value: string): boolean {
  if (value.length < 60) return false
  const before = text.slice(Math.max(0, start - 8), start)
  return (
    /(?:^|\n)[\s"'`+-]*$/.test(before) &&
    /^["'`,+\\n\s]*(?:\n|$)/.test(text.slice(start + value.length, start + value.length + 8))
  )
}

/** A name that is given a value, called or looked into. */
function isIdentifier(text: string, start: number, value: string): boolean {
  const end = start + value.length
  return /^[\s,;({[]?$/.test(text.charAt(start - 1)) && /^\s{0,4}(?:=(?!=)|\(|:\s|\.)/.test(text.slice(end, end + 6))
}

function isNamed(piece: string): boolean {
  return isWordLike(piece) || /^(?:[a-z]+|[A-Z]+|\d+|[A-Za-z][a-z]+\d*)$/.test(piece)
}

/** How often a small letter, a capital and a digit follow each other: in names seldom, in random text more than every other time. */
function changesOfKind(value: string): number {
  let changes = 0
  let former = ''
  for (const character of value) {
    const kind = /[a-z]/.test(character) ? 'a' : /[A-Z]/.test(character) ? 'A' : /\d/.test(character) ? '0' : '+'
    if (kind !== former) changes += 1
    former = kind
  }
  return changes
}
