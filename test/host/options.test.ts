// The words of the command line and what they mean.
import { describe, expect, test } from 'vitest'
import { parseCommand } from '../../main/host/cli.ts'
import { parseRun } from '../../main/host/options.ts'

const plain = {
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

describe('options of a run', () => {
  test('nothing said is the current folder, a desktop window, and the settings', () => {
    expect(parseRun([])).toEqual({ ok: true, value: plain })
  })

  test('everything can be said', () => {
    const words = 'shop --host browser --port 4000 --no-open --data /d --provider compatible'
    const more = '--base-url http://127.0.0.1:11434/v1 --model m --deep-model n --dry-run'
    expect(parseRun(`${words} ${more}`.split(' '))).toEqual({
      ok: true,
      value: {
        path: 'shop',
        host: 'browser',
        port: 4000,
        open: false,
        data: '/d',
        provider: 'compatible',
        baseUrl: 'http://127.0.0.1:11434/v1',
        model: 'm',
        deepModel: 'n',
        dryRun: true,
      },
    })
  })

  test('empty values count as not said', () => {
    const words = ['--provider=', '--model=', '--deep-model=', '--base-url=', '--data=']
    expect(parseRun(words)).toEqual({ ok: true, value: plain })
  })

  test.each([
    ['--port', 'x'],
    ['--port', '65536'],
    ['--port=-1'],
    ['--port='],
    ['--port', '1e3'],
    ['--host', 'telnet'],
    ['--provider', 'nobody'],
    ['--base-url', 'file:///etc/passwd'],
    ['--base-url', 'nonsense'],
    ['--unknown'],
    ['one', 'two'],
    ['--model'],
  ])('%s %s is refused in one line', (...words) => {
    const parsed = parseRun(words)
    expect(parsed).toMatchObject({
      ok: false,
      failure: { code: 'arguments', message: expect.stringMatching(/^[^\n]+$/) },
    })
  })
})

describe('commands', () => {
  test.each(['interrupt', 'continue', 'nudge', 'ask', 'accept', 'reject', 'undo', 'status'])(
    '%s drives the running instance',
    (name) => {
      expect(parseCommand([name, 'x'])).toEqual({ kind: 'client', words: [name, 'x'] })
    },
  )

  test('a project may be named before the command', () => {
    expect(parseCommand(['--project', '/p', 'status', '--json'])).toEqual({
      kind: 'client',
      words: ['status', '--project', '/p', '--json'],
    })
  })

  test('apply and suggest get the words after them', () => {
    expect(parseCommand(['apply', '-', '--json'])).toEqual({ kind: 'apply', words: ['-', '--json'] })
    expect(parseCommand(['suggest'])).toEqual({ kind: 'suggest', words: [] })
  })

  test('a folder that is called like a command is opened by its path', () => {
    expect(parseCommand(['./status'])).toMatchObject({ kind: 'run', options: { path: './status' } })
  })

  test('help and version come before anything else', () => {
    expect(parseCommand(['ask', '--help'])).toEqual({ kind: 'help' })
    expect(parseCommand(['-h'])).toEqual({ kind: 'help' })
    expect(parseCommand(['--version'])).toEqual({ kind: 'version' })
  })

  test('what comes after -- is text', () => {
    expect(parseCommand(['ask', '--', 'what', 'does', '--help', 'do'])).toMatchObject({ kind: 'client' })
  })

  test('wrong words are told', () => {
    expect(parseCommand(['--nonsense'])).toMatchObject({ kind: 'wrong' })
  })
})
