// The store: what is committed is durable, ordered and atomic, whatever happens to the disk, the file or the process.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createInterface } from 'node:readline'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openStore, type OpenStore, type StoreOptions } from '../../main/adapters/store.ts'
import type { StoreOperation } from '../../main/core/ports.ts'

let folder = ''
let file = ''
let opened: OpenStore[] = []
let children: ChildProcess[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipstream-store-'))
  file = join(folder, 'projects', 'one.sqlite')
})

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  for (const store of opened) await store.close()
  opened = []
  children = []
  rmSync(folder, { recursive: true, force: true })
})

async function open(options: StoreOptions = {}, path = file): Promise<OpenStore> {
  const store = await openStore(path, options)
  if (!store.ok) throw new Error(store.failure.message)
  opened.push(store.value)
  return store.value
}

const put = (key: string, value: unknown): StoreOperation => ({ type: 'put', table: 'meta', key, value })
const blob = (hash: string, text: string): StoreOperation => ({ type: 'blob', hash, text })

function child(...words: readonly string[]): ChildProcess {
  const entry = join(import.meta.dirname, '../fakes/store-process.ts')
  const started = spawn(process.execPath, [entry, file, ...words], { stdio: ['pipe', 'pipe', 'inherit'] })
  children.push(started)
  return started
}

function linesOf(process: ChildProcess): AsyncIterableIterator<string> {
  if (process.stdout === null) throw new Error('no standard output')
  return createInterface({ input: process.stdout })[Symbol.asyncIterator]()
}

describe('rows and blobs', () => {
  test('a row is read back as it was put, in a new session too', async () => {
    const value = { text: 'a\u0000b\ud800', list: [1, null, { deep: true }] }
    const first = await open()
    expect(await first.commit([put('key', value)])).toEqual({ ok: true, value: null })
    await first.close()
    expect(await (await open()).rows('meta')).toEqual(new Map([['key', value]]))
  })

  test('many rows are read whole, also by several who read at the same time', async () => {
    const store = await open()
    const keys = Array.from({ length: 2_500 }, (_, index) => `key ${index} "ä"`)
    await store.commit(keys.map((key, index) => put(key, { index })))
    const rows = new Map(keys.map((key, index) => [key, { index }]))
    expect(await Promise.all([store.rows('meta'), store.rows('meta'), store.rows('meta')])).toEqual([rows, rows, rows])
  })

  test('tables do not see the rows of each other', async () => {
    const store = await open()
    await store.commit([put('key', 1), { type: 'put', table: 'apply', key: 'key', value: 2 }])
    expect([await store.rows('meta'), await store.rows('apply'), await store.rows('baseline')]).toEqual([
      new Map([['key', 1]]),
      new Map([['key', 2]]),
      new Map(),
    ])
  })

  test('rows come in the order in which their keys came first', async () => {
    const store = await open()
    await store.commit([put('z', 1), put('a', 2)])
    await store.commit([put('m', 3), put('z', 4)])
    expect([...(await store.rows('meta'))]).toEqual([
      ['z', 4],
      ['a', 2],
      ['m', 3],
    ])
  })

  test('a value changed after the call is stored as it was at the call', async () => {
    const store = await open()
    const value = { state: 'before' }
    const committed = store.commit([put('key', value)])
    value.state = 'after'
    await committed
    expect(await store.rows('meta')).toEqual(new Map([['key', { state: 'before' }]]))
  })

  test('a blob keeps every text exactly, lone surrogates and NUL included', async () => {
    const store = await open()
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), fc.uuid(), async (text, hash) => {
        const exact = `${text}\ud800\u0000\r\n`
        await store.commit([blob(hash, exact)])
        expect(await store.blob(hash)).toBe(exact)
      }),
      { numRuns: 30 },
    )
  })

  test('an unknown blob is null', async () => {
    expect(await (await open()).blob('none')).toBeNull()
  })

  test('keepBlobs keeps the text of every baseline, listed or not', async () => {
    const store = await open()
    await store.commit([
      { type: 'blob', hash: 'a', text: 'of a baseline' },
      { type: 'blob', hash: 'b', text: 'of none' },
      { type: 'put', table: 'baseline', key: 'src/a.ts', value: { hash: 'a' } },
      { type: 'put', table: 'baseline', key: 'src/c.ts', value: null },
      { type: 'put', table: 'meta', key: 'other', value: { hash: 'b' } },
    ])
    await store.commit([{ type: 'keepBlobs', hashes: [] }])
    expect([await store.blob('a'), await store.blob('b')]).toEqual(['of a baseline', null])
  })

  test('keepBlobs drops exactly the blobs that are not listed', async () => {
    const store = await open()
    await store.commit([blob('a', 'A'), blob('b', 'B'), blob('c', 'C')])
    await store.commit([{ type: 'keepBlobs', hashes: ['b', 'unknown'] }])
    expect([await store.blob('a'), await store.blob('b'), await store.blob('c')]).toEqual([null, 'B', null])
  })

  test('a row without a value is a bug of the caller', async () => {
    await expect((await open()).commit([put('key', undefined)])).rejects.toThrow('meta/key')
  })
})

