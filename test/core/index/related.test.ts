// Related places of a focus: declarations of what it uses, callers of what it declares.
import { describe, expect, it } from 'vitest'
import { focusOn, focusOnChange } from '../../../main/core/index/focus.ts'
import { Indexer } from '../../../main/core/index/indexer.ts'
import { declarationIn, relatedTo } from '../../../main/core/index/related.ts'
import { createFakeFiles } from '../../fakes/files.ts'
import { createFakeIndex, type FakeIndex } from '../../fakes/index.ts'

const never = new AbortController().signal

async function indexOf(contents: Record<string, string>): Promise<FakeIndex> {
  const index = createFakeIndex(createFakeFiles(contents))
  index.seen(Object.keys(contents))
  await index.settled()
  return index
}

async function related(
  contents: Record<string, string>,
  path: string,
  start: number,
  end = start + 1,
): Promise<readonly string[]> {
  const index = await indexOf(contents)
  const found = await index.related(focusOn(path, contents[path] ?? '', start, end), never)
  return found.map((excerpt) => `${excerpt.path}:${excerpt.start} ${excerpt.lines.join(' | ')}`)
}

describe('relatedTo', () => {
  it('finds the heads of what is used, in the order of the use', async () => {
    const contents = {
      'src/tax.ts': '// Taxes.\nexport function taxOf(item: Item): number {\n  return 1\n}\n',
      'src/item.ts': 'export interface Item {\n  price: number\n}\n',
      'src/cart.ts': "import { taxOf } from './tax'\n\nfunction total(item: Item) {\n  return taxOf(item)\n}\n",
    }
    expect(await related(contents, 'src/cart.ts', 4)).toEqual([
      'src/tax.ts:2 export function taxOf(item: Item): number {',
      'src/item.ts:1 export interface Item { |   price: number | }',
    ])
  })

  it('finds who uses what was changed', async () => {
    const contents = {
      'src/cart.ts': 'export function total(items: Item[]): number {\n  return 1\n}\n',
      'src/page.ts': "import { total } from './cart'\n\nconst shown = total(items)\nrender(shown)\n",
    }
    expect(await related(contents, 'src/cart.ts', 1)).toEqual([
      'src/page.ts:2  | const shown = total(items) | render(shown)',
    ])
  })

  it('finds declarations of its own file that are out of sight', async () => {
    const text = `function helper(a: number): number {\n  return a\n}\n${'\n'.repeat(80)}use(helper(1))\n`
    expect(await related({ 'a.ts': text }, 'a.ts', 84)).toEqual(['a.ts:1 function helper(a: number): number {'])
  })

  it('takes the declaration that is imported, of several', async () => {
    const files = (name: string): [string, string] => [`src/${name}.ts`, `export function open(path: ${name}) {\n}\n`]
    const names = ['Alpha', 'Beta', 'Gamma', 'Delta', 'Epsilon', 'Zeta']
    const contents = {
      ...Object.fromEntries(names.map(files)),
      'app/main.ts': "import { open } from '../src/Gamma.ts'\nopen(1)\n",
      'app/other.ts': 'open(1)\n',
    }
    expect(await related(contents, 'app/main.ts', 2)).toEqual(['src/Gamma.ts:1 export function open(path: Gamma) {'])
    expect(await related(contents, 'app/other.ts', 1)).toEqual([])
  })

  it('does not cross languages, and never opens secret files', async () => {
    const contents = {
      'a.py': 'def connect(a):\n    pass\n',
      '.env': 'connect=1\n',
      'a.ts': 'connect(1)\n',
    }
    expect(await related(contents, 'a.ts', 1)).toEqual([])
  })

  it('reads what stands there now, not what stood there when it was indexed', async () => {
    const files = createFakeFiles({ 'a.ts': 'export function total() {\n}\n', 'b.ts': 'total()\n' })
    const index = createFakeIndex(files)
    index.seen(['a.ts', 'b.ts'])
    await index.settled()
    files.contents.set('a.ts', '// One more line.\nexport function total(all: boolean) {\n}\n')
    const [found] = await index.related(focusOn('b.ts', 'total()\n', 1, 2), never)
    expect(found).toEqual({ path: 'a.ts', start: 2, lines: ['export function total(all: boolean) {'] })
  })

  it('goes by the change when there is no place', async () => {
    const index = await indexOf({ 'a.ts': 'export function total() {\n}\n', 'b.ts': '\n' })
    const text = '\n\nf()\n\n\n\n\n\n\n\n\n\n\ntotal()\n'
    const found = await index.related(focusOnChange('b.ts', text.replace('total()', 'none()'), text), never)
    expect(found.map(({ path }) => path)).toEqual(['a.ts'])
  })

  it('stops when there is no time', async () => {
    const index = new Indexer({
      read: async () => 'export function total() {\n}\n',
      occurrences: async () => null,
      now: () => 0,
      pause: async () => undefined,
    })
    index.seen(['a.ts'])
    await index.settled()
    const sources = { index: index.index, read: async () => null, hasTime: () => false }
    expect(await relatedTo(focusOn('b.ts', 'total()\n', 1, 2), sources)).toEqual([])
  })
})

describe('declarationIn', () => {
  it('finds a declaration that has moved a little, and none that is gone', () => {
    const text = '\n\n\nfunction total(\n  a,\n  b,\n) {\n  body()\n}\n'
    expect(declarationIn('a.js', text, 'total', 1)).toMatchObject({
      start: 4,
      lines: ['function total(', '  a,', '  b,', ') {'],
    })
    expect(declarationIn('a.js', text, 'gone', 1)).toBeNull()
  })

  it('shows a short type whole, and of a long one the head', () => {
    const short = 'interface A {\n  a: 1\n  b: 2\n}\nnext()\n'
    expect(declarationIn('a.ts', short, 'A', 1)?.lines).toEqual(['interface A {', '  a: 1', '  b: 2', '}'])
    const long = `interface A {\n${'  a: 1\n'.repeat(40)}}\n`
    expect(declarationIn('a.ts', long, 'A', 1)?.lines).toHaveLength(4)
  })
})
