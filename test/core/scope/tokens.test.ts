// Lines as tokens: what means the same is equal, whatever its formatting, and a line gets its old formatting back.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tokenLines, withFormattingOf, type TokenLine } from '../../../main/core/scope/tokens.ts'

function line(path: string, text: string, next: string | null = null): TokenLine {
  const [read] = tokenLines(path, [text], next)
  if (read === undefined) throw new Error('no line')
  return read
}

function same(path: string, a: string, b: string, next: string | null = null): boolean {
  return line(path, a, next).meaning === line(path, b, next).meaning
}

describe('two lines mean the same', () => {
  test.each([
    ['a.ts', `const a = 'x'`, `const a = "x";`, null],
    ['a.ts', `f(a,b)`, `f( a, b )`, null],
    ['a.ts', `  last`, `  last,`, '}'],
    ['a.py', `print("it's")`, `print('it\\'s')`, null],
    ['a.go', `\tx := 1`, `\tx  :=  1`, null],
    ['a.rb', `puts "a"`, `puts 'a'`, null],
  ])('%s: %s and %s', (path, a, b, next) => {
    expect(same(path, a, b, next)).toBe(true)
  })
})

describe('two lines do not mean the same', () => {
  test.each([
    ['a.rs', 'sum', 'sum;', null],
    ['a.c', `x = 'a';`, `x = "a";`, null],
    ['a.ts', '  last', '  last,', 'next'],
    ['a.py', '    x = 1', '  x = 1', null],
    ['a.py', '(a,)', '(a)', null],
    ['a.rb', 'puts "#{a}"', `puts '#{a}'`, null],
    ['a.css', '.a .b {', '.a.b {', null],
    ['a.ts', `'a b'`, `'a  b'`, null],
    ['a.ts', 'a + +b', 'a ++b', null],
  ])('%s: %s and %s', (path, a, b, next) => {
    expect(same(path, a, b, next)).toBe(false)
  })
})

test('a changed line keeps the quotes and the blanks that it had', () => {
  const old = line('a.ts', `  return f( "a",b )`)
  const fresh = line('a.ts', `  return f('a', c);`)
  expect(withFormattingOf(old, fresh, false, true)).toBe(`  return f( "a", c)`)
})

test('a comment that goes on over several lines is one comment on each', () => {
  const lines = tokenLines('a.ts', ['/* it', `isn't "code`, '*/ f()'], null)
  expect(lines.map(({ tokens }) => tokens.map(({ kind }) => kind))).toEqual([
    ['comment'],
    ['comment'],
    ['comment', 'word', 'sign', 'sign'],
  ])
})

test('tokens and the gaps between them are the whole line', () => {
  const text = fc.string({ unit: fc.constantFrom(...`ab1 \t"'\`(),;:/*#=+-<>{}[]_$\\é字😀`) })
  fc.assert(
    fc.property(text, fc.constantFrom('a.ts', 'a.py', 'a.css', 'a.rs', 'a.yml', 'x'), (written, path) => {
      const { tokens, rest } = line(path, written)
      expect(tokens.map((token) => token.gap + token.text).join('') + rest).toBe(written)
    }),
  )
})

test('a line with the formatting of itself is itself', () => {
  const text = fc.string({ unit: fc.constantFrom(...`ab1 "'(),;=+-{}`) })
  fc.assert(
    fc.property(text, (written) => {
      const read = line('a.ts', written)
      expect(withFormattingOf(read, read, true, true)).toBe(written)
    }),
  )
})
