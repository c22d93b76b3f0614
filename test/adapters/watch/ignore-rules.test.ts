// Tests of what is kept out: against git itself, and the layers that git does not know.
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createIgnoreRules } from '../../../main/adapters/watch/ignore-rules.ts'
import { makeFolder, type Folder } from '../files/folder.ts'

function rulesOf(
  files: Record<string, string>,
  excludes: readonly string[] = [],
): ReturnType<typeof createIgnoreRules> {
  const folder = makeFolder()
  for (const [path, text] of Object.entries(files)) folder.put(path, text)
  return createIgnoreRules(folder.root, excludes)
}

function git(folder: Folder, ...words: readonly string[]): void {
  execFileSync('git', words, { cwd: folder.root, stdio: 'ignore' })
}

describe('.gitignore files', () => {
  it('agree with git check-ignore, nested and negated in any mixture', () => {
    const folder = makeFolder()
    git(folder, 'init', '--quiet')
    const folders = ['', 'a', 'b', 'a/b', 'a/[c]', 'a/b/a b']
    const names = ['x', 'y.log', 'b', '#z', 'a b', '!w']
    const paths = folders.flatMap((at) => names.map((name) => (at === '' ? name : `${at}/${name}`)))
    const line = fc
      .tuple(
        fc.constantFrom('', '!'),
        fc.constantFrom('', '/', '**/', 'a/', 'b/', '*/', '\\#'),
        fc.constantFrom(
          'x',
          'y.log',
          '*.log',
          'b',
          '*',
          '?',
          '[xyz]*',
          'a b',
          'z',
          '\\!w',
          '**',
          'a',
          '[c]',
          '\\[c\\]',
        ),
        fc.constantFrom('', '/', ' ', '/**', '\r'),
      )
      .map((parts) => parts.join(''))
    const file = fc.oneof(
      { weight: 5, arbitrary: fc.array(line, { maxLength: 4 }) },
      { weight: 1, arbitrary: fc.constant(['# comment', '', '!', '/', '!/']) },
    )
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...folders.filter((at) => at !== 'a/b/a b')), file, { noNullPrototype: true }),
        (files) => {
          execFileSync('git', ['clean', '-qdffx'], { cwd: folder.root })
          for (const [at, lines] of Object.entries(files)) folder.put(join(at, '.gitignore'), lines.join('\n'))
          for (const path of paths) {
            mkdirSync(dirname(folder.at(path)), { recursive: true })
            if (!folders.includes(path)) writeFileSync(folder.at(path), '')
          }
          const asked = paths.filter((path) => !folders.includes(path))
          const rules = createIgnoreRules(folder.root, [])
          expect(asked.filter((path) => rules.ignores(path, 'file'))).toEqual(ignoredByGit(folder, asked))
        },
      ),
      { numRuns: 60 },
    )
    // Hundreds of git processes: each takes its time on a busy machine.
  }, 120_000)

  it('keep out a folder with all that is in it, even what a deeper file would bring back', () => {
    const rules = rulesOf({ '.gitignore': 'build/\n', 'build/.gitignore': '!keep.txt\n' })
    expect(rules.ignores('build', 'folder')).toBe(true)
    expect(rules.ignores('build/keep.txt', 'file')).toBe(true)
  })

  it('let a deeper file overrule the ones above it', () => {
    const rules = rulesOf({ '.gitignore': '*.txt\n', 'a/.gitignore': '!*.txt\n', 'a/b/.gitignore': 'x.txt\n' })
    expect(['x.txt', 'a/x.txt', 'a/b/x.txt', 'a/b/y.txt'].map((path) => rules.ignores(path, 'file'))).toEqual([
      true,
      false,
      true,
      false,
    ])
  })

  it('tell a folder from a file of the same name', () => {
    const rules = rulesOf({ '.gitignore': 'out/\n' })
    expect(rules.ignores('out', 'folder')).toBe(true)
    expect(rules.ignores('out', 'file')).toBe(false)
    expect(rules.ignores('out', 'unknown')).toBe(false)
  })

  it('count upwards to the top of the repository when the project is a folder in it', () => {
    const folder = makeFolder()
    git(folder, 'init', '--quiet')
    folder.put('.gitignore', '/packages/app/gen/\n*.secret\n')
    folder.put('.git/info/exclude', 'scratch\n')
    folder.put('packages/.gitignore', 'app/local.txt\n')
    folder.put('packages/app/x', '')
    const rules = createIgnoreRules(folder.at('packages/app'), [])
    expect(rules.ignores('gen', 'folder')).toBe(true)
    expect(['a.secret', 'local.txt', 'scratch', 'sub/scratch', 'x'].map((path) => rules.ignores(path, 'file'))).toEqual(
      [true, true, true, true, false],
    )
  })

  it('of a repository that ignores the project itself do not count', () => {
    const folder = makeFolder()
    git(folder, 'init', '--quiet')
    folder.put('.gitignore', '/scratch/\n')
    folder.put('scratch/a.ts', '')
    expect(createIgnoreRules(folder.at('scratch'), []).ignores('a.ts', 'file')).toBe(false)
  })

  it('are joined by info/exclude also in a linked work tree', () => {
    const folder = makeFolder()
    mkdirSync(folder.at('main'))
    const run = (...words: readonly string[]): void => {
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words], {
        cwd: folder.at('main'),
        stdio: 'ignore',
      })
    }
    run('init', '--quiet')
    run('commit', '--quiet', '--allow-empty', '-m', 'one')
    run('worktree', 'add', '../linked')
    folder.put('main/.git/info/exclude', 'private.txt\n')
    expect(createIgnoreRules(folder.at('linked'), []).ignores('private.txt', 'file')).toBe(true)
  })
})

