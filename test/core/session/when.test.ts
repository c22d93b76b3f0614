// When a session asks by itself, and when it keeps quiet: triggers, waits, formatters, undo, repetition, markers, mutes.
import { describe, expect, test } from 'vitest'
import type { WhenView } from '../../../preload/contract.ts'
import { createFakeStore } from '../../fakes/store.ts'
import { settle } from '../../fakes/clock.ts'
import { createWorld, patchReply, referenceTo, type World } from '../../fakes/world.ts'

const BEFORE = `export function mean(items: number[]): number {
  const sum = total(items)
  return sum / items.length
}

export function tax(price: number, zone: string): number {
  const rate = table[zone]
  return price * rate
}
`
const AFTER = BEFORE.replace('total(items)', 'totalOf(items)')
const FORMATTED = AFTER.replace('price * rate', 'price*rate').replace('table[zone]', 'table[zone];')
const LATER = AFTER.replace('price * rate', 'price * rate + shipping')

async function world(contents: Record<string, string> = { 'src/a.ts': BEFORE }): Promise<World> {
  return createWorld({ contents })
}

async function when(given: World): Promise<WhenView> {
  const status = await given.session.status()
  if (!status.ok) throw new Error('there is always a status')
  return status.value.project.when
}

async function rejectEach(given: World, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    await given.clock.advance(20_000)
    await given.save('src/a.ts', `${BEFORE}// thought ${'a'.repeat(time + 1)}\n`)
    await given.clock.advance(20_000)
    given.reply().text(patchReply('src/a.ts', '  return sum / items.length', `  return ${time}`))
    given.reply().finish()
    await settle()
    const suggestion = await given.suggestion()
    const hunks = suggestion.hunks.map((hunk) => referenceTo(suggestion, hunk))
    expect((await given.session.reject({ hunks })).ok).toBe(true)
  }
  await given.clock.advance(3000)
}

describe('triggers', () => {
  test('on save is the default', async () => {
    expect((await when(await world())).trigger).toBe('save')
  })

  test('on pause it asks once after the pause, about all saves, and the trace tells the wait', async () => {
    const it = await world()
    await it.session.trigger({ trigger: 'pause', pauseMs: 4000 })
    await it.save('src/a.ts', AFTER)
    await it.clock.advance(3000)
    await it.save('src/a.ts', LATER)
    await it.clock.advance(3900)
    expect(it.models.replies).toHaveLength(0)
    await it.clock.advance(200)
    expect(it.models.replies).toHaveLength(1)
    expect(it.reply().request.change).toMatchObject({ before: BEFORE, after: LATER })
    expect((await it.suggestion()).trace.policyWait).toBe(4000)
  })

  test('on request a save asks nothing, words and markers do', async () => {
    const it = await world()
    await it.session.trigger({ trigger: 'request', pauseMs: 2000 })
    await it.save('src/a.ts', AFTER)
    expect(it.models.replies).toHaveLength(0)
    expect((await when(it)).unasked).toEqual({ request: 1 })
    await it.clock.advance(3000)
    await it.save('src/a.ts', `// guard it ai!\n${AFTER}`)
    expect(it.models.replies).toHaveLength(1)
    expect((await it.session.ask({ text: 'add a test', place: 'src/a.ts' })).ok).toBe(true)
    expect(it.models.replies).toHaveLength(2)
  })

  test('the choice outlives a restart', async () => {
    const store = createFakeStore()
    const first = await createWorld({ contents: { 'src/a.ts': BEFORE }, store })
    await first.session.trigger({ trigger: 'pause', pauseMs: 3000 })
    await first.session.close()
    const second = await createWorld({ files: first.files, store })
    expect(await when(second)).toMatchObject({ trigger: 'pause', pauseMs: 3000 })
  })

  test('a marker waits for no pause', async () => {
    const it = await world()
    await it.session.trigger({ trigger: 'pause', pauseMs: 60_000 })
    await it.save('src/a.ts', `// guard it ai!\n${BEFORE}`)
    expect(it.models.replies).toHaveLength(1)
  })
})

test('a marker in the middle of quick saves waits for their pause alone', async () => {
  const it = await world()
  await it.session.trigger({ trigger: 'pause', pauseMs: 60_000 })
  await it.save('src/a.ts', AFTER)
  await it.clock.advance(1000)
  await it.save('src/a.ts', `// guard it ai!\n${AFTER}`)
  expect(it.models.replies).toHaveLength(0)
  await it.clock.advance(1300)
  expect(it.models.replies).toHaveLength(1)
})

