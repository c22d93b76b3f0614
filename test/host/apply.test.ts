// `slipstream apply`: on real files, whole or not at all.
import { chmod, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createFiles } from '../../main/adapters/files/files.ts'
import type { Files } from '../../main/core/ports.ts'
import { applyReply, runApply } from '../../main/host/apply.ts'
import { createConsole } from '../fakes/console.ts'

let root = ''

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'slipstream-apply-')))
  await writeFile(join(root, 'one.ts'), 'const a = 1\r\nconst b = 2\r\nconst c = 3')
  await writeFile(join(root, 'two.ts'), 'let x = 1\nlet y = 2\n')
})

afterEach(() => rm(root, { recursive: true }))

function patch(...sections: readonly string[]): string {
  return ['Done.', '*** Begin Patch', ...sections, '*** End Patch', ''].join('\n')
}

function update(path: string, before: string, after: string): string {
  return `*** Update File: ${path}\n@@\n-${before}\n+${after}`
}

function read(name: string): Promise<string> {
  return readFile(join(root, name), 'utf8')
}

interface Printed {
  readonly code: number
  readonly out: readonly string[]
  readonly errors: readonly string[]
}

async function run(reply: string, ...words: readonly string[]): Promise<Printed> {
  const console = createConsole({ cwd: root, input: [reply] })
  const code = await runApply(['-', ...words], console, new AbortController().signal)
  return { code, out: console.lines, errors: console.errors }
}

async function runJson(reply: string, ...words: readonly string[]): Promise<{ code: number; json: unknown }> {
  const { code, out } = await run(reply, '--json', ...words)
  return { code, json: JSON.parse(out.join('\n')) }
}

