// Reshaping hunks by hand, doing writes again, and the budget of tokens.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { pickedLines } from '../../../main/core/session/editing.ts'
import { createWorld, referenceTo, type World } from '../../fakes/world.ts'
import { settle } from '../../fakes/clock.ts'
import type { HunkView } from '../../../preload/contract.ts'

const TEXT = 'zero\none\ntwo\nthree\nfour\n'
const NOW = TEXT.replace('zero', 'ZERO')

async function proposed(patch: string): Promise<World> {
  const world = await createWorld({ contents: { 'a.txt': TEXT } })
  await world.save('a.txt', NOW)
  world.reply().text(`It.\n*** Begin Patch\n*** Update File: a.txt\n@@\n${patch}*** End Patch\n`)
  world.reply().finish()
  await settle()
  return world
}

async function hunks(world: World): Promise<readonly HunkView[]> {
  return (await world.suggestion()).hunks
}

async function reference(world: World, index = 0): Promise<ReturnType<typeof referenceTo>> {
  // What stands in the file moves right after a decision is answered.
  await settle()
  const suggestion = await world.suggestion()
  const hunk = suggestion.hunks[index]
  if (hunk === undefined) throw new Error('no such hunk')
  return referenceTo(suggestion, hunk)
}

describe('edit', () => {
  test('what is accepted is what the person wrote', async () => {
    const world = await proposed('-two\n+TWO\n')
    expect((await world.session.edit({ hunk: await reference(world), lines: ['mine', 'too'] })).ok).toBe(true)
    expect(await hunks(world)).toMatchObject([{ state: 'pending', newLines: ['mine', 'too'], oldLines: ['two'] }])
    await world.session.accept({ hunks: [await reference(world)] })
    expect(world.files.contents.get('a.txt')).toBe('ZERO\none\nmine\ntoo\nthree\nfour\n')
  })

  test('an edit to what stands there already is refused', async () => {
    const world = await proposed('-two\n+TWO\n')
    expect((await world.session.edit({ hunk: await reference(world), lines: ['two'] })).ok).toBe(false)
    expect((await world.session.edit({ hunk: await reference(world), lines: ['a\nb'] })).ok).toBe(false)
  })
})

describe('split', () => {
  test('just the picked lines are written, the others stay to be decided', async () => {
    const world = await proposed('-one\n-two\n+ONE\n+TWO\n')
    await world.session.split({ hunk: await reference(world), picked: [0, 2] })
    expect((await hunks(world)).map(({ state, newLines }) => [state, newLines])).toEqual([
      ['pending', ['ONE']],
      ['pending', ['TWO']],
    ])
    await world.session.accept({ hunks: [await reference(world)] })
    expect(world.files.contents.get('a.txt')).toBe('ZERO\nONE\ntwo\nthree\nfour\n')
    await world.session.accept({ hunks: [await reference(world, 1)] })
    expect(world.files.contents.get('a.txt')).toBe('ZERO\nONE\nTWO\nthree\nfour\n')
  })

  test('lines that are only added can be parted too', async () => {
    const world = await proposed(' one\n+x\n+y\n+z\n two\n')
    await world.session.split({ hunk: await reference(world), picked: [0] })
    await world.session.accept({ hunks: [await reference(world)] })
    expect(world.files.contents.get('a.txt')).toBe('ZERO\none\nx\ntwo\nthree\nfour\n')
    await world.session.accept({ hunks: [await reference(world, 1)] })
    expect(world.files.contents.get('a.txt')).toBe('ZERO\none\nx\ny\nz\ntwo\nthree\nfour\n')
  })

  test('all or none is no split', async () => {
    const world = await proposed('-one\n+ONE\n')
    expect((await world.session.split({ hunk: await reference(world), picked: [0, 1] })).ok).toBe(false)
    expect((await world.session.split({ hunk: await reference(world), picked: [7] })).ok).toBe(false)
    expect(await hunks(world)).toHaveLength(1)
  })

  test('picking everything gives the new lines, picking nothing the old ones', () => {
    const line = fc.constantFrom('a', 'b', 'c')
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), fc.array(line, { maxLength: 6 }), (old, fresh) => {
        const all = new Set(Array.from({ length: old.length + fresh.length }, (_, at) => at))
        expect(pickedLines(old, fresh, all)).toEqual(fresh)
        expect(pickedLines(old, fresh, new Set())).toEqual(old)
      }),
    )
  })
})

describe('place', () => {
  test.each(['-same\n+other\n', ' sure\n-same\n+other\n'])(
    '%j goes to the candidate that the person picks, and nowhere else',
    async (patch) => {
      const twice = 'top\nsure\nsame\nmid\nsure\nsame\nend\n'
      const world = await createWorld({ contents: { 'a.txt': `${twice}old\n` } })
      await world.save('a.txt', `${twice}new\n`)
      world.reply().text(`It.\n*** Begin Patch\n*** Update File: a.txt\n@@\n${patch}*** End Patch\n`)
      world.reply().finish()
      await settle()
      const [hunk] = await hunks(world)
      const [, second = 0] = hunk?.candidates ?? []
      expect(hunk?.state).toBe('unplaced')
      expect((await world.session.place({ hunk: await reference(world), line: second - 1 })).ok).toBe(false)
      expect((await world.session.place({ hunk: await reference(world), line: second })).ok).toBe(true)
      await world.session.accept({ hunks: [await reference(world)] })
      expect(world.files.contents.get('a.txt')).toBe('top\nsure\nsame\nmid\nsure\nother\nend\nnew\n')
    },
  )
})

describe('redo', () => {
  test('an undone write is written again, and its hunk is accepted again', async () => {
    const world = await proposed('-two\n+TWO\n')
    await world.session.accept({ hunks: [await reference(world)] })
    const after = world.files.contents.get('a.txt')
    await world.session.undo()
    expect(world.files.contents.get('a.txt')).toBe(NOW)
    expect((await world.session.redo({ apply: null })).ok).toBe(true)
    expect(world.files.contents.get('a.txt')).toBe(after)
    expect(await hunks(world)).toMatchObject([{ state: 'accepted' }])
    const status = await world.session.status()
    expect(status.ok && status.value.project.applies).toMatchObject([{ what: 'applied', paths: ['a.txt'] }])
    expect((await world.session.redo({ apply: null })).ok).toBe(false)
  })
})

describe('the budget', () => {
  test('once the tokens of the hour are used up, a save asks no model; an hour later it does again', async () => {
    const world = await createWorld({ contents: { 'a.txt': TEXT }, hourlyTokens: 100 })
    await world.save('a.txt', NOW)
    world.reply().send({ type: 'done', finish: 'stop', usage: { input: 90, output: 20 } })
    await settle()
    await world.clock.advance(5000)
    await world.save('a.txt', NOW.replace('one', 'ONE'))
    expect(world.models.replies).toHaveLength(1)
    const status = await world.session.status()
    expect(status.ok && status.value.project.spending).toMatchObject({ tokens: 110, exhausted: true, budget: 100 })
    await world.clock.advance(60 * 60 * 1000)
    await world.save('a.txt', NOW.replace('two', 'TWO'))
    expect(world.models.replies).toHaveLength(2)
  })
})
