// J4 on a fake clock: the recorded session asks once for each thought, and never for what no person meant.
import { expect, test } from 'vitest'
import { settle } from '../../fakes/clock.ts'
import { createWorld } from '../../fakes/world.ts'
import { FILES } from '../../fixtures/judgement/editing-session.ts'
import { collectAsked, replaySession, type Verdict } from './session-replay.ts'

async function replay(): Promise<Verdict> {
  const world = await createWorld({ contents: { ...FILES } })
  const ending = new AbortController()
  const collected = collectAsked()
  const reading = (async () => {
    for await (const batch of world.session.events(ending.signal)) collected.take(batch)
  })()
  let answered = 0
  try {
    return await replaySession({
      write: (path, text) => world.save(path, text),
      remove: (path) => world.remove(path),
      commit: async () => undefined,
      async git(_words, contents) {
        world.gitAtWork = true
        for (const [path, text] of contents) await world.save(path, text)
        world.gitAtWork = false
      },
      async wait(ms) {
        await settle()
        for (const reply of world.models.replies.slice(answered)) {
          reply.text('Nothing to add.')
          reply.finish()
        }
        answered = world.models.replies.length
        await world.clock.advance(ms)
      },
      now: () => world.clock.now(),
      asked: collected.asked,
      async when() {
        const status = await world.session.status()
        if (!status.ok) throw new Error(status.failure.message)
        return status.value.project.when
      },
    })
  } finally {
    ending.abort()
    await reading
    await world.session.close()
  }
}

test('a recorded editing session: one question for each thought, none for undo, format, git or a repeated edit', async () => {
  const verdict = await replay()
  expect(verdict.steps).toBeGreaterThanOrEqual(100)
  expect(verdict.unwanted).toEqual({})
  expect(verdict.missed).toEqual([])
  expect(verdict.repeated).toEqual([])
  expect(verdict.requests).toBe(verdict.settled)
})
