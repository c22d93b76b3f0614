// "What did it see?" against the bytes that the model server received: equal, for every way of asking.
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { SeenRequest, SuggestionView } from '../../preload/contract.ts'
import { startModelServer, type ModelServer, type ModelServerOptions } from '../fakes/model-server/server.ts'
import { openProject, type ProjectEngine } from './project-engine.ts'
import { compareShown } from './shown.ts'

const CODE = `import { total } from './total.js'

export function mean(items) {
  const sum = total(items)
  return sum / items.length
}
`
const EDITED = CODE.replace('total(items)', 'totalOf(items, "é🙂")')
const REPLY = `Guard it.
*** Begin Patch
*** Update File: a.js
@@
-  return sum / items.length
+  return items.length === 0 ? 0 : sum / items.length
*** End Patch
`

const REPLY_B = `Guard it.
*** Begin Patch
*** Update File: b.js
@@
-  const sum = total(items)
+  const sum = items.length === 0 ? 0 : total(items)
*** End Patch
`

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

interface Stand {
  readonly project: ProjectEngine
  readonly server: ModelServer
}

async function stand(
  provider: 'openai' | 'compatible',
  server: ModelServerOptions,
  model = 'gpt-5.3-codex-spark',
): Promise<Stand> {
  const started = await startModelServer({
    script: [{ when: 'path="b.js"', reply: REPLY_B }, { reply: REPLY }],
    ...server,
  })
  closing.push(() => started.close())
  const files = { 'a.js': CODE, 'b.js': CODE }
  const project = await openProject({ files, provider, baseUrl: started.url, model })
  closing.push(() => project.close())
  return { project, server: started }
}

/** Every byte that arrived is shown, and nothing that did not arrive. */
async function expectEqual({ project, server }: Stand): Promise<readonly SeenRequest[]> {
  const { shown, differences } = await compareShown(project, server)
  expect(differences).toEqual([])
  return shown
}

/** The newest suggestion of a model: the embedded engine may say something about the other file at any time. */
async function newestAsked({ project }: Stand): Promise<SuggestionView | undefined> {
  return (await project.status()).suggestions.find(({ lane }) => lane !== 'local')
}

/** It is in this state. */
async function until(at: Stand, state: string): Promise<string> {
  await vi.waitFor(async () => expect((await newestAsked(at))?.state).toBe(state), { timeout: 8_000 })
  return (await newestAsked(at))?.id ?? ''
}

/** A save that is interrupted, nudged, cut, continued and handed to the deep model, then a second one. */
async function converse(at: Stand): Promise<void> {
  const held = at.server.hold()
  held.push('Guard it.\n*** Begin Patch\n*** Update File: a.js\n@@\n-  ret')
  await at.project.write('a.js', EDITED)
  await vi.waitFor(async () => expect((await newestAsked(at))?.trace.firstToken).not.toBe(null), { timeout: 8_000 })
  const suggestion = await until(at, 'streaming')
  await at.project.call('interrupt', { suggestion })
  await at.project.call('continue', { suggestion })
  await until(at, 'ready')
  await at.project.call('nudge', { suggestion, text: 'use a Map' })
  await vi.waitFor(() => expect(at.server.requests).toHaveLength(3))
  await until(at, 'ready')
  await at.project.call('nudge', { suggestion, text: 'and shorter, é🙂' })
  await vi.waitFor(() => expect(at.server.requests).toHaveLength(4))
  await until(at, 'ready')
  await at.project.call('deeper', { suggestion })
  await vi.waitFor(() => expect(at.server.requests).toHaveLength(5))
  await vi.waitFor(async () => {
    const { suggestions } = await at.project.status()
    expect(suggestions.every(({ state }) => state === 'ready' || state === 'empty')).toBe(true)
  })
}