describe('patience', () => {
  test('it starts at none', async () => {
    expect(await when(await world())).toMatchObject({ wait: 0, waitReason: null })
  })

  test('rejects make the next save wait, which is shown and counted', async () => {
    const it = await world()
    await rejectEach(it, 3)
    expect((await when(it)).waitReason).toMatch(/^waiting [\d.]+ s: you rejected the last 3$/)
    const { wait } = await when(it)
    const asked = it.models.replies.length
    await it.save('src/a.ts', LATER)
    expect(it.models.replies).toHaveLength(asked)
    await it.clock.advance(wait)
    expect(it.models.replies).toHaveLength(asked + 1)
    expect((await it.suggestion()).trace.policyWait).toBeGreaterThanOrEqual(wait - 1)
  })

  test('it can be reset, and outlives a restart otherwise', async () => {
    const it = await world()
    await rejectEach(it, 3)
    const again = await createWorld({ files: it.files, store: it.store })
    expect((await when(again)).wait).toBeGreaterThan(0)
    await again.session.resetWait()
    expect((await when(again)).wait).toBe(0)
  })

  test('further saves do not put the question off beyond the wait', async () => {
    const it = await world()
    await rejectEach(it, 4)
    const asked = it.models.replies.length
    const { wait } = await when(it)
    expect(wait).toBeGreaterThan(2500)
    await it.save('src/a.ts', LATER)
    await it.clock.advance(2100)
    await it.save('src/a.ts', LATER.replace('shipping', 'shippingCosts'))
    await it.clock.advance(wait - 2100)
    expect(it.models.replies).toHaveLength(asked + 1)
    expect(it.reply().request.change?.after).toContain('shippingCosts')
  })
})

describe('formatters', () => {
  test('a formatting-only save asks nothing', async () => {
    const it = await world()
    await it.save(
      'src/a.ts',
      BEFORE.replace('return price * rate', 'return (price*rate);').replace('(price*rate)', 'price*rate'),
    )
    expect(it.models.replies).toHaveLength(0)
    expect((await when(it)).unasked).toEqual({ format: 1 })
  })

  test('a rewrite right after a save asks nothing more, even when the answer is there already', async () => {
    const it = await world()
    await it.save('src/a.ts', AFTER)
    it.reply().text('Nothing to add.')
    it.reply().finish()
    await it.clock.advance(200)
    await it.save('src/a.ts', FORMATTED)
    await it.clock.advance(5000)
    expect(it.models.replies).toHaveLength(1)
  })

  test('once it is a habit, one save is one question, about what the formatter made of it', async () => {
    const it = await world()
    let text = BEFORE
    for (const name of ['first', 'second', 'third']) {
      await it.clock.advance(10_000)
      const typed = text.replace(/const sum.*\n/, `const sum = ${name}(items)\n`)
      text = typed.replace(`${name}(items)`, `${name}( items )`)
      await it.save('src/a.ts', typed)
      await it.clock.advance(200)
      await it.save('src/a.ts', text)
      await it.clock.advance(2000)
    }
    expect(it.models.replies).toHaveLength(3)
    expect(it.reply(0).request.change?.after).not.toContain('( items )')
    expect(it.reply(2).request.change).toMatchObject({ after: text })
    expect(it.reply(2).request.change?.before).toContain('second( items )')
    const { trace } = await it.suggestion()
    expect(trace.policyWait).toBe(200)
  })

  test('a formatter that does not come after all is waited for only so long', async () => {
    const store = createFakeStore()
    store.tables.set(
      'meta',
      new Map([
        [
          'when/habits',
          {
            ts: [
              { what: 'formatted', gap: 200 },
              { what: 'formatted', gap: 200 },
            ],
          },
        ],
      ]),
    )
    const it = await createWorld({ contents: { 'src/a.ts': BEFORE }, store })
    await it.save('src/a.ts', AFTER)
    expect(it.models.replies).toHaveLength(0)
    await it.clock.advance(350)
    expect(it.models.replies).toHaveLength(1)
  })
})

