// The session with every port faked and the reply held by the test: each race is a plain sequence.
import { describe, expect, test } from 'vitest'
import { createWorld, patchReply, referenceTo, unfoldAll, type World } from '../../fakes/world.ts'
import { settle } from '../../fakes/clock.ts'
import { createFakeStore } from '../../fakes/store.ts'
import { LOCAL } from '../../fakes/models.ts'

const BEFORE = `export function mean(items: number[]): number {
  const sum = total(items)
  return sum / items.length
}

export function tax(price: number, zone: string): number {
  const rate = table[zone]
  return price * rate
}
`
const AFTER = BEFORE.replace('const sum = total(items)', 'const sum = totalOf(items)')
const GUARD = 'return items.length === 0 ? 0 : sum / items.length'

async function asked(): Promise<World> {
  const world = await createWorld({ contents: { 'src/a.ts': BEFORE, 'src/b.ts': 'one\ntwo\nthree\n' } })
  await world.save('src/a.ts', AFTER)
  return world
}

async function ready(): Promise<World> {
  const world = await asked()
  const reply = world.reply()
  reply.send({ type: 'sent', model: 'fast-model' }, { type: 'headers' })
  reply.text(patchReply('src/a.ts', '  return sum / items.length', `  ${GUARD}`))
  reply.finish()
  await settle()
  return world
}

async function accept(world: World): ReturnType<World['session']['accept']> {
  const suggestion = await world.suggestion()
  const hunks = suggestion.hunks.map((hunk) => referenceTo(suggestion, hunk))
  const result = await world.session.accept({ hunks })
  await settle()
  return result
}

