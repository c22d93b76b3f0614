// Undo and redo in any order: three-way where the files have changed since, refused with a diff where that conflicts.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createFakeFiles } from '../../fakes/files.ts'
import { createFakeStore } from '../../fakes/store.ts'
import { createWorld, referenceTo, unfoldAll, type World, type WorldOptions } from '../../fakes/world.ts'
import { settle } from '../../fakes/clock.ts'

const LINES = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']
const TEXT = LINES.map((line) => `${line}\n`).join('')
const NOW = TEXT.replace('zero', 'ZERO')

/** A world whose newest suggestion is this patch. */
async function proposed(
  patch: string,
  options: Pick<WorldOptions, 'contents' | 'store' | 'files'> = {},
): Promise<World> {
  const world = await createWorld({ ...options, contents: { 'a.txt': TEXT, ...options.contents } })
  await world.save('a.txt', NOW)
  world.reply().text(`It.\n*** Begin Patch\n${patch}*** End Patch\n`)
  world.reply().finish()
  await settle()
  await unfoldAll(world)
  return world
}

function update(...lines: readonly string[]): string {
  return `*** Update File: a.txt\n${lines.map((line) => `@@\n-${line}\n+${line.toUpperCase()}\n`).join('')}`
}

/** Accepts each hunk by itself; answers the ids of the applies, oldest first. */
async function acceptEach(world: World): Promise<readonly string[]> {
  const { hunks } = await world.suggestion()
  for (const { id } of hunks) {
    const suggestion = await world.suggestion()
    const hunk = suggestion.hunks.find((candidate) => candidate.id === id)
    if (hunk === undefined) throw new Error('the hunk is gone')
    expect(await world.session.accept({ hunks: [referenceTo(suggestion, hunk)] })).toMatchObject({ ok: true })
    await settle()
  }
  return (await applies(world)).map(({ id }) => id).toReversed()
}

async function acceptAll(world: World): Promise<void> {
  const suggestion = await world.suggestion()
  const result = await world.session.accept({ hunks: suggestion.hunks.map((hunk) => referenceTo(suggestion, hunk)) })
  expect(result).toMatchObject({ ok: true })
  await settle()
}

async function applies(world: World): Promise<readonly { id: string; what: string }[]> {
  const status = await world.session.status()
  return status.ok ? status.value.project.applies : []
}

async function states(world: World): Promise<readonly string[]> {
  return (await world.suggestion()).hunks.map((hunk) => hunk.state)
}

function text(world: World): string | undefined {
  return world.files.contents.get('a.txt')
}

describe('order', () => {
  test('an older write is undone while a newer one stands', async () => {
    const world = await proposed(update('two', 'six'))
    const [first = ''] = await acceptEach(world)
    expect(await world.session.takeBack({ apply: first })).toMatchObject({ ok: true })
    expect(text(world)).toBe(NOW.replace('six', 'SIX'))
    expect(await states(world)).toEqual(['pending', 'accepted'])
  })

  test('without a name, the last one undone is done again first', async () => {
    const world = await proposed(update('two', 'six'))
    const [first = '', second = ''] = await acceptEach(world)
    await world.session.takeBack({ apply: second })
    await world.session.takeBack({ apply: first })
    expect(text(world)).toBe(NOW)
    await world.session.redo({ apply: null })
    expect(text(world)).toBe(NOW.replace('two', 'TWO'))
    await world.session.redo({ apply: null })
    expect(text(world)).toBe(NOW.replace('two', 'TWO').replace('six', 'SIX'))
    expect(await states(world)).toEqual(['accepted', 'accepted'])
    expect(await world.session.redo({ apply: null })).toMatchObject({ ok: false, failure: { code: 'nothing' } })
  })

  test('any order of undo and redo ends where it says, also over restarts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(2), fc.boolean(), fc.boolean()), { maxLength: 12 }), async (moves) => {
        const store = createFakeStore()
        let world = await proposed(update('two', 'four', 'six'), { store })
        const ids = await acceptEach(world)
        const done = [true, true, true]
        for (const [which, undo, restart] of moves) {
          if (restart) {
            await world.session.close()
            world = await createWorld({ files: world.files, store })
          }
          const apply = ids[which] ?? ''
          const result = undo ? await world.session.takeBack({ apply }) : await world.session.redo({ apply })
          expect(result.ok).toBe(done[which] === undo)
          done[which] = !undo
          await settle()
          const expected = ['two', 'four', 'six'].reduce(
            (sum, line, at) => (done[at] ? sum.replace(line, line.toUpperCase()) : sum),
            NOW,
          )
          expect(text(world)).toBe(expected)
          expect(await states(world)).toEqual(done.map((is) => (is ? 'accepted' : 'pending')))
        }
        expect(world.errors).toEqual([])
      }),
      { numRuns: 25 },
    )
  })
})

