// What the rest of the project adds: related places in requests, the same edit in other files, renamings by scope.
import { expect, test } from 'vitest'
import { settle } from '../../fakes/clock.ts'
import { createFakeIndex, emptyIndex } from '../../fakes/index.ts'
import { LOCAL } from '../../fakes/models.ts'
import { createWorld, referenceTo, type World, type WorldOptions } from '../../fakes/world.ts'

async function indexed(contents: Record<string, string>, options: WorldOptions = {}): Promise<World> {
  const world = await createWorld({ contents, index: createFakeIndex, ...options })
  await settle()
  return world
}

function promptOf(world: World): string {
  return world
    .reply()
    .request.prompt.messages.map(({ text }) => text)
    .join('\n')
}

const CART = "import { taxOf } from './tax'\n\nexport function total(item: Item) {\n  return 1\n}\n"
const TAX = 'export function taxOf(item: Item, zone: string): number {\n  return 1\n}\n'

test('a request carries the declarations of what the changed lines use', async () => {
  const world = await indexed({ 'src/cart.ts': CART, 'src/tax.ts': TAX })
  await world.save('src/cart.ts', CART.replace('return 1', 'return taxOf(item)'))
  expect(promptOf(world)).toContain('export function taxOf(item: Item, zone: string): number {')
})

test('what is asked in words carries them too', async () => {
  const text = CART.replace('return 1', 'return taxOf(item)')
  const world = await indexed({ 'src/cart.ts': text, 'src/tax.ts': TAX })
  await world.session.ask({ text: 'add the zone', place: 'src/cart.ts:4' })
  expect(promptOf(world)).toContain('zone: string')
})

test('the preview of a request shows them as well', async () => {
  const text = CART.replace('return 1', 'return taxOf(item)')
  const world = await indexed({ 'src/cart.ts': text, 'src/tax.ts': TAX })
  let sent = ''
  world.models.preview = (request) => {
    sent = request.prompt.messages.map((message) => message.text).join('\n')
    return null
  }
  await world.session.preview({ text: 'add the zone', place: 'src/cart.ts:4' })
  expect(sent).toContain('zone: string')
})

test('a request does not wait for what takes long', async () => {
  const world = await createWorld({
    contents: { 'src/cart.ts': CART },
    index: () => ({ ...emptyIndex, related: () => new Promise(() => undefined) }),
  })
  await world.save('src/cart.ts', CART.replace('return 1', 'return taxOf(item)'))
  expect(world.models.replies).toHaveLength(0)
  await world.clock.advance(5)
  expect(world.models.replies).toHaveLength(1)
})

test('an index that fails costs nothing but its help', async () => {
  const world = await createWorld({
    contents: { 'src/cart.ts': CART },
    index: () => ({
      ...emptyIndex,
      related: () => Promise.reject(new Error('broken')),
      elsewhere: () => Promise.reject(new Error('broken')),
    }),
  })
  await world.save('src/cart.ts', CART.replace('return 1', 'return taxOf(item)'))
  expect(world.models.replies).toHaveLength(1)
  expect(world.errors).toHaveLength(2)
})

test('the embedded engine proposes the edit in other files, which can be accepted there', async () => {
  const text = 'assert.equal(one(), 1)\nassert.equal(two(), 2)\nassert.equal(three(), 3)\n'
  const other = 'x()\nassert.equal(four(), 4)\n'
  const world = await indexed({ 'a.js': text, 'lib/b.js': other }, { provider: LOCAL })
  await world.save('a.js', text.replace('assert.equal(one', 'assert.strictEqual(one'))
  await settle()
  const suggestion = await world.suggestion()
  expect(suggestion).toMatchObject({ lane: 'local', state: 'ready', path: 'a.js' })
  expect(suggestion.hunks.map(({ path, start }) => `${path}:${start}`)).toEqual(['a.js:2', 'a.js:3', 'lib/b.js:2'])
  const result = await world.session.accept({ hunks: suggestion.hunks.map((hunk) => referenceTo(suggestion, hunk)) })
  expect(result.ok).toBe(true)
  expect(world.files.contents.get('lib/b.js')).toBe('x()\nassert.strictEqual(four(), 4)\n')
})

test('an edit that fits only in other files has its card', async () => {
  const text = 'assert.equal(one(), 1)\nassert.equal(two(), 2)\n'
  const other = 'x()\nassert.equal(three(), 3)\nassert.equal(four(), 4)\n'
  const world = await indexed({ 'a.js': text, 'b.js': other }, { provider: LOCAL })
  await world.save('a.js', 'expect(one()).toBe(1)\nexpect(two()).toBe(2)\n')
  await settle()
  expect((await world.suggestion()).hunks.map(({ path, start }) => `${path}:${start}`)).toEqual(['b.js:2', 'b.js:3'])
})