describe('from save to hunk', () => {
  test('a save asks once, about the changed region', async () => {
    const world = await asked()
    expect(world.models.replies).toHaveLength(1)
    const suggestion = await world.suggestion()
    expect(suggestion).toMatchObject({ state: 'waiting', path: 'src/a.ts', start: 1, origin: 'save', lane: 'fast' })
    const prompt = world
      .reply()
      .request.prompt.messages.map((message) => message.text)
      .join('\n')
    expect(prompt).toContain('totalOf(items)')
  })

  test('a hunk is reviewable while the rest still streams', async () => {
    const world = await asked()
    world.reply().text('Guard it.\n*** Begin Patch\n*** Update File: src/a.ts\n@@\n-  return sum / items.length\n')
    world.reply().text(`+  ${GUARD}\n@@ export function tax\n`)
    await settle()
    const suggestion = await world.suggestion()
    expect(suggestion.state).toBe('streaming')
    expect(suggestion.hunks).toMatchObject([{ state: 'pending', start: 3, end: 4, newLines: [`  ${GUARD}`] }])
  })

  test('the explanation is what stands before the patch', async () => {
    const world = await ready()
    expect(await world.suggestion()).toMatchObject({ state: 'ready', explanation: 'Because.' })
  })

  test('nothing is written without an accept', async () => {
    const world = await ready()
    expect(world.files.writes).toEqual([])
  })

  test('white space alone asks nothing', async () => {
    const world = await createWorld({ contents: { 'src/a.ts': BEFORE } })
    await world.save('src/a.ts', BEFORE.replace('price * rate', 'price  *  rate'))
    expect(world.models.replies).toEqual([])
  })

  test('a file that was never read sets its baseline and asks nothing', async () => {
    const world = await createWorld({ contents: {} })
    await world.save('src/new.ts', BEFORE)
    expect(world.models.replies).toEqual([])
    const status = await world.session.status()
    expect(status.ok && status.value.project.quiet?.text).toContain('first sight of src/new.ts')
    await world.clock.advance(3000)
    await world.save('src/new.ts', AFTER)
    expect(world.models.replies).toHaveLength(1)
  })

  test('a file that was never read asks when it holds a marker', async () => {
    const world = await createWorld({ contents: {} })
    await world.save('src/new.ts', `${BEFORE}// add a guard ai!\n`)
    expect(world.models.replies).toHaveLength(1)
    expect(await world.suggestion()).toMatchObject({ origin: 'marker' })
  })

  test('a save during the scan is a change against what git holds, if the file was clean', async () => {
    const world = await createWorld({ contents: { 'src/a.ts': BEFORE }, clean: { 'src/a.ts': BEFORE }, scan: false })
    await world.save('src/a.ts', AFTER)
    expect(world.models.replies).toHaveLength(1)
    expect(world.reply().request.change?.before).toBe(BEFORE)
  })

  test('uncommitted work of before the start is never taken for the change', async () => {
    const world = await createWorld({ contents: { 'src/a.ts': AFTER }, clean: {} })
    await world.save('src/a.ts', AFTER.replace('price * rate', 'price * rates'))
    expect(world.reply().request.change?.before).toBe(AFTER)
  })

  test('more than twenty files at once are a storm: one quiet line and no question', async () => {
    const contents = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`src/f${at}.ts`, BEFORE]))
    const world = await createWorld({ contents })
    for (const path of Object.keys(contents)) {
      world.files.contents.set(path, AFTER)
      world.hint(path)
    }
    await settle()
    await world.clock.advance(3000)
    expect(world.models.replies).toEqual([])
    const status = await world.session.status()
    expect(status.ok && status.value.project.quiet?.text).toContain('files changed at once')
  })

  test('what git itself writes asks nothing, however few files', async () => {
    const world = await createWorld({ contents: { 'src/a.ts': BEFORE } })
    world.gitAtWork = true
    await world.save('src/a.ts', AFTER)
    await world.clock.advance(3000)
    expect(world.models.replies).toEqual([])
    world.gitAtWork = false
    await world.save('src/a.ts', AFTER.replace('price * rate', 'price * rates'))
    expect(world.reply().request.change?.before).toBe(AFTER)
    // Nor is it among the edits that the model is told of.
    const prompt = world
      .reply()
      .request.prompt.messages.map((message) => message.text)
      .join('\n')
    expect(prompt).not.toContain('+  const sum = totalOf')
  })

  test('saves less than 2 s apart wait for a pause and then ask once, about all of them', async () => {
    const world = await asked()
    await world.clock.advance(1000)
    await world.save('src/a.ts', AFTER.replace('price * rate', 'price * rate1'))
    await world.clock.advance(1000)
    await world.save('src/a.ts', AFTER.replace('price * rate', 'price * rate12'))
    expect(world.models.replies).toHaveLength(1)
    await world.clock.advance(2500)
    expect(world.models.replies).toHaveLength(2)
    expect(world.reply().request.change).toMatchObject({ before: AFTER })
    expect(world.reply().request.change?.after).toContain('rate12')
  })

  test('key files are never asked about', async () => {
    const world = await createWorld({ contents: { '.env': 'A=1\n' } })
    await world.save('.env', 'A=1\nSECRET=2\n')
    await world.clock.advance(3000)
    await world.save('.env', 'A=1\nSECRET=3\n')
    expect(world.models.replies).toEqual([])
  })

  test('the third request in flight takes the place of the second', async () => {
    const contents = { 'src/a.ts': BEFORE, 'src/b.ts': BEFORE, 'src/c.ts': BEFORE }
    const world = await createWorld({ contents })
    const names = ['sumOf', 'countOf', 'meanOf']
    for (const [at, path] of Object.keys(contents).entries()) {
      await world.save(path, BEFORE.replace('total(items)', `${names[at]}(items)`))
    }
    expect(world.models.replies.map((reply) => reply.signal.aborted)).toEqual([false, true, false])
  })
})