describe('conflicts', () => {
  test('a write whose lines were changed by a newer one is refused with a diff, until that is undone', async () => {
    const world = await proposed(update('two'))
    const [first = ''] = await acceptEach(world)
    const stands = (text(world) ?? '').replace('TWO', 'zwei')
    world.files.contents.set('a.txt', stands)
    expect(await world.session.takeBack({ apply: first })).toMatchObject({
      ok: false,
      failure: {
        code: 'conflict',
        message: expect.stringContaining('line 3'),
        diff: expect.stringContaining('-zwei\n+two'),
      },
    })
    expect(text(world)).toBe(stands)
    expect(await states(world)).toEqual(['accepted'])
  })

  test('a file that was added goes with undo only while it is as it was added', async () => {
    const world = await proposed('*** Add File: new.txt\n+fresh\n')
    await acceptAll(world)
    world.files.contents.set('new.txt', 'fresh\nand mine\n')
    expect(await world.session.undo()).toMatchObject({
      ok: false,
      failure: { code: 'conflict', diff: expect.stringContaining('+and mine') },
    })
    world.files.contents.set('new.txt', 'fresh\n')
    expect(await world.session.undo()).toMatchObject({ ok: true })
    expect(world.files.contents.has('new.txt')).toBe(false)
    expect(await world.session.redo({ apply: null })).toMatchObject({ ok: true })
    expect(world.files.contents.get('new.txt')).toBe('fresh\n')
  })

  test('a file that was deleted comes back only where nothing stands', async () => {
    const world = await proposed('*** Delete File: b.txt\n', { contents: { 'b.txt': 'b\n' } })
    await acceptAll(world)
    world.files.contents.set('b.txt', 'another\n')
    expect(await world.session.undo()).toMatchObject({ ok: false, failure: { code: 'exists' } })
    world.files.contents.delete('b.txt')
    expect(await world.session.undo()).toMatchObject({ ok: true })
    expect(world.files.contents.get('b.txt')).toBe('b\n')
  })

  test('a file that is gone is refused', async () => {
    const world = await proposed(update('two'))
    await acceptAll(world)
    world.files.contents.delete('a.txt')
    expect(await world.session.undo()).toMatchObject({ ok: false, failure: { code: 'gone' } })
  })

  test('a file that cannot be read is refused with its reason', async () => {
    const world = await proposed(update('two'))
    await acceptAll(world)
    world.files.skip.set('a.txt', { kind: 'skipped', code: 'denied', reason: 'no permission' })
    expect(await world.session.undo()).toMatchObject({ ok: false, failure: { code: 'denied' } })
  })
})

describe('several files', () => {
  const patch = `${update('two')}*** Update File: b.txt\n@@\n-b\n+B\n`

  test('are undone together, or not at all', async () => {
    const world = await proposed(patch, { contents: { 'b.txt': 'b\n' } })
    await acceptAll(world)
    const { write } = world.files
    world.files.write = (given, signal) =>
      given.path === 'a.txt'
        ? Promise.resolve({ ok: false, failure: { code: 'full', message: 'no room' } })
        : write(given, signal)
    expect(await world.session.undo()).toMatchObject({ ok: false, failure: { code: 'full' } })
    expect(world.files.contents.get('b.txt')).toBe('B\n')
    world.files.write = write
    expect(await world.session.undo()).toMatchObject({ ok: true })
    expect([text(world), world.files.contents.get('b.txt')]).toEqual([NOW, 'b\n'])
  })

  test('a conflict in one of them leaves the others', async () => {
    const world = await proposed(patch, { contents: { 'b.txt': 'b\n' } })
    await acceptAll(world)
    const stands = text(world)
    world.files.contents.set('b.txt', 'bee\n')
    expect(await world.session.undo()).toMatchObject({ ok: false, failure: { code: 'conflict' } })
    expect(text(world)).toBe(stands)
  })

  test('what could not be taken back is said, and the next start tries again', async () => {
    const store = createFakeStore()
    const world = await proposed(patch, { contents: { 'b.txt': 'b\n' }, store })
    const { write } = world.files
    let writes = 0
    world.files.write = (given, signal) => {
      writes += 1
      return writes === 1
        ? write(given, signal)
        : Promise.resolve({ ok: false, failure: { code: 'io', message: 'broken' } })
    }
    const suggestion = await world.suggestion()
    const result = await world.session.accept({ hunks: suggestion.hunks.map((hunk) => referenceTo(suggestion, hunk)) })
    expect(result).toMatchObject({
      failure: { code: 'io', message: expect.stringContaining('could not be taken back') },
    })
    world.files.write = write
    await world.session.close()
    const next = await createWorld({ files: world.files, store })
    expect([text(next), next.files.contents.get('b.txt')]).toEqual([NOW, 'b\n'])
    expect(await states(next)).toEqual(['pending', 'pending'])
  })
})

test('the encoding of the file goes back with every write', async () => {
  const files = createFakeFiles({ 'a.txt': TEXT })
  const { read } = files
  files.read = async (...given) => {
    const outcome = await read(...given)
    return outcome.kind === 'text' ? { ...outcome, encoding: 'windows-1252' } : outcome
  }
  const world = await proposed(update('two'), { files })
  await acceptAll(world)
  await world.session.undo()
  expect(world.files.writes.map(({ encoding }) => encoding)).toEqual(['windows-1252', 'windows-1252'])
})
