// In which order the backend for large projects looks at files.
import { utimesSync } from 'node:fs'
import { relative, sep } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { scanByFolders } from '../../../main/adapters/watch/folders.ts'
import type { Scanner } from '../../../main/adapters/watch/scanner.ts'
import { makeFolder, type Folder } from '../files/folder.ts'

/** The paths in the order in which the first scan tells them; `begun` is called before it looks at anything. */
function scanned(folder: Folder, begun: (scanner: Scanner) => void): Promise<readonly string[]> {
  const told: string[] = []
  return new Promise((resolve, reject) => {
    const scanner = scanByFolders(folder.root, (path) => path.startsWith('kept-out'), {
      added: (full) => told.push(relative(folder.root, full).split(sep).join('/')),
      changed: () => undefined,
      removed: () => undefined,
      folderAdded: () => undefined,
      folderRemoved: () => undefined,
      ready: () => resolve(told),
      failed: reject,
    })
    onTestFinished(() => scanner.close())
    begun(scanner)
  })
}

function makeProject(): Folder {
  const folder = makeFolder()
  for (const name of ['a', 'b', 'c']) {
    for (const file of ['one', 'two']) folder.put(`${name}/deep/${file}.ts`, '')
    folder.put(`${name}/${name}.ts`, '')
  }
  return folder
}

const ALL = ['a', 'b', 'c'].flatMap((name) => [`${name}/${name}.ts`, `${name}/deep/one.ts`, `${name}/deep/two.ts`])

it('likely files are told first, each once, wherever they stand', async () => {
  const folder = makeProject()
  const told = await scanned(folder, (scanner) => scanner.sooner(['b/deep/two.ts', 'a/deep/one.ts']))
  expect(told.slice(0, 2).sort()).toEqual(['a/deep/one.ts', 'b/deep/two.ts'])
  expect([...told].sort()).toEqual(ALL)
})

it('likely files that are kept out, or are not there, are not told', async () => {
  const folder = makeProject()
  folder.put('kept-out/secret.ts', '')
  const told = await scanned(folder, (scanner) =>
    scanner.sooner(['kept-out/secret.ts', 'kept-out-too.ts', 'a/gone.ts', 'gone/a.ts', 'a/deep']),
  )
  expect([...told].sort()).toEqual(ALL)
})

it('files of the folder that was changed last are told before those of the others', async () => {
  const folder = makeProject()
  for (const path of ['', 'a', 'b', 'c', 'a/deep', 'b/deep', 'c/deep']) utimesSync(folder.at(path), 1_000, 1_000)
  utimesSync(folder.at('b/deep'), 2_000, 2_000)
  const told = await scanned(folder, () => undefined)
  expect(told.slice(0, 2).sort()).toEqual(['b/deep/one.ts', 'b/deep/two.ts'])
  expect([...told].sort()).toEqual(ALL)
})

/** The time stands still until the test moves it. */
function holdTimers(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
}

it('the scan rests as long as a read is under way', async () => {
  holdTimers()
  const folder = makeProject()
  const read = Promise.withResolvers<null>()
  let over = false
  const told = scanned(folder, (scanner) => scanner.giveWay(read.promise)).finally(() => {
    over = true
  })
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
  expect(over).toBe(false)
  read.resolve(null)
  expect([...(await told)].sort()).toEqual(ALL)
})

it('a read that never ends does not keep the scan from going on', async () => {
  const folder = makeProject()
  holdTimers()
  const told = scanned(folder, (scanner) => scanner.giveWay(new Promise(() => undefined)))
  vi.advanceTimersByTime(100)
  expect([...(await told)].sort()).toEqual(ALL)
})

it('a read that fails ends the rest', async () => {
  const folder = makeProject()
  const told = await scanned(folder, (scanner) => scanner.giveWay(Promise.reject(new Error('the disk is gone'))))
  expect([...told].sort()).toEqual(ALL)
})
