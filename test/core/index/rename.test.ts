// Renamings: what is one, which places follow in its file, and which in others.
import { describe, expect, it } from 'vitest'
import { mayRename, renameIn, renameOf, type Ask, type Rename } from '../../../main/core/index/rename.ts'
import { applyEdits } from '../../../main/core/patch.ts'
import { parsedSyntax } from '../../fakes/syntax.ts'

const never = new AbortController().signal
const ask: Ask = (path, text, target) => parsedSyntax.occurrences(path, text, target, never)

function rename(path: string, before: string, after: string): Promise<Rename | null> {
  return renameOf({ path, before, after }, ask)
}

async function renamed(path: string, before: string, after: string): Promise<string | null> {
  const found = await rename(path, before, after)
  return found === null ? null : applyEdits(after, found.edits)
}

async function follow(
  change: readonly [path: string, before: string, after: string],
  path: string,
  text: string,
): Promise<string> {
  const found = await rename(...change)
  if (found === null) throw new Error('it is a renaming')
  return applyEdits(text, (await renameIn(found, path, text, ask)).edits)
}

describe('mayRename', () => {
  const may = (before: string, after: string): boolean => mayRename({ path: 'a.ts', before, after })

  it('says no to a name that stands behind dots alone, as nothing here declares it', () => {
    expect(may('log.info(1)\nlog.info(2)\n', 'log.warn(1)\nlog.info(2)\n')).toBe(false)
    expect(may('log.info(1)\nlog.information(2)\n', 'log.warn(1)\nlog.information(2)\n')).toBe(false)
  })

  it('says yes where the name stands by itself as well', () => {
    expect(may('class A {\n  info() {}\n}\na.info()\n', 'class A {\n  info() {}\n}\na.warn()\n')).toBe(true)
    expect(may('const sum = 1\nuse(sum)\n', 'const total = 1\nuse(sum)\n')).toBe(true)
    const php = { path: 'a.php', before: '<?php $sum = 1; echo $sum;\n', after: '<?php $sum = 1; echo $all;\n' }
    expect(mayRename(php)).toBe(true)
  })
})