describe('undo, repetition, git', () => {
  test('content that returns to an earlier one asks nothing, nor does the redo', async () => {
    const it = await world()
    await it.save('src/a.ts', AFTER)
    await it.clock.advance(5000)
    await it.save('src/a.ts', LATER)
    await it.clock.advance(5000)
    for (const text of [AFTER, BEFORE, AFTER, LATER]) {
      await it.save('src/a.ts', text)
      await it.clock.advance(5000)
    }
    expect(it.models.replies).toHaveLength(2)
    expect((await when(it)).unasked).toEqual({ undo: 4 })
  })

  test('an undo while a pause is waited for takes the question back', async () => {
    const it = await world()
    await it.session.trigger({ trigger: 'pause', pauseMs: 5000 })
    await it.save('src/a.ts', AFTER)
    await it.clock.advance(3000)
    await it.save('src/a.ts', BEFORE)
    await it.clock.advance(10_000)
    expect(it.models.replies).toHaveLength(0)
  })

  test('half an undo while a pause is waited for still asks, about what is left', async () => {
    const it = await world()
    await it.session.trigger({ trigger: 'pause', pauseMs: 5000 })
    for (const text of [AFTER, LATER, AFTER]) {
      await it.save('src/a.ts', text)
      await it.clock.advance(3000)
    }
    await it.clock.advance(10_000)
    expect(it.models.replies).toHaveLength(1)
    expect(it.reply().request.change).toMatchObject({ before: BEFORE, after: AFTER })
  })

  test('a new thought after an undo asks', async () => {
    const it = await world()
    await it.save('src/a.ts', AFTER)
    await it.clock.advance(5000)
    await it.save('src/a.ts', BEFORE)
    await it.clock.advance(5000)
    await it.save('src/a.ts', BEFORE.replace('total(items)', 'grandTotal(items)'))
    expect(it.models.replies).toHaveLength(2)
  })

  test('the same edit in several files asks once', async () => {
    const it = await world({ 'a.ts': BEFORE, 'b.ts': BEFORE, 'c.ts': `// other\n${BEFORE}` })
    for (const path of ['a.ts', 'b.ts', 'c.ts']) {
      await it.save(path, (it.files.contents.get(path) ?? '').replace('total(items)', 'totalOf(items)'))
      await it.clock.advance(4000)
    }
    expect(it.models.replies).toHaveLength(1)
    expect((await when(it)).unasked).toEqual({ repeated: 2 })
  })

  test('the same edit much later is a new thought', async () => {
    const it = await world({ 'a.ts': BEFORE, 'b.ts': BEFORE })
    await it.save('a.ts', AFTER)
    await it.clock.advance(10 * 60_000)
    await it.save('b.ts', AFTER)
    expect(it.models.replies).toHaveLength(2)
  })

  test('a merge that stops at a conflict asks to resolve it, though git wrote it', async () => {
    const it = await world()
    it.gitAtWork = true
    await it.save(
      'src/a.ts',
      BEFORE.replace(
        '  return price * rate\n',
        '<<<<<<< HEAD\n  return price * rate\n=======\n  return price * 2\n>>>>>>> topic\n',
      ),
    )
    expect(it.models.replies).toHaveLength(1)
    expect(await it.suggestion()).toMatchObject({ intent: 'conflict', words: 'HEAD against topic' })
    expect(promptOf(it)).toContain('Resolve it')
  })
})

describe('intents in the code', () => {
  test('a marker fires once: not again at the next save, nor after a reject', async () => {
    const it = await world()
    await it.save('src/a.ts', `// guard it ai!\n${BEFORE}`)
    it.reply().text(patchReply('src/a.ts', '// guard it ai!', '// guarded'))
    it.reply().finish()
    await settle()
    const suggestion = await it.suggestion()
    expect(suggestion).toMatchObject({ origin: 'marker', intent: 'edit', words: 'guard it' })
    await it.session.reject({ hunks: suggestion.hunks.map((hunk) => referenceTo(suggestion, hunk)) })
    await it.clock.advance(5000)
    await it.save('src/a.ts', `// guard it ai!\n${AFTER}`)
    expect((await it.suggestion()).intent).toBeNull()
  })

  test('it fires again when it is edited', async () => {
    const it = await world()
    await it.save('src/a.ts', `// guard it ai!\n${BEFORE}`)
    await it.clock.advance(5000)
    await it.save('src/a.ts', `// guard both ai!\n${BEFORE}`)
    expect(await it.suggestion()).toMatchObject({ intent: 'edit', words: 'guard both' })
  })

  test('it does not fire at the start, nor after a restart that has lost the baseline', async () => {
    const store = createFakeStore()
    const marked = `// guard it ai!\n${BEFORE}`
    const first = await createWorld({ contents: { 'src/a.ts': BEFORE }, store })
    await first.save('src/a.ts', marked)
    expect(first.models.replies).toHaveLength(1)
    await first.session.close()
    store.tables.delete('baseline')
    const second = await createWorld({ files: first.files, store, scan: false })
    await second.save('src/a.ts', `${marked}// more\n`)
    expect(second.models.replies).toHaveLength(0)
    const third = await createWorld({ contents: { 'src/a.ts': marked } })
    expect(third.models.replies).toHaveLength(0)
  })

  test('a question is answered in words: the edit in its reply is not offered, until a nudge asks for it', async () => {
    const it = await world()
    await it.save('src/a.ts', `// is this slow ai?\n${BEFORE}`)
    it.reply().text(patchReply('src/a.ts', '  return sum / items.length', '  return 0', 'No.'))
    it.reply().finish()
    await settle()
    expect(await it.suggestion()).toMatchObject({ intent: 'question', state: 'ready', explanation: 'No.', hunks: [] })
    const { id } = await it.suggestion()
    await it.session.nudge({ suggestion: id, text: 'then change it' })
    await settle()
    it.reply().text(patchReply('src/a.ts', '  return sum / items.length', '  return 0', 'Done.'))
    it.reply().finish()
    await settle()
    expect((await it.suggestion()).hunks).toHaveLength(1)
  })

  test('a change that breaks the syntax asks to mend it, and the place is shown', async () => {
    const it = await world()
    await it.save('src/a.ts', BEFORE.replace('  return price * rate\n}', '  return price * (rate\n}'))
    expect(await it.suggestion()).toMatchObject({ origin: 'save', intent: 'syntax' })
    expect(promptOf(it)).toContain('does not parse')
  })

  test('a file that did not parse before is not complained about', async () => {
    const broken = BEFORE.replace('price * rate', 'price * (rate')
    const it = await world({ 'src/a.ts': broken })
    await it.save('src/a.ts', broken.replace('total(items)', 'totalOf(items)'))
    expect((await it.suggestion()).intent).toBeNull()
  })

  test('a TODO just written is told to the model, and labelled', async () => {
    const it = await world()
    await it.save('src/a.ts', BEFORE.replace('  const rate', '  // TODO: unknown zones\n  const rate'))
    expect(await it.suggestion()).toMatchObject({ origin: 'save', intent: 'todo', words: 'unknown zones' })
    expect(promptOf(it)).toContain('just written this TODO')
  })
})

