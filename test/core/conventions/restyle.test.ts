// What a hunk brings is written in the project's style, where the trees prove it the same; what cannot be proved stays as written.
import * as fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { styleOf, type Style } from '../../../main/core/conventions/style.ts'
import { applyEdits, type LineEdit } from '../../../main/core/patch.ts'
import { linesOf } from '../../../main/core/text.ts'
import { parsedSyntax, treeOf } from '../../fakes/syntax.ts'

const { signal } = new AbortController()

beforeAll(async () => {
  await Promise.all(
    (['typescript', 'tsx', 'javascript', 'python', 'ruby', 'rust'] as const).map((one) => treeOf(one, '')),
  )
})

function stylesOf(words: readonly string[], counted = false): readonly Style[] {
  return words.flatMap((each): Style[] => {
    const style = styleOf(each)
    return style === null ? [] : [{ ...style, counted }]
  })
}

/** The lines that come after the edit, in these styles; null: as they were written. */
async function restyled(path: string, text: string, edit: LineEdit, ...words: readonly string[]) {
  return (await parsedSyntax.restyle({ path, text, edit, styles: stylesOf(words) }, signal))?.lines ?? null
}

/** Lines put at the end of an otherwise empty file. */
function added(path: string, lines: readonly string[], ...words: readonly string[]) {
  return restyled(path, '', { start: 1, end: 1, lines }, ...words)
}

describe('quotes', () => {
  test.each([
    ['a.ts', ['call("x")'], 'single quotes', ["call('x')"]],
    ['a.ts', ["call('x', 'y')"], 'double quotes', ['call("x", "y")']],
    ['a.ts', ['import { a } from "./a.ts"'], 'single quotes', ["import { a } from './a.ts'"]],
    ['a.py', ['call("x")'], 'single quotes', ["call('x')"]],
    ['a.rb', ['call("x")'], 'single quotes', ["call('x')"]],
    ['a.tsx', ['const a = <a href="x">{f("y")}</a>'], 'single quotes', ['const a = <a href="x">{f(\'y\')}</a>']],
  ])('%s %j with %s', async (path, lines, style, wanted) => {
    expect(await added(path, lines, style)).toEqual(wanted)
  })

  test.each([
    ['that are so already', 'a.ts', ["call('x')"], 'single quotes'],
    ['with the other quote inside', 'a.ts', [`call("it's")`], 'single quotes'],
    ['with an escape', 'a.ts', [String.raw`call("a\n")`], 'single quotes'],
    ['of a template', 'a.ts', ['call(`x`)'], 'single quotes'],
    ['within a template', 'a.ts', ['call(`', ' say "x" ', '`)'], 'single quotes'],
    ['within a comment', 'a.ts', ['// say "x"', 'call()'], 'single quotes'],
    ['within a regular expression', 'a.ts', ['call(/"x"/)'], 'single quotes'],
    ['of a docstring', 'a.py', ['def f():', '    """Say x."""'], 'single quotes'],
    ['with an interpolation', 'a.py', ['call(f"{x}")'], 'single quotes'],
    ['of a substitution', 'a.rb', ['call("#{x}")'], 'single quotes'],
    ['of a character', 'a.rs', ["fn f() -> char { 'x' }"], 'double quotes'],
    ['in a language without a grammar', 'a.lua', ['call("x")'], 'single quotes'],
    ['in a file that does not parse', 'a.ts', ['call("x"'], 'single quotes'],
  ])('stay %s', async (_what, path, lines, style) => {
    expect(await added(path, lines, style)).toBeNull()
  })

  test('of a string that stood there stay as the person wrote it', async () => {
    const text = 'call("x")\n'
    const lines = ['call("x", "y")']
    expect(await restyled('a.ts', text, { start: 1, end: 2, lines }, 'single quotes')).toEqual([`call("x", 'y')`])
  })
})

describe('semicolons', () => {
  test.each([
    [['const a = f()', 'return_(a)'], 'semicolons', ['const a = f();', 'return_(a);']],
    [['const a = f();', 'g(a);'], 'no semicolons', ['const a = f()', 'g(a)']],
    [['const a = f() // why', 'g()', '// h', 'i()'], 'semicolons', ['const a = f() // why', 'g();', '// h', 'i();']],
    [['import a from "a";', 'export { a };'], 'no semicolons', ['import a from "a"', 'export { a }']],
    [['a = b;', 'c.d = {', '  e,', '};'], 'no semicolons', ['a = b', 'c.d = {', '  e,', '}']],
    [['const f = () => {', '  g()', '}'], 'semicolons', ['const f = () => {', '  g();', '};']],
    [['type A = B', 'throw_(new A())'], 'semicolons', ['type A = B;', 'throw_(new A());']],
  ])('%j with %s', async (lines, style, wanted) => {
    expect(await added('a.ts', lines, style)).toEqual(wanted)
  })

  test.each([
    [
      'where the next line would go on with the statement',
      ['const a = b;', '(c || d).e();'],
      ['const a = b;', '(c || d).e()'],
    ],
    ['where a list follows', ['f();', '[a, b].forEach(g);'], ['f();', '[a, b].forEach(g)']],
    [
      'of a loop',
      ['for (let i = 0; i < 3; i += 1) {', '  f(i);', '}'],
      ['for (let i = 0; i < 3; i += 1) {', '  f(i)', '}'],
    ],
  ])('stay %s', async (_what, lines, wanted) => {
    expect(await added('a.js', lines, 'no semicolons')).toEqual(wanted)
  })

  test('never follow what they do not end', async () => {
    const lines = ['export function f() {}', 'class A {', '  m() {}', '}', 'if (a) {', '}', 'for (const a of b) {', '}']
    expect(await added('a.ts', lines, 'semicolons')).toBeNull()
  })

  test('stay as the replaced statement had them', async () => {
    const edit = { start: 1, end: 2, lines: ['return_(a, b)'] }
    expect(await restyled('a.ts', 'return_(a)\n', edit, 'semicolons')).toBeNull()
  })

  test('mean something in other languages', async () => {
    expect(await added('a.rs', ['fn f() {', '    g();', '}'], 'no semicolons')).toBeNull()
  })
})

