// Tests of the git adapter on real repositories, under a configuration that is the test's own.
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createGit } from '../../main/adapters/git.ts'
import type { Git } from '../../main/core/ports.ts'
import { makeFolder, type Folder } from './files/folder.ts'

const never = new AbortController().signal

interface Repository extends Folder {
  git(...words: readonly string[]): string
  commit(): void
  adapter(below?: string): Git
}

function makeRepository(): Repository {
  const folder = makeFolder()
  const environment: NodeJS.ProcessEnv = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder.root,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CEILING_DIRECTORIES: folder.at('..'),
  }
  const git = (...words: readonly string[]): string =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words], {
      cwd: folder.root,
      env: environment,
      encoding: 'utf8',
      stdio: 'pipe',
    })
  git('init', '--quiet', '--initial-branch=main')
  return {
    ...folder,
    git,
    commit() {
      git('add', '--all')
      git('commit', '--quiet', '--allow-empty', '-m', 'a commit')
    },
    adapter: (below = '') => createGit(folder.at(below), { environment }),
  }
}

describe('status', () => {
  it('lists modified, added, deleted and untracked files, and the branch', async () => {
    const repository = makeRepository()
    for (const path of ['clean.ts', 'modified.ts', 'staged.ts', 'deleted.ts']) repository.put(path, 'one\n')
    repository.commit()
    repository.put('modified.ts', 'two\n')
    repository.put('staged.ts', 'two\n')
    repository.git('add', 'staged.ts')
    repository.put('added.ts', 'new\n')
    repository.git('add', 'added.ts')
    repository.git('rm', '--quiet', 'deleted.ts')
    repository.put('new folder/ü "quoted"\n.ts', 'new\n')
    const status = await repository.adapter().status(never)
    expect(status?.branch).toBe('main')
    expect(status?.dirty.toSorted()).toEqual([
      'added.ts',
      'deleted.ts',
      'modified.ts',
      'new folder/ü "quoted"\n.ts',
      'staged.ts',
    ])
  })

  it('leaves out what is ignored, our temporary files, and repositories within', async () => {
    const repository = makeRepository()
    repository.put('.gitignore', '*.log\n')
    repository.commit()
    repository.put('a.log', '')
    repository.put('.slipstream-0123456789ab.tmp', '')
    repository.put('inner/a.ts', '')
    repository.git('init', '--quiet', 'inner')
    expect((await repository.adapter().status(never))?.dirty).toEqual([])
  })

  it('works before the first commit, and without a branch', async () => {
    const repository = makeRepository()
    repository.put('a.ts', '')
    expect(await repository.adapter().status(never)).toEqual({ dirty: ['a.ts'], branch: 'main' })
    repository.commit()
    repository.git('checkout', '--quiet', '--detach')
    expect(await repository.adapter().status(never)).toEqual({ dirty: [], branch: null })
  })

  it('lists a file in conflict', async () => {
    const repository = makeRepository()
    repository.put('a.ts', 'base\n')
    repository.commit()
    repository.git('checkout', '--quiet', '-b', 'other')
    repository.put('a.ts', 'other\n')
    repository.commit()
    repository.git('checkout', '--quiet', 'main')
    repository.put('a.ts', 'main\n')
    repository.commit()
    expect(() => repository.git('merge', '--quiet', 'other')).toThrow()
    const git = repository.adapter()
    expect((await git.status(never))?.dirty).toEqual(['a.ts'])
    expect(await git.cleanContent('a.ts', never)).toBeNull()
  })

  it('speaks of the project alone when it is a folder in the work tree', async () => {
    const repository = makeRepository()
    repository.put('packages/app/a.ts', 'one\n')
    repository.put('packages/app/clean.ts', 'clean\n')
    repository.put('other.ts', 'one\n')
    repository.commit()
    repository.put('packages/app/a.ts', 'two\n')
    repository.put('packages/app/sub/new.ts', '')
    repository.put('other.ts', 'two\n')
    const git = repository.adapter('packages/app')
    expect((await git.status(never))?.dirty.toSorted()).toEqual(['a.ts', 'sub/new.ts'])
    expect(await git.cleanContent('clean.ts', never)).toBe('clean\n')
    expect(await git.cleanContent('../../other.ts', never)).toBeNull()
  })

  it('is null outside a work tree, in a bare repository, and where there is no such folder', async () => {
    const folder = makeFolder()
    const environment = { PATH: process.env['PATH'] ?? '', GIT_CEILING_DIRECTORIES: folder.at('..') }
    mkdirSync(folder.at('plain'))
    execFileSync('git', ['init', '--quiet', '--bare', folder.at('bare')])
    for (const path of ['plain', 'bare', 'missing']) {
      const git = createGit(folder.at(path), { environment })
      expect(await git.status(never)).toBeNull()
      expect(await git.cleanContent('a.ts', never)).toBeNull()
    }
  })

  it.each(['', '/nonexistent'])('is null when git is not installed (PATH is %j)', async (PATH) => {
    expect(await createGit(makeRepository().root, { environment: { PATH } }).status(never)).toBeNull()
  })

  it.each(['', '.'])('never takes a program of that name in the project for git (PATH is %j)', async (PATH) => {
    const repository = makeRepository()
    repository.put('git', '#!/bin/sh\necho > ran\n')
    chmodSync(repository.at('git'), 0o755)
    // In a process that was started in the project, as a person does it.
    const script = `
      import { createGit } from '${join(import.meta.dirname, '../../main/adapters/git.ts')}'
      const status = await createGit(process.cwd()).status(new AbortController().signal)
      process.stdout.write(JSON.stringify(status))`
    const words = ['--input-type=module', '-e', script]
    const output = execFileSync(process.execPath, words, { cwd: repository.root, env: { PATH }, encoding: 'utf8' })
    expect(output).toBe('null')
    expect(repository.entries()).not.toContain('ran')
  })

  it('is null once it is called off', async () => {
    const repository = makeRepository()
    expect(await repository.adapter().status(AbortSignal.abort())).toBeNull()
  })

  it('is not led astray by the variables of a hook that started us', async () => {
    const repository = makeRepository()
    repository.put('a.ts', '')
    const environment = {
      PATH: process.env['PATH'] ?? '',
      GIT_DIR: '/nonexistent',
      GIT_INDEX_FILE: '/nonexistent/index',
    }
    expect((await createGit(repository.root, { environment }).status(never))?.dirty).toEqual(['a.ts'])
  })

  it('writes nothing into the repository', async () => {
    const repository = makeRepository()
    repository.put('a.ts', 'one\n')
    repository.commit()
    // Touched, so that git would like to refresh its index.
    repository.put('a.ts', 'one\n')
    const index = repository.bytes('.git/index')
    await repository.adapter().status(never)
    expect(repository.bytes('.git/index').equals(index)).toBe(true)
  })

  it('runs no hook, no monitor and no filter of the repository', async () => {
    const repository = makeRepository()
    repository.put('.gitattributes', '*.ts filter=evil\n')
    repository.put('a.ts', 'one\n')
    repository.commit()
    const evil = `touch '${repository.at('ran')}'; cat`
    for (const key of ['filter.evil.clean', 'filter.evil.smudge', 'core.fsmonitor', 'core.sshCommand'])
      repository.git('config', key, evil)
    repository.git('config', 'filter.evil.required', 'true')
    repository.git('config', 'alias.status', `!${evil}`)
    for (const hook of ['post-index-change', 'fsmonitor-watchman']) {
      writeFileSync(repository.at(`.git/hooks/${hook}`), `#!/bin/sh\n${evil}\n`, { mode: 0o755 })
    }
    // Same size, another time: git has to look into the file, through the filter if it may.
    repository.put('a.ts', 'two\n')
    const git = repository.adapter()
    expect((await git.status(never))?.dirty).toEqual(['a.ts'])
    expect(await git.cleanContent('a.ts', never)).toBeNull()
    expect(repository.entries()).not.toContain('ran')
  })
})

