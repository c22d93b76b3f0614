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

const ASSERT = {
  'a.js': 'assert.equal(one(), 1)\nassert.equal(two(), 2)\n',
  'b.js': 'x()\nassert.equal(three(), 3)\ny()\nassert.equal(four(), 4)\n',
  'lib/c.js': 'z()\nassert.equal(five(), 5)\n',
}
const strict = (text: string): string => text.replaceAll('assert.equal', 'assert.strictEqual')

test('the embedded engine proposes in a third file what was made in two, and it can be accepted there', async () => {
  const world = await indexed(ASSERT, { provider: LOCAL })
  await world.save('a.js', strict(ASSERT['a.js']))
  await world.clock.advance(5000)
  await world.save('b.js', ASSERT['b.js'].replace('assert.equal(three', 'assert.strictEqual(three'))
  await settle()
  const suggestion = await world.suggestion()
  expect(suggestion).toMatchObject({ lane: 'local', state: 'ready', path: 'b.js' })
  expect(suggestion.hunks.map(({ path, start }) => `${path}:${start}`)).toEqual(['b.js:4', 'lib/c.js:2'])
  expect(suggestion.explanation).toBe('`equal` → `strictEqual`, 2 more places in 2 files')
  const result = await world.session.accept({ hunks: suggestion.hunks.map((hunk) => referenceTo(suggestion, hunk)) })
  expect(result.ok).toBe(true)
  expect(world.files.contents.get('lib/c.js')).toBe('z()\nassert.strictEqual(five(), 5)\n')
})

test('an edit that fits only in other files has its card', async () => {
  const world = await indexed(ASSERT, { provider: LOCAL })
  await world.save('a.js', strict(ASSERT['a.js']))
  await world.clock.advance(5000)
  await world.save('b.js', strict(ASSERT['b.js']))
  await settle()
  expect((await world.suggestion()).hunks.map(({ path, start }) => `${path}:${start}`)).toEqual(['lib/c.js:2'])
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
  const code = suggestion.hunks.filter(({ beyond }) => beyond === null)
  expect(code.map(({ newLines }) => newLines)).toEqual([['use(total)'], ['use(total + 1)']])
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

test('strings and comments that name what was renamed stand apart: last, folded, and not in "all"', async () => {
  const cart = 'export const maxItems = 1\nuse(maxItems)\n// maxItems: as many as fit\n'
  const page = "import { maxItems } from './cart'\nlog('maxItems')\nuse(maxItems)\n"
  const world = await indexed({ 'cart.ts': cart, 'page.ts': page }, { provider: LOCAL })
  await world.save('cart.ts', cart.replace('maxItems', 'mostItems'))
  await settle()
  const suggestion = await world.suggestion()
  expect(suggestion.hunks.map(({ path, start, beyond }) => [`${path}:${start}`, beyond?.kind ?? null])).toEqual([
    ['cart.ts:2', null],
    ['page.ts:1', null],
    ['page.ts:3', null],
    ['cart.ts:3', 'text'],
    ['page.ts:2', 'text'],
  ])
  const [, , , comment] = suggestion.hunks
  if (comment === undefined) throw new Error('the comment is offered')
  const refused = await world.session.accept({ hunks: [referenceTo(suggestion, comment)] })
  expect(refused).toMatchObject({ ok: false, failure: { code: 'folded' } })
  expect(world.files.contents.get('cart.ts')).toContain('// maxItems')
})

test('a renaming that has no place left in code offers nothing', async () => {
  const text = 'const maxItems = 1\n// maxItems: as many as fit\n'
  const world = await indexed({ 'a.ts': text }, { provider: LOCAL })
  await world.save('a.ts', text.replace('maxItems', 'mostItems'))
  await settle()
  expect(await world.suggestions()).toEqual([])
})

test('a place that was turned down does not come back when the name is changed again', async () => {
  const text = 'const total = 1\nuse(total)\nlog(total)\n'
  const renamed = text.replace('total', 'sum')
  const world = await indexed({ 'a.ts': text }, { provider: LOCAL })
  await world.save('a.ts', renamed)
  await settle()
  const suggestion = await world.suggestion()
  const [, log] = suggestion.hunks
  if (log === undefined) throw new Error('both places are offered')
  await world.session.reject({ hunks: [referenceTo(suggestion, log)] })
  await world.clock.advance(5000)
  await world.save('a.ts', text)
  await world.clock.advance(5000)
  // Its surroundings are not the same any more: it is known by what it would do.
  await world.save('a.ts', 'const total = 1\nuse(total)\nother()\nlog(total)\n')
  await world.clock.advance(5000)
  await world.save('a.ts', 'const sum = 1\nuse(total)\nother()\nlog(total)\n')
  await settle()
  const open = (await world.suggestions()).flatMap(({ hunks }) => hunks.filter(({ state }) => state === 'pending'))
  expect(open.map(({ newLines }) => newLines)).toEqual([['use(sum)']])
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
          { path: 'b.js', text: 'then\n', edits: [edit], texts: [] },
          { path: 'c.js', text: 'same\n', edits: [{ ...edit, path: 'c.js' }], texts: [] },
          { path: 'node_modules/d.js', text: 'same\n', edits: [{ ...edit, path: 'node_modules/d.js' }], texts: [] },
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
    files: [{ path: 'b.ts', text: 'old\n', edits: [{ path: 'b.ts', start: 1, end: 2, lines: ['new'] }], texts: [] }],
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
