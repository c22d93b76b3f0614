// The engine with its real adapters on real folders: what counts as a change, and what is asked about it.
import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, open, realpath, rename, rm, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { createSettings } from '../../main/adapters/settings.ts'
import { createEngine, type Engine } from '../../main/host/engine.ts'
import type { ProjectView, SuggestionView } from '../../preload/contract.ts'
import { startModelServer, type ModelServer } from '../fakes/model-server/server.ts'

const CODE = `export function mean(items) {
  const sum = total(items)
  return sum / items.length
}
`
const EDITED = CODE.replace('total(items)', 'totalOf(items)')
const NEVER = new AbortController().signal

interface World {
  readonly root: string
  readonly engine: Engine
  readonly server: ModelServer
  write(path: string, text: string): Promise<void>
  project(): Promise<ProjectView>
  suggestions(): Promise<readonly SuggestionView[]>
}

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

function git(root: string, ...words: string[]): void {
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...words], { cwd: root, stdio: 'ignore' })
}

async function put(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text)
}

/** An engine on a folder that `prepare` fills. `wait: false`: not even started. */
async function world(prepare: (root: string) => Promise<void>, wait = true): Promise<World> {
  const home = await realpath(await mkdtemp(join(tmpdir(), 'slipstream-engine-')))
  const root = join(home, 'project')
  await mkdir(root)
  await mkdir(join(home, 'data'))
  await prepare(root)
  const server = await startModelServer()
  const made = await createEngine({
    root,
    data: join(home, 'data'),
    settings: createSettings(join(home, 'data', 'settings.json')),
    options: { provider: 'compatible', baseUrl: server.url, model: null, deepModel: null },
    environment: { SLIPSTREAM_LOCAL_SERVERS: '' },
  })
  if (!made.ok) throw new Error(made.failure.message)
  const engine = made.value
  closing.push(async () => {
    await engine.close()
    await server.close()
    await rm(home, { recursive: true, force: true })
  })
  const status = async () => {
    const answer = await engine.handlers.calls.status({}, NEVER)
    if (!answer.ok) throw new Error(answer.failure.message)
    return answer.value
  }
  const made2: World = {
    root,
    engine,
    server,
    write: (path, text) => put(join(root, path), text),
    project: async () => (await status()).project,
    suggestions: async () => (await status()).suggestions,
  }
  if (wait) {
    await engine.start()
    await expect
      .poll(async () => (await made2.project()).watch, { timeout: 10_000 })
      .toMatchObject({ state: 'watching' })
    await expect.poll(async () => (await made2.project()).watch.baselines, { timeout: 10_000 }).toBeGreaterThan(0)
  }
  return made2
}

/** Long enough for a request that should not come to have come. */
const QUIET_MS = 700

describe('baselines', () => {
  test('uncommitted work in a dirty tree is the baseline: only what is saved now is asked about', async () => {
    const dirty = CODE.replace('sum / items.length', 'sum / Math.max(1, items.length)')
    const { write, server } = await world(async (root) => {
      await put(join(root, 'a.js'), CODE)
      git(root, 'init', '-q')
      git(root, 'add', '.')
      git(root, 'commit', '-qm', 'x')
      await put(join(root, 'a.js'), dirty)
    })
    await write('a.js', dirty.replace('total(items)', 'totalOf(items)'))
    const request = await server.arrived(1)
    expect(request.text).toContain('+  const sum = totalOf(items)')
    expect(request.text).not.toContain('+  return sum / Math.max')
  })

  test('an untracked file and a folder without git work the same', async () => {
    const { write, server } = await world((root) => put(join(root, 'new.js'), CODE))
    await write('new.js', EDITED)
    expect((await server.arrived(1)).text).toContain('+  const sum = totalOf(items)')
  })

  test('in a CRLF checkout the line endings are no change', async () => {
    const { write, server } = await world(async (root) => {
      await put(join(root, '.gitattributes'), '* text eol=crlf\n')
      await put(join(root, 'a.js'), CODE)
      git(root, 'init', '-q')
      git(root, 'add', '.')
      git(root, 'commit', '-qm', 'x')
      await put(join(root, 'a.js'), CODE.replaceAll('\n', '\r\n'))
    })
    await write('a.js', EDITED.replaceAll('\n', '\r\n'))
    const { text } = await server.arrived(1)
    const edits = text.slice(text.lastIndexOf('<edits>'))
    expect(edits.match(/^\+ {2}.*$/gm)).toEqual(['+  const sum = totalOf(items)'])
  })

  test('a save during the first scan is answered: git knows what the file was', async () => {
    const { engine, write, server } = await world(async (root) => {
      await put(join(root, 'a.js'), CODE)
      git(root, 'init', '-q')
      git(root, 'add', '.')
      git(root, 'commit', '-qm', 'x')
      for (let at = 0; at < 400; at += 1) await put(join(root, `many/f${at}.js`), CODE)
    }, false)
    // Git has told what is clean; the first scan has only begun.
    await sleep(2000)
    await engine.start()
    await sleep(10)
    await write('a.js', EDITED)
    expect((await server.arrived(1)).text).toContain('+  const sum = totalOf(items)')
  })

  test('a new file is a first sight: nothing is asked, and the status says so', async () => {
    const { write, server, project } = await world((root) => put(join(root, 'a.js'), CODE))
    await write('fresh.js', CODE)
    await expect.poll(async () => (await project()).quiet?.text).toContain('first sight of fresh.js')
    await sleep(QUIET_MS)
    expect(server.requests).toHaveLength(0)
  })

  test('a file that changed while nothing watched is no change at the next start', async () => {
    const first = await world((root) => put(join(root, 'a.js'), CODE))
    await first.write('b.js', CODE)
    await first.engine.close()
    const offline = CODE.replace('sum / items.length', 'sum / Math.max(1, items.length)')
    await first.write('a.js', offline)
    const made = await createEngine({
      root: first.root,
      data: join(first.root, '..', 'data'),
      settings: createSettings(join(first.root, '..', 'data', 'settings.json')),
      options: { provider: 'compatible', baseUrl: first.server.url, model: null, deepModel: null },
      environment: { SLIPSTREAM_LOCAL_SERVERS: '' },
    })
    if (!made.ok) throw new Error(made.failure.message)
    closing.push(() => made.value.close())
    await made.value.start()
    const watch = async () => {
      const status = await made.value.handlers.calls.status({}, NEVER)
      return status.ok ? status.value.project.watch : null
    }
    await expect.poll(watch, { timeout: 10_000 }).toMatchObject({ state: 'watching' })
    await sleep(QUIET_MS)
    await first.write('a.js', offline.replace('total(items)', 'totalOf(items)'))
    const { text } = await first.server.arrived(1)
    expect(text).toContain('+  const sum = totalOf(items)')
    expect(text).not.toContain('+  return sum / Math.max')
  })
})

