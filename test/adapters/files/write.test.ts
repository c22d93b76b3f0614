// Tests of durable writes on real files: bytes, permissions, links, refusals, and what a failure leaves behind.
import { execFile } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { promisify } from 'node:util'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hashBytes } from '../../../main/adapters/files/bytes.ts'
import { createFiles } from '../../../main/adapters/files/files.ts'
import { isTemporaryName } from '../../../main/adapters/files/temporary.ts'
import type { FileWrite } from '../../../main/core/ports.ts'
import { makeFolder, type Folder } from './folder.ts'

const never = new AbortController().signal

function write(
  folder: Folder,
  wanted: FileWrite,
  root = folder.root,
): ReturnType<ReturnType<typeof createFiles>['write']> {
  return createFiles(root, { maxBytes: () => 1_000_000 }).write(wanted, never)
}

function hashOf(text: string): string {
  return hashBytes(Buffer.from(text))
}

function temporaries(folder: Folder): readonly string[] {
  return folder.entries().filter((entry) => isTemporaryName(entry.split('/').at(-1) ?? ''))
}

describe('replacing a file', () => {
  it('writes exactly the bytes of the text and answers their hash', async () => {
    const folder = makeFolder()
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom('a', '\r\n', '\n', '\uFEFF', 'é', '😀', '\t', '\0') }),
        async (after) => {
          folder.put('a.txt', 'before\r\n')
          const outcome = await write(folder, { path: 'a.txt', expected: hashOf('before\r\n'), after })
          expect(outcome).toEqual({ ok: true, value: { hash: hashOf(after) } })
          expect(folder.bytes('a.txt').equals(Buffer.from(after))).toBe(true)
          expect(temporaries(folder)).toEqual([])
        },
      ),
      { numRuns: 40 },
    )
  })

  it('keeps a BOM, CRLF and a missing final newline', async () => {
    const folder = makeFolder()
    const after = '\uFEFFone\r\nTWO\r\nthree'
    folder.put('a.txt', '\uFEFFone\r\ntwo\r\nthree')
    await write(folder, { path: 'a.txt', expected: hashOf('\uFEFFone\r\ntwo\r\nthree'), after })
    expect(folder.bytes('a.txt')).toEqual(Buffer.from(after))
  })

  it.each([0o755, 0o600, 0o664, 0o644])('keeps the mode %o', async (mode) => {
    const folder = makeFolder()
    folder.put('a.sh', 'old')
    chmodSync(folder.at('a.sh'), mode)
    await write(folder, { path: 'a.sh', expected: hashOf('old'), after: 'new' })
    expect(statSync(folder.at('a.sh')).mode & 0o7777).toBe(mode)
  })

  it('swaps the whole file at once: who has the old one open goes on reading the old', async () => {
    const folder = makeFolder()
    folder.put('a.txt', 'old')
    const inode = statSync(folder.at('a.txt')).ino
    await write(folder, { path: 'a.txt', expected: hashOf('old'), after: 'new' })
    expect(statSync(folder.at('a.txt')).ino).not.toBe(inode)
  })

  it('writes the target of a link and keeps the link', async () => {
    const folder = makeFolder()
    folder.put('real/a.txt', 'old')
    symlinkSync('real/a.txt', folder.at('link.txt'))
    expect(await write(folder, { path: 'link.txt', expected: hashOf('old'), after: 'new' })).toMatchObject({ ok: true })
    expect(readlinkSync(folder.at('link.txt'))).toBe('real/a.txt')
    expect(lstatSync(folder.at('real/a.txt')).isFile()).toBe(true)
    expect(folder.text('real/a.txt')).toBe('new')
  })

  it.each([
    ['longer', 'a much longer content than before'],
    ['shorter', 'x'],
    ['empty', ''],
  ])('writes into a file with several hard links, so that all names show the %s content', async (_name, after) => {
    const folder = makeFolder()
    folder.put('a.txt', 'the old content')
    linkSync(folder.at('a.txt'), folder.at('b.txt'))
    expect(await write(folder, { path: 'a.txt', expected: hashOf('the old content'), after })).toMatchObject({
      ok: true,
    })
    expect(folder.text('b.txt')).toBe(after)
    expect(statSync(folder.at('a.txt')).nlink).toBe(2)
  })

  it('refuses when another content stands there', async () => {
    const folder = makeFolder()
    folder.put('a.txt', 'somebody else was here')
    const outcome = await write(folder, { path: 'a.txt', expected: hashOf('old'), after: 'new' })
    expect(outcome).toMatchObject({ ok: false, failure: { code: 'changed' } })
    expect(folder.text('a.txt')).toBe('somebody else was here')
    expect(folder.entries()).toEqual(['a.txt'])
  })

  it('refuses when the file is gone or has become a folder', async () => {
    const folder = makeFolder()
    mkdirSync(folder.at('b.txt'))
    expect(await write(folder, { path: 'a.txt', expected: hashOf('old'), after: 'new' })).toMatchObject({
      failure: { code: 'absent' },
    })
    expect(await write(folder, { path: 'b.txt', expected: hashOf('old'), after: 'new' })).toMatchObject({
      failure: { code: 'changed' },
    })
  })

  it('refuses a read-only file, whoever runs it', async () => {
    const folder = makeFolder()
    folder.put('a.txt', 'old')
    chmodSync(folder.at('a.txt'), 0o444)
    const outcome = await write(folder, { path: 'a.txt', expected: hashOf('old'), after: 'new' })
    expect(outcome).toMatchObject({
      ok: false,
      failure: { code: 'denied', message: expect.stringContaining('read-only') },
    })
    expect(folder.text('a.txt')).toBe('old')
  })

  it.each([
    ['UTF-16', Buffer.from('\uFEFFone\r\ntwo é\r\n', 'utf16le'), Buffer.from('\uFEFFONE\r\ntwo é\r\n', 'utf16le')],
    ['Latin-1', Buffer.from('one\ntwo é', 'latin1'), Buffer.from('ONE\ntwo é', 'latin1')],
    ['a CR file', Buffer.from('one\rtwo\r'), Buffer.from('ONE\rtwo\r')],
    ['mixed endings', Buffer.from('one\r\ntwo\nthree\r'), Buffer.from('ONE\r\ntwo\nthree\r')],
  ])('keeps the bytes of %s around what was changed', async (_name, before, after) => {
    const folder = makeFolder()
    folder.put('a.txt', before)
    const files = createFiles(folder.root, { maxBytes: () => 1000 })
    const content = await files.read('a.txt', { formerSize: null }, never)
    if (content.kind !== 'text') throw new Error(content.kind)
    const { hash: expected, encoding, text } = content
    await files.write({ path: 'a.txt', expected, encoding, after: text.replace('one', 'ONE') }, never)
    expect(folder.bytes('a.txt')).toEqual(after)
  })

  it('finds out the encoding of what stands there when nobody says it', async () => {
    const folder = makeFolder()
    const bytes = Buffer.from('un café déjà vu', 'latin1')
    folder.put('a.txt', bytes)
    const wanted = { path: 'a.txt', expected: hashBytes(bytes), after: 'un café déjà vu!' }
    expect(await write(folder, wanted)).toMatchObject({ ok: true })
    expect(folder.bytes('a.txt')).toEqual(Buffer.from('un café déjà vu!', 'latin1'))
  })

  it('refuses to write over what is no text', async () => {
    const folder = makeFolder()
    const bytes = Buffer.from([1, 0, 2])
    folder.put('a.txt', bytes)
    expect(await write(folder, { path: 'a.txt', expected: hashBytes(bytes), after: 'text' })).toMatchObject({
      failure: { code: 'unencodable' },
    })
    expect(folder.bytes('a.txt')).toEqual(bytes)
  })

  it('refuses what the encoding of the file cannot hold, with the reason', async () => {
    const folder = makeFolder()
    const bytes = Buffer.from('é', 'latin1')
    folder.put('a.txt', bytes)
    const wanted = { path: 'a.txt', expected: hashBytes(bytes), encoding: 'iso-8859-1', after: 'é ☃' }
    expect(await write(folder, wanted)).toMatchObject({
      ok: false,
      failure: { code: 'unencodable', message: expect.stringContaining('“☃”') },
    })
    expect(folder.bytes('a.txt')).toEqual(bytes)
  })

  it('keeps extended attributes, where the system has a way to set and to read them', async () => {
    const folder = makeFolder()
    folder.put('a.txt', 'old')
    const run = promisify(execFile)
    const python = (script: string): Promise<string> =>
      run('python3', ['-c', `import os,sys\n${script}`, folder.at('a.txt')]).then(
        ({ stdout }) => stdout.trim(),
        () => 'no way',
      )
    const set = await python(`os.setxattr(sys.argv[1], 'user.note', b'kept')`)
    await write(folder, { path: 'a.txt', expected: hashOf('old'), after: 'new' })
    expect(folder.text('a.txt')).toBe('new')
    const kept = await python(`print(os.getxattr(sys.argv[1], 'user.note').decode())`)
    expect(kept).toBe(set === 'no way' ? 'no way' : 'kept')
  })

  it('keeps an access list, where the system has a way to set and to read it', async () => {
    const folder = makeFolder()
    folder.put('a.txt', 'old')
    const run = promisify(execFile)
    const python = (script: string): Promise<string> =>
      run('python3', ['-c', `import os,struct,sys\n${script}`, folder.at('a.txt')]).then(
        ({ stdout }) => stdout.trim(),
        () => 'no way',
      )
    // user::rw-, user:12345:rw-, group::r--, mask::rw-, other::r-- as the kernel holds it (acl_xattr version 2).
    const entries = '[(1,6,0xffffffff),(2,6,12345),(4,4,0xffffffff),(16,6,0xffffffff),(32,4,0xffffffff)]'
    const list = `b''.join([struct.pack('<I',2)]+[struct.pack('<HHI',*e) for e in ${entries}])`
    const set = await python(`os.setxattr(sys.argv[1], 'system.posix_acl_access', ${list})`)
    await write(folder, { path: 'a.txt', expected: hashOf('old'), after: 'new' })
    expect(folder.text('a.txt')).toBe('new')
    const kept = await python(`print(os.getxattr(sys.argv[1], 'system.posix_acl_access') == ${list})`)
    expect(kept).toBe(set === 'no way' ? 'no way' : 'True')
  })

  it('keeps extended attributes of file after file, whatever their names are', async () => {
    const folder = makeFolder()
    const names = [' a b ', 'back\\slash', 'two\nlines', '-n', '$(x)`y`"']
    const files = createFiles(folder.root, { maxBytes: () => 1000 })
    for (const name of names) {
      folder.put(name, 'old')
      chmodSync(folder.at(name), 0o751)
      await files.write({ path: name, expected: hashOf('old'), after: 'new' }, never)
      expect(statSync(folder.at(name)).mode & 0o777).toBe(0o751)
    }
    await files.close()
    expect(folder.entries()).toEqual(names.toSorted())
  })

  it('leaves the file alone until it is journalled', async () => {
    const folder = makeFolder()
    const waits = (path: string, after: string | null, expected: string | null) => {
      const { promise, resolve } = Promise.withResolvers<boolean>()
      const files = createFiles(folder.root, { maxBytes: () => 1000 })
      return { done: files.write({ path, expected, after, journalled: promise }, never), resolve }
    }
    for (const name of ['a.txt', 'b.txt', 'linked.txt']) folder.put(name, 'old')
    linkSync(folder.at('linked.txt'), folder.at('other.txt'))
    const writes = [
      waits('a.txt', 'new', hashOf('old')),
      waits('b.txt', null, hashOf('old')),
      waits('linked.txt', 'new', hashOf('old')),
      waits('sub/c.txt', 'new', null),
    ]
    for (let turns = 0; turns < 200; turns += 1) await turn()
    const before = folder.entries().filter((entry) => !isTemporaryName(entry))
    expect(before).toEqual(['a.txt', 'b.txt', 'linked.txt', 'other.txt'])
    expect(before.map((name) => folder.text(name))).toEqual(['old', 'old', 'old', 'old'])
    for (const { resolve } of writes) resolve(true)
    for (const { done } of writes) expect(await done).toMatchObject({ ok: true })
    expect([folder.text('a.txt'), folder.text('linked.txt'), folder.text('sub/c.txt')]).toEqual(['new', 'new', 'new'])
    expect(folder.entries()).not.toContain('b.txt')
  })

  it('writes nothing, and leaves nothing, when it cannot be journalled', async () => {
    const folder = makeFolder()
    for (const name of ['a.txt', 'linked.txt']) folder.put(name, 'old')
    linkSync(folder.at('linked.txt'), folder.at('other.txt'))
    const journalled = Promise.resolve(false)
    const writes: readonly FileWrite[] = [
      { path: 'a.txt', expected: hashOf('old'), after: 'new', journalled },
      { path: 'a.txt', expected: hashOf('old'), after: null, journalled },
      { path: 'linked.txt', expected: hashOf('old'), after: 'new', journalled },
      { path: 'sub/c.txt', expected: null, after: 'new', journalled },
    ]
    for (const wanted of writes) {
      expect(await write(folder, wanted)).toMatchObject({ ok: false, failure: { code: 'cancelled' } })
    }
    expect(folder.entries()).toEqual(['a.txt', 'linked.txt', 'other.txt'])
    expect(folder.text('a.txt') + folder.text('linked.txt')).toBe('oldold')
  })

  it('sees a save of the same size that came while the new file was made', async () => {
    const folder = makeFolder()
    folder.put('a.txt', 'old')
    const files = createFiles(folder.root, { maxBytes: () => 1000 })
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const writing = files.write({ path: 'a.txt', expected: hashOf('old'), after: 'new', journalled: promise }, never)
    while (temporaries(folder).length === 0) await turn()
    folder.put('a.txt', 'own')
    resolve(true)
    expect(await writing).toMatchObject({ ok: false, failure: { code: 'changed' } })
    expect(folder.text('a.txt')).toBe('own')
  })

  it('keeps the owner and the group, where that is permitted', async () => {
    const folder = makeFolder()
    folder.put('a.txt', 'old')
    const permitted = process.getuid?.() === 0
    if (permitted) chownSync(folder.at('a.txt'), 12_345, 23_456)
    const { uid, gid } = statSync(folder.at('a.txt'))
    await write(folder, { path: 'a.txt', expected: hashOf('old'), after: 'new' })
    expect(statSync(folder.at('a.txt'))).toMatchObject({ uid, gid })
  })

  it('refuses a text that UTF-8 cannot hold', async () => {
    const folder = makeFolder()
    folder.put('a.txt', 'old')
    const outcome = await write(folder, { path: 'a.txt', expected: hashOf('old'), after: 'half \uD83D here' })
    expect(outcome).toMatchObject({ ok: false, failure: { code: 'unencodable' } })
    expect(folder.text('a.txt')).toBe('old')
  })

  it('does nothing once it is called off', async () => {
    const folder = makeFolder()
    folder.put('a.txt', 'old')
    const files = createFiles(folder.root, { maxBytes: () => 1000 })
    const outcome = await files.write({ path: 'a.txt', expected: hashOf('old'), after: 'new' }, AbortSignal.abort())
    expect(outcome).toMatchObject({ ok: false, failure: { code: 'cancelled' } })
    expect(folder.text('a.txt')).toBe('old')
  })
})

