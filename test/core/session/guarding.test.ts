// What goes beyond what was asked, in a session: folded, told, unfolded by a person, and never accepted by the way.
import { describe, expect, test } from 'vitest'
import { settle } from '../../fakes/clock.ts'
import { LOCAL } from '../../fakes/models.ts'
import { createWorld, referenceTo, type World } from '../../fakes/world.ts'

const BEFORE = `import { log } from './log'

export function first(a: number) {
  return a
}

export function second(b: number) {
  const twice = b * 2
  return twice
}
`
const AFTER = BEFORE.replace('first(a: number)', 'first(a: number, step: number)')
const NEEDED = `@@\n-  return a\n+  return a + step\n`
const BEYOND = `@@\n-  const twice = b * 2\n-  return twice\n+  return b * 2\n`

async function replied(...parts: readonly string[]): Promise<World> {
  const world = await createWorld({ contents: { 'src/a.ts': BEFORE } })
  await world.save('src/a.ts', AFTER)
  world.reply().text(`It.\n*** Begin Patch\n*** Update File: src/a.ts\n${parts.join('')}*** End Patch\n`)
  world.reply().finish()
  await settle()
  return world
}

async function kinds(world: World): Promise<readonly (string | null)[]> {
  return (await world.suggestion()).hunks.map(({ beyond }) => beyond?.kind ?? null)
}

describe('a suggestion that changes more than was asked', () => {
  test('shows what was asked, and the rest folded with its reason', async () => {
    const world = await replied(NEEDED, BEYOND)
    expect(await kinds(world)).toEqual([null, 'place'])
    expect((await world.suggestion()).hunks[1]?.beyond).toEqual({
      kind: 'place',
      why: 'beyond what you asked: another place',
      open: false,
    })
  })

  test('cannot be accepted there before a person has unfolded it', async () => {
    const world = await replied(NEEDED, BEYOND)
    const suggestion = await world.suggestion()
    const references = suggestion.hunks.map((hunk) => referenceTo(suggestion, hunk))
    const [needed, beyond] = references
    if (needed === undefined || beyond === undefined) throw new Error('two hunks were expected')
    expect(await world.session.accept({ hunks: references })).toMatchObject({ ok: false, failure: { code: 'folded' } })
    expect(world.files.contents.get('src/a.ts')).toBe(AFTER)
    expect(await world.session.unfold({ hunk: beyond })).toMatchObject({ ok: true })
    expect(await world.session.accept({ hunks: references })).toMatchObject({ ok: true })
    expect(world.files.contents.get('src/a.ts')).toContain('return b * 2')
  })

  test('can be rejected as it is', async () => {
    const world = await replied(NEEDED, BEYOND)
    const suggestion = await world.suggestion()
    const hunks = suggestion.hunks.map((hunk) => referenceTo(suggestion, hunk))
    expect(await world.session.reject({ hunks })).toMatchObject({ ok: true })
  })

  test('the command line accepts what was asked, and says that the rest is decided in the window', async () => {
    const world = await replied(BEYOND, NEEDED)
    expect(await world.session.decide({ id: null, decision: 'accept' })).toMatchObject({
      ok: true,
      value: { places: [{ line: 4 }] },
    })
    const second = await world.session.decide({ id: null, decision: 'accept' })
    expect(second).toMatchObject({ ok: false, failure: { code: 'nothing' } })
    expect(second.ok ? '' : second.failure.message).toContain('beyond what you asked')
  })

  test('stays unfolded after a restart', async () => {
    const world = await replied(NEEDED, BEYOND)
    const suggestion = await world.suggestion()
    const [, beyond] = suggestion.hunks
    if (beyond === undefined) throw new Error('two hunks were expected')
    await world.session.unfold({ hunk: referenceTo(suggestion, beyond) })
    await world.session.close()
    const again = await createWorld({ files: world.files, store: world.store })
    expect((await again.suggestion()).hunks[1]?.beyond?.open).toBe(true)
  })
})

test('an import that a later hunk needs unfolds with it', async () => {
  const world = await createWorld({ contents: { 'src/a.ts': BEFORE } })
  await world.save('src/a.ts', AFTER)
  world
    .reply()
    .text(
      `It.\n*** Begin Patch\n*** Update File: src/a.ts\n@@\n import { log } from './log'\n+import { round } from './round'\n@@\n`,
    )
  await settle()
  expect(await kinds(world)).toEqual(['place'])
  world.reply().text(`-  return a\n+  return round(a + step)\n*** End Patch\n`)
  world.reply().finish()
  await settle()
  expect(await kinds(world)).toEqual([null, null])
})

