// What refusals teach: models, reasoning efforts and parameters; each refusal is met once, and remembered for a week.
import { describe, expect, test } from 'vitest'
import { createLearnt, lessonOf } from '../../../main/adapters/model/learnt.ts'
import { DEEP_MODELS, FAST_MODELS } from '../../../main/adapters/model/preferences.ts'
import { field } from '../../fakes/model-server/requests.ts'
import { clock, collect, failureOf, requestOf, setUp, startServer, textOf } from './support.ts'

const DAY = 24 * 60 * 60 * 1000

function effortsOf(requests: readonly { readonly body: unknown }[]): unknown[] {
  return requests.map(({ body }) => field(field(body, 'reasoning'), 'effort') ?? field(body, 'reasoning_effort'))
}

/** An endpoint that lists other models than it answers with, so that only refusals can teach. */
const refusing = (code: number) => ({
  when: (request: { readonly model: string }) => request.model === FAST_MODELS[0] || request.model === FAST_MODELS[1],
  fault: { type: 'status', status: code, code: 'model_not_found', message: 'The model does not exist' } as const,
})

describe('models', () => {
  test.each([403, 404])('after %s the next one of the list is taken, and that is said', async (code) => {
    const server = await startServer({ models: FAST_MODELS, script: [refusing(code), { reply: 'Yes.' }] })
    const { models } = setUp({ settings: { provider: 'openai', baseUrl: server.url } })
    const events = await collect(models, requestOf('x'))
    const { host } = new URL(server.url)
    expect(events.filter((event) => event.type === 'notice').map((event) => event.message)).toEqual([
      `${FAST_MODELS[0]} is not offered at ${host}: went on with ${FAST_MODELS[1]}`,
      `${FAST_MODELS[1]} is not offered at ${host}: went on with ${FAST_MODELS[2]}`,
    ])
    expect(textOf(events)).toBe('Yes.')
    expect(models.state().model).toBe(FAST_MODELS[2])
  })

  test('what was refused is not asked for again, nor after a restart', async () => {
    const server = await startServer({ models: FAST_MODELS, script: [refusing(404)] })
    const settings = { provider: 'openai', baseUrl: server.url } as const
    const first = setUp({ settings })
    await collect(first.models, requestOf('x'))
    await collect(first.models, requestOf('x'))
    await collect(setUp({ settings, memory: first.memory }).models, requestOf('x'))
    expect(server.requests.map((request) => request.model)).toEqual([
      ...FAST_MODELS.slice(0, 3),
      FAST_MODELS[2],
      FAST_MODELS[2],
    ])
  })

  test('a model that the list does not name is passed over, and that is said once', async () => {
    const server = await startServer({ models: ['gpt-5.4-mini', 'gpt-5.5'] })
    const { models } = setUp({ settings: { provider: 'openai', baseUrl: server.url } })
    const notices = [...(await collect(models, requestOf('x'))), ...(await collect(models, requestOf('x')))].filter(
      (event) => event.type === 'notice',
    )
    expect(notices).toEqual([
      {
        type: 'notice',
        message: `${FAST_MODELS[0]} is not offered at ${new URL(server.url).host}: went on with gpt-5.4-mini`,
      },
    ])
    expect(server.requests.map((request) => request.model)).toEqual(['gpt-5.4-mini', 'gpt-5.4-mini'])
  })

  test('the deep lane has its own list', async () => {
    const server = await startServer({ models: ['gpt-5.3-codex-spark', 'gpt-5.5'] })
    const { models } = setUp({ settings: { provider: 'openai', baseUrl: server.url } })
    await collect(models, requestOf('x', { lane: 'deep' }))
    expect(server.requests[0]?.model).toBe('gpt-5.5')
    expect(DEEP_MODELS).toContain('gpt-5.5')
  })

  test('a compatible server is asked with its first model made for code', async () => {
    const server = await startServer({ models: ['nomic-embed-text', 'llama-9', 'qwen4-coder:30b', 'devstral'] })
    const { models } = setUp({ settings: { provider: 'compatible', baseUrl: server.url } })
    await collect(models, requestOf('x'))
    await collect(models, requestOf('x', { lane: 'deep' }))
    expect(server.requests.map((request) => request.model)).toEqual(['qwen4-coder:30b', 'qwen4-coder:30b'])
    expect(server.listed).toBe(1)
  })

  test('a compatible server without a model says what to do', async () => {
    const server = await startServer({ models: ['bge-embed'] })
    const { models } = setUp({ settings: { provider: 'compatible', baseUrl: server.url } })
    expect(failureOf(await collect(models, requestOf('x')))).toMatchObject({
      code: 'model',
      message: expect.stringMatching(/offers no model: load one there/),
    })
  })

  test('when all are refused the failure says so, and the next request asks anew', async () => {
    const fault = { type: 'status', status: 404, code: 'model_not_found', message: 'No.' } as const
    const server = await startServer({
      models: FAST_MODELS,
      script: [{ fault, times: FAST_MODELS.length }, { reply: 'Back.' }],
    })
    const { models } = setUp({ settings: { provider: 'openai', baseUrl: server.url } })
    expect(failureOf(await collect(models, requestOf('x'))).code).toBe('model')
    expect(textOf(await collect(models, requestOf('x')))).toBe('Back.')
  })
})

