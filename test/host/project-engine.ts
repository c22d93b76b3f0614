// The engine with its real adapters on a folder of its own, for tests of what it does as a whole.
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createSettings } from '../../main/adapters/settings.ts'
import { createEngine, type Engine } from '../../main/host/engine.ts'
import type { CallName, Calls, SeenView, StatusView, SuggestionView } from '../../preload/contract.ts'

const NEVER = new AbortController().signal

export interface ProjectEngine {
  readonly root: string
  readonly engine: Engine
  write(path: string, text: string): Promise<void>
  /** Throws for a failure. */
  call<Name extends CallName>(name: Name, values: Calls[Name]['arguments']): Promise<Calls[Name]['value']>
  status(): Promise<StatusView>
  /** The newest one. */
  newest(): Promise<SuggestionView | undefined>
  seen(): Promise<readonly SeenView[]>
  close(): Promise<void>
}

export interface ProjectEngineOptions {
  readonly files: Readonly<Record<string, string>>
  readonly provider: 'openai' | 'compatible' | 'local' | null
  readonly baseUrl: string | null
  readonly model?: string
  readonly dryRun?: boolean
  readonly environment?: Readonly<Record<string, string>>
}

/** Resolves when the project has been read. */
export async function openProject(options: ProjectEngineOptions): Promise<ProjectEngine> {
  const home = await realpath(await mkdtemp(join(tmpdir(), 'slipstream-project-')))
  const root = join(home, 'project')
  const data = join(home, 'data')
  await mkdir(root)
  await mkdir(data)
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
  for (const [path, text] of Object.entries(options.files)) await write(path, text)
  const made = await createEngine({
    root,
    data,
    settings: createSettings(join(data, 'settings.json')),
    options: {
      provider: options.provider,
      baseUrl: options.baseUrl,
      model: options.model ?? null,
      deepModel: null,
    },
    dryRun: options.dryRun ?? false,
    environment: { SLIPSTREAM_LOCAL_SERVERS: '', ...options.environment },
  })
  if (!made.ok) throw new Error(made.failure.message)
  const engine = made.value
  const { calls } = engine.handlers
  async function call<Name extends CallName>(
    name: Name,
    values: Calls[Name]['arguments'],
  ): Promise<Calls[Name]['value']> {
    const answer = await calls[name](values, NEVER)
    if (!answer.ok) throw new Error(`${name}: ${answer.failure.message}`)
    return answer.value
  }
  const project: ProjectEngine = {
    root,
    engine,
    write,
    call,
    status: () => call('status', {}),
    newest: async () => (await project.status()).suggestions[0],
    async seen() {
      const { suggestions } = await project.status()
      return Promise.all(suggestions.map(({ id }) => call('seen', { suggestion: id })))
    },
    async close() {
      await engine.close()
      await rm(home, { recursive: true, force: true })
    },
  }
  await engine.start()
  const count = Object.keys(options.files).length
  for (let tries = 0; tries < 500; tries += 1) {
    const { watch } = (await project.status()).project
    if (watch.state === 'watching' && watch.baselines >= count) return project
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('the project was not read')
}
