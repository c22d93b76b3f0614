// A real folder with a real store and one suggestion about files of every kind, for processes that are killed while they decide.
import { linkSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { createFiles, type OpenFiles } from '../../main/adapters/files/files.ts'
import { databaseFile } from '../../main/adapters/folders.ts'
import { openStore } from '../../main/adapters/store.ts'
import { createClock, createHash, createIds } from '../../main/adapters/system.ts'
import { runJob } from '../../main/core/jobs.ts'
import type { WatchEvents } from '../../main/core/ports.ts'
import { Session } from '../../main/core/session/session.ts'
import type { HunkReference, Result, SuggestionView } from '../../preload/contract.ts'
import { createFakeModels, type FakeModels } from '../fakes/models.ts'
import { emptyIndex } from '../fakes/index.ts'
import { parsedSyntax } from '../fakes/syntax.ts'

export interface Project {
  readonly root: string
  readonly data: string
  remove(): void
}

export interface OpenProject {
  readonly session: Session
  readonly files: OpenFiles
  readonly models: FakeModels
  readonly errors: readonly string[]
  hint(path: string): void
  ready(): void
  close(): Promise<void>
}

interface Kind {
  readonly path: string
  /** null: no file. */
  readonly before: Buffer | null
  readonly after: Buffer | null
}

const numbered = (count: number): string => Array.from({ length: count }, (_, at) => `line ${at}\n`).join('')
const many = numbered(20_000)
const windows = '\uFEFF// é 表示\r\nold\r\nlast line without an end'

export const KINDS: readonly Kind[] = [
  kind('a.txt', 'ZERO\nold\nend\n'),
  kind('crlf.txt', windows),
  kind('wide.txt', windows, 'utf16le'),
  kind('latin.txt', '// un café déjà vu\nold\n', 'latin1'),
  kind('large.txt', many.replace('line 17000\n', 'old\n')),
  // With a second name, so that it is written in place.
  kind('linked.txt', many.replace('line 3\n', 'old\n')),
  { path: 'gone.txt', before: Buffer.from('gone\n'), after: null },
  { path: 'folder/fresh.txt', before: null, after: Buffer.from('fresh\n') },
]
const FIRST_OF_A = 'zero\nold\nend\n'

const PATCH = [
  'It.',
  '*** Begin Patch',
  ...KINDS.flatMap(({ path, before, after }) => {
    if (before === null) return [`*** Add File: ${path}`, '+fresh']
    if (after === null) return [`*** Delete File: ${path}`]
    return [`*** Update File: ${path}`, '@@', '-old', '+new, and longer', '+more']
  }),
  '*** End Patch',
  '',
].join('\n')

function kind(path: string, text: string, encoding: BufferEncoding = 'utf8'): Kind {
  const end = text.includes('\r\n') ? '\r\n' : '\n'
  const after = text.replace('old', `new, and longer${end}more`)
  return { path, before: Buffer.from(text, encoding), after: Buffer.from(after, encoding) }
}

/** Makes the folder, and a store that holds the suggestion with all its hunks pending. */
export async function createProject(): Promise<Project> {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'slipstream-crash-')))
  const project: Project = {
    root: join(home, 'project'),
    data: join(home, 'data'),
    remove: () => rmSync(home, { recursive: true, force: true }),
  }
  mkdirSync(project.root)
  mkdirSync(project.data)
  for (const { path, before } of KINDS) if (before !== null) writeFileSync(join(project.root, path), before)
  writeFileSync(join(project.root, 'a.txt'), FIRST_OF_A)
  linkSync(join(project.root, 'linked.txt'), join(project.root, 'linked-too.txt'))
  const open = await openProject(project)
  open.ready()
  await until(async () => (await projectView(open)).watch.baselines > 0)
  writeFileSync(join(project.root, 'a.txt'), KINDS[0]?.before ?? '')
  open.hint('a.txt')
  await until(async () => open.models.replies.length > 0)
  open.models.replies[0]?.text(PATCH)
  open.models.replies[0]?.finish()
  await until(async () => (await hunksOf(open)).length === KINDS.length)
  // Most of them are far from the edit, and go beyond what was asked.
  for (const { reference } of await hunksOf(open)) await open.session.unfold({ hunk: reference })
  await open.close()
  return project
}

