// The index in the background, and the same edit in other files.
import { describe, expect, it } from 'vitest'
import { hashOfName } from '../../../main/core/index/names.ts'
import { Indexer } from '../../../main/core/index/indexer.ts'
import type { TextChange } from '../../../main/core/ports.ts'
import { ProjectIndex } from '../../../main/core/index/project-index.ts'
import { createFakeFiles } from '../../fakes/files.ts'
import { createFakeIndex } from '../../fakes/index.ts'

const never = new AbortController().signal

function indexerOver(contents: Map<string, string>): Indexer {
  return new Indexer({
    read: async (path) => contents.get(path) ?? null,
    occurrences: async () => null,
    now: () => 0,
    pause: async () => undefined,
  })
}

const holders = (indexer: Indexer, name: string): readonly string[] =>
  indexer.index.sharing([hashOfName(name)], 100).map(({ path }) => path)

describe('Indexer', () => {
  it('reads what it was told of, again after a change, and forgets what is gone', async () => {
    const contents = new Map([
      ['a.ts', 'alpha()'],
      ['b.ts', 'alpha()'],
    ])
    const indexer = indexerOver(contents)
    indexer.seen(['a.ts', 'b.ts', 'never.ts'])
    await indexer.settled()
    expect(holders(indexer, 'alpha')).toEqual(['a.ts', 'b.ts'])
    contents.set('a.ts', 'beta()')
    contents.delete('b.ts')
    indexer.changed(['a.ts', 'b.ts'], true)
    await indexer.settled()
    expect(holders(indexer, 'alpha')).toEqual([])
    expect(holders(indexer, 'beta')).toEqual(['a.ts'])
  })

  it('reads no more of what a scan found than there is room for, and what is edited all the same', async () => {
    const read: string[] = []
    const ports = {
      read: async (path: string) => {
        read.push(path)
        return 'alpha'
      },
      occurrences: async () => null,
      now: () => 0,
      pause: async () => undefined,
    }
    const indexer = new Indexer(ports, new ProjectIndex({ files: 2, numbers: 100 }))
    indexer.seen(['a.ts', 'b.ts', 'c.ts'])
    indexer.seen(['d.ts'])
    await indexer.settled()
    expect(read).toEqual(['a.ts', 'b.ts'])
    indexer.changed(['d.ts'], true)
    indexer.changed(['e.ts'], false)
    await indexer.settled()
    expect(read).toEqual(['a.ts', 'b.ts', 'd.ts'])
    expect(holders(indexer, 'alpha')).toEqual(['d.ts', 'b.ts'])
  })

  it('never reads a file whose name says that it holds secrets', async () => {
    const read: string[] = []
    const indexer = new Indexer({
      read: async (path) => {
        read.push(path)
        return 'secret'
      },
      occurrences: async () => null,
      now: () => 0,
      pause: async () => undefined,
    })
    indexer.seen(['.env', 'id_rsa', 'a.ts'])
    await indexer.settled()
    expect(read).toEqual(['a.ts'])
  })

  it('rests after each stretch of work', async () => {
    let now = 0
    let rests = 0
    const indexer = new Indexer({
      read: async () => {
        now += 3
        return 'alpha'
      },
      occurrences: async () => null,
      now: () => now,
      pause: async () => {
        rests += 1
      },
    })
    indexer.seen(Array.from({ length: 20 }, (_, at) => `f${at}.ts`))
    await indexer.settled()
    expect(rests).toBe(10)
  })

  it('goes on after a read that failed', async () => {
    let first = true
    const indexer = new Indexer({
      read: async (path) => {
        if (!first) return path
        first = false
        throw new Error('the disk is gone')
      },
      occurrences: async () => null,
      now: () => 0,
      pause: async () => undefined,
    })
    indexer.seen(['alpha', 'gamma'])
    await indexer.settled()
    expect(holders(indexer, 'gamma')).toEqual(['gamma'])
  })
})

