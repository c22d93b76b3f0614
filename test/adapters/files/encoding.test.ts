// Tests of texts that are not UTF-8: bytes to text and back without loss, and never a guess taken for certain.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import * as fc from 'fast-check'
import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { decodeBytes, encodeText, type DecodedText } from '../../../main/adapters/files/encoding.ts'

const SAMPLES = [
  ['iso-8859-7', '// Υπολογίζει τον μέσο όρο των στοιχείων\nint x;\n'],
  ['shift_jis', '// 配列の平均を計算する関数です。\nint x = 0;\n// 空の場合はゼロを返す\n'],
  ['gbk', '// 计算数组元素的平均值\nint x = 0;\n// 如果为空则返回零\n'],
  ['euc-jp', '// 配列の平均を計算する関数です。\nint x = 0;\n'],
  ['euc-kr', '// 배열의 평균을 계산하는 함수입니다\nint x = 0;\n'],
  ['utf-16le', '\uFEFFint x; // 値 é\r\n'],
  ['utf-16be', '\uFEFFint x; // 値 é\r\n'],
  ['utf-16le', 'int x; // é without a mark\r\n'],
  ['utf-16be', 'int x; // é without a mark\r\n'],
] as const
const GUESSES = [
  ['windows-1252', '// Größe prüfen, für alle Einträge – “so”\nint x = 0;\n// Straße\n'],
  ['windows-1251', '// Вычисляет среднее значение элементов массива\nint x;\n// Проверка длины\n'],
  ['windows-1250', '// Zażółć gęślą jaźń — długość\nint x;\n'],
  ['shift_jis', 'int x; // 表示\n'],
  ['big5', '// 計算陣列元素的平均值\nint x = 0;\n'],
] as const

function bytesOf(text: string, encoding: string): Buffer {
  return iconv.encode(text, encoding, { addBOM: false })
}

async function back(decoded: DecodedText, bytes: Buffer): Promise<Buffer | null> {
  if (!decoded.ok) return null
  const encoded = await encodeText(decoded.text, decoded.encoding, { bytes, text: null })
  return encoded.ok ? encoded.bytes : null
}

describe('decoding', () => {
  it.each(SAMPLES)('is sure of %s: %j', async (encoding, text) => {
    expect(await decodeBytes(bytesOf(text, encoding), null)).toEqual({ ok: true, text, encoding })
  })

  it.each(GUESSES)(
    'only guesses where letters could be others, and gives back the bytes all the same: %s',
    async (encoding, text) => {
      const bytes = bytesOf(text, encoding)
      const decoded = await decodeBytes(bytes, null)
      expect(decoded).toMatchObject({ ok: true, encoding: expect.stringMatching(/\?$/) })
      expect(await back(decoded, bytes)).toEqual(bytes)
    },
  )

  it('goes on with the encoding that the file had, as long as the bytes obey it', async () => {
    const bytes = bytesOf('int x; // 表示\n', 'shift_jis')
    expect(await decodeBytes(bytes, 'shift_jis')).toEqual({ ok: true, text: 'int x; // 表示\n', encoding: 'shift_jis' })
    expect(await decodeBytes(Buffer.from('int é'), 'shift_jis')).toMatchObject({ encoding: 'utf-8' })
  })

  it.each([
    ['UTF-8 with one damaged character', Buffer.from([...Buffer.from('é à ü ö'), 0xe9]), 'undecodable'],
    ['a cut UTF-8 character', Buffer.from([...Buffer.from('naïve é'), 0xe2, 0x82]), 'undecodable'],
    ['control characters', Buffer.from([0x61, 0x01, 0xe9, 0xe8]), 'undecodable'],
    ['half a UTF-16 character', Buffer.from([0xff, 0xfe, 0x41]), 'undecodable'],
    ['a lone surrogate in UTF-16', Buffer.from([0xff, 0xfe, 0x00, 0xd8]), 'undecodable'],
    ['16-bit numbers', Buffer.from(new Uint16Array([1, 2, 3, 4, 500, 6]).buffer), 'binary'],
    [
      'NUL bytes among letters of another encoding',
      Buffer.from(`${'x'.repeat(9000)}\u00e9\0`, 'latin1'),
      'undecodable',
    ],
  ])('refuses %s', async (_name, bytes, code) => {
    expect(await decodeBytes(bytes, null)).toMatchObject({ ok: false, code, reason: expect.stringMatching(/^[^\n]+$/) })
  })

  it('gives back the same bytes or refuses, for any bytes at all', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), fc.boolean(), async (given, plain) => {
        const bytes = Buffer.from(plain ? given.map((byte) => (byte < 32 ? byte + 64 : byte)) : given)
        const decoded = await decodeBytes(bytes, null)
        if (decoded.ok) expect(await back(decoded, bytes)).toEqual(bytes)
      }),
      { numRuns: 200 },
    )
  })
})

describe('encoding', () => {
  it('refuses a character that the encoding does not have, and names it', async () => {
    const encoded = await encodeText('snow ☃', 'shift_jis', { bytes: null, text: null })
    expect(encoded).toEqual({ ok: false, reason: '“☃” (U+2603) cannot be written in shift_jis' })
  })

  it('refuses half a character in every encoding', async () => {
    for (const encoding of ['utf-8', 'utf-16le', 'gbk']) {
      expect(await encodeText('half \uD83D', encoding, { bytes: null, text: null })).toMatchObject({ ok: false })
    }
  })

  it('refuses a character that never stood in a file whose encoding is a guess', async () => {
    const standing = { bytes: bytesOf('café', 'windows-1252'), text: 'naïve' }
    expect(await encodeText('é ï plain', 'windows-1252?', standing)).toMatchObject({ ok: true })
    expect(await encodeText('ü', 'windows-1252?', standing)).toMatchObject({
      ok: false,
      reason: expect.stringContaining('guessed'),
    })
    expect(await encodeText('ü', 'windows-1252', standing)).toMatchObject({ ok: true })
  })

  it('refuses an encoding that nobody knows', async () => {
    expect(await encodeText('a', 'klingon', { bytes: null, text: null })).toMatchObject({ ok: false })
  })
})

it('loads its libraries with the first file that is not UTF-8, and not before', () => {
  const script = `
    import { createRequire } from 'node:module'
    import { decodeBytes } from '${join(import.meta.dirname, '../../../main/adapters/files/encoding.ts')}'
    const { cache } = createRequire('${import.meta.filename}')
    const loaded = () => Object.keys(cache).some((file) => /iconv-lite|chardet/.test(file))
    await decodeBytes(Buffer.from('é'), null)
    const before = loaded()
    await decodeBytes(Buffer.from('un caf\\u00e9 d\\u00e9j\\u00e0 vu', 'latin1'), null)
    process.stdout.write([before, loaded()].join())`
  const words = ['--input-type=module', '-e', script]
  expect(execFileSync(process.execPath, words, { encoding: 'utf8' })).toBe('false,true')
})
