// What may hold up the streaming thread: work on large folders and files, and a slow store, each brought about at will.
import { execFileSync, spawn } from 'node:child_process'
import { closeSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { databaseFile } from '../../main/adapters/folders.ts'
import { epoch } from './clock.ts'
import type { EngineStage } from './engine.ts'
import { startHelper } from './helper.ts'
import { makeQuietFiles, writeFiles } from './project.ts'
import { Unavailable, type Bench } from './row.ts'
import type { StoreLoadQuestions } from './store-load-process.ts'

/** One that a running engine meets again and again. */
export interface Disturbance {
  /** Files that have a baseline before anything is measured. */
  readonly files: number
  /** Sets it going, or keeps it going; resolves when it is under way. */
  begin(stage: EngineStage): Promise<void>
  /** Resolves when it is over. */
  end(): Promise<void>
}

/** Fills a project's folder, before there is an engine. */
export type PrepareDisturbance = (bench: Bench, root: string) => Promise<Disturbance>

export const A_FOLDER = 100

/** `count` small files under `folder`, all different, and different by `tag`. */
export function writeMany(root: string, folder: string, count: number, tag: string): void {
  const names = Array.from(
    { length: count },
    (_, index) => `${folder}/part${Math.floor(index / A_FOLDER)}/file${index}.ts`,
  )
  writeFiles(root, Object.fromEntries(names.map((name, index) => [name, `export const value${index} = '${tag}'\n`])))
}

const CHECKED_OUT = 20_000
/** After a checkout the engine still works through what it was told. */
const SETTLE_MS = 1500

export const checkout: PrepareDisturbance = (bench, root) => {
  const git = (...words: string[]): void => {
    execFileSync('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@example.org', '-c', 'gc.auto=0', ...words], {
      cwd: root,
      stdio: 'ignore',
    })
  }
  try {
    git('init', '-q', '-b', 'one')
  } catch {
    throw new Unavailable('there is no git here')
  }
  writeMany(root, 'many', CHECKED_OUT, 'one')
  git('add', '.')
  git('commit', '-qm', 'one')
  git('checkout', '-qb', 'two')
  writeMany(root, 'many', CHECKED_OUT, 'two')
  git('commit', '-qam', 'two')
  let branch = 'two'
  let running: Promise<unknown> | null = null

  function startCheckout(): Promise<unknown> {
    branch = branch === 'two' ? 'one' : 'two'
    const child = spawn('git', ['checkout', '-q', branch], { cwd: root, stdio: 'ignore' })
    bench.own({ close: () => Promise.resolve(child.kill('SIGKILL')) })
    return new Promise<void>((resolve) => {
      child.once('close', () => {
        running = null
        resolve()
      })
    })
  }

  return Promise.resolve({
    files: 1,
    async begin() {
      running ??= startCheckout()
      await delay(50 + Math.random() * 400)
    },
    async end() {
      await running
      await delay(SETTLE_MS)
    },
  })
}

const LONG_LINES = 100_000
/** The diff is made once the file has been read. */
const DIFF_DELAY = { least: 20, random: 130 } as const

export const longFile: PrepareDisturbance = (_bench, root) => {
  const names = ['long1', 'long2', 'long3'] as const
  const files = makeQuietFiles(root, names, LONG_LINES)
  let tag = 0
  return Promise.resolve({
    files: names.length,
    async begin() {
      const file = await files.next()
      tag += 1
      file.save({ ...file.edits, tag })
      await delay(DIFF_DELAY.least + Math.random() * DIFF_DELAY.random)
    },
    end: () => Promise.resolve(),
  })
}

const LINE_BYTES = 1_000_000
const QUIET_MS = 2200

export const longLine: PrepareDisturbance = (_bench, root) => {
  const paths = ['src/line1.js', 'src/line2.js', 'src/line3.js'] as const
  const text = (tag: number): string => {
    const half = 'const value=(1+2)*3;'.repeat(LINE_BYTES / 2 / 20)
    return `${half}const tag=${tag};${half}`.slice(0, LINE_BYTES)
  }
  writeFiles(root, Object.fromEntries(paths.map((path) => [path, text(0)])))
  const savedAt = new Map<string, number>()
  let tag = 0
  return Promise.resolve({
    files: paths.length,
    async begin() {
      tag += 1
      const path = paths[tag % paths.length] ?? paths[0]
      await delay(Math.max(0, (savedAt.get(path) ?? 0) + QUIET_MS - epoch()))
      savedAt.set(path, epoch())
      writeFileSync(join(root, path), text(tag))
      await delay(DIFF_DELAY.least + Math.random() * DIFF_DELAY.random)
    },
    end: () => Promise.resolve(),
  })
}

export const slowStore: PrepareDisturbance = (bench, root) => {
  const entry = new URL('./store-load-process.ts', import.meta.url)
  const helper = bench.own(startHelper<StoreLoadQuestions, never>(entry, [], () => {}))
  return Promise.resolve({
    files: 0,
    async begin({ data }) {
      const file = databaseFile(data, root)
      closeSync(openSync(file, 'r'))
      await helper.ask('begin', file)
      await delay(Math.random() * 200)
    },
    async end() {
      await helper.ask('end', null)
    },
  })
}
