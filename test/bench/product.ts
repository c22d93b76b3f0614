// The product as the bench runs it: on a project of its own, with the model server, until every file has its baseline.
import { mkdtemp, mkdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StatusView } from '../../preload/contract.ts'
import { runBin, startBin } from './bin.ts'
import { until } from './clock.ts'
import type { BenchServer } from './model-server.ts'
import { openBenchWindow, type BenchWindow } from './window.ts'
import type { Bench } from './row.ts'

const READY_MS = 60_000
export const PROJECT = 'shop'

/** A home of its own: nothing of the person's settings or data is read or touched. */
export interface Home {
  readonly project: string
  /** Where its settings and databases lie. */
  readonly data: string
  readonly environment: Readonly<Record<string, string>>
  /** The words for the command line, without the provider. */
  readonly words: readonly string[]
}

export async function makeHome(bench: Bench): Promise<Home> {
  const home = await mkdtemp(join(tmpdir(), 'slipstream-bench-'))
  bench.own({ close: () => rm(home, { recursive: true, force: true }) })
  const project = join(home, PROJECT)
  const data = join(home, 'data')
  const runtime = join(home, 'run')
  await mkdir(project)
  await mkdir(runtime, { mode: 0o700 })
  return {
    project,
    data,
    environment: {
      PATH: process.env['PATH'] ?? '',
      HOME: home,
      XDG_RUNTIME_DIR: runtime,
      SLIPSTREAM_LOCAL_SERVERS: '',
    },
    words: [project, '--host', 'browser', '--no-open', '--port', '0', '--data', data],
  }
}

export interface Product {
  readonly url: string
  /** Of the engine's process. */
  readonly pid: number
  read(path: string): Promise<string>
  status(): Promise<StatusView>
  openWindow(): Promise<BenchWindow>
}

/** `files`: how many there are to be known before anything is measured. */
export async function startProduct(bench: Bench, home: Home, server: BenchServer, files: number): Promise<Product> {
  const words = [...home.words, '--provider', 'compatible', '--base-url', server.url]
  const running = bench.own(await startBin(words, home.environment))
  const command = ['status', '--json', '--project', home.project]
  const { pid } = running.child
  if (pid === undefined) throw new Error('the product has no process')
  const product: Product = {
    url: running.url,
    pid,
    read: (path) => readFile(join(home.project, path), 'utf8'),
    async status() {
      const { code, out, err } = await runBin(command, home.environment)
      if (code !== 0) throw new Error(`status failed: ${err}`)
      const status: StatusView = JSON.parse(out)
      return status
    },
    openWindow: () => openBenchWindow(bench, running.url, PROJECT),
  }
  await until(READY_MS, 'reading all baselines', async () => {
    const { code, out } = await runBin(command, home.environment)
    if (code !== 0) return false
    const { project }: StatusView = JSON.parse(out)
    return project.watch.state === 'watching' && project.watch.baselines >= files && project.provider.state === 'ready'
  })
  return product
}

/** What the window of any engine shows as soon as it knows its project. */
export const PROJECT_READY = 'slipstream-bench-'

/** Where the newest text of a running stream stands in the product's window. */
export const STREAM = '[data-testid="stream"] .xterm-rows'
/** The same in a floor's page, bare or with a terminal. */
export const FLOOR_TEXT = '#out'
export const FLOOR_ROWS = '#out .xterm-rows'
/** What a floor's page shows when its connection stands. */
export const FLOOR_READY = 'connected'

/** Stops what runs and takes what is over out of the list, by the buttons that a person has for it. */
export async function tidy({ page }: Pick<BenchWindow, 'page'>): Promise<void> {
  const buttons = page.locator('[data-testid="interrupt"], [data-testid="dismiss"]')
  const cards = page.getByTestId('suggestion')
  await until(10_000, 'an empty list', async () => {
    // Inside the page: between a look at a button and a click on it from here, its card may be gone.
    await buttons.evaluateAll((all) => {
      for (const button of all) if (button instanceof HTMLElement) button.click()
    })
    return (await cards.count()) === 0
  })
}