describe('beside other writers', () => {
  it('sees a save that comes between its first look and its rename', async () => {
    const folder = makeFolder()
    folder.put('a.txt', 'old')
    // Large, so that the temporary file stands for a while before it is renamed.
    const writing = write(folder, { path: 'a.txt', expected: hashOf('old'), after: 'x'.repeat(20_000_000) })
    while (temporaries(folder).length === 0) await turn()
    writeFileSync(folder.at('a.txt'), 'the editor saved this')
    expect(await writing).toMatchObject({ ok: false, failure: { code: 'changed' } })
    expect(folder.text('a.txt')).toBe('the editor saved this')
    expect(temporaries(folder)).toEqual([])
  })

  it('lets exactly one of many writes that expect the same content win', async () => {
    const folder = makeFolder()
    folder.put('a.txt', 'old')
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        write(folder, { path: 'a.txt', expected: hashOf('old'), after: `writer ${index}` }),
      ),
    )
    const winners = outcomes.flatMap((outcome, index) => (outcome.ok ? [index] : []))
    expect(winners).toHaveLength(1)
    expect(folder.text('a.txt')).toBe(`writer ${winners[0]}`)
    expect(folder.entries()).toEqual(['a.txt'])
  })

  it('lets exactly one of many creations win', async () => {
    const folder = makeFolder()
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        write(folder, { path: 'new/a.txt', expected: null, after: `writer ${index}` }),
      ),
    )
    const winners = outcomes.flatMap((outcome, index) => (outcome.ok ? [index] : []))
    expect(winners).toHaveLength(1)
    expect(folder.text('new/a.txt')).toBe(`writer ${winners[0]}`)
    expect(temporaries(folder)).toEqual([])
  })
})

