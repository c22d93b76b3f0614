// `slipstream suggest` by a model whose reply the test holds.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { ModelEvent, ModelRequest } from '../../main/core/ports.ts'
import { chooseModelSuggester, createModelSuggester } from '../../main/host/suggest-model.ts'
import type { SuggestInput, SuggestOutput } from '../../main/host/suggest.ts'
import { createConsole } from '../fakes/console.ts'

const never = new AbortController().signal
const nothingSaid = { provider: null, baseUrl: null, model: null, deepModel: null }

async function suggest(
  input: Partial<SuggestInput>,
  events: readonly ModelEvent[],
): Promise<{ readonly output: SuggestOutput; readonly requests: readonly ModelRequest[] }> {
  const requests: ModelRequest[] = []
  const answer = createModelSuggester({
    async *stream(request) {
      requests.push(request)
      yield* events
    },
  })
  const output = await answer({ root: null, path: 'a.ts', before: '', after: '', history: [], ...input }, never)
  return { output, requests }
}

function reply(text: string, finish: 'stop' | 'length' = 'stop'): readonly ModelEvent[] {
  // In small pieces, as it would come.
  const pieces = text.match(/[^]{1,5}/g) ?? []
  return [...pieces.map((piece): ModelEvent => ({ type: 'text', text: piece })), { type: 'done', finish, usage: null }]
}

const before = 'const a = 1\nconst b = 2\nconst c = 3\n'
const after = 'const a = 1\nconst b = 20\nconst c = 3\n'
const patch =
  'Keeps both in step.\n*** Begin Patch\n*** Update File: a.ts\n@@\n const b = 20\n-const c = 3\n+const c = 30\n*** End Patch\n'

describe('suggest by a model', () => {
  test('its hunks are placed on the text after the change', async () => {
    const { output } = await suggest({ before, after }, reply(patch))
    expect(output).toEqual({
      hunks: [{ path: 'a.ts', start: 3, end: 4, lines: ['const c = 30'] }],
      explanation: 'Keeps both in step.',
    })
  })

  test('in a file of CRLF lines its lines carry the carriage return', async () => {
    const crlf = (text: string): string => text.replaceAll('\n', '\r\n')
    const { output } = await suggest({ before: crlf(before), after: crlf(after) }, reply(patch))
    expect(output.hunks).toEqual([{ path: 'a.ts', start: 3, end: 4, lines: ['const c = 30\r'] }])
  })

  test('a hunk without a place is left out', async () => {
    const { output } = await suggest({ before, after }, reply(patch.replace('-const c = 3', '-const z = 9')))
    expect(output.hunks).toEqual([])
  })

  test('a hunk that the output cap cut is left out', async () => {
    const { output } = await suggest({ before, after }, reply(patch.slice(0, patch.indexOf('0\n*** End')), 'length'))
    expect(output.hunks).toEqual([])
  })

  test('a failure is an output with the error', async () => {
    const failure = { code: 'key', message: 'The key was refused.' }
    const { output } = await suggest({ before, after }, [{ type: 'failed', failure }])
    expect(output).toEqual({ hunks: [], explanation: '', error: 'The key was refused.' })
  })

  test('nothing is asked when nothing changed', async () => {
    const { output, requests } = await suggest({ before, after: before }, reply(patch))
    expect([output, requests]).toEqual([{ hunks: [], explanation: '' }, []])
  })

  test('nothing is asked about a file of secrets', async () => {
    const { output, requests } = await suggest({ path: '.env', before: 'A=1\n', after: 'A=2\n' }, reply(patch))
    expect([output.error?.includes('.env'), requests]).toEqual([true, []])
  })

  test('secrets stay here, and come back in the hunks', async () => {
    const key = `ghp_${'a1B2c3D4e5F6'.repeat(3)}`
    const secret = `const token = '${key}'\n`
    const { output, requests } = await suggest(
      { before: before + secret, after: after + secret },
      reply(
        "*** Begin Patch\n*** Update File: a.ts\n@@\n-const c = 3\n-const token = 'SLIPSTREAM_SECRET_1'\n" +
          "+const c = 30\n+const token = 'SLIPSTREAM_SECRET_1'\n*** End Patch\n",
      ),
    )
    expect(JSON.stringify(requests.map(({ prompt }) => prompt))).not.toContain(key)
    expect(output.hunks).toEqual([{ path: 'a.ts', start: 3, end: 4, lines: ['const c = 30'] }])
  })

  test('other files are known from the disk when there is a root', async () => {
    const root = await mkdtemp(join(tmpdir(), 'slipstream-suggest-'))
    await writeFile(join(root, 'b.ts'), 'let other = 1\n')
    const elsewhere = '*** Begin Patch\n*** Update File: b.ts\n@@\n-let other = 1\n+let other = 2\n*** End Patch\n'
    expect((await suggest({ before, after, root }, reply(elsewhere))).output.hunks).toEqual([
      { path: 'b.ts', start: 1, end: 2, lines: ['let other = 2'] },
    ])
    expect((await suggest({ before, after }, reply(elsewhere))).output.hunks).toEqual([])
    await rm(root, { recursive: true })
  })
})

describe('who suggests', () => {
  test('a remote endpoint that the command line does not name is not asked', async () => {
    const console = createConsole({ environment: { OPENAI_API_KEY: 'sk-test', SLIPSTREAM_LOCAL_SERVERS: '' } })
    expect(await chooseModelSuggester(nothingSaid, console, never)).toMatchObject({
      ok: false,
      failure: { code: 'consent', message: expect.stringContaining('--provider openai') },
    })
  })
})