test('it unfolds too when it is shown in the style of the project', async () => {
  const world = await createWorld({ contents: { 'src/a.ts': BEFORE, '.prettierrc': '{"singleQuote":true}' } })
  await world.save('src/a.ts', AFTER)
  world
    .reply()
    .text(
      `It.\n*** Begin Patch\n*** Update File: src/a.ts\n@@\n import { log } from './log'\n+import { round } from "./round"\n@@\n`,
    )
  await settle()
  expect((await world.suggestion()).hunks).toMatchObject([
    { beyond: { kind: 'place' }, newLines: ["import { round } from './round'"] },
  ])
  world.reply().text(`-  return a\n+  return round(a + step)\n*** End Patch\n`)
  world.reply().finish()
  await settle()
  expect(await kinds(world)).toEqual([null, null])
})

test('another formatting by the way is left out, and counted', async () => {
  const world = await replied(`@@\n-  return a\n+  return a + step;\n`)
  expect((await world.suggestion()).hunks[0]?.newLines).toEqual(['  return a + step'])
})

test('how close suggestions keep to what was asked is told', async () => {
  const world = await replied(NEEDED, BEYOND)
  const status = await world.session.status()
  if (!status.ok) throw new Error(status.failure.message)
  // Five lines as it was written, two of them were asked for.
  expect(status.value.project.judgement).toEqual({ suggestions: 1, ratio: 2.5, folded: 1, suppressed: 0 })
})

test('what a person asked for in words is not beyond it', async () => {
  const world = await createWorld({ contents: { 'src/a.ts': BEFORE } })
  await world.session.ask({ text: 'return it directly in second()', place: 'src/a.ts:7' })
  world.reply().text(`It.\n*** Begin Patch\n*** Update File: src/a.ts\n${BEYOND}*** End Patch\n`)
  world.reply().finish()
  await settle()
  expect(await kinds(world)).toEqual([null])
})

describe('a hunk after which the file no longer parses', () => {
  test('says so, and where', async () => {
    const world = await replied(`@@\n-  return a\n+  return (a + step\n`)
    await expect
      .poll(async () => (await world.suggestion()).hunks[0]?.problem)
      .toContain('after this the file no longer parses, line')
    expect((await world.suggestion()).hunks[0]?.state).toBe('pending')
  })

  test('says nothing when it does', async () => {
    const world = await replied(NEEDED)
    expect((await world.suggestion()).hunks[0]?.problem).toBeNull()
  })
})

describe('why', () => {
  async function asked(world: World): Promise<ReturnType<World['session']['why']>> {
    const suggestion = await world.suggestion()
    const [hunk] = suggestion.hunks
    if (hunk === undefined) throw new Error('a hunk was expected')
    return world.session.why({ hunk: referenceTo(suggestion, hunk) }, new AbortController().signal)
  }

  test('asks the model about this hunk, shows two sentences of its answer, and asks once', async () => {
    const world = await replied(NEEDED)
    const answer = asked(world)
    await settle()
    const question = world.reply().request.prompt.messages.at(-1)?.text ?? ''
    expect(question).toContain('+  return a + step')
    world.reply().text('The step was never used. Now it counts. And more.')
    world.reply().finish()
    expect(await answer).toEqual({ ok: true, value: { text: 'The step was never used. Now it counts.' } })
    expect((await world.suggestion()).hunks[0]?.why).toBe('The step was never used. Now it counts.')
    const requests = world.models.replies.length
    await asked(world)
    expect(world.models.replies.length).toBe(requests)
  })

  test('can be taken back', async () => {
    const world = await replied(NEEDED)
    const suggestion = await world.suggestion()
    const [hunk] = suggestion.hunks
    if (hunk === undefined) throw new Error('a hunk was expected')
    const controller = new AbortController()
    const answer = world.session.why({ hunk: referenceTo(suggestion, hunk) }, controller.signal)
    await settle()
    controller.abort()
    expect(await answer).toMatchObject({ ok: false, failure: { code: 'cancelled' } })
    expect(world.reply().signal.aborted).toBe(true)
  })

  test('is answered by the embedded engine from its lesson', async () => {
    const text = Array.from({ length: 6 }, (_, at) => `assert.equal(run(${at}), ${at})\nconsole.log(${at})\n`).join('')
    const world = await createWorld({ contents: { 'a.js': text }, provider: LOCAL })
    await world.save('a.js', text.replace('assert.equal(run(2)', 'assert.strictEqual(run(2)'))
    await settle()
    const local = (await world.suggestions()).find(({ lane }) => lane === 'local')
    const [hunk] = local?.hunks ?? []
    if (local === undefined || hunk === undefined) throw new Error('the embedded engine was expected to propose')
    const requests = world.models.replies.length
    const answer = await world.session.why({ hunk: referenceTo(local, hunk) }, new AbortController().signal)
    expect(answer.ok ? answer.value.text : '').toContain('strictEqual')
    expect(world.models.replies.length).toBe(requests)
  })
})