describe('creating a file', () => {
  it('makes the folders on the way', async () => {
    const folder = makeFolder()
    const outcome = await write(folder, { path: 'a/b/c.txt', expected: null, after: 'new' })
    expect(outcome).toEqual({ ok: true, value: { hash: hashOf('new') } })
    expect(folder.entries()).toEqual(['a', 'a/b', 'a/b/c.txt'])
    expect(folder.text('a/b/c.txt')).toBe('new')
  })

  it('gives the mode that any new file gets', async () => {
    const folder = makeFolder()
    folder.put('other.txt', 'x')
    await write(folder, { path: 'a.txt', expected: null, after: 'new' })
    expect(statSync(folder.at('a.txt')).mode).toBe(statSync(folder.at('other.txt')).mode)
  })

  it('refuses when a file, a folder or a link to nowhere stands there', async () => {
    const folder = makeFolder()
    folder.put('a.txt', 'old')
    mkdirSync(folder.at('b.txt'))
    symlinkSync('nowhere.txt', folder.at('c.txt'))
    for (const path of ['a.txt', 'b.txt', 'c.txt']) {
      expect(await write(folder, { path, expected: null, after: 'new' })).toMatchObject({
        ok: false,
        failure: { code: 'exists' },
      })
    }
    expect(folder.entries()).toEqual(['a.txt', 'b.txt', 'c.txt'])
    expect(folder.text('a.txt')).toBe('old')
  })

  it('refuses when one of its folders is a file', async () => {
    const folder = makeFolder()
    folder.put('a', 'file')
    expect(await write(folder, { path: 'a/b.txt', expected: null, after: 'new' })).toMatchObject({
      ok: false,
      failure: { code: 'exists' },
    })
    expect(folder.text('a')).toBe('file')
  })

  it.each(['aux.ts', 'src/CON', 'lpt1.txt', 'nul'])(
    'refuses %s, which no Windows machine could check out',
    async (path) => {
      const folder = makeFolder()
      expect(await write(folder, { path, expected: null, after: 'new' })).toMatchObject({
        ok: false,
        failure: { code: 'outside' },
      })
      expect(folder.entries()).toEqual([])
    },
  )
})

