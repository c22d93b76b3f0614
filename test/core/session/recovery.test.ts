// The session cut off at every step of an accept, an undo and a redo: files wholly old or wholly new, and the queue agrees.
import { describe, expect, test } from 'vitest'
import { createFakeStore, type FakeStore } from '../../fakes/store.ts'
import { createFakeFiles } from '../../fakes/files.ts'
import { createWorld, referenceTo, unfoldAll, type World } from '../../fakes/world.ts'
import { settle } from '../../fakes/clock.ts'

const TEXT = 'zero\none\ntwo\n'
const NOW = TEXT.replace('zero', 'ZERO')
const OLD = { 'a.txt': NOW, 'b.txt': 'b\n' }
const NEW = { 'a.txt': NOW.replace('two', 'TWO'), 'c.txt': 'c\n' }
const PATCH = `*** Update File: a.txt
@@
-two
+TWO
*** Delete File: b.txt
*** Add File: c.txt
+c
`

/** After `steps` writes and commits, each counted before and after it takes effect, nothing happens any more. */
interface Fuse {
  steps: number
  readonly blown: boolean
}

function fused(world: World): Fuse {
  const fuse = { steps: Infinity, blown: false }
  const never = new Promise<never>(() => undefined)
  const step = (): boolean => {
    fuse.steps -= 1
    fuse.blown ||= fuse.steps < 0
    return fuse.blown
  }
  const { write } = world.files
  world.files.write = async (...given) => {
    if (step()) return never
    const result = await write(...given)
    return step() ? never : result
  }
  const { commit } = world.store
  world.store.commit = async (...given) => {
    if (step()) return never
    const result = await commit(...given)
    return step() ? never : result
  }
  return fuse
}

async function proposed(store: FakeStore): Promise<World> {
  const world = await createWorld({ contents: { 'a.txt': TEXT, 'b.txt': 'b\n' }, store })
  await world.save('a.txt', NOW)
  world.reply().text(`It.\n*** Begin Patch\n${PATCH}*** End Patch\n`)
  world.reply().finish()
  await settle()
  await unfoldAll(world)
  await world.session.queue.flush()
  return world
}

async function accept(world: World): Promise<unknown> {
  const suggestion = await world.suggestion()
  return world.session.accept({ hunks: suggestion.hunks.map((hunk) => referenceTo(suggestion, hunk)) })
}

/** The next start, on what was left: a store and files whose ports work again. */
async function restarted(world: World): Promise<World> {
  const files = createFakeFiles(Object.fromEntries(world.files.contents))
  const store = createFakeStore()
  for (const [name, rows] of world.store.tables) store.tables.set(name, new Map(rows))
  for (const [hash, text] of world.store.blobs) store.blobs.set(hash, text)
  return await createWorld({ files, store })
}

type Decision = 'accept' | 'undo' | 'redo'

async function decide(world: World, decision: Decision): Promise<unknown> {
  if (decision === 'accept') return accept(world)
  return decision === 'undo' ? world.session.undo() : world.session.redo({ apply: null })
}

async function cutOff(decision: Decision, steps: number): Promise<{ world: World; blown: boolean }> {
  const first = await proposed(createFakeStore())
  if (decision !== 'accept') await accept(first)
  if (decision === 'redo') await first.session.undo()
  await settle()
  const fuse = fused(first)
  fuse.steps = steps
  void decide(first, decision)
  await settle(60)
  return { world: await restarted(first), blown: fuse.blown }
}

describe.each<Decision>(['accept', 'undo', 'redo'])('%s, cut off', (decision) => {
  test('at any step, is done wholly or not at all, and can go on', async () => {
    let steps = 0
    for (; ; steps += 1) {
      const { world, blown } = await cutOff(decision, steps)
      const contents = Object.fromEntries(world.files.contents)
      const isNew = 'c.txt' in contents
      expect(contents, `after ${steps} steps`).toEqual(isNew ? NEW : OLD)
      const { hunks } = await world.suggestion()
      expect(
        hunks.map((hunk) => hunk.state),
        `after ${steps} steps`,
      ).toEqual(hunks.map(() => (isNew ? 'accepted' : 'pending')))
      expect((await world.session.status()).ok).toBe(true)
      const next = isNew ? await world.session.undo() : await accept(world)
      expect(next, `after ${steps} steps`).toMatchObject({ ok: true })
      expect(Object.fromEntries(world.files.contents)).toEqual(isNew ? OLD : NEW)
      expect(world.errors).toEqual([])
      if (!blown) break
    }
    // The journal, three files and the two marks, before and after each: fewer would mean that nothing was cut off.
    expect(steps).toBeGreaterThanOrEqual(10)
  })
})

test('an undo of a file that was changed since is taken back or done as it was planned', async () => {
  for (let steps = 0; steps < 12; steps += 1) {
    const first = await proposed(createFakeStore())
    await accept(first)
    const mine = `${NEW['a.txt']}mine\n`
    first.files.contents.set('a.txt', mine)
    const fuse = fused(first)
    fuse.steps = steps
    void first.session.undo()
    await settle(60)
    const world = await restarted(first)
    const contents = Object.fromEntries(world.files.contents)
    expect([
      { 'a.txt': mine, 'c.txt': 'c\n' },
      { 'a.txt': `${NOW}mine\n`, 'b.txt': 'b\n' },
    ]).toContainEqual(contents)
  }
})

test('a write whose file somebody has changed since is taken for done', async () => {
  const { world } = await cutOff('accept', 4)
  expect(Object.fromEntries(world.files.contents)).toEqual(OLD)
  const first = await proposed(createFakeStore())
  const fuse = fused(first)
  fuse.steps = 9
  void accept(first)
  await settle(60)
  expect('b.txt' in Object.fromEntries(first.files.contents)).toBe(false)
  first.files.contents.set('c.txt', 'c\nand mine\n')
  first.files.contents.set('a.txt', `${NEW['a.txt']}mine\n`)
  const next = await restarted(first)
  expect(next.files.contents.get('c.txt')).toBe('c\nand mine\n')
  expect(next.files.contents.get('a.txt')).toBe(`${NEW['a.txt']}mine\n`)
})

test('what a write that was cut off has left beside its files is looked for, also once the journal has settled it', async () => {
  // The intent is durable, and nothing is written yet.
  const { world, blown } = await cutOff('accept', 2)
  expect(blown).toBe(true)
  await world.session.close()
  // Killed again before it could look: the journal is empty by now.
  const again = await restarted(world)
  expect(again.session.queue.newest()[0]?.suggestion.hunks.map(({ state }) => state)).toEqual([
    'pending',
    'pending',
    'pending',
  ])
  expect(new Set(again.files.swept)).toEqual(new Set(['a.txt', 'b.txt', 'c.txt']))
})