describe('what it saw is what the server received', () => {
  test('by Chat Completions', async () => {
    const at = await stand('compatible', {})
    await converse(at)
    const shown = await expectEqual(at)
    expect(shown).toHaveLength(5)
    expect(shown.every(({ transport, sent }) => transport === 'http' && sent)).toBe(true)
    expect(shown[0]?.endpoint).toMatch(/\/v1\/chat\/completions$/)
  })

  test('by Responses over HTTP', async () => {
    const at = await stand('openai', { upgrade: 404 })
    await converse(at)
    const shown = await expectEqual(at)
    expect(shown).toHaveLength(5)
    expect(shown[0]?.endpoint).toMatch(/\/v1\/responses$/)
  })

  test('by Responses over WebSockets, with warm-ups, and what the endpoint has already named as such', async () => {
    const at = await stand('openai', {})
    await at.project.engine.warm()
    await vi.waitFor(() => expect(at.server.sockets).toBe(3))
    await converse(at)
    // Another edit: the same one in one more file would ask nothing.
    await at.project.write('b.js', CODE.replace('return sum', 'return totalOf(items) + sum'))
    await vi.waitFor(async () => expect((await newestAsked(at))?.path).toBe('b.js'), { timeout: 8_000 })
    const suggestion = await until(at, 'ready')
    await at.project.call('nudge', { suggestion, text: 'use a Map' })
    await vi.waitFor(() => expect(at.server.requests).toHaveLength(7))
    await until(at, 'ready')
    const shown = await expectEqual(at)
    expect(at.server.warmUps).toHaveLength(1)
    expect(shown).toHaveLength(7)
    expect(shown.every(({ transport }) => transport === 'websocket')).toBe(true)
    const chained = shown.filter(({ body }) => body.includes('previous_response_id'))
    const known = chained.flatMap(({ parts }) => parts.filter((part) => part.known))
    expect(known.map(({ name }) => name)).toContain('what the model had said')
    expect(known.map(({ text }) => text).join('')).toContain('totalOf(items')
    // Only the new words were sent again.
    expect(chained.some(({ body }) => !body.includes('totalOf(items'))).toBe(true)
  })

  test('where the endpoint has forgotten what it was to go on from: both messages are shown', async () => {
    const at = await stand('openai', {})
    await at.project.engine.warm()
    await vi.waitFor(() => expect(at.server.sockets).toBe(3))
    await at.project.write('a.js', EDITED)
    const suggestion = await until(at, 'ready')
    at.server.forget()
    await at.project.call('nudge', { suggestion, text: 'use a Map' })
    await vi.waitFor(() => expect(at.server.requests).toHaveLength(2))
    await until(at, 'ready')
    expect(await expectEqual(at)).toHaveLength(3)
  })

  test('of words said into a running reply', async () => {
    const at = await stand('openai', { steering: { type: 'commit' } }, 'gpt-6-astra')
    await at.project.engine.warm()
    await vi.waitFor(() => expect(at.server.sockets).toBe(3))
    const held = at.server.hold()
    held.push('Guard it.\n')
    await at.project.write('a.js', EDITED)
    const suggestion = await until(at, 'streaming')
    await at.project.call('nudge', { suggestion, text: 'use password = "hunter2!x"' })
    await until(at, 'ready')
    expect(at.server.steers).toHaveLength(1)
    const shown = await expectEqual(at)
    const steer = shown.find(({ kind }) => kind === 'steer')
    expect(steer?.parts.find(({ name }) => name === 'nudge')?.text).toBe('use password = "SLIPSTREAM_SECRET_1"')
    expect((await newestAsked(at))?.nudges).toEqual(['use password = "hunter2!x"'])
  })

  test('of the question why a hunk stands there', async () => {
    const at = await stand('compatible', {})
    await at.project.write('a.js', EDITED)
    const suggestion = await until(at, 'ready')
    const hunk = (await newestAsked(at))?.hunks[0]
    await at.project.call('why', { hunk: { suggestion, hunk: hunk?.id ?? '', hash: hunk?.hash ?? '' } })
    const shown = await expectEqual(at)
    expect(shown).toHaveLength(2)
    expect(shown[1]?.parts.map(({ text }) => text).join('')).toContain('why exactly this edit?')
  })

  test('of a request that is sent anew because the endpoint refused a parameter', async () => {
    const at = await stand('compatible', { refusedParameters: ['prompt_cache_key'] })
    await at.project.write('a.js', EDITED)
    await until(at, 'ready')
    expect(await expectEqual(at)).toHaveLength(2)
  })
})

test('a byte that is shown otherwise than it was sent is found', async () => {
  const at = await stand('compatible', {})
  await at.project.write('a.js', EDITED)
  await until(at, 'ready')
  const received = at.server.received.map((body) => body.replace('totalOf', 'totalOn'))
  const { differences } = await compareShown(at.project, { ...at.server, received })
  expect(differences.map((line) => line.slice(0, 18))).toEqual(['sent and not shown', 'shown and not sent'])
})

describe('what it saw', () => {
  test('names the parts, their places and about how many tokens they are', async () => {
    const at = await stand('compatible', {})
    await at.project.write('a.js', EDITED)
    await until(at, 'ready')
    const [request] = await expectEqual(at)
    expect(request?.parts.map(({ name }) => name)).toEqual([
      'instructions',
      'region',
      'recent edits',
      'request',
      'settings',
    ])
    expect(request?.parts[1]).toMatchObject({ path: 'a.js', start: 1, end: 7, known: false })
    for (const { tokens, text } of request?.parts ?? []) {
      expect(tokens).toBeGreaterThan(text.length / 8)
      expect(tokens).toBeLessThan(text.length)
    }
  })

  test('says what was withheld', async () => {
    const at = await stand('compatible', {})
    await at.project.write('a.js', `${EDITED}\nconst password = "hunter2!x"\n`)
    await until(at, 'ready')
    const [view] = await at.project.seen()
    expect(view?.withheld).toEqual([{ what: 'password', why: 'a placeholder was sent instead' }])
    expect(at.server.received.join('')).not.toContain('hunter2!x')
  })

  test('is nothing where the embedded engine answered', async () => {
    const project = await openProject({ files: { 'a.js': `${CODE}${CODE}` }, provider: 'local', baseUrl: null })
    closing.push(() => project.close())
    await project.write('a.js', `${EDITED}${CODE}`)
    await vi.waitFor(async () => expect((await project.newest())?.lane).toBe('local'), { timeout: 8_000 })
    const [view] = await project.seen()
    expect(view).toEqual({
      requests: [],
      withheld: [],
      note: 'Nothing was sent: the embedded engine answered on this machine.',
    })
  })
})