describe('deleting a file', () => {
  it('takes it away when it holds the expected content', async () => {
    const folder = makeFolder()
    folder.put('a.txt', 'old')
    expect(await write(folder, { path: 'a.txt', expected: hashOf('old'), after: null })).toEqual({
      ok: true,
      value: { hash: null },
    })
    expect(folder.entries()).toEqual([])
  })

  it('refuses when it holds another content, is read-only, or is a link', async () => {
    const folder = makeFolder()
    folder.put('a.txt', 'changed')
    folder.put('b.txt', 'old')
    chmodSync(folder.at('b.txt'), 0o444)
    folder.put('real.txt', 'old')
    symlinkSync('real.txt', folder.at('c.txt'))
    expect(await write(folder, { path: 'a.txt', expected: hashOf('old'), after: null })).toMatchObject({
      failure: { code: 'changed' },
    })
    expect(await write(folder, { path: 'b.txt', expected: hashOf('old'), after: null })).toMatchObject({
      failure: { code: 'denied' },
    })
    expect(await write(folder, { path: 'c.txt', expected: hashOf('old'), after: null })).toMatchObject({
      failure: { code: 'denied' },
    })
    expect(folder.entries()).toEqual(['a.txt', 'b.txt', 'c.txt', 'real.txt'])
  })
})

