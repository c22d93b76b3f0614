// Tests of stable reads on real files.
import { execFileSync } from 'node:child_process'
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync, appendFileSync } from 'node:fs'
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { hashBytes } from '../../../main/adapters/files/bytes.ts'
import { createFiles } from '../../../main/adapters/files/files.ts'
import type { ReadOutcome } from '../../../main/core/ports.ts'
import { makeFolder, type Folder } from './folder.ts'

const MB = 1_000_000
const never = new AbortController().signal

function read(folder: Folder, path: string, formerSize: number | null = null, maxBytes = MB): Promise<ReadOutcome> {
  return createFiles(folder.root, { maxBytes: () => maxBytes }).read(path, { formerSize }, never)
}

describe('a read', () => {
  it('keeps BOM, CRLF, mixed endings and a missing final newline in the text', async () => {
    const folder = makeFolder()
    const text = '\uFEFFone\r\ntwo\nthree\rfour'
    folder.put('a/b.txt', text)
    expect(await read(folder, 'a/b.txt')).toMatchObject({ kind: 'text', text, hash: hashBytes(Buffer.from(text)) })
  })

  it('tells size, time and inode of what it read', async () => {
    const folder = makeFolder()
    folder.put('a.txt', 'four')
    const outcome = await read(folder, 'a.txt')
    expect(outcome).toMatchObject({
      kind: 'text',
      stat: { size: 4, inode: expect.any(Number), modifiedMs: expect.any(Number) },
    })
  })

  it('says absent for what is not there, also below a file', async () => {
    const folder = makeFolder()
    folder.put('a.txt', 'x')
    expect(await read(folder, 'b.txt')).toEqual({ kind: 'absent' })
    expect(await read(folder, 'no/such/b.txt')).toEqual({ kind: 'absent' })
    expect(await read(folder, 'a.txt/b.txt')).toEqual({ kind: 'absent' })
  })

  it('says absent for a link to nowhere', async () => {
    const folder = makeFolder()
    symlinkSync('nowhere.txt', folder.at('link.txt'))
    expect(await read(folder, 'link.txt')).toEqual({ kind: 'absent' })
  })

  it('follows a link whose target is inside the project', async () => {
    const folder = makeFolder()
    folder.put('real/a.txt', 'content')
    symlinkSync('real', folder.at('linked'))
    symlinkSync('real/a.txt', folder.at('b.txt'))
    expect(await read(folder, 'linked/a.txt')).toMatchObject({ kind: 'text', text: 'content' })
    expect(await read(folder, 'b.txt')).toMatchObject({ kind: 'text', text: 'content' })
  })

  it('works when the project folder itself is reached through a link', async () => {
    const folder = makeFolder()
    folder.put('project/a.txt', 'content')
    symlinkSync('project', folder.at('alias'))
    const outcome = await createFiles(folder.at('alias'), { maxBytes: () => MB }).read(
      'a.txt',
      { formerSize: null },
      never,
    )
    expect(outcome).toMatchObject({ kind: 'text', text: 'content' })
  })

  it.each([
    '../outside.txt',
    'a/../../outside.txt',
    '/etc/passwd',
    'C:/windows/win.ini',
    '.git/config',
    'sub/.GIT/config',
    '.g\u200Cit/config',
    '.git. /config',
    'git~1/config',
    'a\0b',
    '',
    'a//b',
    './a',
    'a/',
  ])('refuses the path %j as outside', async (path) => {
    const folder = makeFolder()
    folder.put('project/a', 'x')
    folder.put('project/.git/config', 'x')
    folder.put('outside.txt', 'secret')
    const outcome = await createFiles(folder.at('project'), { maxBytes: () => MB }).read(
      path,
      { formerSize: null },
      never,
    )
    expect(outcome).toMatchObject({ kind: 'skipped', code: 'outside' })
  })

  it.each([
    ['a link to a file outside', 'file.txt'],
    ['a file below a linked folder outside', 'folder/secret.txt'],
    ['a link into .git', 'config.txt'],
    ['a missing file below a linked folder outside', 'folder/missing.txt'],
  ])('refuses %s', async (_name, path) => {
    const folder = makeFolder()
    folder.put('elsewhere/secret.txt', 'secret')
    folder.put('project/.git/config', 'secret')
    symlinkSync('../elsewhere/secret.txt', folder.at('project/file.txt'))
    symlinkSync('../elsewhere', folder.at('project/folder'))
    symlinkSync('.git/config', folder.at('project/config.txt'))
    const outcome = await createFiles(folder.at('project'), { maxBytes: () => MB }).read(
      path,
      { formerSize: null },
      never,
    )
    expect(outcome).toMatchObject({ kind: 'skipped', code: 'outside' })
  })

  it('is not misled by a neighbour whose name begins like the project', async () => {
    const folder = makeFolder()
    folder.put('project-two/a.txt', 'secret')
    folder.put('project/b.txt', 'x')
    symlinkSync('../project-two/a.txt', folder.at('project/a.txt'))
    const outcome = await createFiles(folder.at('project'), { maxBytes: () => MB }).read(
      'a.txt',
      { formerSize: null },
      never,
    )
    expect(outcome).toMatchObject({ kind: 'skipped', code: 'outside' })
  })

  it.each([
    ['binary', Buffer.from([1, 0, 2]), 'binary'],
    ['undecodable', Buffer.from([0x01, 0x63, 0xe9]), 'undecodable'],
    ['halved UTF-16', Buffer.from([0xff, 0xfe, 0x41]), 'undecodable'],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x41, 0, 0, 0]), 'undecodable'],
  ])('skips %s content with a reason', async (_name, bytes, code) => {
    const folder = makeFolder()
    folder.put('a.bin', bytes)
    expect(await read(folder, 'a.bin')).toMatchObject({
      kind: 'skipped',
      code,
      reason: expect.stringMatching(/^[^\n]+$/),
    })
  })

  it('skips a file over the limit and takes one at the limit', async () => {
    const folder = makeFolder()
    folder.put('a.txt', 'x'.repeat(2000))
    expect(await read(folder, 'a.txt', null, 1999)).toMatchObject({
      kind: 'skipped',
      code: 'large',
      reason: expect.stringContaining('2.0 kB'),
    })
    expect(await read(folder, 'a.txt', null, 2000)).toMatchObject({ kind: 'text' })
  })

  it('skips folders and named pipes without waiting for a writer', async () => {
    const folder = makeFolder()
    mkdirSync(folder.at('folder'))
    execFileSync('mkfifo', [folder.at('pipe')])
    expect(await read(folder, 'folder')).toMatchObject({ kind: 'skipped', code: 'irregular' })
    expect(await read(folder, 'pipe')).toMatchObject({ kind: 'skipped', code: 'irregular' })
  })

  it('skips a link that leads in a circle', async () => {
    const folder = makeFolder()
    symlinkSync('b', folder.at('a'))
    symlinkSync('a', folder.at('b'))
    expect(await read(folder, 'a')).toMatchObject({
      kind: 'skipped',
      code: 'outside',
      reason: expect.stringContaining('circle'),
    })
  })
})