describe.each(['openai', 'compatible'] as const)('%s', (provider) => {
  test('the lowest effort that the model takes is found and kept', async () => {
    const server = await startServer({ efforts: ['low', 'medium', 'high'] })
    const settings = { provider, baseUrl: server.url, model: 'm' }
    const { models, memory } = setUp({ settings })
    expect((await collect(models, requestOf('x'))).at(-1)?.type).toBe('done')
    await collect(models, requestOf('x'))
    await collect(setUp({ settings, memory }).models, requestOf('x'))
    expect(effortsOf(server.requests)).toEqual(['none', 'low', 'low', 'low'])
  })

  test('a model without effort is asked without', async () => {
    const server = await startServer({ refusedParameters: ['reasoning', 'reasoning_effort'] })
    const { models } = setUp({ settings: { provider, baseUrl: server.url, model: 'm' } })
    expect((await collect(models, requestOf('x'))).at(-1)?.type).toBe('done')
    expect(effortsOf(server.requests)).toEqual(['none', undefined])
  })

  test('parameters that are refused are left out from then on', async () => {
    const refusedParameters = [
      'prompt_cache_key',
      'stream_options',
      'store',
      'text.verbosity',
      'max_output_tokens',
      'max_tokens',
    ]
    const server = await startServer({ refusedParameters })
    const { models } = setUp({ settings: { provider, baseUrl: server.url, model: 'm' } })
    expect((await collect(models, requestOf('x'))).at(-1)?.type).toBe('done')
    const before = server.requests.length
    expect((await collect(models, requestOf('x'))).at(-1)?.type).toBe('done')
    expect(server.requests.length).toBe(before + 1)
  })
})

test('a server that wants the newer name of the output cap gets it', async () => {
  const server = await startServer({ refusedParameters: ['max_tokens'] })
  const { models } = setUp({ settings: { provider: 'compatible', baseUrl: server.url, model: 'm' } })
  await collect(models, requestOf('x', { maxOutputTokens: 5 }))
  expect(server.requests.map(({ body }) => [field(body, 'max_tokens'), field(body, 'max_completion_tokens')])).toEqual([
    [5, undefined],
    [undefined, 5],
  ])
})

describe('lessons', () => {
  const effort = { name: 'reasoning_effort', aliases: ['reasoning.effort', 'reasoning'], effort: true }
  const cache = { name: 'prompt_cache_key', aliases: [], effort: false }
  const store = { name: 'store', aliases: [], effort: false }
  const sent = [effort, cache, store]
  const cases = [
    [
      'Groq',
      null,
      null,
      "property 'prompt_cache_key' is unsupported",
      { about: 'parameters', refused: ['prompt_cache_key'] },
    ],
    [
      'Cerebras, two at once',
      'validation_error',
      'wrong_api_format',
      "body.prompt_cache_key: property 'body.prompt_cache_key' is unsupported\nbody.store: property 'body.store' is unsupported",
      { about: 'parameters', refused: ['prompt_cache_key', 'store'] },
    ],
    [
      'vLLM',
      null,
      null,
      "{'type': 'literal_error', 'loc': ('body', 'reasoning_effort'), 'msg': \"Input should be 'low', 'medium' or 'high'\", 'input': 'none'}",
      { about: 'efforts', refused: ['none', 'minimal'] },
    ],
    [
      'OpenAI, by value',
      'reasoning.effort',
      'unsupported_value',
      "Unsupported value: 'none' is not supported with the 'x' model. Supported values are: 'minimal', 'low', and 'high'.",
      { about: 'efforts', refused: ['none'] },
    ],
    [
      'a value without a list',
      'reasoning_effort',
      'invalid_value',
      "Invalid value: 'none'",
      { about: 'efforts', refused: ['none'] },
    ],
    [
      'OpenAI, by parameter',
      'reasoning.effort',
      'unsupported_parameter',
      "Unsupported parameter: 'reasoning.effort' is not supported with this model.",
      { about: 'parameters', refused: ['reasoning_effort'] },
    ],
    ['a sentence with common words', null, null, 'No reasoning about this store is possible', null],
    ['another name that begins alike', null, null, "'prompt_cache_key_id' is unknown", null],
  ] as const
  test.each(cases)('%s', (_name, parameter, code, message, lesson) => {
    expect(lessonOf({ parameter, code, message }, sent, 'none')).toEqual(lesson)
  })
})

test('what was learnt is believed for a week', () => {
  let now = 1_000 * DAY
  const memory = new Map<string, string>()
  const learnt = createLearnt(
    { get: (key) => memory.get(key), set: (key, value) => void memory.set(key, value) },
    { ...clock, wall: () => now },
  )
  learnt.refuse('models', 'here', ['a'])
  now += 6 * DAY
  learnt.refuse('models', 'here', ['b'])
  expect([...learnt.refused('models', 'here')]).toEqual(['a', 'b'])
  now += 2 * DAY
  expect([...learnt.refused('models', 'here')]).toEqual(['b'])
})