describe('built-in names', () => {
  it.each(['node_modules', '.git', '.venv', '__pycache__', '.next', 'a/b/node_modules', 'a/.git'])(
    'keep the folder %s out',
    (path) => {
      expect(rulesOf({}).ignores(path, 'folder')).toBe(true)
    },
  )

  it.each([
    'a.swp',
    '.a.txt.swp',
    'a~',
    '.#a.ts',
    '4913',
    'a.min.js',
    'a.js.map',
    'yarn.lock',
    'package-lock.json',
    'a.PNG',
    'x/a.woff2',
    '.slipstream-0123456789ab.tmp',
  ])('keep the file %s out', (path) => {
    expect(rulesOf({}).ignores(path, 'file')).toBe(true)
  })

  it.each([
    'a.ts',
    'Makefile',
    '.env',
    'lock',
    'min.js',
    'target/a.rs',
    'png',
    'dist/a.js',
    '.github/workflows/ci.yml',
    'locked.ts',
    '.swp.md',
    '.slipstream-x.tmp.ts',
  ])('let the file %s in', (path) => {
    expect(rulesOf({}).ignores(path, 'file')).toBe(false)
  })

  it('keep target out only beside the file of its build tool', () => {
    const rules = rulesOf({ 'rust/Cargo.toml': '', 'java/pom.xml': '', 'other/a.txt': '' })
    expect(['rust/target', 'java/target', 'other/target'].map((path) => rules.ignores(path, 'folder'))).toEqual([
      true,
      true,
      false,
    ])
  })

  it('are not brought back by a .gitignore that lists what is kept', () => {
    const rules = rulesOf({ '.gitignore': '*\n!*/\n!*.ts\n' })
    expect(rules.ignores('node_modules/a.ts', 'file')).toBe(true)
    expect(rules.ignores('src/a.ts', 'file')).toBe(false)
  })
})

describe('.slipstreamignore files and settings', () => {
  it('bring back what git ignores and what is machine-made, but never .git', () => {
    const rules = rulesOf({
      '.gitignore': 'generated/\n*.log\n',
      '.slipstreamignore': '!generated/\n!node_modules/\n!.git/\n',
    })
    expect(
      ['generated/a.ts', 'generated/a.log', 'node_modules/a.ts', '.git/config'].map((path) =>
        rules.ignores(path, 'file'),
      ),
    ).toEqual([false, true, false, true])
  })

  it('win over a deeper .gitignore', () => {
    const rules = rulesOf({ '.slipstreamignore': 'a/x.txt\n', 'a/.gitignore': '!x.txt\n' })
    expect(rules.ignores('a/x.txt', 'file')).toBe(true)
  })

  it('nest: the deeper one overrules', () => {
    const rules = rulesOf({ '.slipstreamignore': '*.txt\n', 'a/.slipstreamignore': '!x.txt\n' })
    expect(['a/x.txt', 'a/y.txt'].map((path) => rules.ignores(path, 'file'))).toEqual([false, true])
  })

  it('are overruled by the patterns of the settings', () => {
    const rules = rulesOf({ '.slipstreamignore': '!x.txt\n', 'a/.slipstreamignore': '!x.txt\n' }, ['x.txt', '/docs/'])
    expect(['x.txt', 'a/x.txt', 'docs/a.md', 'a/docs/a.md'].map((path) => rules.ignores(path, 'file'))).toEqual([
      true,
      true,
      true,
      false,
    ])
  })
})

function ignoredByGit(folder: Folder, paths: readonly string[]): readonly string[] {
  // Exit code 1 says that none is ignored.
  const script = 'git check-ignore --no-index --stdin -z || [ $? -eq 1 ]'
  const output = execFileSync('bash', ['-c', script], {
    cwd: folder.root,
    input: paths.map((path) => `${path}\0`).join(''),
    encoding: 'utf8',
  })
  return output.split('\0').slice(0, -1)
}
