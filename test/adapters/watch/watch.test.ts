// Tests of the watcher on real folders, and, where the system's limits are the matter, on a watcher whose events the test holds.
import { execFileSync } from 'node:child_process'
import { appendFileSync, existsSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { FSWatcher, type ChokidarOptions } from 'chokidar'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { makeFolder, type Folder } from '../files/folder.ts'
import { record, type Recorder } from './recorder.ts'

/** Waits until everything that was done before it has been told. */
async function settled(folder: Folder, recorder: Recorder): Promise<void> {
  await recorder.settled((name) => folder.put(name, ''))
}

/** What a reader would read at this very hint. */
function textNow(folder: Folder): string {
  return existsSync(folder.at('a.txt')) ? readFileSync(folder.at('a.txt'), 'utf8') : ''
}

describe.each(['chokidar', 'folders', 'thread'] as const)('the first scan by %s', (backend) => {
  it('tells every file once with its stats, then says ready', async () => {
    const folder = makeFolder()
    folder.put('a.txt', 'four')
    folder.put('sub/deep/b.txt', '')
    folder.put('sub/c.ts', 'x')
    const recorder = record(folder.root, { backend })
    await recorder.ready()
    expect(recorder.seenPaths()).toEqual(['a.txt', 'sub/c.ts', 'sub/deep/b.txt'])
    expect(recorder.seen.find(({ path }) => path === 'a.txt')?.stat).toEqual({
      size: 4,
      modifiedMs: expect.any(Number),
      inode: expect.any(Number),
    })
    expect(recorder.hints).toEqual([])
    expect(recorder.readies()).toBe(1)
  })

  it('comes in batches', async () => {
    const folder = makeFolder()
    for (let index = 0; index < 700; index += 1) folder.put(`f${index}.txt`, '')
    const recorder = record(folder.root, { backend })
    await recorder.ready()
    expect(recorder.seen).toHaveLength(700)
  })

  it('heeds nested ignore files with negation, .slipstreamignore, info/exclude and built-in names', async () => {
    const folder = makeFolder()
    folder.put('.gitignore', '*.log\n/out/\n')
    folder.put('keep/.gitignore', '!wanted.log\n')
    folder.put('.slipstreamignore', 'docs/\n')
    folder.put('.git/info/exclude', 'private.txt\n')
    folder.put('.git/config', '')
    for (const path of [
      'a.log',
      'keep/wanted.log',
      'keep/b.log',
      'out/a.txt',
      'docs/a.md',
      'private.txt',
      'node_modules/m/i.js',
      'a.png',
      'in.txt',
    ])
      folder.put(path, 'x')
    const recorder = record(folder.root, { backend })
    await recorder.ready()
    expect(recorder.seenPaths()).toEqual([
      '.gitignore',
      '.slipstreamignore',
      'in.txt',
      'keep/.gitignore',
      'keep/wanted.log',
    ])
  })

  it('does not follow linked folders, and takes a linked file for a file', async () => {
    const folder = makeFolder()
    folder.put('outside/b.txt', '')
    folder.put('project/a.txt', 'four')
    symlinkSync('../outside', folder.at('project/linked'))
    symlinkSync('a.txt', folder.at('project/alias.txt'))
    symlinkSync('.', folder.at('project/loop'))
    const recorder = record(folder.at('project'), { backend })
    await recorder.ready()
    expect(recorder.seenPaths()).toEqual(['a.txt', 'alias.txt'])
    expect(recorder.seen.find(({ path }) => path === 'alias.txt')?.stat.size).toBe(4)
  })

  it('works on a project that is reached through a link', async () => {
    const folder = makeFolder()
    folder.put('project/a.txt', '')
    symlinkSync('project', folder.at('alias'))
    const recorder = record(folder.at('alias'), { backend })
    await recorder.ready()
    folder.put('project/b.txt', '')
    await recorder.hinted('b.txt')
    expect(recorder.seenPaths()).toEqual(['a.txt'])
  })

  it('tells nothing when it was called off before', async () => {
    const folder = makeFolder()
    folder.put('a.txt', '')
    const recorder = record(folder.root, { backend })
    recorder.stop()
    const other = record(folder.root, { backend })
    await other.ready()
    expect([recorder.seen, recorder.readies()]).toEqual([[], 0])
  })
})

describe.each(['chokidar', 'folders', 'polling', 'thread'] as const)('a save, watched by %s,', (backend) => {
  async function watched(): Promise<{ folder: Folder; recorder: Recorder }> {
    const folder = makeFolder()
    folder.put('a.txt', 'old')
    folder.put('sub/b.txt', 'old')
    const recorder = record(folder.root, { backend })
    await recorder.ready()
    return { folder, recorder }
  }

  it('in place is hinted', async () => {
    const { folder, recorder } = await watched()
    appendFileSync(folder.at('sub/b.txt'), ' and new')
    await recorder.hinted('sub/b.txt')
  })

  it('by truncating first is hinted once the content is there', async () => {
    const { folder, recorder } = await watched()
    writeFileSync(folder.at('a.txt'), '')
    await pause(5)
    writeFileSync(folder.at('a.txt'), 'new content')
    await recorder.until(() => recorder.hints.includes('a.txt') && textNow(folder) === 'new content')
  })

  it('by renaming a temporary file over it is hinted', async () => {
    const { folder, recorder } = await watched()
    writeFileSync(folder.at('.a.txt.new'), 'renamed over')
    renameSync(folder.at('.a.txt.new'), folder.at('a.txt'))
    await recorder.hinted('a.txt')
    expect(folder.text('a.txt')).toBe('renamed over')
  })

  it('by deleting and recreating is hinted, and the content can be read then', async () => {
    const { folder, recorder } = await watched()
    rmSync(folder.at('a.txt'))
    await pause(10)
    writeFileSync(folder.at('a.txt'), 'recreated')
    await recorder.until(() => recorder.hints.includes('a.txt') && textNow(folder) === 'recreated')
  })

  it('is hinted after each of two quick ones: the last is never lost', async () => {
    const { folder, recorder } = await watched()
    for (let round = 0; round < (backend === 'polling' ? 2 : 10); round += 1) {
      // What a reader has who reads at each hint, and never otherwise.
      let read = ''
      const from = recorder.hints.length
      const reading = recorder.until(() => {
        if (recorder.hints.slice(from).includes('a.txt')) read = textNow(folder)
        return read === `second ${round}`
      })
      writeFileSync(folder.at('a.txt'), `first ${round}`)
      await pause(3 * round)
      writeFileSync(folder.at('a.txt'), `second ${round}`)
      await reading
    }
    expect(recorder.hints.length).toBeGreaterThan(0)
  })

  it('of a new file in new folders is hinted', async () => {
    const { folder, recorder } = await watched()
    folder.put('x/y/z/new.txt', 'at once')
    folder.put('x/other.txt', 'at once')
    await recorder.until(() => recorder.hints.includes('x/y/z/new.txt') && recorder.hints.includes('x/other.txt'))
    folder.put('x/y/z/new.txt', 'later, and longer')
    await recorder.until(() => recorder.hints.filter((path) => path === 'x/y/z/new.txt').length > 1)
  })
})

describe.each(['chokidar', 'folders', 'thread'] as const)('hints, watched by %s,', (backend) => {
  it('come for a deleted file', async () => {
    const folder = makeFolder()
    folder.put('a.txt', 'old')
    const recorder = record(folder.root, { backend })
    await recorder.ready()
    rmSync(folder.at('a.txt'))
    await recorder.hinted('a.txt')
  })

  it('come for the files of a renamed folder, at the old and at the new place', async () => {
    const folder = makeFolder()
    folder.put('old/sub/a.txt', 'content')
    const recorder = record(folder.root, { backend })
    await recorder.ready()
    renameSync(folder.at('old'), folder.at('new'))
    await recorder.until(() => recorder.hints.includes('old/sub/a.txt') && recorder.hints.includes('new/sub/a.txt'))
    folder.put('new/sub/a.txt', 'content changed')
    await recorder.until(() => recorder.hints.filter((path) => path === 'new/sub/a.txt').length > 1)
  })

  it('never come for ignored files, the temporary files of editors, or our own', async () => {
    const folder = makeFolder()
    folder.put('.gitignore', '*.log\nbuild/\n')
    folder.put('build/a.txt', '')
    folder.put('a.log', '')
    const recorder = record(folder.root, { backend })
    await recorder.ready()
    for (const path of [
      'a.log',
      'b.log',
      'build/a.txt',
      'build/new/b.txt',
      '.a.txt.swp',
      '4913',
      'a.txt~',
      '.#a.txt',
      '.slipstream-0123456789ab.tmp',
      'node_modules/x/y.js',
      '.git/index',
    ]) {
      folder.put(path, 'x')
    }
    await settled(folder, recorder)
    expect(recorder.hints.filter((path) => !path.startsWith('marker'))).toEqual([])
  })

  it('come during the first scan too', async () => {
    const folder = makeFolder()
    for (let index = 0; index < 300; index += 1) folder.put(`d${index}/f.txt`, 'old')
    const recorder = record(folder.root, { backend })
    await recorder.until(() => recorder.seen.some(({ path }) => path === 'd7/f.txt'))
    folder.put('d7/f.txt', 'new content')
    await recorder.hinted('d7/f.txt')
  })

  it('end when the watch is called off', async () => {
    const folder = makeFolder()
    folder.put('a.txt', 'old')
    const recorder = record(folder.root, { backend })
    const other = record(folder.root, { backend })
    await Promise.all([recorder.ready(), other.ready()])
    recorder.stop()
    folder.put('a.txt', 'new')
    await other.hinted('a.txt')
    await pause(20)
    expect(recorder.hints).toEqual([])
  })
})

describe.each(['chokidar', 'folders', 'thread'] as const)('a change of the rules, watched by %s,', (backend) => {
  it('in a .gitignore silences what it newly ignores and tells what it lets in', async () => {
    const folder = makeFolder()
    folder.put('.gitignore', 'a/\n*.log\n')
    for (const path of ['a/1.txt', 'b/2.txt', 'c.log']) folder.put(path, 'x')
    const recorder = record(folder.root, { backend })
    await recorder.ready()
    expect(recorder.seenPaths()).toEqual(['.gitignore', 'b/2.txt'])
    folder.put('.gitignore', 'b/\n')
    await recorder.until(() => recorder.seen.length === 4)
    expect(recorder.seenPaths()).toEqual(['.gitignore', 'a/1.txt', 'b/2.txt', 'c.log'])
    recorder.hints.length = 0
    folder.put('b/2.txt', 'changed')
    folder.put('a/1.txt', 'changed')
    await recorder.hinted('a/1.txt')
    await settled(folder, recorder)
    expect(recorder.hints).not.toContain('b/2.txt')
  })

  it('is noticed in an ignore file that ignores itself, and in one that is new', async () => {
    const folder = makeFolder()
    folder.put('sub/.gitignore', '.gitignore\nhidden.txt\n')
    folder.put('sub/hidden.txt', '')
    folder.put('other/open.txt', '')
    const recorder = record(folder.root, { backend })
    await recorder.ready()
    expect(recorder.seenPaths()).toEqual(['other/open.txt'])
    folder.put('sub/.gitignore', '.gitignore\n')
    await recorder.until(() => recorder.seenPaths().includes('sub/hidden.txt'))
    folder.put('other/.slipstreamignore', 'open.txt\n')
    await recorder.until(() => recorder.watch.ignores('other/open.txt'))
    expect(recorder.seenPaths().filter((path) => path.endsWith('.gitignore'))).toEqual([])
  })

  it('is noticed in info/exclude of the repository', async () => {
    const folder = makeFolder()
    execFileSync('git', ['init', '--quiet'], { cwd: folder.root })
    folder.put('.git/info/exclude', 'a.txt\n')
    folder.put('a.txt', '')
    const recorder = record(folder.root, { backend })
    await recorder.ready()
    folder.put('.git/info/exclude', '')
    await recorder.until(() => recorder.seenPaths().includes('a.txt'))
  })

  it('in the settings counts at once, and tells what it lets in', async () => {
    const folder = makeFolder()
    folder.put('a/1.txt', '')
    folder.put('b/2.txt', '')
    const recorder = record(folder.root, { backend, excludes: ['a/'] })
    await recorder.ready()
    expect(recorder.seenPaths()).toEqual(['b/2.txt'])
    recorder.watch.exclude(['b/'])
    expect([recorder.watch.ignores('a/1.txt'), recorder.watch.ignores('b/2.txt')]).toEqual([false, true])
    await recorder.until(() => recorder.seenPaths().includes('a/1.txt'))
    expect(recorder.seen).toHaveLength(2)
  })
})

describe.each(['chokidar', 'folders', 'thread'] as const)(
  'a project folder that is gone, watched by %s,',
  (backend) => {
    it('is told as fatal, and as ready when it is back', async () => {
      const folder = makeFolder()
      folder.put('project/a.txt', '')
      const recorder = record(folder.at('project'), { backend })
      await recorder.ready()
      rmSync(folder.at('project'), { recursive: true })
      await recorder.until(() => recorder.troubles.length > 0)
      expect(recorder.troubles).toEqual([{ message: expect.stringContaining(folder.at('project')), fatal: true }])
      folder.put('project/b.txt', '')
      await recorder.until(() => recorder.readies() === 2 && recorder.hints.includes('b.txt'))
    })

    it('is told when it was never there', async () => {
      const folder = makeFolder()
      const recorder = record(folder.at('missing'), { backend })
      await recorder.until(() => recorder.troubles.length > 0)
      expect(recorder.troubles[0]).toMatchObject({ fatal: true })
      expect(recorder.readies()).toBe(0)
    })
  },
)

describe('chokidar', () => {
  it('never asks about anything inside an ignored folder', async () => {
    const folder = makeFolder()
    folder.put('.gitignore', 'heap/\n')
    folder.put('a.txt', '')
    for (let index = 0; index < 2000; index += 1) folder.put(`heap/d${index % 20}/f${index}.txt`, '')
    const asked: string[] = []
    const watchers: FSWatcher[] = []
    const recorder = record(folder.root, {
      backend: 'chokidar',
      open(root, options) {
        const watcher = openReal(root, watched(options, asked))
        watchers.push(watcher)
        return watcher
      },
    })
    await recorder.ready()
    expect(recorder.seenPaths()).toEqual(['.gitignore', 'a.txt'])
    expect(asked.filter((path) => path.includes('/heap/'))).toEqual([])
    expect(Object.keys(watchers[0]?.getWatched() ?? {}).filter((path) => path.includes('heap'))).toEqual([])
  })
})

describe('when the system has no more watches', () => {
  it.each(['ENOSPC', 'EMFILE'])(
    '(%s) it names the limit once, goes on by polling, and is ready only then',
    async (code) => {
      const folder = makeFolder()
      folder.put('a.txt', 'old')
      const backends: (string | undefined)[] = []
      const recorder = record(folder.root, {
        open(root, options) {
          backends.push(options.backend)
          const watcher = openReal(root, options)
          if (options.backend === 'native') {
            // As chokidar tells it: one error a folder, while it goes on to list what is there.
            const error = Object.assign(new Error('no more'), { code })
            setImmediate(() => {
              watcher.emit('error', error)
              watcher.emit('error', error)
            })
          }
          return watcher
        },
      })
      await recorder.ready()
      expect(backends).toEqual(['native', 'polling'])
      expect(recorder.troubles).toEqual([
        { message: expect.stringContaining('fs.inotify.max_user_watches'), fatal: false },
      ])
      expect(recorder.seenPaths()).toEqual(['a.txt'])
      folder.put('a.txt', 'new content')
      await recorder.hinted('a.txt')
    },
  )
})

function openReal(root: string, options: ChokidarOptions): FSWatcher {
  const watcher = new FSWatcher(options)
  watcher.add(root)
  onTestFinished(() => watcher.close())
  return watcher
}

/** The same options; what the watcher asks about is written down. */
function watched(options: ChokidarOptions, asked: string[]): ChokidarOptions {
  const { ignored } = options
  if (typeof ignored !== 'function') throw new Error('the filter is a function')
  return {
    ...options,
    ignored(path, stats) {
      asked.push(path)
      return ignored(path, stats)
    },
  }
}
