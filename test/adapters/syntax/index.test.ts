// The Index port on its own thread, over a real folder.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { focusOn } from '../../../main/core/index/focus.ts'
import { openSyntax, type OpenSyntax } from '../../../main/adapters/syntax/syntax.ts'

/** Starting a thread takes a while on a busy machine. */
const PATIENCE = { timeout: 20_000 }
const never = new AbortController().signal
const errors: string[] = []
const log = { info: () => undefined, error: (message: string) => void errors.push(message) }
let closing: (() => Promise<void>)[] = []

afterEach(async () => {
  await Promise.all(closing.map((close) => close()))
  closing = []
  errors.length = 0
})

interface Opened extends OpenSyntax {
  write(path: string, text: string): void
}

function open(contents: Record<string, string>): Opened {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'slipstream-index-')))
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  for (const [path, text] of Object.entries(contents)) write(path, text)
  const opened = openSyntax({ place: { root, maxBytes: 1_000_000, own: [] }, log })
  closing.push(async () => {
    await opened.close()
    rmSync(root, { recursive: true, force: true })
  })
  return { ...opened, write }
}

const USE = focusOn('b.ts', 'totalOf(1)\n', 1, 2)

test('it finds declarations in files it was told of, and follows their changes', async () => {
  const { index, write } = open({ 'src/a.ts': 'export function totalOf(a: number) {\n}\n', 'b.ts': USE.part })
  index.seen(['src/a.ts', 'b.ts'])
  await expect
    .poll(() => index.related(USE, never), PATIENCE)
    .toEqual([{ path: 'src/a.ts', start: 1, lines: ['export function totalOf(a: number) {'] }])
  write('src/c.ts', 'export const other = 1\n')
  write('src/a.ts', 'export const nothing = 1\n')
  index.changed('src/a.ts', true)
  index.changed('src/c.ts', false)
  await expect.poll(() => index.related(USE, never), PATIENCE).toEqual([])
})

test('nothing outside of the project is read, nor what holds secrets', async () => {
  const { index } = open({ 'a.ts': 'export function isKnown() {\n', '.env': 'export function totalOf() {\n' })
  index.seen(['../../../etc/passwd', '.env', '/etc/passwd', 'missing.ts', 'a.ts'])
  await expect
    .poll(async () => {
      const found = await index.related({ ...USE, part: 'root(totalOf, isKnown)\n' }, never)
      return found.map(({ path }) => path)
    }, PATIENCE)
    .toEqual(['a.ts'])
  expect(errors).toEqual([])
})

test('it proposes an edit in other files', async () => {
  const files = {
    'a.js': 'assert.equal(one(), 1)\nassert.equal(two(), 2)\n',
    'b.js': 'x()\nassert.equal(three(), 3)\n',
    'c.js': 'y()\nassert.equal(four(), 4)\nassert.equal(five(), 5)\n',
  }
  const { index, write } = open(files)
  index.seen(Object.keys(files))
  const elsewhere = async (path: keyof typeof files, after: string): Promise<readonly string[]> => {
    const change = { path, before: files[path], after, history: [] }
    return (await index.elsewhere(change, never)).files.map(({ path: at, edits }) => `${at} ${edits.length}`)
  }
  const after = 'expect(one()).toBe(1)\nexpect(two()).toBe(2)\n'
  write('a.js', after)
  await elsewhere('a.js', after)
  await expect.poll(() => elsewhere('b.js', 'x()\nexpect(three()).toBe(3)\n'), PATIENCE).toEqual(['c.js 2'])
})

test('without a project it knows of nothing', async () => {
  const opened = openSyntax({ place: null, log })
  closing.push(() => opened.close())
  opened.index.seen(['a.ts'])
  opened.index.changed('a.ts', true)
  expect(await opened.index.related(USE, never)).toEqual([])
})