describe('trailing commas', () => {
  test.each([
    ['a.ts', ['f([', '  a,', '  b', '])'], 'trailing commas', ['f([', '  a,', '  b,', '])']],
    ['a.ts', ['const a = {', '  b: c', '}'], 'trailing commas', ['const a = {', '  b: c,', '}']],
    ['a.ts', ['f(', '  a,', '  b', ')'], 'trailing commas', ['f(', '  a,', '  b,', ')']],
    ['a.ts', ['f(', '  a,', '  b,', ')'], 'no trailing commas', ['f(', '  a,', '  b', ')']],
    ['a.ts', ['f([', '  // why', '  a', '])'], 'trailing commas', ['f([', '  // why', '  a,', '])']],
    ['a.py', ['f(', '    a,', '    b', ')'], 'trailing commas', ['f(', '    a,', '    b,', ')']],
    ['a.py', ['a = {', '    "b": c', '}'], 'trailing commas', ['a = {', '    "b": c,', '}']],
    [
      'a.rs',
      ['fn f() {', '    g(', '        a', '    )', '}'],
      'trailing commas',
      ['fn f() {', '    g(', '        a,', '    )', '}'],
    ],
    ['a.rb', ['a = [', '  b', ']'], 'trailing commas', ['a = [', '  b,', ']']],
  ])('%s %j with %s', async (path, lines, style, wanted) => {
    expect(await added(path, lines, style)).toEqual(wanted)
  })

  test.each([
    ['after a rest element', 'a.ts', ['function f(', '  ...a', ') {}'], 'trailing commas'],
    ['after a rest property', 'a.ts', ['const {', '  a,', '  ...b', '} = c'], 'trailing commas'],
    ['before a comment', 'a.ts', ['f([', '  a // why', '])'], 'trailing commas'],
    ['on one line', 'a.ts', ['f(a, b)'], 'trailing commas'],
    ['in a block', 'a.ts', ['if (a) {', '  b', '}'], 'trailing commas'],
    ['where it would make a tuple', 'a.py', ['a = (', '    b', ')'], 'trailing commas'],
    ['where it makes a tuple', 'a.py', ['a = (', '    b,', ')'], 'no trailing commas'],
    ['in arguments, where only lists have them', 'a.ts', ['f(', '  a', ')'], 'trailing commas in arrays and objects'],
    ['in a macro', 'a.rs', ['fn f() {', '    g!(', '        a', '    );', '}'], 'trailing commas'],
  ])('stay %s', async (_what, path, lines, style) => {
    expect(await added(path, lines, style)).toBeNull()
  })
})

const OF_THE_FILE: readonly Style[] = [{ subject: 'indentation', choice: 'of the file', counted: false }]

async function indented(path: string, text: string, edit: LineEdit): Promise<readonly string[] | null> {
  return (await parsedSyntax.restyle({ path, text, edit, styles: OF_THE_FILE }, signal))?.lines ?? null
}