describe('renameOf', () => {
  it('parses nothing for a name that stands behind dots alone', async () => {
    const parsed: string[] = []
    const before = 'log.info(1)\nlog.info(2)\n'
    const change = { path: 'a.ts', before, after: before.replace('info', 'warn') }
    const counting: Ask = (path, ...rest) => (parsed.push(path), ask(path, ...rest))
    expect(await renameOf(change, counting)).toBeNull()
    expect(parsed).toEqual([])
  })

  it('follows a declaration to its uses, and leaves shadows, members, strings and comments alone', async () => {
    const before = 'const sum = 1\nuse(sum)\nfunction f(sum) { return sum }\na.sum = "sum" // sum\n'
    const after = before.replace('const sum', 'const total')
    expect(await renamed('a.js', before, after)).toBe(
      'const total = 1\nuse(total)\nfunction f(sum) { return sum }\na.sum = "sum" // sum\n',
    )
  })

  it('follows a use to the declaration, when nothing bears the new name', async () => {
    expect(await renamed('a.ts', 'const a1 = 1\n\nuse(a1)\n', 'const a1 = 1\n\nuse(b1)\n')).toBe(
      'const b1 = 1\n\nuse(b1)\n',
    )
  })

  it('is none when one of many places calls something else', async () => {
    const before = `function shape() {}\n${'x(shape)\n'.repeat(6)}`
    expect(await renamed('a.ts', before, before.replace('x(shape)', 'x(within)'))).toBeNull()
    expect(await renamed('a.ts', before, before.replace('function shape', 'function within'))).toContain('x(within)')
    const local = `function f(shape) {\n${'  x(shape)\n'.repeat(6)}}\n`
    expect(await renamed('a.ts', local, local.replace('x(shape)', 'x(within)'))).toContain('function f(within)')
  })

  it('is none when the new name stands for something already', async () => {
    expect(await renamed('a.ts', 'const a = 1, b = 2\nf(a)\nf(a)\n', 'const a = 1, b = 2\nf(b)\nf(a)\n')).toBeNull()
    expect(await renamed('a.py', 'a = 1\nf(a)\nb(a)\n', 'b = 1\nf(a)\nb(a)\n')).toBeNull()
  })

  it('is none when something else was changed as well, or a word of no binding', async () => {
    expect(await renamed('a.ts', 'const a = 1\nf(a)\n', 'const b = 2\nf(a)\n')).toBeNull()
    expect(await renamed('a.ts', 'const a = 1\nf(a)\n', 'let a = 1\nf(a)\n')).toBeNull()
    expect(await renamed('a.ts', 'call(a)\ncall(b)\n', 'invoke(a)\ncall(b)\n')).toBeNull()
    expect(await renamed('a.ts', 'f(1)\n', 'f(1)\n')).toBeNull()
    expect(
      await renamed('a.js', 'function f(...args) {\n  g(args)\n}\n', 'function f(...args) {\n  g(arguments)\n}\n'),
    ).toBeNull()
  })

  it('goes on from what the person has renamed so far, never in the lines just edited', async () => {
    const before = 'const a = 1\nf(a, a)\ng(a)\n'
    expect(await renamed('a.js', before, 'const b = 1\nf(b, a)\ng(a)\n')).toBe('const b = 1\nf(b, a)\ng(b)\n')
  })

  it('keeps the key where a name is a key and a variable at once', async () => {
    expect(await renamed('a.ts', 'const a = 1\nf({ a })\n', 'const b = 1\nf({ a })\n')).toBe(
      'const b = 1\nf({ a: b })\n',
    )
  })

  it('places edits behind a BOM and CRLF', async () => {
    const text = '\uFEFFconst a = 1\r\nf(a)\r\n'
    expect(await renamed('a.js', text, text.replace('const a', 'const bcd'))).toBe('\uFEFFconst bcd = 1\r\nf(bcd)\r\n')
  })

  it('renames a member where one alone declares it', async () => {
    const before = 'class A {\n  size() { return 1 }\n  all() { return this.size() }\n}\n'
    expect(await renamed('a.ts', before, before.replace('  size()', '  count()'))).toContain('this.count()')
    const two = `${before}class B {\n  size() { return 2 }\n}\n`
    expect(await renamed('a.ts', two, two.replace('  size()', '  count()'))).toBeNull()
  })

  it.each([
    ['a.py', 'def total(x):\n    return x\n\nprint(total(1))\n', 'total', 'sum_of'],
    ['a.go', 'package a\n\nfunc total() int {\n\treturn 1\n}\n\nvar x = total()\n', 'total', 'sumOf'],
    [
      'A.java',
      'class A {\n  int total() {\n    return 1;\n  }\n  int b() {\n    return total();\n  }\n}\n',
      'total',
      'sumOf',
    ],
    ['a.rs', 'fn total() -> u8 {\n    1\n}\nfn b() -> u8 {\n    total()\n}\n', 'total', 'sum_of'],
    ['a.rb', 'def total\n  1\nend\n\nputs total\n', 'total', 'sum_of'],
    ['a.php', '<?php\nfunction total() {\n  return 1;\n}\necho total();\n', 'total', 'sumOf'],
    [
      'a.cs',
      'class A {\n  int Total() {\n    return 1;\n  }\n  int B() {\n    return Total();\n  }\n}\n',
      'Total',
      'SumOf',
    ],
    ['a.cpp', 'int total() {\n  return 1;\n}\nint b() {\n  return total();\n}\n', 'total', 'sumOf'],
  ])('works in %s', async (path, text, from, to) => {
    expect(await renamed(path, text, text.replace(from, to))).toBe(text.replaceAll(from, to))
  })

  it('knows nothing where there is no grammar', async () => {
    expect(await renamed('a.kt', 'val a = 1\nf(a)\n', 'val b = 1\nf(a)\n')).toBeNull()
  })
})

