// Interrupt at every prefix of a reply, then Continue: the same edits as if it had never been cut, however the model goes on.
import { describe, expect, test } from 'vitest'
import { createWorld, referenceTo, type World } from '../../fakes/world.ts'
import { cutReply } from '../../../main/core/continuation.ts'
import { settle } from '../../fakes/clock.ts'

const FILES = {
  'src/a.ts': `export function mean(items: number[]): number {
  const sum = total(items)
  return sum / items.length
}

export function tax(price: number, zone: string): number {
  const rate = table[zone]
  return price * rate
}
`,
  'src/b.ts': 'alpha\nbeta\ngamma\ndelta\n',
}
const NOW = FILES['src/a.ts'].replace('total(items)', 'totalOf(items)')

interface Edit {
  readonly path: string
  readonly anchor: string
  readonly before: readonly string[]
  readonly old: readonly string[]
  readonly fresh: readonly string[]
}

const EDITS: readonly Edit[] = [
  {
    path: 'src/a.ts',
    anchor: 'export function mean(items: number[]): number {',
    before: ['  const sum = totalOf(items)'],
    old: ['  return sum / items.length'],
    fresh: ['  if (items.length === 0) return 0', '  return sum / items.length + 1 - 1'],
  },
  {
    path: 'src/a.ts',
    anchor: 'export function tax(price: number, zone: string): number {',
    before: ['  const rate = table[zone]'],
    old: ['  return price * rate'],
    fresh: ['  return price * (rate ?? 0)'],
  },
  { path: 'src/b.ts', anchor: '', before: ['alpha'], old: ['beta'], fresh: ['BETA', 'beta++'] },
]

function patch(edits: readonly Edit[], withContext = true): string {
  let path = ''
  const parts = edits.map((edit) => {
    const header = edit.path === path ? '' : `*** Update File: ${edit.path}\n`
    path = edit.path
    const lines = [
      ...(withContext ? edit.before.map((line) => ` ${line}`) : []),
      ...edit.old.map((line) => `-${line}`),
      ...edit.fresh.map((line) => `+${line}`),
    ]
    return `${header}@@${edit.anchor === '' ? '' : ` ${edit.anchor}`}\n${lines.join('\n')}\n`
  })
  return `*** Begin Patch\n${parts.join('')}*** End Patch\n`
}

function searchReplace(edits: readonly Edit[]): string {
  return edits
    .map(
      ({ path, old, fresh }) =>
        `${path}\n<<<<<<< SEARCH\n${old.join('\n')}\n=======\n${fresh.join('\n')}\n>>>>>>> REPLACE\n`,
    )
    .join('\n')
}

const PROSE = 'Guard the empty list, and an unknown zone.\n'
/** In the soak: 200 replies, at every prefix. In the suite two, at each fifth. */
const SOAK = process.env['SLIPSTREAM_SOAK'] === '1'
const STEP = SOAK ? 1 : 5

interface Reply {
  readonly name: string
  readonly edits: readonly Edit[]
  readonly text: string
}

/** The n-th reply: other lines, fewer edits, the other format. */
function replyOf(n: number): Reply {
  const edits = EDITS.filter((_, at) => n < 2 || ((n >> 1) + 1) % 8 === 0 || ((n >> (at + 1)) & 1) === 1).map(
    (edit, at) => ({
      ...edit,
      fresh: edit.fresh.flatMap((line, row) => ((n + at + row) % 5 === 4 ? [line, `${line} // ${n}`] : [line])),
    }),
  )
  const chosen = edits.length === 0 ? EDITS : edits
  const text = PROSE + (n % 2 === 0 ? patch(chosen) : searchReplace(chosen))
  return { name: `reply ${n}, ${n % 2 === 0 ? 'a patch' : 'search and replace'}`, edits: chosen, text }
}

const REPLIES = Array.from({ length: SOAK ? 200 : 2 }, (_, n) => replyOf(n))

