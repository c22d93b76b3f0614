// What is what in a source text.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stretchesOf } from '../../renderer/syntax.ts'

describe('stretchesOf', () => {
  it('finds keywords, strings, numbers and comments where they stand', () => {
    const text = 'const a = "b" + 12 // c'
    const found = stretchesOf(text, 'x.ts').map(({ from, to, ink }) => [ink, text.slice(from, to)])
    expect(found).toEqual([
      ['keyword', 'const'],
      ['string', '"b"'],
      ['number', '12'],
      ['comment', '// c'],
    ])
  })

  it('counts on through a language inside of another', () => {
    const text = '<p>a</p><script>const x = 1</script><b>c</b>'
    const found = stretchesOf(text, 'x.html').filter(({ ink }) => ink === 'keyword')
    expect(found.map(({ from, to }) => text.slice(from, to))).toContain('const')
    const last = stretchesOf(text, 'x.html').at(-1)
    expect(text.slice(last?.from, last?.to)).toBe('b')
  })

  it('knows nothing of a file whose name tells no language', () => {
    for (const path of ['Makefile', 'x.unknown', 'constructor', 'a.__proto__'])
      expect(stretchesOf('if', path)).toEqual([])
  })

  it('stays inside of any text, in any language', () => {
    const path = fc.constantFrom('a.ts', 'a.py', 'a.html', 'a.md', 'a.css', 'a.rs', 'a.sh', 'a.yaml', 'a.json')
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), path, (text, name) => {
        for (const { from, to } of stretchesOf(text, name)) {
          expect(from).toBeGreaterThanOrEqual(0)
          expect(to).toBeGreaterThan(from)
          expect(to).toBeLessThanOrEqual(text.length)
        }
      }),
    )
  })
})
