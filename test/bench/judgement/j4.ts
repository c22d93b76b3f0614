// J4: a recorded editing session, replayed to a real disk with a real git, watched by the engine with its real adapters.
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { createSettings } from '../../../main/adapters/settings.ts'
import { createClock } from '../../../main/adapters/system.ts'
import { createEngine } from '../../../main/host/engine.ts'
import type { StatusView } from '../../../preload/contract.ts'
import { startModelServer } from '../../fakes/model-server/server.ts'
import { FILES, TOPIC } from '../../fixtures/judgement/editing-session.ts'
import { until } from '../clock.ts'
import type { Judgement, JudgementReport } from './judgement.ts'
import { collectAsked, replaySession, type Verdict } from './session-replay.ts'

const READY_MS = 20_000
const run = promisify(execFile)

export const j4: Judgement = {
  id: 'J4',
  what: 'recorded editing session replayed to disk: requests per settled change; on undo, format, branch switch',
  async run(signal) {
    const home = await realpath(await mkdtemp(join(tmpdir(), 'slipstream-judgement-')))
    const root = join(home, 'shop')
    const data = join(home, 'data')
    const put = async (path: string, text: string): Promise<void> => {
      await mkdir(dirname(join(root, path)), { recursive: true })
      await writeFile(join(root, path), text)
    }
    const git = (...words: string[]): Promise<unknown> =>
      run('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...words], { cwd: root })
    await mkdir(data, { recursive: true })
    for (const [path, text] of Object.entries(FILES)) await put(path, text)
    await git('init', '-q', '-b', 'main')
    await git('add', '.')
    await git('commit', '-qm', 'start')
    await git('checkout', '-qb', 'topic')
    for (const [path, find, replace] of TOPIC)
      await put(
        path,
        (FILES[path] ?? '').replace(find, () => replace),
      )
    await git('commit', '-qam', 'topic')
    await git('checkout', '-q', 'main')

    const server = await startModelServer({ reply: 'Nothing to add.' })
    const made = await createEngine({
      root,
      data,
      settings: createSettings(join(data, 'settings.json')),
      options: { provider: 'compatible', baseUrl: server.url, model: null, deepModel: null },
      environment: { ...process.env, SLIPSTREAM_LOCAL_SERVERS: '' },
    })
    if (!made.ok) throw new Error(made.failure.message)
    const engine = made.value
    const ending = new AbortController()
    const collected = collectAsked()
    const reading = (async () => {
      const both = AbortSignal.any([ending.signal, signal])
      for await (const batch of engine.handlers.streams.events({}, both)) collected.take(batch)
    })()
    const status = async (): Promise<StatusView> => {
      const answer = await engine.handlers.calls.status({}, signal)
      if (!answer.ok) throw new Error(answer.failure.message)
      return answer.value
    }
    try {
      await engine.start()
      await until(READY_MS, 'reading all baselines', async () => {
        const { watch, provider } = (await status()).project
        const read = watch.baselines >= Object.keys(FILES).length
        return watch.state === 'watching' && read && provider.state === 'ready'
      })
      const verdict = await replaySession({
        write: put,
        remove: (path) => rm(join(root, path)),
        async commit() {
          await git('add', '-A')
          await git('commit', '-q', '--allow-empty', '-m', 'work')
        },
        git: async (words) => void (await git(...words)),
        wait: (ms) => delay(ms, undefined, { signal }),
        now: () => createClock().now(),
        asked: collected.asked,
        when: async () => (await status()).project.when,
      })
      return reportOf(verdict, server.requests.length)
    } finally {
      ending.abort()
      await reading
      await engine.close()
      await server.close()
      await rm(home, { recursive: true, force: true })
    }
  },
}

function reportOf(verdict: Verdict, arrived: number): JudgementReport {
  const { steps, settled, bursts, requests, mostForOne, unwanted, missed, repeated, when } = verdict
  const on = (...kinds: string[]): number => kinds.reduce((sum, kind) => sum + (unwanted[kind] ?? 0), 0)
  const zero = (what: string, count: number) => ({ what, value: `${count} (target 0)`, met: count === 0 })
  const perChange = requests / settled
  const reasons = Object.entries(when.unasked).toSorted((a, b) => b[1] - a[1])
  const suppressed = reasons.reduce((sum, [, count]) => sum + count, 0)
  const all = suppressed + when.asked
  const listed = reasons.map(([reason, count]) => `${reason} ${count} (${Math.round((100 * count) / all)} %)`)
  return {
    checks: [
      {
        what: 'requests per settled change',
        value: `${perChange.toFixed(2)}, at most ${mostForOne} (target ≤ 1)`,
        met: perChange <= 1 && mostForOne <= 1,
      },
      zero('requests on undo and redo', on('undo', 'redo')),
      zero('requests on formatting, by a tool or by hand', on('tool', 'style')),
      zero('requests on branch switch and discard', on('checkout', 'discard')),
      zero('requests on the same edit in another file', on('repeat')),
      zero('requests on saves without a change, and renames', on('touch', 'rename', 'commit', 'nothing at all')),
      zero('settled changes that got no request', missed.length),
    ],
    notes: [
      `${steps} steps, ${settled} settled changes, ${requests} suggestions, ${arrived} requests at the server`,
      `of the settled changes, ${bursts} are the rest of a burst of autosaves whose first save was answered at once`,
      `suppressed: ${suppressed} of ${all} changes (${Math.round((100 * suppressed) / all)} %): ${listed.join(', ')}`,
      ...missed.map((place) => `nothing asked: ${place}`),
      ...repeated.map((place) => `asked again: ${place}`),
    ],
  }
}