describe('accept, reject, undo', () => {
  test('an accepted hunk is written, byte-exactly, and is no new change', async () => {
    const world = await ready()
    const result = await accept(world)
    expect(result).toEqual({ ok: true, value: { places: [{ path: 'src/a.ts', line: 3 }] } })
    expect(world.files.contents.get('src/a.ts')).toBe(AFTER.replace('return sum / items.length', GUARD))
    world.hint('src/a.ts')
    await settle()
    expect(world.models.replies).toHaveLength(1)
    expect((await world.suggestion()).hunks[0]).toMatchObject({ state: 'accepted' })
  })

  test('our own write is no change even when the watcher sees it before the write returns', async () => {
    const world = await ready()
    const { write } = world.files
    world.files.write = async (...given) => {
      const result = await write(...given)
      world.hint('src/a.ts')
      await settle()
      return result
    }
    expect((await accept(world)).ok).toBe(true)
    await world.clock.advance(5000)
    expect((await world.suggestion()).hunks[0]?.state).toBe('accepted')
    expect(world.models.replies).toHaveLength(1)
  })

  test("an editor's write over ours before ours returns is seen: the hunk is pending again", async () => {
    const world = await ready()
    const { write } = world.files
    world.files.write = async (...given) => {
      const result = await write(...given)
      world.files.contents.set('src/a.ts', AFTER)
      world.hint('src/a.ts')
      await settle()
      return result
    }
    await accept(world)
    await world.clock.advance(5000)
    expect((await world.suggestion()).hunks[0]).toMatchObject({
      state: 'pending',
      reason: 'your editor overwrote this',
    })
  })

  test('a rejected hunk leaves the file untouched', async () => {
    const world = await ready()
    const suggestion = await world.suggestion()
    await world.session.reject({ hunks: suggestion.hunks.map((hunk) => referenceTo(suggestion, hunk)) })
    expect(world.files.writes).toEqual([])
    expect((await world.suggestion()).hunks[0]?.state).toBe('rejected')
  })

  test('undo takes the write back and the hunk is pending again', async () => {
    const world = await ready()
    await accept(world)
    const undone = await world.session.undo()
    await settle()
    expect(undone.ok).toBe(true)
    expect(world.files.contents.get('src/a.ts')).toBe(AFTER)
    expect((await world.suggestion()).hunks[0]?.state).toBe('pending')
  })

  test('undo leaves what was changed elsewhere since', async () => {
    const world = await ready()
    await accept(world)
    world.files.contents.set('src/a.ts', `${world.files.contents.get('src/a.ts')}// mine\n`)
    expect((await world.session.undo()).ok).toBe(true)
    expect(world.files.contents.get('src/a.ts')).toBe(`${AFTER}// mine\n`)
  })

  test('undo is refused when the same place was changed since', async () => {
    const world = await ready()
    await accept(world)
    const now = (world.files.contents.get('src/a.ts') ?? '').replace('? 0 :', '? NaN :')
    world.files.contents.set('src/a.ts', now)
    expect(await world.session.undo()).toMatchObject({ ok: false, failure: { code: 'conflict' } })
    expect(world.files.contents.get('src/a.ts')).toBe(now)
  })

  test('undo works after a restart', async () => {
    const store = createFakeStore()
    const first = await createWorld({ contents: { 'src/a.ts': BEFORE }, store })
    await first.save('src/a.ts', AFTER)
    first.reply().text(patchReply('src/a.ts', '  return sum / items.length', `  ${GUARD}`))
    first.reply().finish()
    await settle()
    await accept(first)
    await first.session.close()
    const second = await createWorld({ files: first.files, store })
    expect((await second.session.undo()).ok).toBe(true)
    expect(first.files.contents.get('src/a.ts')).toBe(AFTER)
  })

  test('a decision with the hash of another painting is refused', async () => {
    const world = await ready()
    const suggestion = await world.suggestion()
    const hunk = suggestion.hunks[0]
    const result = await world.session.accept({
      hunks: [{ suggestion: suggestion.id, hunk: hunk?.id ?? '', hash: 'other' }],
    })
    expect(result).toMatchObject({ ok: false, failure: { code: 'changed' } })
    expect(world.files.writes).toEqual([])
  })

  test("a hunk whose own lines changed is stale and isn't written", async () => {
    const world = await ready()
    const mine = AFTER.replace('return sum / items.length', 'return sum / Math.max(1, items.length)')
    await world.save('src/a.ts', mine)
    const suggestion = (await world.suggestions()).find((candidate) => candidate.hunks.length > 0)
    expect(suggestion?.hunks[0]).toMatchObject({
      state: 'stale',
      yours: ['  return sum / Math.max(1, items.length)'],
    })
    const hunk = suggestion?.hunks[0]
    if (!suggestion || !hunk) throw new Error('no hunk')
    expect((await world.session.accept({ hunks: [referenceTo(suggestion, hunk)] })).ok).toBe(false)
    expect(world.files.contents.get('src/a.ts')).toBe(mine)
  })

  test('a stale hunk is pending again when its content comes back', async () => {
    const world = await ready()
    await world.save('src/a.ts', AFTER.replace('return sum / items.length', 'return 1'))
    await world.clock.advance(5000)
    await world.save('src/a.ts', AFTER)
    const all = (await world.suggestions()).flatMap((suggestion) => suggestion.hunks)
    expect(all.map((hunk) => hunk.state)).toEqual(['pending'])
  })

  test('lines that come above move a hunk, and it is written at its new place', async () => {
    const world = await ready()
    await world.save('src/a.ts', `// head\n${AFTER}`)
    const suggestion = (await world.suggestions()).find((candidate) => candidate.hunks.length > 0)
    const hunk = suggestion?.hunks[0]
    if (!suggestion || !hunk) throw new Error('no hunk')
    expect(hunk).toMatchObject({ state: 'pending', start: 4 })
    expect((await world.session.accept({ hunks: [referenceTo(suggestion, hunk)] })).ok).toBe(true)
    expect(world.files.contents.get('src/a.ts')).toBe(`// head\n${AFTER.replace('return sum / items.length', GUARD)}`)
  })

  test("a save at the moment of the click is kept: the hunk goes on top of it, or it isn't written", async () => {
    const world = await ready()
    const other = AFTER.replace('price * rate', 'price * rate * 2')
    world.files.beforeWrite = () => {
      world.files.beforeWrite = null
      world.files.contents.set('src/a.ts', other)
    }
    expect((await accept(world)).ok).toBe(true)
    expect(world.files.contents.get('src/a.ts')).toBe(other.replace('return sum / items.length', GUARD))
  })

  test('a save of the same lines at the moment of the click wins', async () => {
    const world = await ready()
    const other = AFTER.replace('return sum / items.length', 'return 7')
    world.files.beforeWrite = () => {
      world.files.beforeWrite = null
      world.files.contents.set('src/a.ts', other)
    }
    expect(await accept(world)).toMatchObject({ ok: false, failure: { code: 'stale' } })
    expect(world.files.contents.get('src/a.ts')).toBe(other)
  })

  test('an editor that writes its old buffer over an accept gets a word, and nothing new is asked', async () => {
    const world = await ready()
    await accept(world)
    await world.clock.advance(5000)
    await world.save('src/a.ts', AFTER.replace('price * rate', 'price * rate // mine'))
    await world.clock.advance(5000)
    const suggestion = await world.suggestion()
    expect(suggestion.hunks[0]).toMatchObject({ state: 'pending', reason: 'your editor overwrote this' })
    expect(world.models.replies).toHaveLength(1)
    expect((await accept(world)).ok).toBe(true)
    expect(world.files.contents.get('src/a.ts')).toContain(GUARD)
  })

  test('a full disk leaves the file and says so', async () => {
    const world = await ready()
    world.files.failure = { code: 'full', message: 'the disk is full' }
    expect(await accept(world)).toMatchObject({ ok: false, failure: { code: 'full' } })
    expect((await world.suggestion()).hunks[0]?.state).toBe('pending')
  })

  test('hunks of a file that is gone are parked and come back with it', async () => {
    const world = await ready()
    await world.remove('src/a.ts')
    expect((await world.suggestion()).hunks[0]).toMatchObject({ state: 'stale', reason: 'file gone' })
    await world.save('src/a.ts', AFTER)
    expect((await world.suggestion()).hunks[0]).toMatchObject({ state: 'pending' })
  })

  test('a rename with equal content carries the hunks along', async () => {
    const world = await ready()
    await world.remove('src/a.ts')
    await world.save('src/mean.ts', AFTER)
    expect((await world.suggestion()).hunks[0]).toMatchObject({ state: 'pending', path: 'src/mean.ts' })
  })

  test('a new file is created on accept, and undo removes it', async () => {
    const world = await asked()
    world.reply().text('A test.\n*** Begin Patch\n*** Add File: test/a.test.ts\n+test(1)\n+test(2)\n*** End Patch\n')
    world.reply().finish()
    await settle()
    await unfoldAll(world)
    expect((await accept(world)).ok).toBe(true)
    expect(world.files.contents.get('test/a.test.ts')).toBe('test(1)\ntest(2)\n')
    await world.session.undo()
    expect(world.files.contents.has('test/a.test.ts')).toBe(false)
  })

  test('an unplaced hunk says why and cannot be applied', async () => {
    const world = await asked()
    world.reply().text(patchReply('src/a.ts', '  no such line', '  x'))
    world.reply().finish()
    await settle()
    const suggestion = await world.suggestion()
    expect(suggestion.hunks[0]?.state).toBe('unplaced')
    expect(suggestion.hunks[0]?.reason).toBeTruthy()
    expect((await accept(world)).ok).toBe(false)
    expect(world.files.writes).toEqual([])
  })

  test.each(['../outside.ts', 'node_modules/x.ts', '.env'])('a hunk about %s is never placed', async (path) => {
    const world = await asked()
    world.reply().text(`No.\n*** Begin Patch\n*** Add File: ${path}\n+x\n*** End Patch\n`)
    world.reply().finish()
    await settle()
    expect((await world.suggestion()).hunks.map((hunk) => hunk.state)).toEqual(['unplaced'])
  })
})

