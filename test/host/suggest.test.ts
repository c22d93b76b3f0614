// `slipstream suggest`: one line out for each line in, in order, whatever comes in.
import { describe, expect, test } from 'vitest'
import { chooseSuggester, parseInput, runSuggest, type ChooseSuggester } from '../../main/host/suggest.ts'
import { createConsole } from '../fakes/console.ts'

/** Answers with what it was given, so that a test sees what got through. */
const echo: ChooseSuggester = async () => ({
  ok: true,
  value: {
    suggest: async (input) => ({ hunks: [], explanation: `${input.root}:${input.path}:${input.history.length}` }),
    close() {},
  },
})

function change(path: string, more: Record<string, unknown> = {}): string {
  return JSON.stringify({ path, before: 'a', after: 'b', ...more })
}

async function run(
  input: readonly (string | Uint8Array)[],
  words: readonly string[] = [],
  choose = echo,
): Promise<{ code: number; out: unknown[]; errors: string[] }> {
  const console = createConsole({ input })
  const code = await runSuggest(words, console, choose, new AbortController().signal)
  return { code, out: console.lines.map((line): unknown => JSON.parse(line)), errors: console.errors }
}

describe('suggest', () => {
  test('each line gets one line, in order', async () => {
    const history = [{ path: 'h', before: '', after: 'x' }]
    const input = [`${change('one', { root: '/p', history })}\n`, `${change('two', { root: null, history: [] })}\n`]
    expect(await run(input, ['--json'])).toEqual({
      code: 0,
      out: [
        { hunks: [], explanation: '/p:one:1' },
        { hunks: [], explanation: 'null:two:0' },
      ],
      errors: [],
    })
  })

  test('lines are found however the bytes are cut, and the last one needs no newline', async () => {
    const bytes = Buffer.from(`${change('ä🙂')}\r\n\n${change('zwei\u2028')}`)
    const { out } = await run([...bytes].map((byte) => Uint8Array.of(byte)))
    expect(out).toMatchObject([{ explanation: 'null:ä🙂:0' }, { explanation: 'null:zwei\u2028:0' }])
  })

  test('a malformed line gets an answer that says so, and the next one is read', async () => {
    const { code, out } = await run([`nonsense\n{}\n${change('x', { history: [1] })}\n${change('good')}\n`])
    expect(code).toBe(0)
    expect(out).toEqual([
      { hunks: [], explanation: '', error: 'Malformed input line: not JSON.' },
      { hunks: [], explanation: '', error: 'Malformed input line: `path`, `before` and `after` must be strings.' },
      {
        hunks: [],
        explanation: '',
        error: 'Malformed input line: each step of `history` needs the strings `path`, `before` and `after`.',
      },
      { hunks: [], explanation: 'null:good:0' },
    ])
  })

  test.each([
    ['a root that is a number', { root: 7 }],
    ['a history that is no list', { history: {} }],
  ])('%s is malformed', (_what, more) => {
    expect(parseInput(change('x', more))).toMatchObject({ ok: false, failure: { code: 'malformed' } })
  })

  test('the options are handed to whoever chooses', async () => {
    const seen: unknown[] = []
    await run([], ['--provider', 'local', '--model', 'm'], async (options) => {
      seen.push(options)
      return echo(options, createConsole({}), new AbortController().signal)
    })
    expect(seen).toEqual([{ provider: 'local', baseUrl: null, model: 'm', deepModel: null }])
  })

  test('when nobody can answer it ends with the reason', async () => {
    const nobody: ChooseSuggester = async () => ({ ok: false, failure: { code: 'none', message: 'No key.' } })
    expect(await run([change('x')], [], nobody)).toEqual({ code: 1, out: [], errors: ['slipstream: No key.'] })
  })

  test.each([['file.jsonl'], ['--provider', 'nobody'], ['--bogus']])(
    '%s %s is a wrong command line',
    async (...words) => {
      const { code, out, errors } = await run([change('x')], words)
      expect([code, out, errors.length]).toEqual([2, [], 1])
    },
  )

  test('the embedded engine carries an edit on to where it fits too', async () => {
    const before = 'const a = fetchUser(one)\nconst b = fetchUser(two)\nconst c = fetchUser(three)\n'
    const after = before.replace('fetchUser(one)', 'loadAccount(one)')
    const { out } = await run(
      [`${JSON.stringify({ root: null, path: 'a.ts', before, after, history: [] })}\n`],
      ['--provider', 'local'],
      chooseSuggester,
    )
    expect(out).toMatchObject([
      {
        hunks: [
          { path: 'a.ts', start: 2, end: 3, lines: ['const b = loadAccount(two)'] },
          { path: 'a.ts', start: 3, end: 4, lines: ['const c = loadAccount(three)'] },
        ],
      },
    ])
  })
})