describe('a read beside a writer', () => {
  it('waits for the content of a formerly non-empty file that was truncated', async () => {
    const folder = makeFolder()
    folder.put('a.txt', '')
    const reading = read(folder, 'a.txt', 10)
    await pause(15)
    folder.put('a.txt', 'new content')
    expect(await reading).toMatchObject({ kind: 'text', text: 'new content' })
  })

  it('believes that a file is empty when no content comes', async () => {
    const folder = makeFolder()
    folder.put('a.txt', '')
    expect(await read(folder, 'a.txt', 10)).toMatchObject({ kind: 'text', text: '' })
  })

  it('says absent when a truncated file is then removed', async () => {
    const folder = makeFolder()
    folder.put('a.txt', '')
    const reading = read(folder, 'a.txt', 10)
    await pause(15)
    rmSync(folder.at('a.txt'))
    expect(await reading).toEqual({ kind: 'absent' })
  })

  it('never gives a mixture while one content is renamed over the other again and again', async () => {
    const folder = makeFolder()
    const contents = ['a'.repeat(300_000), 'b'.repeat(300_000)]
    folder.put('a.txt', contents[0] ?? '')
    const stop = new AbortController()
    const writer = (async () => {
      for (let round = 0; !stop.signal.aborted; round += 1) {
        writeFileSync(folder.at('a.tmp'), contents[round % 2] ?? '')
        renameSync(folder.at('a.tmp'), folder.at('a.txt'))
        await pause(1)
      }
    })()
    let texts = 0
    for (let round = 0; round < 60; round += 1) {
      const outcome = await read(folder, 'a.txt')
      if (outcome.kind !== 'text') continue
      texts += 1
      expect(contents).toContain(outcome.text)
    }
    stop.abort()
    await writer
    expect(texts).toBeGreaterThan(0)
  })

  it('is unstable when the file grows under every attempt', async () => {
    const folder = makeFolder()
    folder.put('a.txt', 'x')
    const stop = new AbortController()
    const reading = read(folder, 'a.txt').finally(() => stop.abort())
    // Every step of a read takes a turn of the event loop at least, so something is written within each attempt.
    while (!stop.signal.aborted) {
      appendFileSync(folder.at('a.txt'), 'x')
      await turn()
    }
    expect(await reading).toMatchObject({ kind: 'skipped', code: 'unstable' })
  })

  it('gives the final content once the writer has stopped', async () => {
    const folder = makeFolder()
    folder.put('a.txt', 'x')
    const reading = read(folder, 'a.txt')
    for (let round = 0; round < 20; round += 1) {
      appendFileSync(folder.at('a.txt'), 'x')
      await turn()
    }
    expect(await reading).toMatchObject({ kind: 'text', text: folder.text('a.txt') })
  })

  it('ends at once when it is called off', async () => {
    const folder = makeFolder()
    folder.put('a.txt', '')
    const controller = new AbortController()
    const reading = createFiles(folder.root, { maxBytes: () => MB }).read('a.txt', { formerSize: 5 }, controller.signal)
    controller.abort()
    expect(await reading).toMatchObject({ kind: 'skipped', code: 'unstable' })
  })
})