export async function openProject({ root, data }: Project, keepMs = 50): Promise<OpenProject> {
  const opened = await openStore(databaseFile(data, root))
  if (!opened.ok) throw new Error(opened.failure.message)
  const store = opened.value
  const files = createFiles(root, { maxBytes: () => 10_000_000, own: [data], keepMs })
  const models = createFakeModels()
  const errors: string[] = []
  let events: WatchEvents | null = null
  const session = new Session(
    {
      files,
      models,
      store,
      watch: {
        start: (given) => {
          events = given
        },
        ignores: () => false,
        exclude: () => undefined,
      },
      git: {
        status: async () => null,
        cleanContent: async () => null,
        atWork: async () => false,
      },
      work: { run: async (name, input) => runJob(name, input) },
      syntax: parsedSyntax,
      index: emptyIndex,
      clock: createClock(),
      ids: createIds(),
      hash: createHash(),
      log: { info: () => undefined, error: (message, cause) => errors.push(`${message}: ${String(cause)}`) },
    },
    { name: 'crash', root, hourlyTokens: () => 0 },
  )
  await session.start()
  return {
    session,
    files,
    models,
    errors,
    hint: (path) => events?.hint(path),
    ready() {
      const seen = KINDS.filter(({ before }) => before !== null).map(({ path }) => {
        const { size, mtimeMs, ino } = statSync(join(root, path))
        return { path, stat: { size, modifiedMs: mtimeMs, inode: ino } }
      })
      events?.seen(seen)
      events?.ready()
    },
    async close() {
      await files.close()
      await session.close()
      await store.close()
    },
  }
}

export async function projectView(open: OpenProject): Promise<{ readonly watch: { readonly baselines: number } }> {
  const status = await open.session.status()
  if (!status.ok) throw new Error(status.failure.message)
  return status.value.project
}

export async function hunksOf(open: OpenProject): Promise<readonly { reference: HunkReference; state: string }[]> {
  const status = await open.session.status()
  const suggestions: readonly SuggestionView[] = status.ok ? status.value.suggestions : []
  return suggestions.flatMap((suggestion) =>
    suggestion.hunks.map(({ id, hash, state }) => ({
      reference: { suggestion: suggestion.id, hunk: id, hash },
      state,
    })),
  )
}

export async function acceptAll(open: OpenProject): Promise<Result<unknown>> {
  return open.session.accept({ hunks: (await hunksOf(open)).map(({ reference }) => reference) })
}

/** Which side stands in all files; else what is wrong, file by file. */
export function sideOf({ root }: Project): 'before' | 'after' | string {
  const found = KINDS.map(({ path, before, after }) => {
    const now = bytesAt(join(root, path))
    if (sameBytes(now, before)) return 'before'
    return sameBytes(now, after) ? 'after' : `${path} is neither old nor new (${now?.length ?? 'no'} bytes)`
  })
  const sides = new Set(found)
  return sides.size === 1 ? (found[0] ?? '') : found.map((side, at) => `${KINDS[at]?.path}: ${side}`).join(', ')
}

function bytesAt(file: string): Buffer | null {
  try {
    return readFileSync(file)
  } catch {
    return null
  }
}

function sameBytes(one: Buffer | null, other: Buffer | null): boolean {
  return one === null || other === null ? one === other : one.equals(other)
}

export async function until(done: () => Promise<boolean>): Promise<void> {
  for (let look = 0; !(await done()); look += 1) {
    if (look > 2000) throw new Error('it took too long')
    await pause(5)
  }
}
