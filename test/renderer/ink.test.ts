// Colours by first character, whatever the pieces; data stays data.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createInk } from '../../renderer/ink.ts'

const ESCAPE = '\u001b'

function plain(text: string): string {
  return text.replaceAll(/\[(?:0|31|32|90)m/g, '').replaceAll(ESCAPE, '')
}

describe('ink', () => {
  it('colours the lines of a patch and leaves the explanation plain', () => {
    const ink = createInk()
    expect(ink('- a list\n@@ x\n-old\n+new\n same\n')).toBe(
      `- a list\n${ESCAPE}[90m@@ x${ESCAPE}[0m\n${ESCAPE}[31m-old${ESCAPE}[0m\n${ESCAPE}[32m+new${ESCAPE}[0m\n same\n`,
    )
  })

  it('never lets an escape sequence of the reply through', () => {
    expect(createInk()(`${ESCAPE}]0;title\u0007${ESCAPE}[2J`)).not.toContain(ESCAPE)
  })

  it('gives the same output for any chunking', () => {
    const line = fc.constantFrom('', '+new', '-old', '@@ place', '*** Begin Patch', ' same', 'words', '<<<<<<< SEARCH')
    const pieces = fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '')), { maxLength: 12 })
    fc.assert(
      fc.property(pieces, fc.array(fc.nat(200), { maxLength: 8 }), (lines, cuts) => {
        const text = lines.map(([one, end]) => one + end).join('')
        const whole = createInk()(text)
        const ink = createInk()
        const ends = [...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length]
        let from = 0
        let out = ''
        for (const end of ends) {
          out += ink(text.slice(from, end))
          from = end
        }
        expect(out).toBe(whole)
        expect(plain(out)).toBe(text.replaceAll('\r', ''))
      }),
    )
  })
})
