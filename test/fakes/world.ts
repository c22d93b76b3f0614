// A whole session in memory: fakes for every port, and the words that tests of the session speak.
import { runJob } from '../../main/core/jobs.ts'
import { Session } from '../../main/core/session/session.ts'
import type { HunkReference, HunkView, ProviderView, SuggestionView } from '../../preload/contract.ts'
import type { Files, Index, Ports, WatchEvents } from '../../main/core/ports.ts'
import { createFakeClock, settle, type FakeClock } from './clock.ts'
import { createFakeFiles, hashOf, type FakeFiles } from './files.ts'
import { createFakeModels, type FakeModels, type HeldReply } from './models.ts'
import { emptyIndex } from './index.ts'
import { loadGrammars, parsedSyntax } from './syntax.ts'
import { createFakeStore, type FakeStore } from './store.ts'

export interface World {
  readonly session: Session
  readonly files: FakeFiles
  readonly clock: FakeClock
  readonly models: FakeModels
  readonly store: FakeStore
  readonly errors: string[]
  /** The jobs that the worker was given, oldest first. */
  readonly jobs: string[]
  gitAtWork: boolean
  /** Another program writes the file, and the watcher hints at it. */
  save(path: string, text: string): Promise<void>
  remove(path: string): Promise<void>
  hint(path: string): void
  suggestions(): Promise<readonly SuggestionView[]>
  suggestion(index?: number): Promise<SuggestionView>
  /** The reply of the newest request, or the given one. */
  reply(index?: number): HeldReply
}

export interface WorldOptions {
  readonly contents?: Record<string, string>
  readonly store?: FakeStore
  readonly files?: FakeFiles
  readonly provider?: ProviderView
  /** Files that git knew as clean at the start, by path. */
  readonly clean?: Record<string, string>
  readonly scan?: boolean
  /** Paths that ignore files keep out, besides node_modules. The list may grow. */
  readonly ignored?: readonly string[]
  /** What is known of the project besides; nothing without. */
  readonly index?: (files: Pick<Files, 'read'>) => Index
  readonly hourlyTokens?: number
  /** Answers instead of the real grammars. */
  readonly syntax?: Partial<Ports['syntax']>
}

export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const files = options.files ?? createFakeFiles(options.contents)
  const clock = createFakeClock()
  const models = createFakeModels(options.provider)
  const store = options.store ?? createFakeStore()
  const errors: string[] = []
  const jobs: string[] = []
  let events: WatchEvents | null = null
  let ids = store.tables.size * 1000
  const ports: Ports = {
    files,
    clock,
    models,
    store,
    watch: {
      start: (given) => {
        events = given
      },
      ignores: (path) => path.startsWith('node_modules/') || options.ignored?.includes(path) === true,
      exclude: () => undefined,
    },
    git: {
      status: async () => ({ dirty: [], branch: 'main' }),
      cleanContent: async (path) => options.clean?.[path] ?? null,
      atWork: async () => world.gitAtWork,
    },
    work: {
      async run(name, input) {
        jobs.push(name)
        return runJob(name, input)
      },
    },
    syntax: { ...parsedSyntax, ...options.syntax },
    index: options.index?.(files) ?? emptyIndex,
    ids: { next: () => `id${(ids += 1)}` },
    hash: { text: (text) => hashOf(text).slice(0, 16) },
    log: {
      info: () => undefined,
      error: (message, cause) => errors.push(`${message}: ${String(cause)}`),
    },
  }
  // A grammar's first load takes longer than a test settles.
  const { signal } = new AbortController()
  for (const path of files.contents.keys()) await ports.syntax.problems(path, '', signal)
  const session = new Session(ports, { name: 'shop', root: '/shop', hourlyTokens: () => options.hourlyTokens ?? 0 })
  await loadGrammars()
  await session.start()
  const world: World = {
    session,
    files,
    clock,
    models,
    store,
    errors,
    jobs,
    gitAtWork: false,
    hint: (path) => events?.hint(path),
    async save(path, text) {
      files.contents.set(path, text)
      events?.hint(path)
      await settle()
    },
    async remove(path) {
      files.contents.delete(path)
      events?.hint(path)
      await settle()
    },
    async suggestions() {
      const status = await session.status()
      return status.ok ? status.value.suggestions : []
    },
    async suggestion(index = 0) {
      const found = (await world.suggestions())[index]
      if (found === undefined) throw new Error(`there is no suggestion ${index}`)
      return found
    },
    reply(index = -1) {
      const found = models.replies.at(index)
      if (found === undefined) throw new Error('nothing was asked')
      return found
    },
  }
  if (options.scan !== false) {
    const seen = []
    for (const path of files.contents.keys()) {
      const content = await files.read(path, { formerSize: null }, new AbortController().signal)
      if (content.kind === 'text') seen.push({ path, stat: content.stat })
    }
    const watching: WatchEvents | null = events
    started(watching).seen(seen)
    started(watching).ready()
    await settle()
  }
  return world
}

function started(events: WatchEvents | null): WatchEvents {
  if (events === null) throw new Error('nothing is watched')
  return events
}

export function referenceTo(suggestion: SuggestionView, hunk: HunkView): HunkReference {
  return { suggestion: suggestion.id, hunk: hunk.id, hash: hunk.hash }
}

/** As a person does who wants to see what goes beyond the question, too: from then on all of it can be accepted. */
export async function unfoldAll(world: World): Promise<void> {
  const suggestion = await world.suggestion()
  for (const hunk of suggestion.hunks) {
    if (hunk.beyond !== null && hunk.state === 'pending')
      await world.session.unfold({ hunk: referenceTo(suggestion, hunk) })
  }
}

/** A reply in the patch format that replaces one line. */
export function patchReply(path: string, before: string, after: string, explanation = 'Because.'): string {
  return `${explanation}\n*** Begin Patch\n*** Update File: ${path}\n@@\n-${before}\n+${after}\n*** End Patch\n`
}