describe('commits', () => {
  test('reads see every commit that was asked for before them', async () => {
    const store = await open()
    void store.commit([put('key', 1)])
    void store.commit([blob('hash', 'text')])
    expect(await Promise.all([store.rows('meta'), store.blob('hash')])).toEqual([new Map([['key', 1]]), 'text'])
  })

  test('any commits, asked for at once, leave what they would leave one after the other', async () => {
    const key = fc.constantFrom('a', 'b', 'c')
    const operation: fc.Arbitrary<StoreOperation> = fc.oneof(
      fc.record({ type: fc.constant('put'), table: fc.constant('meta'), key, value: fc.jsonValue() }),
      fc.record({ type: fc.constant('delete'), table: fc.constant('meta'), key }),
      key.map((hash) => blob(hash, `text of ${hash}`)),
      fc.record({ type: fc.constant('keepBlobs'), hashes: fc.uniqueArray(key) }),
    )
    let run = 0
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(operation, { maxLength: 4 }), { maxLength: 12 }), async (commits) => {
        run += 1
        const store = await open({}, join(folder, `run-${run}`, 'store.sqlite'))
        const rows = new Map<string, unknown>()
        const blobs = new Map<string, string>()
        for (const each of commits.flat()) {
          if (each.type === 'put') rows.set(each.key, JSON.parse(JSON.stringify(each.value)))
          else if (each.type === 'delete') rows.delete(each.key)
          else if (each.type === 'blob') blobs.set(each.hash, each.text)
          else for (const hash of blobs.keys()) if (!each.hashes.includes(hash)) blobs.delete(hash)
        }
        const outcomes = await Promise.all(commits.map((operations) => store.commit(operations)))
        expect(outcomes.every((outcome) => outcome.ok)).toBe(true)
        expect(await store.rows('meta')).toEqual(rows)
        for (const hash of ['a', 'b', 'c']) expect(await store.blob(hash)).toBe(blobs.get(hash) ?? null)
        await store.close()
      }),
      { numRuns: 15 },
    )
  })

  test('a commit that fails changes nothing, and those queued with it stand', async () => {
    const store = await open({ maxBytes: 200_000 })
    const outcomes = await Promise.all([
      store.commit([put('first', 1)]),
      store.commit([put('half', 1), blob('large', 'x'.repeat(1_000_000))]),
      store.commit([put('last', 1)]),
    ])
    expect(outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.failure.code))).toEqual(['ok', 'full', 'ok'])
    expect([...(await store.rows('meta')).keys()]).toEqual(['first', 'last'])
  })

  test('a full disk is told in one line that names the file, and is over once there is room', async () => {
    const store = await open({ maxBytes: 400_000 })
    await store.commit([blob('old', 'x'.repeat(250_000))])
    const full = await store.commit([blob('new', 'y'.repeat(250_000))])
    expect(full).toMatchObject({ ok: false, failure: { code: 'full', message: expect.stringContaining(file) } })
    expect(await store.commit([{ type: 'keepBlobs', hashes: [] }])).toEqual({ ok: true, value: null })
    expect(await store.commit([blob('new', 'y'.repeat(250_000))])).toEqual({ ok: true, value: null })
  })

  test('everything that was acknowledged survives kill -9', async () => {
    const writer = child('row', '100000')
    let last = -1
    for await (const line of linesOf(writer)) {
      last = Number(line)
      if (last === 60) break
    }
    writer.kill('SIGKILL')
    await once(writer, 'exit')
    const store = await open()
    const rows = await store.rows('meta')
    for (let index = 0; index <= last; index += 1) {
      expect(rows.get(`row${index}`)).toBe(index)
      expect(await store.blob(`row${index}`)).toBe('x'.repeat(index))
    }
    expect(store.notice).toBeNull()
  })

  test('after close a commit is refused as a value', async () => {
    const store = await open()
    await store.close()
    expect(await store.commit([put('key', 1)])).toMatchObject({ ok: false, failure: { code: 'closed' } })
  })

  test('what was asked for before close is durable', async () => {
    const store = await open()
    const committed = store.commit([put('key', 1)])
    await store.close()
    expect(await committed).toEqual({ ok: true, value: null })
    expect(await (await open()).rows('meta')).toEqual(new Map([['key', 1]]))
  })
})