describe('apply', () => {
  test('changes the lines and no other byte', async () => {
    const { code, json } = await runJson(patch(update('one.ts', 'const b = 2', 'const b = 20')))
    expect(json).toEqual({ ok: true, hunks: [{ path: 'one.ts', outcome: 'applied', reason: null, start: 2, end: 3 }] })
    expect(code).toBe(0)
    expect(await read('one.ts')).toBe('const a = 1\r\nconst b = 20\r\nconst c = 3')
  })

  test('says in words where it wrote', async () => {
    expect(await run(patch(update('two.ts', 'let y = 2', 'let y = 3')))).toEqual({
      code: 0,
      out: ['applied two.ts:2'],
      errors: [],
    })
  })

  test('writes several files, adds and deletes', async () => {
    const reply = patch(
      update('one.ts', 'const a = 1', 'const a = 0'),
      '*** Add File: sub/new.ts\n+export {}',
      '*** Delete File: two.ts',
    )
    expect((await runJson(reply)).code).toBe(0)
    expect(await read('one.ts')).toContain('const a = 0')
    expect(await read('sub/new.ts')).toBe('export {}\n')
    expect(await readdir(root)).not.toContain('two.ts')
  })

  test('writes nothing when one hunk has no place, and tells which', async () => {
    const reply = patch(update('one.ts', 'const a = 1', 'const a = 0'), update('two.ts', 'let z = 9', 'let z = 8'))
    const { code, json } = await runJson(reply)
    expect(code).toBe(1)
    expect(json).toMatchObject({
      ok: false,
      hunks: [
        { path: 'one.ts', outcome: 'refused' },
        { path: 'two.ts', outcome: 'unplaced' },
      ],
    })
    expect(await read('one.ts')).toContain('const a = 1')
  })

  test('a dry run says what it would do and writes nothing', async () => {
    const { code, json } = await runJson(patch(update('one.ts', 'const a = 1', 'const a = 0')), '--dry-run')
    expect([code, json]).toMatchObject([0, { ok: true, hunks: [{ outcome: 'applied' }] }])
    expect(await read('one.ts')).toContain('const a = 1')
  })

  test('a text without a patch is refused', async () => {
    expect(await run('Nothing to add.\n')).toEqual({
      code: 1,
      out: [],
      errors: ['slipstream: There is no patch in it.'],
    })
    expect(await runJson('Nothing to add.\n')).toEqual({ code: 1, json: { ok: false, hunks: [] } })
  })

  test('nothing outside the folder is read or written', async () => {
    const reply = patch('*** Add File: ../escaped.ts\n+export {}')
    expect(await runJson(reply)).toMatchObject({ code: 1, json: { ok: false, hunks: [{ outcome: 'refused' }] } })
    expect(await readdir(join(root, '..'))).not.toContain('escaped.ts')
  })

  test('a file that is named absolutely is found when it lies inside', async () => {
    const { code } = await runJson(patch(update(join(root, 'two.ts'), 'let y = 2', 'let y = 3')))
    expect([code, await read('two.ts')]).toEqual([0, 'let x = 1\nlet y = 3\n'])
  })

  test('a binary file is refused with the reason', async () => {
    await writeFile(join(root, 'data.bin'), Buffer.from('a\u0000b\n'))
    const { code, json } = await runJson(patch(update('data.bin', 'a', 'b')))
    expect([code, json]).toMatchObject([
      1,
      { hunks: [{ outcome: 'refused', reason: expect.stringMatching(/binary/i) }] },
    ])
  })

  test('a file that stands there already is not added over', async () => {
    const { code } = await runJson(patch('*** Add File: two.ts\n+export {}'))
    expect([code, await read('two.ts')]).toEqual([1, 'let x = 1\nlet y = 2\n'])
  })

  test('when a later file cannot be written, the earlier ones get their content back', async () => {
    await chmod(join(root, 'two.ts'), 0o444)
    const reply = patch(
      update('one.ts', 'const a = 1', 'const a = 0'),
      '*** Add File: new.ts\n+export {}',
      update('two.ts', 'let y = 2', 'let y = 3'),
    )
    const { code, json } = await runJson(reply)
    expect([code, json]).toMatchObject([1, { ok: false, hunks: [{ outcome: 'refused' }, {}, { outcome: 'refused' }] }])
    expect(await read('one.ts')).toBe('const a = 1\r\nconst b = 2\r\nconst c = 3')
    expect((await readdir(root)).toSorted()).toEqual(['one.ts', 'two.ts'])
  })

  test('what could not be taken back is named', async () => {
    const files = createFiles(root, { maxBytes: () => 1_000_000 })
    let writes = 0
    const failing: Files = {
      read: (...words) => files.read(...words),
      async write(write, signal) {
        writes += 1
        if (writes > 1) return { ok: false, failure: { code: 'full', message: 'The disk is full.' } }
        return files.write(write, signal)
      },
    }
    const reply = patch(update('one.ts', 'const a = 1', 'const a = 0'), update('two.ts', 'let y = 2', 'let y = 3'))
    const applied = await applyReply(reply, { root, files: failing, dryRun: false }, new AbortController().signal)
    expect(applied.ok).toBe(false)
    expect(applied.hunks[0]?.reason).toBe(
      'The disk is full. And these could not be taken back: one.ts (The disk is full.)',
    )
  })

  test('a file that changed between reading and writing is left alone', async () => {
    const files = createFiles(root, { maxBytes: () => 1_000_000 })
    const meddled: Files = {
      read: (...words) => files.read(...words),
      async write(write, signal) {
        await writeFile(join(root, 'two.ts'), 'somebody else\n')
        return files.write(write, signal)
      },
    }
    const reply = patch(update('two.ts', 'let y = 2', 'let y = 3'))
    const applied = await applyReply(reply, { root, files: meddled, dryRun: false }, new AbortController().signal)
    expect([applied.ok, await read('two.ts')]).toEqual([false, 'somebody else\n'])
  })

  test('the reply may come from a file, and the project from --root', async () => {
    await writeFile(join(root, 'reply.md'), patch(update('two.ts', 'let y = 2', 'let y = 3')))
    const console = createConsole({ cwd: '/' })
    const words = [join(root, 'reply.md'), '--root', root]
    expect(await runApply(words, console, new AbortController().signal)).toBe(0)
    expect(await read('two.ts')).toContain('let y = 3')
  })

  test.each([[['missing.md']], [['-', '--root', 'missing']]])('%j cannot be read', async (words) => {
    const console = createConsole({ cwd: root, input: [''] })
    expect(await runApply(words, console, new AbortController().signal)).toBe(1)
    expect(console.errors).toHaveLength(1)
  })

  test.each([[[]], [['a', 'b']], [['-', '--bogus']]])('%j is a wrong command line', async (words) => {
    const console = createConsole({ cwd: root })
    expect(await runApply(words, console, new AbortController().signal)).toBe(2)
  })
})