describe('outside', () => {
  it.each([
    '../victim.txt',
    'sub/../../victim.txt',
    '/tmp/victim.txt',
    '.git/hooks/pre-commit',
    'sub/.git/config',
    '.GIT/config',
    'linked/victim.txt',
    'linked/new.txt',
    'linked/new/folder/new.txt',
    'victim-link.txt',
    'hooks-link',
    'a\0.txt',
    'a//b.txt',
    './a.txt',
  ])('is never written: %j', async (path) => {
    const folder = makeFolder()
    folder.put('victim.txt', 'untouched')
    folder.put('elsewhere/victim.txt', 'untouched')
    folder.put('project/.git/hooks/pre-commit', 'untouched')
    symlinkSync('../elsewhere', folder.at('project/linked'))
    symlinkSync('../victim.txt', folder.at('project/victim-link.txt'))
    symlinkSync('.git/hooks/pre-commit', folder.at('project/hooks-link'))
    const before = folder.entries()
    const root = folder.at('project')
    for (const wanted of [
      { path, expected: hashOf('untouched'), after: 'evil' },
      { path, expected: null, after: 'evil' },
      { path, expected: hashOf('untouched'), after: null },
    ]) {
      expect(await write(folder, wanted, root)).toMatchObject({ ok: false, failure: { code: 'outside' } })
    }
    expect(folder.entries()).toEqual(before)
    expect(folder.text('victim.txt') + folder.text('elsewhere/victim.txt')).toBe('untoucheduntouched')
  })

  it.each(['data/store.sqlite', 'data/new.txt', 'linked/store.sqlite', '.slipstream-0123456789ab.tmp'])(
    'and this program’s own files are neither read nor written: %s',
    async (path) => {
      const folder = makeFolder()
      folder.put('data/store.sqlite', 'untouched')
      symlinkSync('data', folder.at('linked'))
      const files = createFiles(folder.root, { maxBytes: () => 1000, own: [folder.at('data')] })
      expect(await files.read(path, { formerSize: null }, never)).toMatchObject({ kind: 'skipped', code: 'outside' })
      for (const expected of [null, hashOf('untouched')]) {
        expect(await files.write({ path, expected, after: 'evil' }, never)).toMatchObject({
          failure: { code: 'outside' },
        })
      }
      expect(folder.text('data/store.sqlite')).toBe('untouched')
    },
  )

  it('a data folder that holds the whole project keeps nothing out', async () => {
    const folder = makeFolder()
    folder.put('project/a.txt', 'old')
    const files = createFiles(folder.at('project'), { maxBytes: () => 1000, own: [folder.root] })
    expect(await files.read('a.txt', { formerSize: null }, never)).toMatchObject({ kind: 'text' })
  })

  it('does not make a file through a link that leads nowhere yet', async () => {
    const folder = makeFolder()
    mkdirSync(folder.at('project'))
    symlinkSync('../planted', folder.at('project/folder'))
    const outcome = await write(folder, { path: 'folder/new.txt', expected: null, after: 'evil' }, folder.at('project'))
    expect(outcome.ok).toBe(false)
    expect(folder.entries()).toEqual(['project', 'project/folder'])
  })
})

