// What one change says before anything is asked: formatting, what is new in it, rewrites by tools.
import { describe, expect, test } from 'vitest'
import { firstSightOf, isRewrite, reportOf } from '../../main/core/change-report.ts'

function report(path: string, before: string, after: string): ReturnType<typeof reportOf> {
  return reportOf({ path, before, after })
}

describe('only formatting', () => {
  test.each([
    ['a.ts', "const a = 'x'\nf(a)\n", 'const a = "x";\nf(\n  a,\n);\n'],
    ['a.py', "a = 'x'\n", 'a = "x"\n'],
    ['a.rs', 'fn f() { g( 1 ) }\n', 'fn f() {\n    g(1)\n}\n'],
    ['a.go', 'x:=1\n', 'x := 1\n'],
  ])('%s', (path, before, after) => {
    expect(report(path, before, after).onlyFormatting).toBe(true)
  })

  test.each([
    ['a dedented line of Python', 'a.py', 'if a:\n    b()\n    c()\n', 'if a:\n    b()\nc()\n'],
    ['the value of a block in Rust', 'a.rs', 'fn f() -> i32 { g() }\n', 'fn f() -> i32 { g(); }\n'],
    ['a character for a text in C', 'a.c', "f('a');\n", 'f("a");\n'],
    ['a word', 'a.ts', 'const a = 1\n', 'const b = 1\n'],
  ])('%s is more than that', (_what, path, before, after) => {
    expect(report(path, before, after).onlyFormatting).toBe(false)
  })
})

describe('what is new in it', () => {
  test('a marker just written asks about its place, wherever else most lines changed', () => {
    const before = `a()\n${'x()\n'.repeat(40)}b()\n`
    const after = `// faster ai!\na()\n${'x()\n'.repeat(40)}c()\nd()\ne()\n`
    const { intent } = report('a.ts', before, after)
    expect(intent).toMatchObject({ marker: { kind: 'edit', text: 'faster', line: 1 } })
    expect(intent?.region.start).toBe(1)
  })

  test.each([
    ['stood there', '// faster ai!\na()\n', '// faster ai!\nb()\n'],
    ['was only indented', '{\n// faster ai!\na()\n}\n', '{\n  // faster ai!\n  b()\n}\n'],
    ['was only moved', '// faster ai!\na()\nb()\n', 'a()\n// faster ai!\nc()\n'],
  ])('a marker that %s does not', (_how, before, after) => {
    expect(report('a.ts', before, after).intent).toBeNull()
  })

  test('a marker that was edited does', () => {
    const { intent } = report('a.ts', '// faster ai!\na()\n', '// much faster ai!\na()\n')
    expect(intent?.marker.text).toBe('much faster')
  })

  test('of two equal markers the one just written asks', () => {
    const before = `// faster ai!\na()\n${'x()\n'.repeat(100)}b()\n`
    const { intent } = report('a.ts', before, before.replace('b()', '// faster ai!\nb()'))
    expect(intent?.marker.line).toBe(103)
  })

  test('a TODO just written', () => {
    const { intent } = report('a.py', 'a()\n', '# TODO(ann): cache this\na()\n')
    expect(intent?.marker).toMatchObject({ kind: 'todo', text: 'cache this', line: 1 })
  })

  test('an old TODO beside the change is none', () => {
    expect(report('a.ts', '// TODO: cache\na()\n', '// TODO: cache\nb()\n').intent).toBeNull()
  })

  test('the word in code or in a string is no TODO', () => {
    expect(report('a.ts', 'a()\n', "const TODO = 'TODO: x'\n").intent).toBeNull()
  })

  test('conflict signs just written', () => {
    const merged = 'a()\n<<<<<<< HEAD\nb()\n=======\nc()\n>>>>>>> other\n'
    expect(report('a.ts', 'a()\nb()\n', merged).intent?.marker).toEqual({
      line: 2,
      kind: 'conflict',
      text: 'HEAD against other',
    })
  })

  test('a heading underlined with equals signs is no conflict', () => {
    expect(report('a.md', 'x\n', 'x\n=======\n').intent).toBeNull()
  })

  test('words of the person go before all others', () => {
    const after = '// TODO: later\n// now ai!\n<<<<<<< a\n=======\n>>>>>>> b\n'
    expect(report('a.ts', '\n', after).intent?.marker.kind).toBe('edit')
  })
})

describe('a file that was never read before', () => {
  test('asks by its marker', () => {
    const { intent, markers } = firstSightOf({ path: 'a.ts', text: 'a()\n// faster ai!\n', known: {} })
    expect(intent?.marker.text).toBe('faster')
    expect(firstSightOf({ path: 'a.ts', text: 'a()\n// faster ai!\n', known: markers }).intent).toBeNull()
  })
})

describe('a rewrite by a tool', () => {
  test.each([
    ['formatting', 'a.ts', "f('a',b)\n", 'f("a", b);\n'],
    ['trailing commas', 'a.rs', 'f(a, b);\n', 'f(\n    a,\n    b,\n);\n'],
    ['wrapped arguments in Python', 'a.py', "x = f('(', b) # (\n", 'x = f(\n    "(",\n    b,\n) # (\n'],
    [
      'sorted imports',
      'a.ts',
      "import b from 'b'\nimport a from 'a'\nf()\n",
      "import a from 'a'\nimport b from 'b'\nf()\n",
    ],
    ['sorted uses', 'a.rs', 'use b;\nuse a;\n', 'use a;\nuse b;\n'],
  ])('%s', (_what, path, before, after) => {
    expect(isRewrite({ path, before, after })).toBe(true)
  })

  test.each([
    ['moved statements', 'a.ts', 'a()\nb()\n', 'b()\na()\n'],
    ['one import more', 'a.ts', "import a from 'a'\n", "import a from 'a'\nimport b from 'b'\n"],
    ['a line that leaves its block in Python', 'a.py', 'if a:\n    b()\n    c()\n', 'if a:\n    b()\nc()\n'],
    ['an indented line of YAML', 'a.yml', 'a:\nb: 1\n', 'a:\n  b: 1\n'],
  ])('%s are not', (_what, path, before, after) => {
    expect(isRewrite({ path, before, after })).toBe(false)
  })
})