describe('mutes', () => {
  test('a muted file asks nothing, another one does', async () => {
    const it = await world({ 'a.ts': BEFORE, 'b.ts': BEFORE })
    await it.session.mute({ mute: { kind: 'file', name: 'a.ts', until: null } })
    await it.save('a.ts', AFTER)
    expect(it.models.replies).toHaveLength(0)
    await it.save('b.ts', LATER)
    expect(it.models.replies).toHaveLength(1)
  })

  test('a snooze ends by itself, and the window is told', async () => {
    const it = await world()
    await it.session.mute({ mute: { kind: 'all', name: '', until: it.clock.wall() + 60_000 } })
    await it.save('src/a.ts', AFTER)
    await it.clock.advance(61_000)
    expect((await when(it)).mutes).toEqual([])
    await it.save('src/a.ts', LATER)
    expect(it.models.replies).toHaveLength(1)
  })

  test('it outlives a restart, and is taken back by name', async () => {
    const store = createFakeStore()
    const first = await createWorld({ contents: { 'src/a.ts': BEFORE }, store })
    await first.session.mute({ mute: { kind: 'folder', name: 'src/', until: null } })
    await first.session.close()
    const second = await createWorld({ files: first.files, store })
    expect((await when(second)).mutes).toEqual([{ kind: 'folder', name: 'src', until: null }])
    await second.session.unmute({ mute: { kind: 'folder', name: 'src' } })
    expect((await when(second)).mutes).toEqual([])
  })

  test('words are answered all the same', async () => {
    const it = await world()
    await it.session.mute({ mute: { kind: 'all', name: '', until: null } })
    expect((await it.session.ask({ text: 'add a test', place: 'src/a.ts' })).ok).toBe(true)
    expect(it.models.replies).toHaveLength(1)
  })

  test('a marker in a muted file is not answered, and that is said', async () => {
    const it = await world()
    await it.session.mute({ mute: { kind: 'language', name: 'TypeScript', until: null } })
    await it.save('src/a.ts', `// guard it ai!\n${BEFORE}`)
    expect(it.models.replies).toHaveLength(0)
    const status = await it.session.status()
    expect(status.ok && status.value.project.quiet?.text).toContain('muted')
  })

  test('the files that changed last are offered, with their languages', async () => {
    const it = await world({ 'src/a.ts': BEFORE, 'tool.py': 'a = 1\n' })
    await it.save('src/a.ts', AFTER)
    await it.save('tool.py', 'a = compute()\n')
    expect((await when(it)).recent).toEqual([
      { path: 'tool.py', language: 'Python' },
      { path: 'src/a.ts', language: 'TypeScript' },
    ])
  })
})

function promptOf(given: World): string {
  return given
    .reply()
    .request.prompt.messages.map((message) => message.text)
    .join('\n')
}
