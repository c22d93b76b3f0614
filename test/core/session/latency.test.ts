// What the charts count, and what the engine's own work per token is: worked out where the traces are made.
import { describe, expect, test } from 'vitest'
import { EMPTY_TRACE } from '../../../main/core/review.ts'
import { saveToPaint, saveToSuggestion } from '../../../main/core/session/latency.ts'
import type { ProjectView } from '../../../preload/contract.ts'
import { settle } from '../../fakes/clock.ts'
import { createWorld, patchReply, type World } from '../../fakes/world.ts'

const SAVED = { ...EMPTY_TRACE, saved: 100, stable: 110, firstToken: 300, firstHunk: 400, painted: 5 }

describe('the latency of a save', () => {
  test('goes from the save to the paint, or to the first hunk', () => {
    expect([saveToPaint(SAVED), saveToSuggestion(SAVED)]).toEqual([205, 300])
  })

  test('leaves out what policy made it wait', () => {
    const trace = { ...SAVED, policyWait: 50 }
    expect([saveToPaint(trace), saveToSuggestion(trace)]).toEqual([155, 250])
  })

  test('is none of what was nudged on or asked in words', () => {
    const trace = { ...SAVED, stable: null }
    expect([saveToPaint(trace), saveToSuggestion(trace)]).toEqual([null, null])
  })

  test('is not known before the paint, and before the first hunk', () => {
    const trace = { ...SAVED, painted: null, firstHunk: null }
    expect([saveToPaint(trace), saveToSuggestion(trace)]).toEqual([null, null])
  })
})

const TEXT = 'one\ntwo\nthree\n'

async function saved(): Promise<World> {
  const world = await createWorld({ contents: { 'src/a.ts': TEXT } })
  await world.save('src/a.ts', TEXT.replace('two', '2'))
  return world
}

async function projectOf({ session }: World): Promise<ProjectView> {
  const status = await session.status()
  return status.ok ? status.value.project : expect.fail('no status')
}

describe('from a save to its request', () => {
  test('the worker is asked once, also right after another save', async () => {
    const world = await saved()
    world.reply().finish()
    await settle()
    const before = world.jobs.length
    await world.clock.advance(2500)
    await world.save('src/a.ts', TEXT.replace('two', '22'))
    expect(world.models.replies).toHaveLength(2)
    expect(world.jobs.slice(before).filter((name) => ['examine', 'formatted', 'diff'].includes(name))).toEqual([
      'examine',
    ])
  })
})

describe('a session', () => {
  test('keeps both series of what saves have brought', async () => {
    const world = await saved()
    await world.clock.advance(40)
    world.reply().text(patchReply('src/a.ts', 'three', '3'))
    world.reply().finish()
    await settle()
    const { id } = await world.suggestion()
    await world.session.painted({ suggestion: id, lag: 7 })
    const { latencies, suggestionLatencies } = await projectOf(world)
    expect(latencies).toEqual([47])
    expect(suggestionLatencies).toEqual([40])
  })

  test('counts a hunk that a nudge has brought for no save', async () => {
    const world = await saved()
    world.reply().text('Well')
    await settle()
    const { id } = await world.suggestion()
    await world.session.nudge({ suggestion: id, text: 'shorter' })
    await settle()
    world.reply().text(patchReply('src/a.ts', 'three', '3'))
    world.reply().finish()
    await settle()
    await world.session.painted({ suggestion: id, lag: 7 })
    expect((await world.suggestion()).hunks).toHaveLength(1)
    expect(await projectOf(world)).toMatchObject({ latencies: [], suggestionLatencies: [] })
  })

  test('tells its own work per piece of text once the reply is over', async () => {
    const world = await saved()
    let now = world.clock.now()
    // Each look at the clock takes 1 ms: one at the beginning and one at the end of each piece.
    world.clock.now = () => (now += 1)
    for (const text of ['One ', 'more ', 'word.']) world.reply().text(text)
    await settle()
    expect((await world.suggestion()).trace.overhead).toBeNull()
    world.reply().finish()
    await settle()
    expect((await world.suggestion()).trace.overhead).toBe(1)
  })

  test('tells it of what was stopped, too', async () => {
    const world = await saved()
    world.reply().text('One word.')
    await settle()
    await world.session.interrupt({ suggestion: (await world.suggestion()).id })
    await settle()
    expect(await world.suggestion()).toMatchObject({ state: 'interrupted', trace: { overhead: 0 } })
  })

  test('tells no work of a reply without text', async () => {
    const world = await saved()
    world.reply().finish()
    await settle()
    expect((await world.suggestion()).trace.overhead).toBeNull()
  })
})