describe('renameIn', () => {
  const change = ['src/cart.ts', 'export const total = 1\n', 'export const sum = 1\n'] as const

  it('follows an import of that file, with all its uses', async () => {
    const text = "import {\n  total,\n} from './cart'\nuse(total)\nfunction f(total: number) { return total }\n"
    expect(await follow(change, 'src/a.tsx', text)).toBe(
      "import {\n  sum,\n} from './cart'\nuse(sum)\nfunction f(total: number) { return total }\n",
    )
  })

  it('keeps the name that the import gives it', async () => {
    expect(await follow(change, 'src/a.ts', "import { total as t } from './cart.ts'\nuse(t)\n")).toBe(
      "import { sum as t } from './cart.ts'\nuse(t)\n",
    )
  })

  it.each([
    ['an import of another module', "import { total } from './tax'\nuse(total)\n"],
    ['a name of its own', 'const total = 2\nuse(total)\n'],
    ['a name that nothing declares', 'use(total)\n'],
    ['a member', 'a.total = 1\n'],
    ['strings and comments', 'f("total") // total\n'],
  ])('leaves %s alone', async (_what, text) => {
    expect(await follow(change, 'src/a.ts', text)).toBe(text)
  })

  it('does not leave the file with what is not exported', async () => {
    const found = await rename('src/cart.ts', 'const total = 1\nf(total)\n', 'const sum = 1\nf(total)\n')
    expect(found?.isVisible).toBe(false)
  })

  it('follows Python imports and qualified names', async () => {
    const python = ['shop/cart.py', 'def total():\n    pass\n', 'def sum_of():\n    pass\n'] as const
    expect(await follow(python, 'shop/a.py', 'from shop.cart import total\ntotal()\n')).toBe(
      'from shop.cart import sum_of\nsum_of()\n',
    )
    expect(await follow(python, 'shop/a.py', 'from shop import cart\ncart.total()\ntax.total()\n')).toBe(
      'from shop import cart\ncart.sum_of()\ntax.total()\n',
    )
  })

  it('follows Go within the package, and from others by its name', async () => {
    const go = ['cart/cart.go', 'package cart\n\nfunc Total() {}\n', 'package cart\n\nfunc Sum() {}\n'] as const
    expect(await follow(go, 'cart/b.go', 'package cart\n\nvar x = Total()\n')).toContain('Sum()')
    expect(await follow(go, 'shop/b.go', 'package shop\n\nvar x = Total()\n')).toContain('Total()')
    expect(await follow(go, 'shop/b.go', 'package shop\n\nvar x = cart.Total()\n')).toContain('cart.Sum()')
  })

  it('does not cross languages', async () => {
    expect(await follow(change, 'src/a.py', 'from cart import total\n')).toBe('from cart import total\n')
  })
})