describe('ways of saving', () => {
  const one = (root: string): Promise<void> => put(join(root, 'a.js'), CODE)

  test('truncate, then write: one change', async () => {
    const { root, server } = await world(one)
    const file = await open(join(root, 'a.js'), 'w')
    await sleep(20)
    await file.write(EDITED)
    await file.close()
    await server.arrived(1)
    await sleep(QUIET_MS)
    expect(server.requests).toHaveLength(1)
  })

  test('write to a temporary file and rename: one change', async () => {
    const { root, server } = await world(one)
    await writeFile(join(root, '.a.js.tmp~'), EDITED)
    await rename(join(root, '.a.js.tmp~'), join(root, 'a.js'))
    await server.arrived(1)
    await sleep(QUIET_MS)
    expect(server.requests).toHaveLength(1)
  })

  test('delete and recreate: one change', async () => {
    const { root, server } = await world(one)
    await unlink(join(root, 'a.js'))
    await sleep(10)
    await writeFile(join(root, 'a.js'), EDITED)
    await server.arrived(1)
    await sleep(QUIET_MS)
    expect(server.requests).toHaveLength(1)
  })

  test('the last of several quick writes is never lost', async () => {
    const { root, server, suggestions } = await world(one)
    for (let at = 1; at <= 8; at += 1) {
      await writeFile(join(root, 'a.js'), CODE.replace('total(items)', `total${at}(items)`))
      await sleep(15)
    }
    await expect.poll(() => server.requests.at(-1)?.text.includes('total8(items)'), { timeout: 5000 }).toBe(true)
    expect((await suggestions()).length).toBeGreaterThan(0)
  })

  test('a branch switch asks nothing', async () => {
    const { root, server, project } = await world(async (folder) => {
      for (let at = 0; at < 40; at += 1) await put(join(folder, `f${at}.js`), CODE)
      git(folder, 'init', '-q', '-b', 'main')
      git(folder, 'add', '.')
      git(folder, 'commit', '-qm', 'x')
      git(folder, 'checkout', '-qb', 'other')
      for (let at = 0; at < 40; at += 1) await put(join(folder, `f${at}.js`), EDITED)
      git(folder, 'commit', '-qam', 'y')
    })
    await expect.poll(async () => (await project()).watch.baselines).toBeGreaterThanOrEqual(40)
    git(root, 'checkout', '-q', 'main')
    await expect.poll(async () => (await project()).quiet?.text).toMatch(/files changed at once|git has changed files/)
    await sleep(QUIET_MS)
    expect(server.requests).toHaveLength(0)
  })

  test('a switch of two files asks nothing either', async () => {
    const { root, server, project } = await world(async (folder) => {
      await put(join(folder, 'a.js'), CODE)
      await put(join(folder, 'b.js'), CODE)
      git(folder, 'init', '-q', '-b', 'main')
      git(folder, 'add', '.')
      git(folder, 'commit', '-qm', 'x')
      git(folder, 'checkout', '-qb', 'other')
      await put(join(folder, 'a.js'), EDITED)
      await put(join(folder, 'b.js'), EDITED)
      git(folder, 'commit', '-qam', 'y')
    })
    git(root, 'checkout', '-q', 'main')
    await expect.poll(async () => (await project()).quiet?.text).toContain('git has changed files')
    await sleep(QUIET_MS)
    expect(server.requests).toHaveLength(0)
  })

  test('an ignored file is never looked at', async () => {
    const { root, server } = await world(async (folder) => {
      await put(join(folder, '.gitignore'), 'secret.js\n')
      await put(join(folder, 'secret.js'), CODE)
      await put(join(folder, 'a.js'), CODE)
    })
    await writeFile(join(root, 'secret.js'), EDITED)
    await sleep(QUIET_MS)
    expect(server.requests).toHaveLength(0)
  })
})
