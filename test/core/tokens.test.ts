// About how many tokens a text is: near enough to what tokenizers say, and linear.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tokensOf } from '../../main/core/tokens.ts'

/** Texts with what o200k_base makes of them (gpt-tokenizer 4.0.0). */
const COUNTED: readonly (readonly [tokens: number, text: string])[] = [
  [
    34,
    'export function mean(items: readonly Item[]): number {\n  const sum = total(items)\n  return items.length === 0 ? 0 : sum / items.length\n}\n',
  ],
  [
    45,
    "def load(path: str) -> dict[str, int]:\n    with open(path, encoding='utf-8') as file:\n        return {key: int(value) for key, value in json.load(file).items()}\n",
  ],
  [
    25,
    'SELECT orders.id, customers.name FROM orders INNER JOIN customers ON orders.customer_id = customers.id WHERE orders.total > 100;\n',
  ],
  [23, 'The developer has just saved this change. Suggest the next small edit, if there is one that is worth it.\n'],
  [
    39,
    'func (s *Server) Handle(w http.ResponseWriter, r *http.Request) error {\n\tif r.Method != http.MethodPost {\n\t\treturn errNotAllowed\n\t}\n\treturn nil\n}\n',
  ],
  [
    33,
    'public static <T extends Comparable<T>> Optional<T> max(Collection<? extends T> values) {\n    return values.stream().max(Comparator.naturalOrder());\n}\n',
  ],
  [
    38,
    '.card-head {\n  display: flex;\n  gap: 8px;\n  padding: 4px 12px;\n  border-bottom: 1px solid var(--line);\n}\n',
  ],
  [29, '{"name":"slipstream","version":"0.1.0","private":true,"engines":{"node":">=20"}}\n'],
]

describe('tokensOf', () => {
  for (const [tokens, text] of COUNTED) {
    it(`is within a quarter of the true count: ${JSON.stringify(text.slice(0, 40))}`, () => {
      expect(tokensOf(text)).toBeGreaterThanOrEqual(Math.floor(tokens * 0.75))
      expect(tokensOf(text)).toBeLessThanOrEqual(Math.ceil(tokens * 1.25))
    })
  }

  it('is nothing for nothing', () => {
    expect(tokensOf('')).toBe(0)
  })

  it('grows with the text, and never beyond its characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (one, other) => {
        expect(tokensOf(`${one}\n${other}`)).toBeGreaterThanOrEqual(Math.max(tokensOf(one), tokensOf(other)) - 1)
        expect(tokensOf(one)).toBeLessThanOrEqual(one.length)
      }),
    )
  })

  it('parts words, capitals, digits, blanks and signs, whatever stands beside them', () => {
    const piece = /[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|\s+|[^\sA-Za-z\d]+/g
    const parted = fc.array(fc.constantFrom(...'abZQ12 \n\t_+;é\u00a0\u3000日\ufeff'), { maxLength: 20 })
    fc.assert(
      fc.property(parted, (units) => {
        const text = units.join('')
        const weights = [...text.matchAll(piece)].map(([part]) => {
          if (/^[A-Za-z]/.test(part)) return part.length <= 6 ? 1 : 1 + (part.length - 6) / 5
          if (/^\d/.test(part)) return Math.ceil(part.length / 3)
          if (/^\s/.test(part)) return part === ' ' ? 0 : 1
          return part.charCodeAt(0) > 127 ? part.length * 0.8 : Math.ceil(part.length / 2.5)
        })
        const sum = weights.reduce((total, weight) => total + weight, 0)
        expect(tokensOf(text)).toBe(Math.ceil(sum * 0.9))
      }),
      { numRuns: 1000 },
    )
  })
})
