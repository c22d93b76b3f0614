// Opening a file in the person's editor: which command, and never a shell.
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createEditor } from '../../main/adapters/editor.ts'

const never = new AbortController().signal
let home = ''
let root = ''
let bin = ''
let log = ''

beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'slipstream-editor-')))
  root = join(home, 'project')
  bin = join(home, 'bin')
  log = join(home, 'log')
  mkdirSync(root)
  mkdirSync(bin)
  writeFileSync(join(root, 'a b;$(x).ts'), '')
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

/** A program that writes down its arguments, one a line. */
function program(name: string, code = 0): void {
  writeFileSync(join(bin, name), `#!/bin/sh\nprintf '%s\\n' "$0" "$@" > '${log}'\nexit ${code}\n`)
  chmodSync(join(bin, name), 0o755)
}

function editor(command = ''): ReturnType<typeof createEditor> {
  const PATH = [bin, '/usr/bin', '/bin'].join(delimiter)
  return createEditor(root, { command: () => command, environment: { PATH } })
}

function given(): readonly string[] {
  return readFileSync(log, 'utf8').trimEnd().split('\n').slice(1)
}

test('the first known editor that is found gets file and line as it wants them', async () => {
  program('subl')
  expect(await editor().open('a b;$(x).ts', 7, never)).toEqual({ ok: true, value: null })
  expect(given()).toEqual([`${join(root, 'a b;$(x).ts')}:7`])
})

test("the person's own command goes first, and a name is one argument whatever it holds", async () => {
  program('subl')
  program('mine')
  await editor('mine --at {line} {file}').open('a b;$(x).ts', 3, never)
  expect(given()).toEqual(['--at', '3', join(root, 'a b;$(x).ts')])
})

test('a command without {file} gets it at its end', async () => {
  program('mine')
  await editor('mine -x').open('a b;$(x).ts', 3, never)
  expect(given()).toEqual(['-x', join(root, 'a b;$(x).ts')])
})

test('no editor, one that does not exist and one that fails are told in one line', async () => {
  expect(await editor().open('a b;$(x).ts', 1, never)).toMatchObject({ ok: false, failure: { code: 'editor' } })
  expect(await editor('nothing-of-this-name {file}').open('a b;$(x).ts', 1, never)).toMatchObject({ ok: false })
  program('bad', 3)
  expect(await editor('bad {file}').open('a b;$(x).ts', 1, never)).toMatchObject({
    failure: { message: 'bad ended with 3' },
  })
})

test('what is outside the project or not there is not opened', async () => {
  program('mine')
  symlinkSync('/etc/hostname', join(root, 'link'))
  for (const path of ['../bin/mine', 'link', 'missing.ts']) {
    expect((await editor('mine {file}').open(path, 1, never)).ok).toBe(false)
  }
  expect(existsSync(log)).toBe(false)
})
