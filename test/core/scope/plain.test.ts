// An edit without what nobody asked for: what it means is left, and nothing of the file's formatting or order goes.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { plainLines, sameMeaning } from '../../../main/core/scope/plain.ts'

const NOTHING = { formatting: false, order: false }

function plain(
  path: string,
  old: readonly string[],
  fresh: readonly string[],
  next: string | null = null,
): readonly string[] {
  return plainLines({ path, old, fresh, next }, NOTHING)
}

describe('formatting', () => {
  test('a block that only came back in another style is as it was', () => {
    const old = [`const a = "x"`, `const b = f(a,`, `  1)`]
    expect(plain('a.ts', old, [`const a = 'x';`, `const b = f(a, 1);`])).toEqual(old)
  })

  test('of a block in another style only the changed line is left', () => {
    expect(plain('a.ts', ['let a = "x"', 'g(a)', 'h(a)'], [`let a = 'x';`, 'g(a, 1);', 'h(a);'])).toEqual([
      'let a = "x"',
      'g(a, 1)',
      'h(a)',
    ])
  })

  test('lines that a new block encloses keep their new indentation', () => {
    const fresh = ['if (ready) {', '  f()', '  g()', '}']
    expect(plain('a.ts', ['f()', 'g()'], fresh)).toEqual(fresh)
  })

  test('indentation that means something stays changed', () => {
    const fresh = ['if ready:', '    f()']
    expect(plain('a.py', ['f()'], fresh)).toEqual(fresh)
  })

  test('a semicolon stays where the next line would run on', () => {
    expect(plain('a.ts', ['a()', '[1].map(f)'], ['b();', '[1].map(f)'])[0]).toBe('b();')
  })

  test('blank lines that come by themselves go', () => {
    expect(plain('a.ts', ['f()', 'g()'], ['f()', '', 'g()'])).toEqual(['f()', 'g()'])
  })

  test('it stays where it was asked for', () => {
    const block = { path: 'a.ts', old: ['f("a")'], fresh: [`f('a');`], next: null }
    expect(plainLines(block, { formatting: true, order: false })).toEqual(block.fresh)
  })
})

describe('order', () => {
  test('imports keep their places, and a new one comes where it stands', () => {
    const old = [`import b from './b'`, `import a from './a'`]
    const fresh = [`import a from './a'`, `import b from './b'`, `import c from './c'`]
    expect(plain('a.ts', old, fresh)).toEqual([old[0], `import c from './c'`, old[1]])
  })

  test('statements may change places: that is what a program does', () => {
    const fresh = ['open()', 'read()']
    expect(plain('a.ts', ['read()', 'open()'], fresh)).toEqual(fresh)
  })

  test('methods keep their places', () => {
    const a = ['  a() {', '    return 1', '  }']
    const b = ['  b() {', '    return 2', '  }']
    expect(plain('a.ts', [...a, '', ...b], [...b, '', ...a])).toEqual([...a, '', ...b])
  })

  test('it stays where it was asked for', () => {
    const block = { path: 'a.ts', old: ['  b: 1,', '  a: 2,'], fresh: ['  a: 2,', '  b: 1,'], next: '}' }
    expect(plainLines(block, { formatting: false, order: true })).toEqual(block.fresh)
    expect(plainLines(block, NOTHING)).toEqual(block.old)
  })
})

test('taking formatting and order back never changes what an edit means, but for the order of declarations', () => {
  const word = fc.constantFrom(
    'a',
    'b',
    'f(a)',
    'g("x")',
    `g('x')`,
    'return a',
    'if (a) {',
    '}',
    '',
    '  a',
    'x = 1;',
    'x = 1',
    'h(a,',
    '  b)',
  )
  const lines = fc.array(word, { maxLength: 8 })
  fc.assert(
    fc.property(lines, lines, fc.constantFrom('a.ts', 'a.py', 'a.rs', 'a.css'), (old, fresh, path) => {
      const made = plainLines({ path, old, fresh, next: null }, { formatting: false, order: true })
      expect(sameMeaning({ path, old: made, fresh, next: null })).toBe(true)
    }),
    { numRuns: 2_000 },
  )
})