describe('when the disk takes no more', () => {
  // A limit on the size of files, which only a process of its own can have, stands for the full disk: the system refuses
  // the same way, in the middle of the write.
  const script = `
    import { createFiles } from '${join(import.meta.dirname, '../../../main/adapters/files/files.ts')}'
    const [root, path, expected] = process.argv.slice(1)
    const files = createFiles(root, { maxBytes: () => 1_000_000 })
    const outcome = await files.write({ path, expected: expected || null, after: 'x'.repeat(500_000) }, new AbortController().signal)
    process.stdout.write(JSON.stringify(outcome))`
  async function writeWithinLimit(folder: Folder, path: string, expected: string): Promise<unknown> {
    const limited = 'ulimit -f 64; exec "$0" --input-type=module -e "$1" "$2" "$3" "$4"'
    const run = await promisify(execFile)('bash', [
      '-c',
      limited,
      process.execPath,
      script,
      folder.root,
      path,
      expected,
    ])
    return JSON.parse(run.stdout)
  }

  it('leaves the old file and nothing else', async () => {
    const folder = makeFolder()
    folder.put('a.txt', 'old')
    expect(await writeWithinLimit(folder, 'a.txt', hashOf('old'))).toMatchObject({
      ok: false,
      failure: { code: 'full' },
    })
    expect(folder.text('a.txt')).toBe('old')
    expect(folder.entries()).toEqual(['a.txt'])
  })

  it('leaves the old content also where it must write into the file', async () => {
    const folder = makeFolder()
    folder.put('a.txt', 'old')
    linkSync(folder.at('a.txt'), folder.at('b.txt'))
    expect(await writeWithinLimit(folder, 'a.txt', hashOf('old'))).toMatchObject({
      ok: false,
      failure: { code: 'full' },
    })
    expect(folder.text('b.txt')).toBe('old')
  })

  it('leaves no folder that it made for a new file', async () => {
    const folder = makeFolder()
    expect(await writeWithinLimit(folder, 'new/folder/a.txt', '')).toMatchObject({
      ok: false,
      failure: { code: 'full' },
    })
    expect(readdirSync(folder.root)).toEqual([])
  })
})
