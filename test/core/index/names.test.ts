// Names of texts without a grammar: words, and lines that declare.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { declaredIn, hashOfName, namesIn, wordsIn } from '../../../main/core/index/names.ts'

const namesOf = (text: string): readonly string[] => declaredIn(text).map(({ name }) => name)

describe('namesIn', () => {
  it('holds every word of three units and more once, whatever stands around it', () => {
    const names = namesIn('total(items, größe) // total\n"$key_1" ab 123 12px')
    expect([...names]).toEqual(['total', 'items', 'größe', '$key_1'].map(hashOfName).toSorted((a, b) => a - b))
  })

  it('finds each name where it was put, in ascending order', () => {
    const name = fc.stringMatching(/^[a-z_$][A-Za-z0-9_$]{2,20}$/)
    fc.assert(
      fc.property(
        fc.array(name, { maxLength: 30 }),
        fc.constantFrom(' ', '\n', '.', '(', '"', '\u00A0'),
        (words, gap) => {
          const names = namesIn(words.join(gap))
          expect(new Set(names)).toEqual(new Set(words.map(hashOfName)))
          expect([...names]).toEqual([...names].toSorted((a, b) => a - b))
        },
      ),
    )
  })

  it('is bounded', () => {
    const text = Array.from({ length: 5_000 }, (_, at) => `name${at}`).join(' ')
    expect(namesIn(text)).toHaveLength(2_000)
  })
})

describe('wordsIn', () => {
  it('leaves out what every language has', () => {
    expect(wordsIn('const total = function (items) { return items }', 10)).toEqual(['total', 'items'])
  })
})

describe('declaredIn', () => {
  it.each([
    [
      'TypeScript',
      'export const total = 1\nexport async function sum() {\n  const local = 1\n}\nclass Cart {\n  size(a: number): number {\n    if (a) {\n  }\n}\ninterface Item {\n',
      ['total', 'sum', 'Cart', 'size', 'Item'],
    ],
    ['Python', 'LIMIT = 3\nclass Cart:\n    def size(self):\n        x = 1\n', ['LIMIT', 'Cart', 'size']],
    [
      'Go',
      'func (c *Cart) Size(a int) int {\nfunc Map(a int) {\ntype Cart struct {\nvar shared = 1\n',
      ['Size', 'Map', 'Cart', 'shared'],
    ],
    [
      'Rust',
      'pub fn total() {\npub(crate) struct Cart {\n    fn size(&self) -> usize {\nconst LIMIT: u8 = 1;\nmacro_rules! check {\n',
      ['total', 'Cart', 'size', 'LIMIT', 'check'],
    ],
    [
      'Java',
      'public class Cart {\n    private int size(int a) {\n        return size(a);\n        for (int i = 0;;) {\n    }\n',
      ['Cart', 'size'],
    ],
    ['Ruby', 'class Cart\n  def self.make(a)\n  def size\nend\n', ['Cart', 'make', 'size']],
    ['Kotlin', 'data class Cart(val size: Int)\nfun total(a: Int): Int {\n', ['Cart', 'total']],
    ['Swift', 'public struct Cart {\n    func total() -> Int {\n', ['Cart', 'total']],
    ['SQL', 'CREATE TABLE IF NOT EXISTS orders (\ncreate or replace function total(a int)\n', ['orders', 'total']],
    [
      'C',
      'int total(int a) {\nstatic char *\nconst char *name(void)\n{\nstruct cart {\n    return total(1);\n',
      ['total', 'name', 'cart'],
    ],
    ['prose', 'This is a sentence (with brackets) and more.\n', []],
  ])('reads %s', (_language, text, expected) => {
    expect(namesOf(text)).toEqual(expected)
  })

  it('tells the line', () => {
    expect(declaredIn('\n\nfunction total() {\n')).toEqual([{ name: 'total', line: 3 }])
  })

  it('ends on lines that are made to be slow', () => {
    const hostile = [
      `  ${'a '.repeat(200)}(`,
      `  ${'static '.repeat(100)}x`,
      `  ${'a<'.repeat(150)}(`,
      ' '.repeat(10_000),
    ]
    for (const line of hostile) expect(declaredIn(`${line}\n`.repeat(500)).length).toBeLessThanOrEqual(500)
  })
})