describe('indentation follows the file', () => {
  const TABS = 'function f() {\n\tif (a) {\n\t\tb()\n\t}\n}\n'
  const SPACES = TABS.replaceAll('\t', '  ')

  test.each([
    ['spaces among tabs', 'a.ts', TABS, { start: 4, end: 4, lines: ['        c()'] }, ['\t\tc()']],
    [
      'two spaces among tabs',
      'a.ts',
      TABS,
      { start: 4, end: 4, lines: ['    c(() => {', '      d()', '    })'] },
      ['\t\tc(() => {', '\t\t\td()', '\t\t})'],
    ],
    ['below what opens a block', 'a.ts', TABS, { start: 3, end: 3, lines: ['        c()'] }, ['\t\tc()']],
    [
      'a function at the end',
      'a.ts',
      TABS,
      { start: 6, end: 6, lines: ['function g() {', '  h()', '}'] },
      ['function g() {', '\th()', '}'],
    ],
    ['tabs and spaces mixed', 'a.ts', TABS, { start: 4, end: 4, lines: ['\t    c()'] }, ['\t\tc()']],
    ['tabs among spaces', 'a.ts', SPACES, { start: 4, end: 4, lines: ['\t\tc()'] }, ['    c()']],
  ])('%s', async (_what, path, text, edit, wanted) => {
    expect(await indented(path, text, edit)).toEqual(wanted)
  })

  test('but not that of lines within a string, which are its content', async () => {
    const lines = ['\t\tc(`', '    key: value', '`)']
    expect(await indented('a.ts', TABS, { start: 4, end: 4, lines })).toBeNull()
  })

  test('where it has both, neither is its own', async () => {
    const text = `${TABS}function g() {\n    h()\n}\n`
    expect(await indented('a.ts', text, { start: 4, end: 4, lines: ['        c()'] })).toBeNull()
  })

  test('where it is not plain how much is meant, nothing is guessed', async () => {
    expect(await indented('a.ts', TABS, { start: 4, end: 4, lines: ['   c()'] })).toBeNull()
  })

  test('where the indentation is the meaning and mixes both, nothing is proved', async () => {
    const text = 'def f():\n\tif a:\n\t\tb()\n'
    expect(await indented('a.py', text, { start: 4, end: 4, lines: ['        c()'] })).toBeNull()
  })
})

describe('only what comes is looked at', () => {
  test('lines around and between stay as they are', async () => {
    const text = 'f("a")\ng("b")\nh("c")\n'
    const edit = { start: 2, end: 3, lines: ['g("b")', 'i("d")'] }
    expect(await restyled('a.ts', text, edit, 'single quotes')).toEqual(['g("b")', `i('d')`])
  })

  test('in a file with Windows line ends, too', async () => {
    const edit = { start: 2, end: 2, lines: ['g("b");'] }
    expect(await restyled('a.ts', 'f("a")\r\nh("c")\r\n', edit, 'single quotes', 'no semicolons')).toEqual([`g('b')`])
  })

  test('a file that does it otherwise keeps its way against what was only counted', async () => {
    const text = 'f("a")\ng("b")\n'
    const edit = { start: 3, end: 3, lines: ['h("c")'] }
    const input = { path: 'a.ts', text, edit }
    expect(await parsedSyntax.restyle({ ...input, styles: stylesOf(['single quotes'], true) }, signal)).toBeNull()
    expect(await parsedSyntax.restyle({ ...input, styles: stylesOf(['single quotes']) }, signal)).not.toBeNull()
  })

  test('what cannot be proved takes nothing from what can', async () => {
    const lines = ['const a = b', 'f("x");']
    const styles = stylesOf(['single quotes', 'no semicolons'])
    const found = await parsedSyntax.restyle(
      { path: 'a.ts', text: '', edit: { start: 1, end: 1, lines }, styles },
      signal,
    )
    expect(found).toEqual({ lines: ['const a = b', `f('x')`], subjects: ['quotes', 'semicolons'] })
  })
})

const SNIPPETS = [
  'const a = f("x")',
  'let b = [\'y\', "z"];',
  'if (a) {\n  g()\n}',
  'h({\n  a: 1,\n  b: 2\n});',
  'h([\n  a,\n  b,\n])',
  '(a || b).c()',
  '[a, b].map((each) => each)',
  'export const d = () => {\n  return "x"\n}',
  'export function e(\n  p: string,\n  ...q: string[]\n) {}',
  'type T = {\n  a: "b"\n}',
  'for (let i = 0; i < 3; i += 1) i;',
  '`t ${"x"}`',
  '// c "x";',
  'class K {\n  p = "x"\n  m() {\n    return;\n  }\n}',
  'import { x } from "x";',
  'do { a() } while (b)',
  '++c',
  'let z\n++c',
]
const ALL = ['single quotes', 'double quotes', 'semicolons', 'no semicolons', 'trailing commas', 'no trailing commas']

test('whatever is written anew is the same program, of as many lines, and stays as it is the next time', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...SNIPPETS), { minLength: 1, maxLength: 6 }),
      fc.nat(6),
      fc.subarray(ALL, { minLength: 1 }),
      async (snippets, kept, words) => {
        const path = 'a.ts'
        const text = snippets
          .slice(0, kept)
          .map((each) => `${each}\n`)
          .join('')
        const lines = snippets.slice(kept).flatMap((each) => each.split('\n'))
        const start = linesOf(text).length + 1
        const edit = { start, end: start, lines }
        const found = await restyled(path, text, edit, ...words)
        if (found === null) return
        expect(found).toHaveLength(lines.length)
        const texts = { before: applyEdits(text, [edit]), after: applyEdits(text, [{ ...edit, lines: found }]) }
        const ignored = ['quotes', 'semicolons', 'trailing commas'] as const
        expect(await parsedSyntax.same(path, texts, ignored, signal)).toBe(true)
        // Of two choices about one thing the last one wins, each time anew.
        if (new Set(stylesOf(words).map(({ subject }) => subject)).size === words.length)
          expect(await restyled(path, text, { ...edit, lines: found }, ...words)).toBeNull()
      },
    ),
    { numRuns: 150 },
  )
})