describe('the content of a clean file', () => {
  async function contentOf(repository: Repository, path: string): Promise<string | null> {
    const git = repository.adapter()
    await git.status(never)
    return await git.cleanContent(path, never)
  }

  it('is that of the index as status found it, whatever was saved and staged since', async () => {
    const repository = makeRepository()
    repository.put('a.ts', '\uFEFFone\r\ntwo')
    repository.commit()
    const git = repository.adapter()
    await git.status(never)
    repository.put('a.ts', 'changed since\n')
    repository.commit()
    expect(await git.cleanContent('a.ts', never)).toBe('\uFEFFone\r\ntwo')
  })

  it('is null before status was asked', async () => {
    const repository = makeRepository()
    repository.put('a.ts', 'one\n')
    repository.commit()
    expect(await repository.adapter().cleanContent('a.ts', never)).toBeNull()
  })

  it('is null for files that were dirty, staged, untracked or unknown then', async () => {
    const repository = makeRepository()
    repository.put('dirty.ts', 'one\n')
    repository.put('staged.ts', 'one\n')
    repository.commit()
    repository.put('dirty.ts', 'two\n')
    repository.put('staged.ts', 'two\n')
    repository.git('add', 'staged.ts')
    repository.put('new.ts', 'one\n')
    const git = repository.adapter()
    await git.status(never)
    repository.git('checkout', '--quiet', '--force', 'HEAD')
    for (const path of ['dirty.ts', 'staged.ts', 'new.ts', 'none.ts', '', 'a\0b'])
      expect(await git.cleanContent(path, never)).toBeNull()
  })

  it('is null for files whose changes git does not look for', async () => {
    const repository = makeRepository()
    repository.put('assumed.ts', 'one\n')
    repository.put('skipped.ts', 'one\n')
    repository.commit()
    repository.git('update-index', '--assume-unchanged', 'assumed.ts')
    repository.git('update-index', '--skip-worktree', 'skipped.ts')
    repository.put('assumed.ts', 'changed\n')
    repository.put('skipped.ts', 'changed\n')
    expect(await contentOf(repository, 'assumed.ts')).toBeNull()
    expect(await contentOf(repository, 'skipped.ts')).toBeNull()
  })

  it('is null for binary files, other encodings and links', async () => {
    const repository = makeRepository()
    repository.put('a.bin', Buffer.from([1, 0, 2]))
    repository.put('latin.ts', Buffer.from([0x63, 0xe9]))
    execFileSync('ln', ['-s', 'target.ts', repository.at('link.ts')])
    repository.commit()
    for (const path of ['a.bin', 'latin.ts', 'link.ts']) expect(await contentOf(repository, path)).toBeNull()
  })

  it.each(['true', 'input', '1'])('is null when core.autocrlf is %s, save for files that are exempt', async (value) => {
    const repository = makeRepository()
    repository.put('.gitattributes', '*.raw -text\n')
    repository.put('a.ts', 'one\n')
    repository.put('b.raw', 'one\r\n')
    repository.commit()
    repository.git('config', 'core.autocrlf', value)
    expect(await contentOf(repository, 'a.ts')).toBeNull()
    expect(await contentOf(repository, 'b.raw')).toBe('one\r\n')
  })

  it('is given when core.autocrlf is off', async () => {
    const repository = makeRepository()
    repository.put('a.ts', 'one\r\n')
    repository.commit()
    repository.git('config', 'core.autocrlf', 'false')
    expect(await contentOf(repository, 'a.ts')).toBe('one\r\n')
  })

  it.each(['text', 'text=auto', 'eol=crlf', 'eol=lf', 'filter=lfs', 'ident', 'working-tree-encoding=UTF-16', 'crlf'])(
    'is null under the attribute %s',
    async (attribute) => {
      const repository = makeRepository()
      repository.put('a.ts', 'one\n')
      repository.put('b.js', 'one\n')
      repository.commit()
      repository.put('.gitattributes', `*.ts ${attribute}\n`)
      expect(await contentOf(repository, 'a.ts')).toBeNull()
      expect(await contentOf(repository, 'b.js')).toBe('one\n')
    },
  )

  it('is found among paths that end alike, hold tabs, or are nested', async () => {
    const repository = makeRepository()
    const contents = { 'b.ts': '1', 'a\tb.ts': '2', 'sub/b.ts': '3', 'ab.ts': '4', 'ü ü.ts': '5' }
    for (const [path, text] of Object.entries(contents)) repository.put(path, text)
    repository.commit()
    const git = repository.adapter()
    await git.status(never)
    for (const [path, text] of Object.entries(contents)) expect(await git.cleanContent(path, never)).toBe(text)
  })

  it('can be asked again after a question that was called off', async () => {
    const repository = makeRepository()
    repository.put('a.ts', 'one\n')
    repository.commit()
    const git = repository.adapter()
    await git.status(never)
    expect(await git.cleanContent('a.ts', AbortSignal.abort())).toBeNull()
    expect(await git.cleanContent('a.ts', never)).toBe('one\n')
  })
})