describe('elsewhere', () => {
  const contents = {
    'a.js': 'assert.equal(one(), 1)\nassert.equal(two(), 2)\n',
    'b.js': 'x()\nassert.equal(three(), 3)\n',
    'c.js': 'y()\nassert.equal(four(), 4)\nassert.equal(five(), 5)\n',
    'd.js': 'nothing()\n',
  }
  const inA = { path: 'a.js', before: contents['a.js'], after: 'expect(one()).toBe(1)\nexpect(two()).toBe(2)\n' }
  const inB = { path: 'b.js', before: contents['b.js'], after: 'x()\nexpect(three()).toBe(3)\n' }

  async function over(files: Record<string, string>) {
    const fake = createFakeFiles(files)
    const index = createFakeIndex(fake)
    index.seen(Object.keys(files))
    await index.settled()
    return {
      /** Makes the change, and answers what it teaches other files. */
      async make(change: TextChange, history: readonly TextChange[] = []) {
        fake.contents.set(change.path, change.after)
        index.changed(change.path, true)
        await index.settled()
        const { rename, files: found } = await index.elsewhere({ ...change, history }, never)
        expect(rename).toBeNull()
        return found.map(({ path, edits }) => [path, edits.flatMap(({ lines }) => lines)])
      },
    }
  }

  it('proposes in a third file what was made in two', async () => {
    const project = await over(contents)
    expect(await project.make(inA)).toEqual([])
    expect(await project.make(inB)).toEqual([['c.js', ['expect(four()).toBe(4)', 'expect(five()).toBe(5)']]])
  })

  describe('of what was made in one file alone', () => {
    const calls = (count: number, call: (at: number) => string) =>
      Array.from({ length: count }, (_, at) => `${call(at)}\n`).join('')
    const old = (at: number) => `assert.equal(kept${at}(), ${at})`
    const fresh = (at: number) => `expect(kept${at}()).toBe(${at})`
    const found = ['expect(four()).toBe(4)', 'expect(five()).toBe(5)']

    it('goes on with a phrase that was replaced everywhere in it, three times at least', async () => {
      const before = calls(3, old)
      const project = await over({ 'a.js': before, 'c.js': contents['c.js'] })
      expect(await project.make({ path: 'a.js', before, after: calls(3, fresh) })).toEqual([['c.js', found]])
    })

    it.each([
      ['that was replaced twice', calls(2, old), calls(2, fresh)],
      ['that was left somewhere', calls(5, old), calls(4, fresh) + old(4) + '\n'],
    ])('does not go on with a phrase %s', async (_what, before, after) => {
      const project = await over({ 'a.js': before, 'c.js': contents['c.js'] })
      expect(await project.make({ path: 'a.js', before, after })).toEqual([])
    })

    it('does not go on with a single word', async () => {
      const text = 'alpha one\nalpha two\nalpha three\n'
      const project = await over({ 'a.txt': text, 'b.txt': 'alpha four\nalpha five\n' })
      expect(await project.make({ path: 'a.txt', before: text, after: text.replaceAll('alpha', 'beta') })).toEqual([])
    })
  })

  it('does so only with what was just made', async () => {
    const project = await over(contents)
    await project.make(inA)
    await project.make(inB)
    expect(await project.make({ path: 'd.js', before: contents['d.js'], after: 'something()\n' })).toEqual([])
  })

  it('is silent where more was left alone than done in the files that were edited', async () => {
    const left = Array.from({ length: 12 }, (_, at) => `assert.equal(kept${at}(), ${at})\n`).join('')
    const project = await over({ ...contents, 'a.js': contents['a.js'] + left })
    await project.make({ ...inA, before: inA.before + left, after: inA.after + left })
    expect(await project.make(inB)).toEqual([])
  })

  it.each([
    ['that the file would have to import', "import { expectAll } from './expect'\n", '', 0],
    [
      'that the file imports as well',
      "import { expectAll } from './expect'\n",
      "import { expectAll } from './expect'\n",
      1,
    ],
    ['that nobody declares: it is there for all', '', '', 1],
  ])('looks at names %s', async (_what, importedThere, importedHere, count) => {
    const text = (name: string): string => `checkAll(${name})\n`
    const fresh = (name: string): string => `expectAll(${name})\n`
    const project = await over({
      'a.js': importedThere + text('one'),
      'b.js': importedThere + text('two'),
      'c.js': importedHere + text('three'),
    })
    await project.make({ path: 'a.js', before: importedThere + text('one'), after: importedThere + fresh('one') })
    const found = await project.make({
      path: 'b.js',
      before: importedThere + text('two'),
      after: importedThere + fresh('two'),
    })
    expect(found).toHaveLength(count)
  })

  it('leaves changelogs as they are', async () => {
    const line = (name: string): string => `see example.org/old/${name}\n`
    const project = await over({
      'a.md': line('one'),
      'b.md': line('two'),
      'docs/c.md': line('three'),
      'CHANGELOG.md': line('four'),
    })
    const made = (path: string, name: string) => ({
      path,
      before: line(name),
      after: line(name).replace('old', 'fresh'),
    })
    await project.make(made('a.md', 'one'))
    expect(await project.make(made('b.md', 'two'))).toEqual([['docs/c.md', ['see example.org/fresh/three']]])
  })

  it('takes a member for something else than a variable of its name', async () => {
    const project = await over({ 'a.js': 'f(bind)\n', 'b.js': 'g(bind)\n', 'c.js': 'h(a.bind)\nh(bind)\n' })
    await project.make({ path: 'a.js', before: 'f(bind)\n', after: 'f(isBound)\n' })
    const found = await project.make({ path: 'b.js', before: 'g(bind)\n', after: 'g(isBound)\n' })
    expect(found).toEqual([['c.js', ['h(isBound)']]])
  })

  it('moves a version on where the same stands before it, once three files have it', async () => {
    const line = (name: string, version: number): string => `// ${name} of the shop v1.2.${version} (MIT)\n`
    const names = ['a', 'b', 'c', 'd']
    const project = await over(Object.fromEntries(names.map((name) => [`${name}.js`, line(name, 3)])))
    const made = (name: string) => ({ path: `${name}.js`, before: line(name, 3), after: line(name, 4) })
    expect(await project.make(made('a'))).toEqual([])
    expect(await project.make(made('b'))).toEqual([])
    expect(await project.make(made('c'))).toEqual([['d.js', ['// d of the shop v1.2.4 (MIT)']]])
  })

  it('is silent about numbers that happen to be the same', async () => {
    const project = await over({ 'a.js': 'f(a, 15)\n', 'b.js': 'g(b, 15, 1)\n', 'c.js': 'h(c, 15)\n' })
    await project.make({ path: 'a.js', before: 'f(a, 15)\n', after: 'f(a, 18)\n' })
    expect(await project.make({ path: 'b.js', before: 'g(b, 15, 1)\n', after: 'g(b, 18, 1)\n' })).toEqual([])
  })

  it('learns from the lines around an edit, however long the file and its history', async () => {
    const filler = 'filler(1)\n'.repeat(20_000)
    const long = `${filler}${contents['a.js']}${filler}`
    const half = long.replace('assert.equal(one(), 1)', 'expect(one()).toBe(1)')
    const whole = half.replace('assert.equal(two(), 2)', 'expect(two()).toBe(2)')
    const project = await over({ ...contents, 'a.js': 'nothing()\n', 'long.js': long })
    const first = { path: 'long.js', before: long, after: half }
    await project.make(first)
    await project.make({ path: 'long.js', before: half, after: whole }, [first])
    expect(await project.make(inB)).toEqual([['c.js', ['expect(four()).toBe(4)', 'expect(five()).toBe(5)']]])
  })

  it('follows a renaming into the files that import it', async () => {
    const shop = {
      'cart.ts': 'export function total() {\n  return 1\n}\n',
      'page.ts': "import { total } from './cart'\ntotal()\n",
      'tax.ts': 'const total = 1\nuse(total)\n',
    }
    const index = createFakeIndex(createFakeFiles(shop))
    index.seen(Object.keys(shop))
    await index.settled()
    const after = shop['cart.ts'].replace('total', 'sumOf')
    const found = await index.elsewhere({ path: 'cart.ts', before: shop['cart.ts'], after, history: [] }, never)
    expect(found.rename).toMatchObject({ from: 'total', to: 'sumOf', edits: [] })
    expect(found.files.map(({ path, edits }) => [path, edits.flatMap(({ lines }) => lines)])).toEqual([
      ['page.ts', ["import { sumOf } from './cart'", 'sumOf()']],
    ])
  })

  describe('a renaming of which something was turned down', () => {
    const shop = {
      'cart.ts': 'export function total() {\n  return 1\n}\n\ntotal()\n',
      'page.ts': "import { total } from './cart'\ntotal()\nuse(total)\n",
    }
    const before = shop['cart.ts']
    const after = before.replace('total', 'sumOf')
    const turnedDown = (path: string, start: number, old: string) => ({
      path,
      start,
      end: start + 1,
      oldLines: [old],
      lines: [old.replace('total', 'sumOf')],
    })
    const own = turnedDown('cart.ts', 5, 'total()')
    const use = turnedDown('page.ts', 3, 'use(total)')

    async function left(rejected: readonly (typeof own)[]): Promise<readonly string[]> {
      const index = createFakeIndex(createFakeFiles(shop))
      index.seen(Object.keys(shop))
      await index.settled()
      const { rename, files } = await index.elsewhere({ path: 'cart.ts', before, after, history: [], rejected }, never)
      const edits = [...(rename?.edits ?? []), ...files.flatMap((file) => file.edits)]
      return edits.map(({ path, start }) => `${path}:${start}`)
    }

    it('is no renaming of a member that other files declare, too', async () => {
      const cart = 'class Cart {\n  itemCount() {\n    return 1\n  }\n  all() {\n    return this.itemCount()\n  }\n}\n'
      const files = { 'cart.ts': cart, 'page.ts': 'cart.itemCount()\n' }
      for (const besides of [{}, { 'order.ts': 'class Order {\n  itemCount() {\n    return 2\n  }\n}\n' }]) {
        const index = createFakeIndex(createFakeFiles({ ...files, ...besides }))
        index.seen([...Object.keys(files), ...Object.keys(besides)])
        await index.settled()
        const change = { path: 'cart.ts', before: cart, after: cart.replace('itemCount', 'sizeOf'), history: [] }
        const { rename, files: found } = await index.elsewhere(change, never)
        const isOnly = Object.keys(besides).length === 0
        expect(rename !== null).toBe(isOnly)
        expect(found.map(({ path }) => path)).toEqual(isOnly ? ['page.ts'] : [])
      }
    })

    it('goes on at the other places', async () => {
      expect(await left([])).toEqual(['cart.ts:5', 'page.ts:1', 'page.ts:2', 'page.ts:3'])
      expect(await left([use])).toEqual(['cart.ts:5', 'page.ts:1', 'page.ts:2'])
      expect(await left([own])).toEqual(['page.ts:1', 'page.ts:2', 'page.ts:3'])
    })

    it('goes nowhere when more was turned down than is left', async () => {
      const elsewhere = [turnedDown('gone.ts', 1, 'total'), turnedDown('gone.ts', 2, 'total + 1')]
      expect(await left([own, use, ...elsewhere])).toEqual([])
    })

    it('is not held against another renaming', async () => {
      const other = { ...own, lines: ['all()'] }
      expect(await left([other, other, other, other, other])).toHaveLength(4)
    })
  })
})
