// What the bytes of a file are: their hash, and the text they encode.
import { hash } from 'node:crypto'

export type Decoded =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly code: 'binary' | 'undecodable'; readonly reason: string }

/** How much of a file is looked at for a NUL byte; git looks at as much. */
const BINARY_PROBE_BYTES = 8192

/** SHA-256, hex. */
export function hashBytes(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex')
}

/**
 * Strict UTF-8; a BOM stays in the text. Encoding the text again gives these very bytes, without a second pass to prove it:
 * the fatal decoder refuses everything that is not the one shortest form of its character (overlong forms, surrogates,
 * values over U+10FFFF), so no two byte sequences decode to the same text.
 */
export function decodeText(bytes: Uint8Array): Decoded {
  const wide = wideEncodingOf(bytes)
  if (wide) return { ok: false, code: 'undecodable', reason: `it is ${wide} text; only UTF-8 is edited` }
  if (bytes.subarray(0, BINARY_PROBE_BYTES).includes(0))
    return { ok: false, code: 'binary', reason: 'it is a binary file' }
  try {
    return { ok: true, text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) }
  } catch {
    return { ok: false, code: 'undecodable', reason: 'it is not valid UTF-8 text' }
  }
}

/** By byte order mark alone: without one, such a text is full of NUL bytes and counts as binary. */
function wideEncodingOf(bytes: Uint8Array): string | null {
  const [first, second, third, fourth] = bytes
  if (first === 0xff && second === 0xfe) return third === 0 && fourth === 0 ? 'UTF-32' : 'UTF-16'
  if (first === 0xfe && second === 0xff) return 'UTF-16'
  if (first === 0 && second === 0 && third === 0xfe && fourth === 0xff) return 'UTF-32'
  return null
}