describe('atWork', () => {
  const changedBy = async (words: readonly string[]): Promise<boolean> => {
    const repository = makeRepository()
    repository.put('a.ts', 'one\n')
    repository.commit()
    repository.git('checkout', '-q', '-b', 'other')
    repository.put('a.ts', 'two\n')
    repository.commit()
    const git = repository.adapter()
    await git.status(never)
    await new Promise((resolve) => setTimeout(resolve, 30))
    if (words.length === 0) repository.put('a.ts', 'three\n')
    else repository.git(...words)
    return git.atWork(statSync(repository.at('a.ts')).mtimeMs)
  }

  it('is true of a file that a checkout has written', async () => {
    expect(await changedBy(['checkout', '-q', 'main'])).toBe(true)
    expect(await changedBy(['reset', '-q', '--hard', 'HEAD~1'])).toBe(true)
  })

  it('is false of a file that an editor has written', async () => {
    expect(await changedBy([])).toBe(false)
  })

  it('is true while git holds its lock, unless that is an old one', async () => {
    const repository = makeRepository()
    repository.put('a.ts', 'one\n')
    repository.commit()
    const git = repository.adapter()
    await git.status(never)
    repository.put('.git/index.lock', '')
    expect(await git.atWork(Date.now() + 1000)).toBe(true)
    utimesSync(repository.at('.git/index.lock'), 0, 0)
    expect(await git.atWork(Date.now() + 1000)).toBe(false)
  })

  it('is false where there is no repository', async () => {
    const git = createGit(makeFolder().root)
    await git.status(never)
    expect(await git.atWork(0)).toBe(false)
  })
})