/** How models go on; the text before the cut in, what they say then out. */
const WAYS: readonly (readonly [string, (reply: string, cut: number, edits: readonly Edit[]) => string])[] = [
  // The model is told that it ended where the last blanks began: see `cutReply`.
  ['at the exact character', (reply, cut) => reply.slice(cutReply(reply.slice(0, cut)).length)],
  ['repeating the partial line', (reply, cut) => reply.slice(reply.lastIndexOf('\n', cut - 1) + 1)],
  ['with the whole reply again', (reply) => reply],
  ['with the whole patch again', (reply) => reply.slice(PROSE.length)],
  ['with the same hunks worded differently', (_, __, edits) => `Both again.\n${patch(edits, false)}`],
]

async function streamedTo(reply: string, cut: number): Promise<World> {
  const world = await createWorld({ contents: FILES })
  await world.save('src/a.ts', NOW)
  if (cut > 0) world.reply().text(reply.slice(0, cut))
  await settle(8)
  return world
}

async function cutAt(reply: string, cut: number): Promise<World> {
  const world = await streamedTo(reply, cut)
  await world.session.interrupt({ suggestion: (await world.suggestion()).id })
  await settle(8)
  return world
}

async function goOn(world: World, text: string): Promise<void> {
  await world.session.continue({ suggestion: (await world.suggestion()).id })
  await settle(4)
  world.reply().text(text)
  world.reply().finish()
  await settle(12)
}

async function pending(world: World): Promise<readonly string[]> {
  const { hunks } = await world.suggestion()
  return hunks
    .filter(({ state }) => state === 'pending')
    .map((hunk) => JSON.stringify([hunk.path, hunk.start, hunk.end, hunk.newLines]))
    .toSorted()
}

async function uncut(reply: string): Promise<readonly string[]> {
  const world = await createWorld({ contents: FILES })
  await world.save('src/a.ts', NOW)
  world.reply().text(reply)
  world.reply().finish()
  await settle(12)
  return pending(world)
}

describe.each(REPLIES)('$name', ({ text, edits }) => {
  /** The same places, other lines. */
  const other = edits.map((edit) => ({ ...edit, fresh: edit.fresh.map((line) => `${line} // other`) }))

  test('goes on with other lines for what had come: these take its place, visibly', async () => {
    const whole = await uncut(PROSE + patch(other))
    for (let cut = 1; cut < text.length; cut += STEP) {
      const world = await cutAt(text, cut)
      const former = (await world.suggestion()).hunks.map(({ id }) => id)
      await goOn(world, patch(other))
      expect(await pending(world), `cut at ${cut}`).toEqual(whole)
      const { hunks } = await world.suggestion()
      for (const hunk of hunks.filter(({ id }) => former.includes(id)))
        expect(hunk, `cut at ${cut}`).toMatchObject({ state: 'stale', reason: expect.stringContaining('replaced') })
      expect(world.files.writes).toEqual([])
    }
  }, 120_000)

  test.each([
    ['the same edits', edits],
    ['other lines', other],
  ])(
    'is nudged, and the model gives %s',
    async (_, given) => {
      const whole = await uncut(PROSE + patch(given))
      for (let cut = 1; cut < text.length; cut += STEP) {
        // Every other time straight into the stream.
        const world = cut % 2 === 0 ? await cutAt(text, cut) : await streamedTo(text, cut)
        await world.session.nudge({ suggestion: (await world.suggestion()).id, text: 'shorter, please' })
        await settle(4)
        world.reply().text(PROSE + patch(given))
        world.reply().finish()
        await settle(12)
        expect(await pending(world), `cut at ${cut}`).toEqual(whole)
        expect((await world.suggestion()).nudges).toEqual(['shorter, please'])
        expect(world.files.writes).toEqual([])
      }
    },
    120_000,
  )

  test.each(WAYS)(
    'goes on %s',
    async (_, way) => {
      const whole = await uncut(text)
      expect(whole).toHaveLength(edits.length)
      for (let cut = 1; cut < text.length; cut += STEP) {
        const world = await cutAt(text, cut)
        await goOn(world, way(text, cut, edits))
        const after = `cut at ${cut}, after ${JSON.stringify(text.slice(0, cut).slice(-30))}`
        expect(await pending(world), after).toEqual(whole)
        expect(world.files.writes).toEqual([])
      }
    },
    120_000,
  )
})

