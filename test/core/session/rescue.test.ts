// An editor saves into a file that was replaced a moment before: its save is merged, or stands again, and is never lost.
import { describe, expect, test } from 'vitest'
import { createFakeStore } from '../../fakes/store.ts'
import { hashOf } from '../../fakes/files.ts'
import { createWorld, patchReply, referenceTo, unfoldAll, type World } from '../../fakes/world.ts'
import { settle } from '../../fakes/clock.ts'

const TEXT = 'zero\none\ntwo\nthree\nfour\nfive\n'
const NOW = TEXT.replace('zero', 'ZERO')
const APPLIED = NOW.replace('two', 'TWO')

async function accepted(store = createFakeStore()): Promise<World> {
  const world = await createWorld({ contents: { 'a.txt': TEXT }, store })
  await world.save('a.txt', NOW)
  world.reply().text(patchReply('a.txt', 'two', 'TWO'))
  world.reply().finish()
  await settle()
  const suggestion = await world.suggestion()
  const result = await world.session.accept({ hunks: suggestion.hunks.map((hunk) => referenceTo(suggestion, hunk)) })
  expect(result).toMatchObject({ ok: true })
  await settle()
  return world
}

function text(world: World): string | undefined {
  return world.files.contents.get('a.txt')
}

async function hunk(world: World): Promise<{ state: string; reason: string | null } | undefined> {
  return (await world.suggestion()).hunks[0]
}

describe('a save into the replaced file', () => {
  test('is merged with what was applied', async () => {
    const world = await accepted()
    expect(await world.files.overtake('a.txt', NOW.replace('five', 'FIVE'))).toBe(true)
    expect(text(world)).toBe(APPLIED.replace('five', 'FIVE'))
    expect(await hunk(world)).toMatchObject({ state: 'accepted' })
    expect(await world.session.undo()).toMatchObject({ ok: true })
    expect(text(world)).toBe(NOW.replace('five', 'FIVE'))
  })

  test('is merged with what somebody has written since', async () => {
    const world = await accepted()
    world.files.contents.set('a.txt', `${APPLIED}six\n`)
    expect(await world.files.overtake('a.txt', NOW.replace('one', 'ONE'))).toBe(true)
    expect(text(world)).toBe(`${APPLIED.replace('one', 'ONE')}six\n`)
  })

  test('stands again when it changes the same lines, and the hunk says so', async () => {
    const world = await accepted()
    const mine = NOW.replace('two', 'zwei')
    expect(await world.files.overtake('a.txt', mine)).toBe(true)
    expect(text(world)).toBe(mine)
    expect(await hunk(world)).toMatchObject({ state: 'stale' })
    expect(await world.session.undo()).toMatchObject({ ok: false, failure: { code: 'nothing' } })
  })

  test('stands again when it is no text', async () => {
    const world = await accepted()
    expect(await world.files.overtake('a.txt', null)).toBe(true)
    expect((await hunk(world))?.state).not.toBe('accepted')
  })

  test('stays where it is when it fits nowhere, and the person is told', async () => {
    const world = await accepted()
    const theirs = APPLIED.replace('TWO', 'deux')
    world.files.contents.set('a.txt', theirs)
    expect(await world.files.overtake('a.txt', NOW.replace('two', 'zwei'))).toBe(false)
    expect(text(world)).toBe(theirs)
    expect(world.errors.join()).toContain('.slipstream-kept.old')
  })

  test('is looked at again when the file changes under the merge', async () => {
    const world = await accepted()
    let once = true
    world.files.beforeWrite = () => {
      if (once) world.files.contents.set('a.txt', `${APPLIED}six\n`)
      once = false
    }
    expect(await world.files.overtake('a.txt', NOW.replace('five', 'FIVE'))).toBe(true)
    expect(text(world)).toBe(`${APPLIED.replace('five', 'FIVE')}six\n`)
  })

  test('that says what stands there already changes nothing', async () => {
    const world = await accepted()
    const before = world.files.writes.length
    expect(await world.files.overtake('a.txt', APPLIED)).toBe(true)
    expect(world.files.writes).toHaveLength(before)
  })

  test('into a file that undo replaced is merged as well', async () => {
    const world = await accepted()
    await world.session.undo()
    expect(await world.files.overtake('a.txt', APPLIED.replace('five', 'FIVE'))).toBe(true)
    expect(text(world)).toBe(NOW.replace('five', 'FIVE'))
  })

  test('that comes twice is merged twice', async () => {
    const world = await accepted()
    const write = world.files.writes.at(-1)
    await world.files.overtake('a.txt', NOW.replace('five', 'FIVE'))
    const save = {
      path: 'a.txt',
      saved: NOW.replace('five', 'FIVE').replace('four', 'FOUR'),
      kept: '.slipstream-kept.old',
      putBack: async () => ({ ok: false as const, failure: { code: 'changed', message: '' } }),
    }
    expect(await write?.onOvertaken?.(save)).toBe(true)
    expect(text(world)).toBe(APPLIED.replace('five', 'FIVE').replace('four', 'FOUR'))
  })
})

describe('a save into a file that was deleted', () => {
  async function deleted(): Promise<World> {
    const world = await createWorld({ contents: { 'a.txt': TEXT, 'b.txt': 'b\n' } })
    await world.save('a.txt', NOW)
    world.reply().text('It.\n*** Begin Patch\n*** Delete File: b.txt\n*** End Patch\n')
    world.reply().finish()
    await settle()
    await unfoldAll(world)
    const suggestion = await world.suggestion()
    await world.session.accept({ hunks: suggestion.hunks.map((hunk) => referenceTo(suggestion, hunk)) })
    return world
  }

  test('brings it back', async () => {
    const world = await deleted()
    expect(await world.files.overtake('b.txt', 'b and more\n')).toBe(true)
    expect(world.files.contents.get('b.txt')).toBe('b and more\n')
    expect((await hunk(world))?.state).not.toBe('accepted')
  })

  test('stays where it is when another file stands there', async () => {
    const world = await deleted()
    world.files.contents.set('b.txt', 'another\n')
    expect(await world.files.overtake('b.txt', 'b and more\n')).toBe(false)
    expect(world.files.contents.get('b.txt')).toBe('another\n')
  })
})

describe('after a crash', () => {
  async function restarted(save: string, stands = APPLIED): Promise<{ world: World; taken: boolean }> {
    const store = createFakeStore()
    const first = await accepted(store)
    await first.session.close()
    first.files.contents.set('a.txt', stands)
    let taken = false
    first.files.sweep = async (paths, overtaken) => {
      expect(paths).toEqual(['a.txt'])
      taken = await overtaken(
        {
          path: 'a.txt',
          saved: save,
          kept: '.slipstream-kept.old',
          async putBack() {
            first.files.contents.set('a.txt', save)
            return { ok: true, value: null }
          },
        },
        hashOf(NOW).slice(0, 16),
      )
    }
    const world = await createWorld({ files: first.files, store })
    await settle()
    return { world, taken }
  }

  test('a save that was found in the old file is merged', async () => {
    const { world, taken } = await restarted(NOW.replace('five', 'FIVE'))
    expect(taken).toBe(true)
    expect(text(world)).toBe(APPLIED.replace('five', 'FIVE'))
  })

  test('a save that does not fit stands again', async () => {
    const { world, taken } = await restarted(NOW.replace('two', 'zwei'))
    expect(taken).toBe(true)
    expect(text(world)).toBe(NOW.replace('two', 'zwei'))
    expect((await hunk(world))?.state).toBe('stale')
  })
})
