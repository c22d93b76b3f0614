// That looking only where long words stand finds what looking everywhere does.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchesInLongWords } from '../../../main/core/redact/long-words.ts'

const PATTERNS = [
  /(?<![\w+/=.@%$#-])[A-Za-z0-9][A-Za-z0-9+/_-]{22,126}[A-Za-z0-9+/]={0,2}(?![\w+/=.(@-])/g,
  /(?<![A-Za-z0-9+/=_-])[A-Za-z0-9+/]{20,8192}={0,2}(?![A-Za-z0-9+/=_-])/g,
]

const signs = fc.array(fc.constantFrom(...' \n"\'=.(@-_/+ab9Z'), { maxLength: 12 }).map((parts) => parts.join(''))
const word = fc.array(fc.constantFrom(...'aB3xY9+/_-'), { minLength: 15, maxLength: 60 }).map((parts) => parts.join(''))
const texts = fc.array(fc.oneof(signs, word), { maxLength: 12 }).map((parts) => parts.join(''))

describe('matchesInLongWords', () => {
  it('finds what matchAll finds, in every text', () => {
    fc.assert(
      fc.property(texts, fc.constantFrom(...PATTERNS), (text, pattern) => {
        const found = [...matchesInLongWords(text, pattern)]
        expect(found).toEqual([...text.matchAll(pattern)].map((match) => ({ index: match.index, value: match[0] })))
      }),
      { numRuns: 2000 },
    )
  })

  it('finds a word of the shortest length wherever it stands', () => {
    const shortest = 'aB3xY9aB3xY9aB3xY9aB'
    for (let before = 0; before < 45; before += 1) {
      const text = `${'a '.repeat(23).slice(46 - before)} ${shortest} ${'.'.repeat(30)}`
      const places = [...matchesInLongWords(text, /[A-Za-z0-9]{20}/g)]
      expect(places).toEqual([{ index: text.indexOf(shortest), value: shortest }])
    }
  })
})