describe('steering', () => {
  test('an interrupt closes the request, and what had come stays', async () => {
    const world = await asked()
    world.reply().text('Guard it.\n*** Begin Patch\n*** Update File: src/a.ts\n@@\n-  return sum / items.length\n')
    world.reply().text(`+  ${GUARD}\n@@ export function tax\n-  return price`)
    await settle()
    const suggestion = await world.suggestion()
    await world.session.interrupt({ suggestion: suggestion.id })
    expect(world.reply().signal.aborted).toBe(true)
    await settle()
    const stopped = await world.suggestion()
    expect(stopped).toMatchObject({ state: 'interrupted', incompleteHunk: true })
    expect(stopped.hunks).toMatchObject([{ state: 'pending' }])
  })

  test('text that comes after an interrupt is not taken', async () => {
    const world = await asked()
    world.reply().text('Guard')
    await settle()
    await world.session.interrupt({ suggestion: (await world.suggestion()).id })
    world.reply().text(patchReply('src/a.ts', '  return sum / items.length', '  x'))
    await settle()
    expect((await world.suggestion()).hunks).toEqual([])
  })

  test('an interrupt names its suggestion: a late one does not stop the next', async () => {
    const world = await ready()
    const old = await world.suggestion()
    await world.clock.advance(5000)
    await world.save('src/b.ts', 'one\n2\nthree\n')
    const result = await world.session.interrupt({ suggestion: old.id })
    expect(result).toEqual({ ok: true, value: { stopped: [] } })
    expect(world.reply().signal.aborted).toBe(false)
  })

  test('an unnamed interrupt within 300 ms of the end of what was painted last does nothing; a second one stops all', async () => {
    const world = await asked()
    const stop = new AbortController()
    const events = world.session.events(stop.signal)
    await events.next()
    world.reply().text('Guard it.')
    await events.next()
    await world.save('src/b.ts', 'one\n2\nthree\n')
    world.reply(0).finish()
    await settle()
    expect(await world.session.interrupt({ suggestion: null })).toEqual({ ok: true, value: { stopped: [] } })
    expect(world.reply().signal.aborted).toBe(false)
    await world.session.interrupt({ suggestion: null })
    expect(world.reply().signal.aborted).toBe(true)
    stop.abort()
  })

  test('a nudge stops the running request and goes on with the partial reply and the words', async () => {
    const world = await asked()
    world.reply().text('Guard it with a ternary.')
    await settle()
    const { id } = await world.suggestion()
    expect((await world.session.nudge({ suggestion: id, text: 'throw instead' })).ok).toBe(true)
    await settle()
    expect(world.reply(0).signal.aborted).toBe(true)
    expect(world.models.replies).toHaveLength(2)
    const messages = world
      .reply()
      .request.prompt.messages.map((message) => message.text)
      .join('\n')
    expect(messages).toContain('Guard it with a ternary.')
    expect(messages).toContain('throw instead')
    world.reply().text(patchReply('src/a.ts', '  return sum / items.length', '  throw new Error()'))
    world.reply().finish()
    await settle()
    const suggestion = await world.suggestion()
    expect(suggestion).toMatchObject({ id, state: 'ready', nudges: ['throw instead'] })
    expect(suggestion.hunks).toMatchObject([{ state: 'pending', newLines: ['  throw new Error()'] }])
  })

  test('two nudges in a row each take effect, in their order', async () => {
    const world = await asked()
    const { id } = await world.suggestion()
    await Promise.all([
      world.session.nudge({ suggestion: id, text: 'first words' }),
      world.session.nudge({ suggestion: id, text: 'second words' }),
    ])
    await settle()
    expect(await world.suggestion()).toMatchObject({ state: 'streaming', nudges: ['first words', 'second words'] })
    const messages = world
      .reply()
      .request.prompt.messages.map((message) => message.text)
      .join('\n')
    expect(messages.indexOf('first words')).toBeGreaterThan(-1)
    expect(messages.indexOf('second words')).toBeGreaterThan(messages.indexOf('first words'))
  })

  test('a nudge replaces a pending hunk of the same lines visibly, never an accepted one', async () => {
    const world = await ready()
    const { id } = await world.suggestion()
    await world.session.nudge({ suggestion: id, text: 'throw instead' })
    await settle()
    world.reply().text(patchReply('src/a.ts', '  return sum / items.length', '  throw new Error()'))
    world.reply().finish()
    await settle()
    expect((await world.suggestion()).hunks.map((hunk) => hunk.state)).toEqual(['stale', 'pending'])
  })

  test('Continue goes on from a cut reply, and the same edit is shown once', async () => {
    const world = await asked()
    const whole = patchReply('src/a.ts', '  return sum / items.length', `  ${GUARD}`)
    const cut = whole.indexOf('+') + 9
    world.reply().text(whole.slice(0, cut))
    await settle()
    const { id } = await world.suggestion()
    await world.session.interrupt({ suggestion: id })
    await settle()
    expect((await world.session.continue({ suggestion: id })).ok).toBe(true)
    await settle()
    world.reply().text(whole.slice(cut))
    world.reply().finish()
    await settle()
    const suggestion = await world.suggestion()
    expect(suggestion.state).toBe('ready')
    expect(suggestion.hunks).toMatchObject([{ state: 'pending', newLines: [`  ${GUARD}`] }])
  })

  test('think deeper asks the deep model with what the fast one said', async () => {
    const world = await ready()
    const { id } = await world.suggestion()
    expect((await world.session.deeper({ suggestion: id })).ok).toBe(true)
    await settle()
    expect(world.reply().request.lane).toBe('deep')
    const messages = world
      .reply()
      .request.prompt.messages.map((message) => message.text)
      .join('\n')
    expect(messages).toContain(GUARD)
    expect(await world.suggestion()).toMatchObject({ lane: 'deep', state: 'waiting' })
  })

  test('ask starts a request on the last changed region, or at a named place', async () => {
    const world = await createWorld({ contents: { 'src/a.ts': BEFORE } })
    expect(await world.session.ask({ text: 'add a test', place: null })).toMatchObject({ ok: false })
    expect((await world.session.ask({ text: 'add a guard', place: 'src/a.ts:7' })).ok).toBe(true)
    await settle()
    expect(await world.suggestion()).toMatchObject({ origin: 'ask', words: 'add a guard', path: 'src/a.ts' })
    const { start, end } = await world.suggestion()
    expect(start <= 7 && 7 < end).toBe(true)
  })

  test('a save that contradicts the region supersedes the running suggestion; other lines do not', async () => {
    const world = await asked()
    await world.clock.advance(3000)
    await world.save('src/a.ts', AFTER.replace('price * rate', 'price * rate * 2'))
    expect(world.reply(0).signal.aborted).toBe(false)
    await world.clock.advance(3000)
    await world.save('src/a.ts', AFTER.replace('totalOf(items)', 'totalOf(items, 2)'))
    expect(world.reply(0).signal.aborted).toBe(true)
  })

  test('a formatter that rewrites after the save neither cancels nor asks again', async () => {
    const world = await asked()
    await world.clock.advance(100)
    await world.save('src/a.ts', AFTER.replaceAll(/^ {2}/gm, '    '))
    await world.clock.advance(5000)
    expect(world.models.replies).toHaveLength(1)
    expect(world.reply().signal.aborted).toBe(false)
  })

  test('a save within a second of the focus does not supersede the card in hand', async () => {
    const world = await asked()
    const { id } = await world.suggestion()
    await world.clock.advance(5000)
    await world.session.setHand({ hunk: null, suggestion: id, focused: true })
    await world.save('src/a.ts', AFTER.replace('totalOf(items)', 'totalOf(items, 2)'))
    expect(world.reply(0).signal.aborted).toBe(false)
  })

  test('paused asks nothing', async () => {
    const world = await createWorld({ contents: { 'src/a.ts': BEFORE } })
    await world.session.pause({ paused: true })
    await world.save('src/a.ts', AFTER)
    expect(world.models.replies).toEqual([])
  })

  test('a failure is shown, and a retry asks again', async () => {
    const world = await asked()
    world.reply().send({ type: 'failed', failure: { code: 'reset', message: 'the connection was reset' } })
    await settle()
    const failed = await world.suggestion()
    expect(failed).toMatchObject({ state: 'failed', failure: { code: 'reset' } })
    await world.session.retry({ suggestion: failed.id })
    await settle()
    expect(world.models.replies).toHaveLength(2)
    expect(await world.suggestion()).toMatchObject({ id: failed.id, state: 'streaming', failure: null })
  })
})

