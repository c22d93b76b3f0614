// The project's thread: reads and git through it, as they are without it, and what becomes of questions when it ends.
import { execFileSync } from 'node:child_process'
import { expect, test, onTestFinished } from 'vitest'
import { createFiles } from '../../main/adapters/files/files.ts'
import { startProject, type ProjectThread } from '../../main/adapters/project.ts'
import { makeFolder, type Folder } from './files/folder.ts'

const never = new AbortController().signal
const MOST_BYTES = 64_000_000

function start(folder: Folder): ProjectThread {
  const project = startProject(folder.root, { excludes: [] })
  onTestFinished(() => project.close())
  return project
}

test('files read through it are what they are when read here, large ones and many at once too', async () => {
  const folder = makeFolder()
  const texts: Record<string, string> = {
    'a.txt': 'four',
    'bom.txt': '\uFEFFone\r\ntwo',
    'large.txt': 'a line of a large file\n'.repeat(100_000),
    'wide.txt': 'Übergröße €\n'.repeat(100_000),
  }
  for (const [path, text] of Object.entries(texts)) folder.put(path, text)
  const here = createFiles(folder.root, { maxBytes: () => MOST_BYTES })
  const there = createFiles(folder.root, { maxBytes: () => MOST_BYTES, read: start(folder).read })
  const paths = [...Object.keys(texts), 'missing.txt', '../outside.txt']
  for (const formerSize of [null, 1]) {
    const read = (files: typeof here) => Promise.all(paths.map((path) => files.read(path, { formerSize }, never)))
    expect(await read(there)).toEqual(await read(here))
  }
})

test('a read that is called off says so', async () => {
  const folder = makeFolder()
  folder.put('a.txt', '')
  const controller = new AbortController()
  const files = createFiles(folder.root, { maxBytes: () => MOST_BYTES, read: start(folder).read })
  // It was not empty: it is waited for.
  const reading = files.read('a.txt', { formerSize: 4 }, controller.signal)
  controller.abort()
  expect(await reading).toMatchObject({ kind: 'skipped', code: 'unstable' })
})

test('nothing is told of the files before what is likely is known, and nothing at all when that fails', async () => {
  const folder = makeFolder()
  folder.put('a.txt', '')
  const told: string[] = []
  const watch = (known: Promise<readonly string[]>): Promise<void> =>
    new Promise((resolve) => {
      const events = { hint: () => undefined, trouble: () => undefined, ready: resolve }
      start(folder).watch.start({ ...events, seen: () => told.push('seen') }, never, known)
    })
  void watch(Promise.reject(new Error('not loaded')))
  const held = Promise.withResolvers<readonly string[]>()
  const holding = watch(held.promise)
  await watch(Promise.resolve([]))
  expect(told).toEqual(['seen'])
  held.resolve(['a.txt', 'gone.txt'])
  await holding
  expect(told).toEqual(['seen', 'seen'])
})

test('git answers through it', async () => {
  const folder = makeFolder()
  const git = (...words: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...words], { cwd: folder.root })
  git('init', '-q', '-b', 'main')
  folder.put('clean.txt', 'committed\n')
  git('add', '.')
  git('commit', '-qm', 'first')
  folder.put('new.txt', '')
  const project = start(folder)
  expect(await project.git.status(never)).toEqual({ dirty: ['new.txt'], branch: 'main' })
  expect(await project.git.cleanContent('clean.txt', never)).toBe('committed\n')
  expect(await project.git.atWork(Number.MAX_SAFE_INTEGER)).toBe(false)
})

test('once it is closed git does not answer, and reads reject', async () => {
  const folder = makeFolder()
  folder.put('a.txt', '')
  const project = start(folder)
  await project.close()
  expect([await project.git.status(never), await project.git.atWork(0)]).toEqual([null, false])
  const files = createFiles(folder.root, { maxBytes: () => MOST_BYTES, read: project.read })
  await expect(files.read('a.txt', { formerSize: null }, never)).rejects.toThrow('closed')
})