describe('strings and comments', () => {
  const textual = async (path: string, text: string, from: string, to: string): Promise<readonly string[]> =>
    (await rename(path, text, text.replace(from, to)))?.texts.flatMap(({ lines }) => lines) ?? []

  it.each([
    ['a.ts', 'const maxSize = 1\n// maxSize is kept\nlog("maxSize")\nlog(`maxSize ${1}`)\nuse(maxSize)\n'],
    ['a.tsx', 'const maxSize = 1\n/* maxSize */\nconst a = <b>{"maxSize"}</b>\nuse(maxSize)\n'],
    ['a.js', "const maxSize = 1\n// maxSize\nlog('maxSize')\nuse(maxSize)\n"],
    ['a.py', 'maxSize = 1\n# maxSize\nlog("maxSize")\n"""maxSize"""\nuse(maxSize)\n'],
    ['a.go', 'package a\n\nvar maxSize = 1\n\n// maxSize\nvar b = "maxSize"\nvar c = `maxSize`\nvar d = maxSize\n'],
    [
      'A.java',
      'class A {\n  int maxSize = 1;\n  // maxSize\n  /** maxSize */\n  String b = "maxSize";\n  int c() { return maxSize; }\n}\n',
    ],
    ['a.rs', 'const maxSize: u8 = 1;\n// maxSize\nconst B: &str = "maxSize";\nconst C: u8 = maxSize;\n'],
    ['a.rb', 'def maxSize\n  1\nend\n# maxSize\nlog "maxSize"\nputs maxSize\n'],
    [
      'a.php',
      '<?php\nfunction maxSize() {\n  return 1;\n}\n// maxSize\nlog("maxSize");\nlog(\'maxSize\');\necho maxSize();\n',
    ],
    [
      'a.cs',
      'class A {\n  int maxSize = 1;\n  // maxSize\n  string b = "maxSize";\n  int C() { return maxSize; }\n}\n',
    ],
    ['a.cpp', 'int maxSize = 1;\n// maxSize\nconst char *b = "maxSize";\nint c = maxSize;\n'],
  ])('are found apart from the code in %s', async (path, text) => {
    const lines = text.split('\n')
    const isText = (line: string): boolean => /["'`#*/].*maxSize/.test(line)
    expect(await textual(path, text, 'maxSize', 'mostBytes')).toEqual(
      lines.filter(isText).map((line) => line.replace('maxSize', 'mostBytes')),
    )
    expect(await renamed(path, text, text.replace('maxSize', 'mostBytes'))).toBe(
      lines.map((line) => (isText(line) ? line : line.replace('maxSize', 'mostBytes'))).join('\n'),
    )
  })

  it('count for a name that could be a word only where they quote or call it', async () => {
    const text = 'const total = 1\n// the total of all\n// see total()\nlog("total")\nlog("in total")\nuse(total)\n'
    expect(await textual('a.ts', text, 'total', 'sum')).toEqual(['// see sum()', 'log("sum")'])
  })

  it('stay with the code of their line, which is one edit', async () => {
    const text = 'const maxSize = 1 // maxSize\nuse(maxSize) // maxSize\n'
    expect(await textual('a.ts', text, 'maxSize', 'most')).toEqual([])
  })

  it('count in another file only where its code names it', async () => {
    const found = await rename('src/cart.ts', 'export const maxSize = 1\n', 'export const most = 1\n')
    if (found === null) throw new Error('it is a renaming')
    const comment = '// maxSize\n'
    expect((await renameIn(found, 'src/a.ts', comment, ask)).texts).toEqual([])
    const { texts } = await renameIn(found, 'src/a.ts', `import { maxSize } from './cart'\n${comment}`, ask)
    expect(texts).toEqual([{ path: 'src/a.ts', start: 2, end: 3, lines: ['// most'] }])
  })
})

describe('a name that no import leads to', () => {
  const asked = async (
    change: readonly [path: string, before: string, after: string],
    path: string,
    text: string,
    declaredBy: readonly string[],
  ): Promise<string> => {
    const found = await rename(...change)
    if (found === null) throw new Error('it is a renaming')
    return applyEdits(text, (await renameIn(found, path, text, ask, declaredBy)).edits)
  }
  const member = (name: string) =>
    ['cart.ts', `class Cart {\n  ${name}() { return 1 }\n}\n`, 'class Cart {\n  sum() { return 1 }\n}\n'] as const

  it('is followed as a member when it has several words and one file declares it', async () => {
    const use = 'cart.itemCount()\n'
    expect(await asked(member('itemCount'), 'page.ts', use, [])).toBe('cart.sum()\n')
    expect(await asked(member('itemCount'), 'page.ts', use, ['order.ts'])).toBe(use)
    expect(await asked(member('count'), 'page.ts', 'cart.count()\n', [])).toBe('cart.count()\n')
  })

  it('is followed in the folder or project where it is the only one of its name', async () => {
    const go = ['cart/a.go', 'package cart\n\nfunc total() {}\n', 'package cart\n\nfunc sum() {}\n'] as const
    const use = 'package cart\n\nvar x = total()\n'
    expect(await asked(go, 'cart/b.go', use, ['other/c.go'])).toContain('sum()')
    expect(await asked(go, 'cart/b.go', use, ['cart/c.go'])).toBe(use)
    const php = ['a.php', '<?php\nfunction total() { return 1; }\n', '<?php\nfunction sum() { return 1; }\n'] as const
    const echo = '<?php\necho total();\n'
    expect(await asked(php, 'lib/b.php', echo, [])).toContain('echo sum();')
    expect(await asked(php, 'lib/b.php', echo, ['lib/c.php'])).toBe(echo)
  })
})