describe('two windows on one project', () => {
  test('both write at the same time, and nothing is lost', async () => {
    const other = child('theirs', '80')
    const store = await open()
    const outcomes = await Promise.all(
      Array.from({ length: 80 }, (_, index) => store.commit([put(`ours${index}`, index)])),
    )
    expect(outcomes.every((outcome) => outcome.ok)).toBe(true)
    expect(await once(other, 'exit')).toEqual([0, null])
    expect((await store.rows('meta')).size).toBe(160)
  })

  test('neither drops blobs that the other may need', async () => {
    const store = await open()
    await store.commit([blob('ours', 'O')])
    const other = child('theirs', '2', 'stay')
    const lines = linesOf(other)
    await lines.next()
    await lines.next()
    await store.commit([{ type: 'keepBlobs', hashes: [] }])
    expect([await store.blob('ours'), await store.blob('theirs1')]).toEqual(['O', 'x'])
  })

  test('a session that begins beside another drops none either', async () => {
    const other = child('theirs', '2', 'stay')
    const lines = linesOf(other)
    await lines.next()
    await lines.next()
    const store = await open()
    await store.commit([{ type: 'keepBlobs', hashes: [] }])
    expect(await store.blob('theirs1')).toBe('x')
  })

  test('a session alone drops what one left that was killed', async () => {
    const other = child('theirs', '2', 'stay')
    const lines = linesOf(other)
    await lines.next()
    await lines.next()
    other.kill('SIGKILL')
    await once(other, 'exit')
    const store = await open()
    await store.commit([{ type: 'keepBlobs', hashes: ['theirs0'] }])
    expect([await store.blob('theirs0'), await store.blob('theirs1')]).toEqual(['', null])
  })

  test('one that waits too long for the other says so and works afterwards', async () => {
    const store = await open({ busyMs: 30 })
    const other = new DatabaseSync(file)
    other.exec('BEGIN IMMEDIATE')
    expect(await store.commit([put('key', 1)])).toMatchObject({ ok: false, failure: { code: 'busy' } })
    other.exec('ROLLBACK')
    other.close()
    expect(await store.commit([put('key', 1)])).toEqual({ ok: true, value: null })
  })
})

describe('the file', () => {
  const asideOf = () => readdirSync(join(folder, 'projects')).filter((name) => name.includes('.corrupt-'))

  test('its folder and all its files are closed to others', async () => {
    mkdirSync(join(folder, 'projects'), { mode: 0o755 })
    chmodSync(join(folder, 'projects'), 0o755)
    const store = await open()
    await store.commit([put('key', 1)])
    const names = readdirSync(join(folder, 'projects'))
    expect(names).toEqual(['one.sqlite', 'one.sqlite-shm', 'one.sqlite-wal'])
    for (const name of names) expect(statSync(join(folder, 'projects', name)).mode & 0o777).toBe(0o600)
    expect(statSync(join(folder, 'projects')).mode & 0o777).toBe(0o700)
  })

  test('a file that is no database is moved aside with its bytes, and a new one begun', async () => {
    mkdirSync(join(folder, 'projects'))
    writeFileSync(file, 'not a database, but somebody may want it '.repeat(100))
    const store = await open()
    const [aside = ''] = asideOf()
    expect(store.notice).toContain(aside)
    expect(store.notice).not.toContain('\n')
    expect(readFileSync(join(folder, 'projects', aside), 'utf8')).toContain('somebody may want it')
    expect(await store.commit([put('key', 1)])).toEqual({ ok: true, value: null })
  })

  test('a database of another program is moved aside', async () => {
    mkdirSync(join(folder, 'projects'))
    const foreign = new DatabaseSync(file)
    foreign.exec('CREATE TABLE item (other TEXT); PRAGMA user_version = 1')
    foreign.close()
    const store = await open()
    expect(store.notice).not.toBeNull()
    expect(await store.rows('meta')).toEqual(new Map())
  })

  test('damaged rows are noticed at the start', async () => {
    const store = await open()
    await store.commit(Array.from({ length: 500 }, (_, index) => put(`key${index}`, 'x'.repeat(500))))
    await store.close()
    const bytes = readFileSync(file)
    bytes.fill(0xff, 4096 * 5)
    writeFileSync(file, bytes)
    const again = await open()
    expect(again.notice).toContain('damaged')
    expect(asideOf()).toHaveLength(1)
  })

  test('a damaged blob is noticed when it is met, and heals with the next start', async () => {
    const store = await open()
    await store.commit(Array.from({ length: 300 }, (_, index) => blob(`hash${index}`, `${index}`.repeat(900))))
    await store.close()
    const bytes = readFileSync(file)
    bytes.fill(0xff, 4096 * 12)
    writeFileSync(file, bytes)
    const second = await open()
    const reads = await Promise.allSettled(Array.from({ length: 300 }, (_, index) => second.blob(`hash${index}`)))
    expect(reads.some((read) => read.status === 'rejected')).toBe(true)
    await second.close()
    const third = await open()
    expect(third.notice).toContain('damaged')
    await third.close()
    expect((await open()).notice).toBeNull()
  })

  test('one written by a newer version is left as it is', async () => {
    await (await open()).close()
    const newer = new DatabaseSync(file)
    newer.exec('PRAGMA user_version = 99')
    newer.close()
    expect(await openStore(file)).toMatchObject({ ok: false, failure: { code: 'newer' } })
    expect(asideOf()).toEqual([])
  })

  test('where it cannot be made, opening fails as a value', async () => {
    writeFileSync(join(folder, 'projects'), 'a file where the folder should be')
    expect(await openStore(file)).toMatchObject({ ok: false, failure: { message: expect.stringContaining(file) } })
  })

  test('closing leaves no log behind', async () => {
    const store = await open()
    await store.commit([put('key', 1)])
    await store.close()
    expect(existsSync(`${file}-wal`)).toBe(false)
  })
})