describe('restart', () => {
  test('the queue is kept, and what was running is interrupted', async () => {
    const store = createFakeStore()
    const first = await createWorld({ contents: { 'src/a.ts': BEFORE }, store })
    await first.save('src/a.ts', AFTER)
    const [head, tail] = patchReply('src/a.ts', '  return sum / items.length', `  ${GUARD}`).split('*** End')
    first.reply().text(`${head}@@ more\n`)
    await settle()
    // No close: this is a crash.
    const second = await createWorld({ files: first.files, store })
    const suggestion = await second.suggestion()
    expect(suggestion).toMatchObject({ state: 'interrupted' })
    expect(suggestion.hunks).toMatchObject([{ state: 'pending' }])
    expect(tail).toBeDefined()
    expect((await accept(second)).ok).toBe(true)
  })

  test('a file that did not change meanwhile is no first sight: its first save is answered', async () => {
    const store = createFakeStore()
    const first = await createWorld({ contents: { 'src/a.ts': BEFORE }, store })
    await first.session.close()
    const second = await createWorld({ files: first.files, store })
    await second.save('src/a.ts', AFTER)
    expect(second.reply().request.change?.before).toBe(BEFORE)
  })

  test('a hunk is placed anew when the file changed meanwhile', async () => {
    const store = createFakeStore()
    const first = await createWorld({ contents: { 'src/a.ts': BEFORE }, store })
    await first.save('src/a.ts', AFTER)
    first.reply().text(patchReply('src/a.ts', '  return sum / items.length', `  ${GUARD}`))
    first.reply().finish()
    await settle()
    await first.session.close()
    first.files.contents.set('src/a.ts', `// head\n${AFTER}`)
    const second = await createWorld({ files: first.files, store })
    expect((await second.suggestion()).hunks[0]).toMatchObject({ state: 'pending', start: 4 })
  })

  test.each([
    ['before the write', false],
    ['after the write', true],
  ])('a crash %s of an accept is settled at the next start', async (_, written) => {
    const store = createFakeStore()
    const first = await createWorld({ contents: { 'src/a.ts': BEFORE }, store })
    await first.save('src/a.ts', AFTER)
    first.reply().text(patchReply('src/a.ts', '  return sum / items.length', `  ${GUARD}`))
    first.reply().finish()
    await settle()
    const suggestion = await first.suggestion()
    const target = AFTER.replace('return sum / items.length', GUARD)
    first.files.beforeWrite = () => {
      store.failure = { code: 'dead', message: 'the process is gone' }
      if (written) first.files.contents.set('src/a.ts', target)
      throw new Error('killed')
    }
    await first.session
      .accept({ hunks: suggestion.hunks.map((hunk) => referenceTo(suggestion, hunk)) })
      .catch(() => null)
    first.files.beforeWrite = null
    store.failure = null
    const second = await createWorld({ files: first.files, store })
    expect((await second.suggestion()).hunks[0]?.state).toBe(written ? 'accepted' : 'pending')
    expect(first.files.contents.get('src/a.ts')).toBe(written ? target : AFTER)
    expect((await second.session.undo()).ok).toBe(written)
  })
})

