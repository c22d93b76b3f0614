// The commands end to end: registry, socket, thin client, and what each prints and exits with.
import { chmod, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { StatusView } from '../../preload/contract.ts'
import type { Handlers } from '../../preload/wire/server.ts'
import { runClient } from '../../main/host/client.ts'
import { startControl, type Control } from '../../main/host/control.ts'
import { listInstances, newSocketPlace, rankInstances, type Instance } from '../../main/host/instances.ts'
import { createHandlers } from '../fakes/handlers.ts'
import { createConsole } from '../fakes/console.ts'

let session = ''
let runtimeFolder = ''
let projects = ''
const controls: Control[] = []

beforeEach(async () => {
  session = await realpath(await mkdtemp(join(tmpdir(), 'slip-')))
  await chmod(session, 0o700)
  // What the folder of this name is called inside XDG_RUNTIME_DIR is the adapters' affair; the client makes it.
  runtimeFolder = join(session, 'slipstream')
  await mkdir(runtimeFolder, { mode: 0o700 })
  projects = join(session, 'projects')
  await mkdir(join(projects, 'shop', 'api', 'src'), { recursive: true })
  await mkdir(join(projects, 'blog'), { recursive: true })
})

afterEach(async () => {
  await Promise.all(controls.splice(0).map((control) => control.close()))
  await rm(session, { recursive: true })
})

async function start(project: string, calls: Partial<Handlers['calls']> = {}): Promise<Control> {
  const started = await startControl({
    runtimeFolder,
    root: join(projects, project),
    handlers: () => createHandlers({ calls }),
    onBug(cause) {
      throw cause
    },
  })
  if (!started.ok) throw new Error(started.failure.message)
  controls.push(started.value)
  return started.value
}

/** Runs a command in a folder of the projects. */
async function run(words: readonly string[], cwd = '.'): Promise<{ code: number; out: string[]; error: string[] }> {
  const console = createConsole({ cwd: join(projects, cwd), environment: { XDG_RUNTIME_DIR: session } })
  return { code: await runClient(words, console), out: console.lines, error: console.errors }
}

/** An instance that says its name to whoever asks it to undo. */
function named(name: string): Partial<Handlers['calls']> {
  return { undo: async () => ({ ok: true, value: { places: [{ path: name, line: 1 }] } }) }
}

describe('the commands', () => {
  test('interrupt names what it stopped', async () => {
    await start('shop', { interrupt: async () => ({ ok: true, value: { stopped: ['a', 'b'] } }) })
    expect(await run(['interrupt'])).toEqual({ code: 0, out: ['interrupted a', 'interrupted b'], error: [] })
  })

  test('interrupt with nothing to stop is refused', async () => {
    await start('shop', { interrupt: async () => ({ ok: true, value: { stopped: [] } }) })
    expect(await run(['interrupt'])).toEqual({ code: 1, out: [], error: ['slipstream: Nothing is streaming.'] })
  })

  test('nudge sends all its words', async () => {
    await start('shop', { nudge: async ({ text }) => ({ ok: true, value: { suggestion: text } }) })
    expect(await run(['nudge', 'use', 'a', 'Map'])).toEqual({ code: 0, out: ['nudged use a Map'], error: [] })
  })

  test('ask sends words and place', async () => {
    await start('shop', { ask: async ({ text, place }) => ({ ok: true, value: { suggestion: `${text}@${place}` } }) })
    expect(await run(['ask', 'add a test', '--file', 'src/a.ts:3'])).toMatchObject({
      code: 0,
      out: ['asked add a test@src/a.ts:3'],
    })
  })

  test('mute takes a time and a path; a folder ends in a slash', async () => {
    const asked: unknown[] = []
    await start('shop', {
      async mute({ mute }) {
        asked.push(mute)
        return { ok: true, value: { ...status.project.when, mutes: [mute] } }
      },
    })
    expect(await run(['mute'], 'shop')).toMatchObject({ code: 0, out: ['muted: everything'] })
    await run(['mute', 'src/gen/'], 'shop')
    const from = Date.now()
    await run(['mute', '--for', '1h', 'src/a.ts'], 'shop')
    await run(['mute', '--for', 'tomorrow'], 'shop')
    expect(asked).toMatchObject([
      { kind: 'all', name: '', until: null },
      { kind: 'folder', name: 'src/gen/', until: null },
      { kind: 'file', name: 'src/a.ts' },
      { kind: 'all' },
    ])
    const [hour, tomorrow] = asked.slice(2).map((mute) => untilOf(mute))
    expect(hour).toBeGreaterThanOrEqual(from + 3_600_000)
    expect(new Date(tomorrow ?? 0).getHours()).toBe(0)
  })

  test('unmute takes one path back, or all', async () => {
    const asked: unknown[] = []
    await start('shop', {
      async unmute({ mute }) {
        asked.push(mute)
        return { ok: true, value: status.project.when }
      },
    })
    expect(await run(['unmute', 'src/a.ts'], 'shop')).toMatchObject({ code: 0, out: ['nothing is muted'] })
    await run(['unmute'], 'shop')
    expect(asked).toEqual([{ kind: 'file', name: 'src/a.ts' }, null])
  })

  test.each([['soon'], ['0m'], ['1y'], ['']])('a time such as %o is refused', async (time) => {
    expect(await run(['mute', '--for', time], 'shop')).toMatchObject({ code: 2 })
  })

  test('continue goes on', async () => {
    await start('shop', { continue: async () => ({ ok: true, value: { suggestion: 's1' } }) })
    expect(await run(['continue'])).toMatchObject({ code: 0, out: ['continued s1'] })
  })

  test('accept and reject print path and line of the hunk', async () => {
    await start('shop', {
      decide: async ({ id, decision }) => ({ ok: true, value: { places: [{ path: `${decision}/${id}`, line: 48 }] } }),
    })
    expect(await run(['accept'])).toMatchObject({ code: 0, out: ['accept/null:48'] })
    expect(await run(['reject', 'h7'])).toMatchObject({ code: 0, out: ['reject/h7:48'] })
  })

  test('a refusal of the engine is one line and exit code 1', async () => {
    await start('shop', {
      decide: async () => ({ ok: false, failure: { code: 'stale', message: 'The lines have changed.' } }),
    })
    expect(await run(['accept'])).toEqual({ code: 1, out: [], error: ['slipstream: The lines have changed.'] })
  })

  test('status --json prints the status as one line of JSON', async () => {
    await start('shop', { status: async () => ({ ok: true, value: status }) })
    const { code, out } = await run(['status', '--json'])
    expect([code, out.length, JSON.parse(out[0] ?? '')]).toEqual([0, 1, status])
  })

  test('status is readable, and a hostile file name cannot steer the terminal', async () => {
    const project = { ...status.project, name: 'evil\u001b[2Jname' }
    await start('shop', { status: async () => ({ ok: true, value: { ...status, project } }) })
    const { out } = await run(['status'])
    expect(out[0]).toContain('evil?[2Jname')
    expect(out.join('\n')).toContain('2 to review')
  })

  test.each([
    ['nudge'],
    ['nudge', '  '],
    ['ask'],
    ['interrupt', 'x'],
    ['accept', 'a', 'b'],
    ['undo', '--json'],
    ['nudge', 'x', '--file', 'y'],
    ['status', '--bogus'],
    ['fly'],
  ])('%s %s is a wrong command line', async (...words) => {
    const { code, out, error } = await run(words)
    expect([code, out, error.length]).toEqual([2, [], 1])
  })

  test('with nothing running it says how to start one', async () => {
    expect(await run(['undo'])).toEqual({
      code: 1,
      out: [],
      error: ['slipstream: No Slipstream is running: start one with `slipstream PATH`.'],
    })
  })

  test('an instance that goes away in the middle is told', async () => {
    const control = await start('shop', {
      undo: () => {
        void control.close()
        return new Promise(() => {})
      },
    })
    expect(await run(['undo'])).toMatchObject({
      code: 1,
      error: ['slipstream: The connection to the engine is closed.'],
    })
  })
})

describe('which instance', () => {
  test('the deepest project that holds the current folder', async () => {
    await start('shop', named('shop'))
    await start('shop/api', named('api'))
    await start('blog', named('blog'))
    expect((await run(['undo'], 'shop/api/src')).out).toEqual(['api:1'])
    expect((await run(['undo'], 'shop')).out).toEqual(['shop:1'])
  })

  test('outside of all projects the last active one', async () => {
    const shop = await start('shop', named('shop'))
    await start('blog', named('blog'))
    await age()
    shop.touch()
    await expect.poll(async () => (await run(['undo'])).out).toEqual(['shop:1'])
  })

  test('--project names one, from anywhere', async () => {
    await start('shop', named('shop'))
    await start('blog', named('blog'))
    expect((await run(['undo', '--project', '../blog'], 'shop')).out).toEqual(['blog:1'])
  })

  test('--project never falls back on another project', async () => {
    await start('shop', named('shop'))
    const { code, error } = await run(['undo', '--project', 'blog'])
    expect([code, error]).toEqual([
      1,
      [`slipstream: No Slipstream is running for ${projects}/blog: start one with \`slipstream ${projects}/blog\`.`],
    ])
  })

  test('a project whose name begins alike holds nothing of the other', () => {
    const instance = (root: string): Instance => ({ pid: 1, root, socket: '', startedAt: 0, lastActive: 0, file: '' })
    const ranked = rankInstances([instance('/p/shop')], { project: '/p/shop-api', cwd: '/' })
    expect(ranked).toEqual([])
  })

  /** Makes every instance look long unused. */
  async function age(): Promise<void> {
    for (const { file } of await listInstances(runtimeFolder)) await utimes(file, new Date(0), new Date(0))
  }
})

describe('the registry', () => {
  test('what a killed instance left behind is taken away and does not stand in the way', async () => {
    const dead = join(runtimeFolder, 'dead.instance.json')
    const socket = join(runtimeFolder, 'dead.sock')
    await writeFile(socket, '')
    await writeFile(dead, JSON.stringify({ pid: 2 ** 30, root: join(projects, 'shop'), socket, startedAt: 0 }))
    await start('blog', named('blog'))
    expect((await run(['undo'], 'shop')).out).toEqual(['blog:1'])
    expect((await readdir(runtimeFolder)).filter((name) => name.startsWith('dead'))).toEqual([])
  })

  test('a process number that was given out again does not fool it', async () => {
    const socket = join(runtimeFolder, 'old.sock')
    const file = join(runtimeFolder, 'old.instance.json')
    await writeFile(file, JSON.stringify({ pid: process.pid, root: join(projects, 'shop'), socket, startedAt: 0 }))
    expect((await run(['undo'], 'shop')).code).toBe(1)
    expect(await readdir(runtimeFolder)).toEqual([])
  })

  test('files that are no registration are passed over', async () => {
    for (const [index, text] of ['', '{', 'null', '[]', '{"pid":1}', '{"pid":"x"}'].entries()) {
      await writeFile(join(runtimeFolder, `${index}.instance.json`), text)
    }
    expect(await listInstances(runtimeFolder)).toEqual([])
  })

  test('a new instance takes away what one that was killed while starting left behind', async () => {
    const orphans = ['old.sock', 'old.instance.json.new'].map((name) => join(runtimeFolder, name))
    for (const file of orphans) {
      await writeFile(file, '')
      await utimes(file, new Date(0), new Date(0))
    }
    await writeFile(join(runtimeFolder, 'young.sock'), '')
    const { socket } = await start('shop')
    const [instance] = await listInstances(runtimeFolder)
    const left = (await readdir(runtimeFolder)).map((name) => join(runtimeFolder, name)).toSorted()
    expect(left).toEqual([socket, instance?.file, join(runtimeFolder, 'young.sock')].toSorted())
  })

  test('closing leaves nothing behind', async () => {
    const control = await start('shop')
    await control.close()
    expect(await readdir(runtimeFolder)).toEqual([])
  })

  test('socket and registration are for this user alone', async () => {
    const control = await start('shop')
    expect((await stat(control.socket)).mode & 0o077).toBe(0)
    for (const { file } of await listInstances(runtimeFolder)) expect((await stat(file)).mode & 0o077).toBe(0)
  })

  test('a runtime folder with a long name still gets a socket', async () => {
    const long = join(session, 'x'.repeat(100))
    const place = newSocketPlace(long)
    expect(Buffer.byteLength(place.socket)).toBeLessThan(104)
    expect((await stat(place.folder ?? '')).mode & 0o077).toBe(0)
    await rm(place.folder ?? '', { recursive: true })
  })

  test('a registration says process, project and socket', async () => {
    const control = await start('shop')
    const [instance] = await listInstances(runtimeFolder)
    expect(instance).toMatchObject({ pid: process.pid, root: join(projects, 'shop'), socket: control.socket })
    expect(JSON.parse(await readFile(instance?.file ?? '', 'utf8'))).toMatchObject({ startedAt: instance?.startedAt })
  })
})

function untilOf(mute: unknown): number | null {
  if (typeof mute !== 'object' || mute === null || !('until' in mute)) return null
  return typeof mute.until === 'number' ? mute.until : null
}

const status: StatusView = {
  streaming: 1,
  pending: 2,
  suggestions: [],
  project: {
    when: { trigger: 'save', pauseMs: 2000, wait: 0, waitReason: null, mutes: [], recent: [], asked: 0, unasked: {} },
    name: 'shop',
    root: '/p/shop',
    watch: { state: 'watching', files: 12, baselines: 12, message: null },
    provider: {
      kind: 'local',
      label: 'embedded engine',
      endpoint: null,
      model: 'embedded',
      deepModel: '',
      why: 'no key',
      state: 'ready',
      message: null,
      key: 'none',
    },
    paused: false,
    quiet: null,
    skipped: [],
    lastApply: null,
    undoable: 0,
    applies: [],
    snapshotBytes: 0,
    spending: { tokens: 0, cost: null, budget: 0, exhausted: false, estimated: false },
    proposedRules: 0,
    latencies: [],
    judgement: { suggestions: 0, ratio: null, folded: 0, suppressed: 0 },
    suggestionLatencies: [],
    fault: null,
  },
}
