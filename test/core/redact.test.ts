// What the redactor replaces, what it leaves alone, and that everything can be put back.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bareSecretsOf, createRedactor, hunkKeepsSecrets, keyLinesOf, placeholdersIn } from '../../main/core/redact.ts'
import { HARMLESS, keyBlock, letters, PLANTED } from '../fixtures/secrets.ts'

const PLACEHOLDER = /SLIPSTREAM_SECRET_\d+/

describe('redact', () => {
  for (const { name, text, secret } of PLANTED) {
    it(`keeps out: ${name}`, () => {
      const redactor = createRedactor()
      const redacted = redactor.redact(text)
      expect(redacted).not.toContain(secret)
      expect(redacted).toMatch(PLACEHOLDER)
      expect(redactor.restore(redacted)).toBe(text)
      expect(redactor.withheld().reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(0)
    })
  }

  for (const { name, text } of HARMLESS) {
    it(`leaves alone: ${name}`, () => {
      expect(createRedactor().redact(text)).toBe(text)
    })
  }

  it('finds each planted secret wherever it stands', () => {
    const surroundings = [
      (text: string) => `${text}\n`,
      (text: string) => `  // ${text}`,
      (text: string) => `+${text}`,
      (text: string) => `a = 1; ${text}`,
      (text: string) => `é🙂 ${text} 🙂`,
    ]
    for (const { name, text, secret } of PLANTED) {
      if (text.includes('\n')) continue
      for (const [index, around] of surroundings.entries()) {
        expect(createRedactor().redact(around(text)), `${name} in surroundings ${index}`).not.toContain(secret)
      }
    }
  })

  it('finds all of them in one text', () => {
    const redacted = createRedactor().redact(PLANTED.map(({ text }) => text).join('\n'))
    for (const { name, secret } of PLANTED) expect(redacted, name).not.toContain(secret)
  })

  it('gives the same secret the same placeholder', () => {
    const redactor = createRedactor()
    const key = `AKIA${letters(16, 'ABCDEFGHJKLMNPQR234567')}`
    const first = redactor.redact(`one ${key}`)
    const second = redactor.redact(`${key} two ${key}`)
    const [placeholder] = placeholdersIn(first)
    expect(placeholdersIn(second)).toEqual([placeholder, placeholder])
  })

  it('gives different secrets different placeholders', () => {
    const redacted = createRedactor().redact('password = "hunter2!"\nsecret = "hunter3!"')
    expect(new Set(placeholdersIn(redacted)).size).toBe(2)
  })

  it('replaces the bare value elsewhere, once its name betrayed it', () => {
    const redactor = createRedactor()
    redactor.learn('const password = "Tr0ub4dor&3x"')
    expect(redactor.redact('login("root", "Tr0ub4dor&3x")')).not.toContain('Tr0ub4dor')
  })

  it('leaves alone words of which a known value is only a part', () => {
    const redactor = createRedactor()
    redactor.learn('DB_PASSWORD=customer1')
    expect(redactor.redact('const customer123 = load()')).toBe('const customer123 = load()')
  })

  it('keeps text that happens to have the form of a placeholder apart from its own', () => {
    const redactor = createRedactor()
    const first = redactor.redact('password = "hunter2!"')
    expect(first).toContain('SLIPSTREAM_SECRET_1')
    const second = redactor.redact('expect(text).toBe("SLIPSTREAM_SECRET_1")')
    expect(second).not.toContain('SLIPSTREAM_SECRET_1"')
    expect(redactor.restore(second)).toBe('expect(text).toBe("SLIPSTREAM_SECRET_1")')
    expect(redactor.withheld()).toEqual([{ kind: 'password', count: 1 }])
  })

  it('leaves its own placeholders in a reply as they are', () => {
    const redactor = createRedactor()
    const redacted = redactor.redact('password = "hunter2!"')
    expect(redactor.redactReply(`+${redacted}`)).toBe(`+${redacted}`)
  })

  it('still replaces secrets in a reply', () => {
    const key = `sk_${'live'}_${letters(24)}`
    expect(createRedactor().redactReply(`use ${key}`)).not.toContain(key)
  })

  it('restores nothing for a placeholder that it never gave out', () => {
    expect(createRedactor().restore('SLIPSTREAM_SECRET_7')).toBe('SLIPSTREAM_SECRET_7')
  })

  it('does not take the second digit of a number for the end of a placeholder', () => {
    const redactor = createRedactor()
    const text = Array.from({ length: 12 }, (_, index) => `password = "hunter${index}!!"`).join('\n')
    expect(redactor.restore(redactor.redact(text))).toBe(text)
  })

  it('does not use numbers again that another redactor gave out', () => {
    const redactor = createRedactor()
    redactor.reserve('password = "SLIPSTREAM_SECRET_1" SLIPSTREAM_SECRET_3')
    const redacted = redactor.redact('password = "hunter2!"\nsecret = "hunter3!"')
    expect(placeholdersIn(redacted)).toEqual(['SLIPSTREAM_SECRET_2', 'SLIPSTREAM_SECRET_4'])
  })

  it('restores every text, and keeps its number of lines', () => {
    const piece = fc.oneof(
      fc.constantFrom(...PLANTED.map(({ text }) => text)),
      fc.constantFrom(...HARMLESS.map(({ text }) => text)),
      fc.constantFrom(
        'SLIPSTREAM_SECRET_1',
        'SLIPSTREAM_SECRET_',
        '2',
        '_',
        '\n',
        '\r\n',
        '"',
        "'",
        '\\',
        ' ',
        '=',
        '+',
      ),
      fc.string({ unit: 'grapheme', maxLength: 12 }),
    )
    fc.assert(
      fc.property(fc.array(fc.array(piece, { maxLength: 6 }), { minLength: 1, maxLength: 3 }), (texts) => {
        const redactor = createRedactor()
        for (const text of texts.map((pieces) => pieces.join(''))) {
          const redacted = redactor.redact(text)
          expect(redactor.restore(redacted)).toBe(text)
          expect(redacted.split('\n').length).toBe(text.split('\n').length)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('redacts a reply twice as it does once', () => {
    const piece = fc.constantFrom(...PLANTED.map(({ text }) => text), ' ', '\n')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 5 }), (pieces) => {
        const redactor = createRedactor()
        const once = redactor.redactReply(pieces.join('\n'))
        expect(redactor.redactReply(once)).toBe(once)
      }),
      { numRuns: 100 },
    )
  })

  // Quadratic patterns would take minutes for these; the runner's own limit is the only clock.
  it('comes to an end on long hostile lines', () => {
    const size = 300_000
    const units = [
      'a',
      ' ',
      '=',
      '"',
      "'",
      '\\',
      '-',
      '_',
      '.',
      '/',
      ':',
      '+',
      '0',
      'eyJ',
      'eyJa.',
      'sk-',
      'sk_',
      'password',
      'password=',
      'password="',
      'pass',
      'token=',
      'token="',
      'secret: ',
      'key',
      '_key=',
      'ghp_',
      '://a:',
      '://',
      'Bearer ',
      'Basic ',
      'authorization: ',
      '-----BEGIN PRIVATE KEY-----',
      '-----BEGIN PRIVATE KEY-----\n',
      '-----END PRIVATE KEY-----',
      'AAAA\n-----END PRIVATE KEY-----\n',
      '$2b$10$',
      '$argon2id$',
      'curl -u a:',
      ' --user ',
      'mysql -p',
      'login a password ',
      'SLIPSTREAM_SECRET_1',
      '.atlasv1.',
      'JQQJ99',
      'MTk4.',
      'key-',
      'AIza',
      'xoxb-1-',
      'https://hooks.slack.com/services/',
      'token: string | ',
      'password(',
      'token ',
    ]
    for (const unit of units) {
      const text = unit.repeat(Math.ceil(size / unit.length))
      const redactor = createRedactor()
      expect(redactor.restore(redactor.redact(text)) === text, unit).toBe(true)
    }
  }, 60_000)
})

describe('secrets in disguise', () => {
  const token = `ghp_${letters(36)}`

  it('are found put together from pieces of strings, over lines too', () => {
    for (const code of [
      `const key = '${token.slice(0, 20)}' + '${token.slice(20)}'`,
      `key = ("${token.slice(0, 9)}" +\n    "${token.slice(9)}")`,
      `$key = '${token.slice(0, 4)}' . '${token.slice(4)}';`,
    ]) {
      const redactor = createRedactor()
      const redacted = redactor.redact(code)
      expect(redacted).not.toContain(token.slice(-12))
      expect(redacted.split('\n').length).toBe(code.split('\n').length)
      expect(redactor.restore(redacted)).toBe(code)
    }
  })

  it('are found in base64, and named after what is in it', () => {
    const redactor = createRedactor()
    const encoded = btoa(`export GITHUB_TOKEN=${token}\n`)
    expect(redactor.redact(`echo ${encoded} | base64 -d`)).not.toContain(encoded)
    expect(redactor.withheld()).toEqual([{ kind: 'GitHub token, encoded', count: 1 }])
  })

  it('leave base64 alone that holds no secret', () => {
    const text = `const text = '${btoa('The quick brown fox jumps over the lazy dog.')}'`
    expect(createRedactor().redact(text)).toBe(text)
  })

  it('are found in text that only looks random, but not in checksums', () => {
    const random = `${letters(38)}4kQ`
    expect(createRedactor().redact(`sign("${random}")`)).not.toContain(random)
    for (const name of ['sha256-', 'integrity: "', 'checksum = "', 'data:font/woff2;base64,']) {
      const text = `${name}${random}`
      expect(createRedactor().redact(text), name).toBe(text)
    }
  })

  it('are known again where an edit shows them without their names', () => {
    const redactor = createRedactor()
    redactor.learnBare(bareSecretsOf("const password = 'Tr0ub4dor&3x'"))
    expect(redactor.redact("+login('root', 'Tr0ub4dor&3x')")).not.toContain('Tr0ub4dor')
  })
})

describe('key blocks', () => {
  const block = keyBlock('RSA ', 12)
  const lines = block.split('\n')

  it('count once, however many lines they have', () => {
    const redactor = createRedactor()
    redactor.redact(`${block}\n`)
    expect(redactor.withheld()).toEqual([{ kind: 'private key', count: 1 }])
  })

  it('keep their first and last line, so that one sees what stood there', () => {
    const redacted = createRedactor().redact(block).split('\n')
    expect(redacted[0]).toBe(lines[0])
    expect(redacted.at(-1)).toBe(lines.at(-1))
  })

  it('are kept out when an excerpt shows only their beginning', () => {
    const redacted = createRedactor().redact(lines.slice(0, 5).join('\n'))
    for (const line of lines.slice(1, 5)) expect(redacted).not.toContain(line)
  })

  it('are kept out when an excerpt shows only their end', () => {
    const redacted = createRedactor().redact(lines.slice(4).join('\n'))
    for (const line of lines.slice(4, -1)) expect(redacted).not.toContain(line)
  })

  it('are kept out when an excerpt shows only their middle, once the whole text was searched', () => {
    const redactor = createRedactor()
    redactor.learnKeyLines(keyLinesOf(`const key = \`${block}\``))
    const middle = lines.slice(4, 8)
    for (const shown of [
      middle.join('\n'),
      middle.map((line) => ` ${line}`).join('\n'),
      middle.map((line) => `+${line}`).join('\n'),
    ]) {
      const redacted = redactor.redact(shown)
      for (const line of middle) expect(redacted).not.toContain(line)
    }
  })

  it('leave code alone that only speaks of them', () => {
    const code = [
      "const OPENING = '-----BEGIN PRIVATE KEY-----'",
      'if (text.startsWith(OPENING)) {',
      '  return',
      '}',
      "const CLOSING = '-----END PRIVATE KEY-----'",
    ].join('\n')
    expect(createRedactor().redact(code)).toBe(code)
  })

  it('leave certificates and public keys alone', () => {
    const certificate = block.replaceAll('RSA PRIVATE KEY', 'CERTIFICATE')
    expect(createRedactor().redact(certificate)).toBe(certificate)
  })
})

describe('hunkKeepsSecrets', () => {
  const held = 'password = "SLIPSTREAM_SECRET_1"'

  it('takes hunks without secrets', () => {
    expect(hunkKeepsSecrets(['a'], ['b', 'c'])).toBe(true)
  })

  it('takes a secret that moves within the hunk', () => {
    expect(hunkKeepsSecrets(['a', held], [`  ${held}`, 'b'])).toBe(true)
  })

  it('refuses a dropped one', () => {
    expect(hunkKeepsSecrets([held], ['password = read()'])).toBe(false)
  })

  it('refuses an added one', () => {
    expect(hunkKeepsSecrets(['a'], [held])).toBe(false)
  })

  it('refuses a doubled one', () => {
    expect(hunkKeepsSecrets([held], [held, held])).toBe(false)
  })

  it('refuses an altered one', () => {
    for (const altered of [
      'SLIPSTREAM_SECRET_12',
      'SLIPSTREAM_SECRET_2',
      'slipstream_secret_1',
      'SLIPSTREAM_SECRET',
      'SLIPSTREAM_SECRET_1_OLD',
    ]) {
      expect(hunkKeepsSecrets([held], [`password = "${altered}"`]), altered).toBe(false)
    }
  })
})
