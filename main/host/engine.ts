// The engine of one project on Node: the session with its real adapters. The browser host and the desktop shell both run this.
import { basename, isAbsolute, relative } from 'node:path'
import type { Result, SettingsView } from '../../preload/contract.ts'
import type { Handlers } from '../../preload/wire/server.ts'
import { createEditor } from '../adapters/editor.ts'
import { UTF_8 } from '../adapters/files/encoding.ts'
import { createFiles } from '../adapters/files/files.ts'
import type { ReadFile } from '../adapters/files/read.ts'
import { databaseFile } from '../adapters/folders.ts'
import { createLog } from '../adapters/log.ts'
import { createModels } from '../adapters/model/choose.ts'
import { startProject } from '../adapters/project.ts'
import { resolveSettings, settingsToStore, type Settings, type SettingsOptions } from '../adapters/settings.ts'
import { openStore, type OpenStore } from '../adapters/store.ts'
import { createClock, createHash, createIds } from '../adapters/system.ts'
import { openSyntax } from '../adapters/syntax/syntax.ts'
import { createWork } from '../adapters/work.ts'
import { stablePrompt } from '../core/prompt.ts'
import { createRedactor } from '../core/redact.ts'
import { Session } from '../core/session/session.ts'
import { createHandlers } from './api.ts'

export interface EngineOptions {
  /** Real path of the project. */
  readonly root: string
  /** The data folder; it exists. */
  readonly data: string
  readonly settings: Settings
  readonly options: SettingsOptions
  /** Requests are made and shown, and none is sent. */
  readonly dryRun?: boolean
  readonly environment: Readonly<Record<string, string | undefined>>
}

export interface Engine {
  readonly handlers: Handlers
  readonly onBug: (cause: unknown) => void
  /** Loads what was kept and begins to watch. */
  start(): Promise<void>
  /** What only later requests and writes profit from: the SDK, the connection. It holds this thread up: call it when the window is up. */
  warm(): Promise<void>
  /** The machine woke up. */
  woke(): void
  close(): Promise<void>
}

/** Failures: those of `openStore`. */
export async function createEngine(options: EngineOptions): Promise<Result<Engine>> {
  const { root, data, environment } = options
  const clock = createClock()
  const log = createLog(data, { conceal: (text) => createRedactor().redact(text), echo: null, wall: clock.wall })
  const loaded = options.settings.load()
  let stored = loaded.settings
  let resolved = resolveSettings(stored, options.options, environment)
  let shown = resolved.settings

  const opened = await openStore(databaseFile(data, root))
  if (!opened.ok) return opened
  const store = opened.value
  const meta = await createMeta(store)
  const work = createWork({ lazy: true })
  const syntax = openSyntax({ place: { root, maxBytes: shown.maxFileBytes, own: [data] }, log })
  const models = createModels({
    settings: shown,
    explicitProvider: resolved.explicitProvider,
    environment,
    dryRun: options.dryRun ?? false,
    consents: {
      has: (endpoint) => meta.get(`consent/${endpoint}`) !== undefined,
      grant: (endpoint) => meta.set(`consent/${endpoint}`, new Date(clock.wall()).toISOString()),
    },
    memory: meta,
    work,
    clock,
    log,
  })
  // A data folder inside the project is nobody's code: our own log would be looked at with each line.
  const inside = relative(root, data)
  const own =
    inside !== '' && !inside.startsWith('..') && !isAbsolute(inside) ? [`/${inside.replaceAll('\\', '/')}/`] : []
  const hash = createHash()
  const project = startProject(root, { excludes: [...shown.excludes, ...own] })
  const read: ReadFile = async (...asked) => {
    const outcome = await project.read(...asked)
    if (outcome.kind === 'text' && outcome.encoding === UTF_8) hash.know(outcome.text, outcome.hash)
    return outcome
  }
  const files = createFiles(root, { maxBytes: () => shown.maxFileBytes, own: [data], read })
  const session = new Session(
    {
      files,
      watch: project.watch,
      git: project.git,
      models,
      store,
      work,
      syntax: syntax.syntax,
      index: syntax.index,
      clock,
      ids: createIds(),
      hash,
      log,
    },
    { name: basename(root), root, hourlyTokens: () => shown.hourlyTokens },
  )
  const editor = createEditor(root, { command: () => shown.editor, environment })
  session.settingsFault(loaded.fault ?? store.notice)

  /** What is stored is what the person changed; what the command line says goes on for this run. */
  async function configure(edited: SettingsView): Promise<Result<SettingsView>> {
    const next = settingsToStore(stored, shown, edited)
    const saved = await options.settings.save(next)
    if (!saved.ok) return saved
    stored = next
    resolved = resolveSettings(stored, options.options, environment)
    shown = edited
    models.configure(shown)
    project.watch.exclude([...shown.excludes, ...own])
    session.settingsFault(null)
    return { ok: true, value: shown }
  }

  const engine: Engine = {
    handlers: createHandlers({ session, models, editor, settings: { current: () => shown, configure } }),
    onBug: (cause) => log.error('a call failed', cause),
    start() {
      const started = session.start()
      // Not before: it would share the processor with what the ready line waits for, and with the watch.
      work.warm()
      return started
    },
    warm() {
      files.warm()
      return models.warm(stablePrompt('fast', hash.text(root)))
    },
    woke: () => models.woke(),
    async close() {
      // A save that an editor makes into the old file right after our write is still to be saved.
      await files.close()
      await session.close()
      models.close()
      await Promise.all([work.close(), project.close(), syntax.close()])
      await store.close()
      await log.flush()
    },
  }
  return { ok: true, value: engine }
}

/** Small texts that outlive a run, read at once and written behind. */
async function createMeta(
  store: OpenStore,
): Promise<{ get(key: string): string | undefined; set(key: string, value: string): void }> {
  const values = new Map<string, string>()
  for (const [key, value] of await store.rows('meta')) if (typeof value === 'string') values.set(key, value)
  return {
    get: (key) => values.get(key),
    set(key, value) {
      values.set(key, value)
      void store.commit([{ type: 'put', table: 'meta', key, value }])
    },
  }
}
