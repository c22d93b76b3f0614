// Handing over to the desktop shell: the words come through, and a runtime that does not start leads to the browser host.
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runShell, wordsOf } from '../../main/host/desktop.ts'
import { parseRun, type RunOptions } from '../../main/host/options.ts'
import { wordsOf as wordsOfProcess } from '../../main/shell/instance.ts'

const OPTIONS: RunOptions = {
  path: '.',
  host: 'desktop',
  port: 0,
  open: true,
  data: null,
  provider: null,
  baseUrl: null,
  model: null,
  deepModel: null,
  dryRun: false,
}

describe('the words', () => {
  const text = fc.option(fc.string({ minLength: 1 }), { nil: null })

  test('say the same to the shell, whatever stands in them', () => {
    fc.assert(
      fc.property(
        fc.record({
          path: fc.string({ minLength: 1 }),
          data: text,
          provider: fc.constantFrom(null, 'auto', 'openai', 'compatible', 'local'),
          baseUrl: fc.constantFrom(null, 'http://127.0.0.1:1/v1'),
          model: text,
          deepModel: text,
          dryRun: fc.boolean(),
        }),
        (some) => {
          const options = { ...OPTIONS, ...some }
          const argv = ['electron', 'shell.mjs', '--', ...wordsOf(options)]
          expect(parseRun(wordsOfProcess(argv, false))).toEqual({ ok: true, value: options })
        },
      ),
    )
  })
})

describe('the shell', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'slipstream-desktop-'))
    await mkdir(join(folder, 'bin'))
  })
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true })
  })

  async function program(text: string): Promise<string> {
    const file = join(folder, 'bin', 'electron')
    await writeFile(file, `#!${process.execPath}\n${text}`)
    await chmod(file, 0o755)
    return file
  }

  test('ends with its own exit code', async () => {
    expect(await runShell(await program('process.exit(0)'), [], 5_000)).toEqual({ ok: true, value: 0 })
    expect(await runShell(await program('process.exit(3)'), [], 0)).toEqual({ ok: true, value: 3 })
  })

  test('gets the words as they are', async () => {
    const file = await program('require("node:fs").writeFileSync(process.argv[2], process.argv[3])')
    await runShell(file, [join(folder, 'out'), '$HOME "x"'], 5_000)
    expect(await readFile(join(folder, 'out'), 'utf8')).toBe('$HOME "x"')
  })

  test('that breaks at once is a failure, so that something else can be tried', async () => {
    expect(await runShell(await program('process.exit(127)'), [], 60_000)).toEqual({
      ok: false,
      failure: { code: 'start', message: 'The Electron runtime does not start here (exit code 127).' },
    })
    expect(await runShell(await program('process.kill(process.pid, "SIGTRAP")'), [], 60_000)).toMatchObject({
      failure: { message: expect.stringContaining('SIGTRAP') },
    })
    expect(await runShell(join(folder, 'missing'), [], 60_000)).toMatchObject({ ok: false, failure: { code: 'start' } })
  })
})
