// Tests of what bytes decode to and how they are hashed.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeText, hashBytes } from '../../../main/adapters/files/bytes.ts'

describe('hashBytes', () => {
  it('is SHA-256 in hex', () => {
    expect(hashBytes(Buffer.from('abc'))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  })
})

describe('decodeText', () => {
  it('gives a text that encodes to the same bytes, for every well-formed text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (text, marked) => {
        const bytes = Buffer.from(`${marked ? '\uFEFF' : ''}${text}`, 'utf8')
        const decoded = decodeText(bytes)
        fc.pre(decoded.ok)
        expect(Buffer.from(decoded.ok ? decoded.text : '', 'utf8').equals(bytes)).toBe(true)
      }),
    )
  })

  it('gives back the same bytes or refuses, for any bytes at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const decoded = decodeText(bytes)
        if (decoded.ok) expect(Buffer.from(decoded.text, 'utf8').equals(bytes)).toBe(true)
      }),
    )
  })

  it.each([
    ['an overlong form', [0x41, 0xc0, 0xaf]],
    ['an encoded surrogate', [0xed, 0xa0, 0x80]],
    ['Latin-1', [0x63, 0x61, 0x66, 0xe9]],
    ['a cut character', [0x41, 0xe2, 0x82]],
  ])('refuses %s as undecodable', (_name, bytes) => {
    expect(decodeText(Uint8Array.from(bytes))).toMatchObject({ ok: false, code: 'undecodable' })
  })

  it.each([
    ['UTF-16', [0xff, 0xfe, 0x41, 0x00]],
    ['UTF-16', [0xfe, 0xff, 0x00, 0x41]],
    ['UTF-32', [0xff, 0xfe, 0x00, 0x00]],
    ['UTF-32', [0x00, 0x00, 0xfe, 0xff]],
  ])('names %s when a byte order mark tells it', (name, bytes) => {
    const decoded = decodeText(Uint8Array.from(bytes))
    expect(decoded).toMatchObject({ ok: false, code: 'undecodable', reason: expect.stringContaining(name) })
  })

  it('takes a NUL byte near the start for binary', () => {
    expect(decodeText(Buffer.from('a\0b'))).toMatchObject({ ok: false, code: 'binary' })
  })

  it('does not look for NUL bytes beyond the first 8 KB', () => {
    expect(decodeText(Buffer.from(`${'a'.repeat(8192)}\0`))).toMatchObject({ ok: true })
  })
})
