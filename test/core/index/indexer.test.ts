// The index in the background, and the same edit in other files.
import { describe, expect, it } from 'vitest'
import { hashOfName } from '../../../main/core/index/names.ts'
import { Indexer } from '../../../main/core/index/indexer.ts'
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
    'b.js': 'x()\nassert.equal(three(), 3)\nassert.equal(four(), 4)\n',
    'c.js': 'nothing()\n',
  }

  it('proposes what was learnt in other files that share its names', async () => {
    const index = createFakeIndex(createFakeFiles(contents))
    index.seen(Object.keys(contents))
    await index.settled()
    const before = contents['a.js']
    const after = 'expect(one()).toBe(1)\nexpect(two()).toBe(2)\n'
    const { files, rename } = await index.elsewhere({ path: 'a.js', before, after, history: [] }, never)
    expect(rename).toBeNull()
    expect(files.map(({ path }) => path)).toEqual(['b.js'])
    expect(files[0]?.edits.map(({ lines }) => lines)).toEqual([['expect(three()).toBe(3)'], ['expect(four()).toBe(4)']])
  })

  it('learns from the lines around an edit, however long the file and its history', async () => {
    const filler = 'filler(1)\n'.repeat(20_000)
    const index = createFakeIndex(createFakeFiles(contents))
    index.seen(Object.keys(contents))
    await index.settled()
    const before = `${filler}${contents['a.js']}${filler}`
    const after = before.replace('assert.equal(one(), 1)', 'expect(one()).toBe(1)')
    const later = after.replace('assert.equal(two(), 2)', 'expect(two()).toBe(2)')
    const history = [{ path: 'long.js', before, after }]
    const { files } = await index.elsewhere({ path: 'long.js', before: after, after: later, history }, never)
    expect(files.map(({ path, edits }) => `${path} ${edits.length}`).toSorted()).toEqual(['a.js 2', 'b.js 2'])
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
})