describe('a contradiction', () => {
  const reply = PROSE + patch(EDITS)
  const afterFirst = reply.indexOf('\n', reply.indexOf('@@ export function tax')) + 6
  const other = EDITS.map((edit, at) => (at === 0 ? { ...edit, fresh: ['  throw new RangeError()'] } : edit))

  test('replaces a pending hunk visibly', async () => {
    const world = await cutAt(reply, afterFirst)
    await goOn(world, patch(other))
    const { hunks } = await world.suggestion()
    expect(hunks.map(({ state }) => state)).toEqual(['stale', 'pending', 'pending', 'pending'])
    expect(hunks[0]?.reason).toContain('replaced')
  })

  test('never replaces an accepted hunk: what no longer fits is not offered as if it did', async () => {
    const world = await cutAt(reply, afterFirst)
    const suggestion = await world.suggestion()
    const [first] = suggestion.hunks
    if (first === undefined) throw new Error('no hunk')
    expect((await world.session.accept({ hunks: [referenceTo(suggestion, first)] })).ok).toBe(true)
    const written = world.files.contents.get('src/a.ts')
    await goOn(world, patch(other))
    const { hunks } = await world.suggestion()
    expect(hunks[0]?.state).toBe('accepted')
    expect(
      hunks
        .slice(1)
        .map(({ state }) => state)
        .toSorted(),
    ).toEqual(['pending', 'pending', 'unplaced'])
    expect(world.files.contents.get('src/a.ts')).toBe(written)
  })

  test('never replaces the hunk in hand: it stands beneath it', async () => {
    const world = await cutAt(reply, afterFirst)
    const suggestion = await world.suggestion()
    const [first] = suggestion.hunks
    if (first === undefined) throw new Error('no hunk')
    await world.session.setHand({ hunk: referenceTo(suggestion, first), suggestion: suggestion.id, focused: true })
    await goOn(world, patch(other))
    const { hunks } = await world.suggestion()
    expect(hunks.map(({ state, remark }) => [state, remark])).toEqual([
      ['pending', null],
      ['pending', 'instead of the one above, which you had in hand'],
      ['pending', null],
      ['pending', null],
    ])
    const [held, beneath] = hunks
    if (held === undefined || beneath === undefined) throw new Error('there are four')
    expect([beneath.path, beneath.start, beneath.end]).toEqual([held.path, held.start, held.end])
  })

  test('of the hunk in hand that a person has asked for takes its place, visibly', async () => {
    const world = await cutAt(reply, afterFirst)
    const suggestion = await world.suggestion()
    const [first] = suggestion.hunks
    if (first === undefined) throw new Error('no hunk')
    await world.session.setHand({ hunk: referenceTo(suggestion, first), suggestion: suggestion.id, focused: true })
    await world.session.nudge({ suggestion: suggestion.id, text: 'throw instead' })
    await settle(4)
    world.reply().text(patch(other))
    world.reply().finish()
    await settle(12)
    const { hunks } = await world.suggestion()
    expect(hunks.map(({ state }) => state)).toEqual(['stale', 'pending', 'pending', 'pending'])
    expect(hunks[0]?.reason).toContain('replaced')
  })

  test('of another hunk that is taken in hand after the nudge does not', async () => {
    const world = await cutAt(reply, reply.length - 12)
    const suggestion = await world.suggestion()
    const [first, second] = suggestion.hunks
    if (first === undefined || second === undefined) throw new Error('no hunks')
    await world.session.setHand({ hunk: referenceTo(suggestion, first), suggestion: suggestion.id, focused: true })
    await world.session.nudge({ suggestion: suggestion.id, text: 'otherwise' })
    await world.session.setHand({ hunk: referenceTo(suggestion, second), suggestion: suggestion.id, focused: true })
    await settle(4)
    world.reply().text(patch(EDITS.map((edit) => ({ ...edit, fresh: ['  other()'] }))))
    world.reply().finish()
    await settle(12)
    const { hunks } = await world.suggestion()
    expect(hunks.find(({ id }) => id === first.id)?.state).toBe('stale')
    expect(hunks.find(({ id }) => id === second.id)?.state).toBe('pending')
  })
})