test.each([
  ['nothing is waited for where nothing was renamed', 'check(', 'verify.ok(', 0, 0],
  ['scopes are waited for where a name was changed', 'check(', 'verify(', 0, 20],
  ['nothing is waited for in texts that take longer to parse', 'check(', 'verify(', 8_000, 0],
])('before the own file is shown, %s', async (_what, from, to, more, wait) => {
  const calls = ['one', 'two', 'three', 'four'].map((name) => `if (${name} == null) check(${name})\n`).join('')
  const text = calls + '// a line\n'.repeat(more)
  const world = await createWorld({
    contents: { 'a.js': text },
    provider: LOCAL,
    index: () => ({ ...emptyIndex, elsewhere: () => new Promise(() => undefined) }),
  })
  await world.save('a.js', text.replace(from, to))
  expect((await world.suggestions()).length).toBe(wait === 0 ? 1 : 0)
  await world.clock.advance(wait)
  expect((await world.suggestion()).hunks.length).toBeGreaterThan(0)
})

test('a renaming goes by scopes: shadowed names, members and strings stay', async () => {
  const text = `const sum = 1
use(sum)
function f(sum) {
  return sum
}
a.sum = "sum"
use(sum + 1)
`
  const world = await indexed({ 'a.js': text }, { provider: LOCAL })
  await world.save('a.js', text.replace('const sum', 'const total'))
  await settle()
  const suggestion = await world.suggestion()
  expect(suggestion.hunks.map(({ newLines }) => newLines)).toEqual([['use(total)'], ['use(total + 1)']])
  expect(suggestion.explanation).toContain('`sum` → `total`')
})

test('a renaming follows into the files that import the name', async () => {
  const page = "import { total } from './cart'\n\nrender(total(1))\n"
  const world = await indexed(
    { 'cart.ts': 'export function total(a: number) {\n  return a\n}\n', 'page.ts': page },
    { provider: LOCAL },
  )
  await world.save('cart.ts', 'export function sumOf(a: number) {\n  return a\n}\n')
  await settle()
  const suggestion = await world.suggestion()
  expect(suggestion.hunks.map(({ path, newLines }) => [path, newLines])).toEqual([
    ['page.ts', ["import { sumOf } from './cart'"]],
    ['page.ts', ['render(sumOf(1))']],
  ])
})

test('files that have changed since they were looked at are left out', async () => {
  const text = 'assert.equal(one(), 1)\nassert.equal(two(), 2)\n'
  const edit = { path: 'b.js', start: 1, end: 2, lines: ['changed'] }
  const world = await createWorld({
    contents: { 'a.js': text, 'b.js': 'now\n', 'c.js': 'same\n' },
    provider: LOCAL,
    index: () => ({
      ...emptyIndex,
      elsewhere: async () => ({
        rename: null,
        files: [
          { path: 'b.js', text: 'then\n', edits: [edit] },
          { path: 'c.js', text: 'same\n', edits: [{ ...edit, path: 'c.js' }] },
          { path: 'node_modules/d.js', text: 'same\n', edits: [{ ...edit, path: 'node_modules/d.js' }] },
        ],
      }),
    }),
  })
  await world.save('a.js', 'expect(one()).toBe(1)\nexpect(two()).toBe(2)\n')
  await settle()
  expect((await world.suggestion()).hunks.map(({ path }) => path)).toEqual(['c.js'])
})

test('a file that cannot be read any more while its edits are offered is written down, and the session goes on', async () => {
  const found = {
    rename: null,
    files: [{ path: 'b.ts', text: 'old\n', edits: [{ path: 'b.ts', start: 1, end: 2, lines: ['new'] }] }],
  }
  const world = await createWorld({
    contents: { 'a.ts': 'old\n', 'b.ts': 'old\n' },
    provider: LOCAL,
    index: () => ({ ...emptyIndex, elsewhere: async () => found }),
  })
  const { read } = world.files
  world.files.read = async (path, ...rest) => {
    if (path === 'b.ts') throw new Error('the project worker stopped')
    return read(path, ...rest)
  }
  await world.save('a.ts', 'new\n')
  expect(world.errors).toEqual(['a step of the session failed: Error: the project worker stopped'])
  world.files.read = read
  await world.clock.advance(5000)
  await world.save('a.ts', 'newer\n')
  expect(await world.suggestion()).toMatchObject({ lane: 'local', path: 'a.ts' })
})