describe('the embedded engine', () => {
  test('it proposes the same edit elsewhere, as placed hunks, with no request', async () => {
    const text = Array.from({ length: 6 }, (_, at) => `assert.equal(run(${at}), ${at})\nconsole.log(${at})\n`).join('')
    const world = await createWorld({ contents: { 'a.js': text }, provider: LOCAL })
    await world.save('a.js', text.replace('assert.equal(run(2)', 'assert.strictEqual(run(2)'))
    await settle()
    expect(world.models.replies).toEqual([])
    const suggestion = await world.suggestion()
    expect(suggestion).toMatchObject({ lane: 'local', state: 'ready' })
    expect(suggestion.explanation).toContain('strictEqual')
    expect(suggestion.hunks.map((hunk) => hunk.start)).toEqual([1, 3, 7, 9, 11])
    expect((await accept(world)).ok).toBe(true)
    expect(world.files.contents.get('a.js')).toBe(text.replaceAll('assert.equal', 'assert.strictEqual'))
  })

  test('an edit that fits nowhere else shows no card', async () => {
    const world = await createWorld({ contents: { 'src/a.ts': BEFORE }, provider: LOCAL })
    await world.save('src/a.ts', AFTER)
    expect(await world.suggestions()).toEqual([])
  })
})

describe('what a window is told', () => {
  test('the first batch carries everything, later ones only what changed', async () => {
    const world = await ready()
    const stop = new AbortController()
    const events = world.session.events(stop.signal)
    const first = (await events.next()).value
    expect(first).toMatchObject({ first: true, suggestions: [{ state: 'ready' }] })
    const next = events.next()
    await world.session.pause({ paused: true })
    expect((await next).value).toMatchObject({ first: false, suggestions: [], project: { paused: true } })
    stop.abort()
    expect((await events.next()).done).toBe(true)
  })

  test('a window that does not ask gets one catch-up', async () => {
    const world = await asked()
    const stop = new AbortController()
    const events = world.session.events(stop.signal)
    await events.next()
    for (let at = 0; at < 500; at += 1) world.reply().text(`word${at} `)
    await settle(600)
    const batch = (await events.next()).value
    expect(batch?.text).toHaveLength(1)
    expect(batch?.text[0]?.text.startsWith('word0 ')).toBe(true)
    expect(batch?.text[0]?.text.endsWith('word499 ')).toBe(true)
    stop.abort()
  })
})
