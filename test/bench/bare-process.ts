// Bare clients of the model server, as floors: the openai SDK, node:http and ws, each with nothing around it.
import http from 'node:http'
import { OpenAI } from 'openai'
import { WebSocket } from 'ws'
import { ASKED } from './asked.ts'
import { epoch } from './clock.ts'
import { field } from '../fakes/model-server/requests.ts'
import { serveHelper } from './helper.ts'
import { watchStalls, type Stalls } from './stalls.ts'

export type BareKind = 'sdk' | 'http' | 'ws'

/** µs per token. */
export interface BareLoop {
  readonly cpu: number
  /** From the first token's arrival to the last one's. */
  readonly wall: number
}

export interface BareQuestions {
  readonly now: { readonly input: null; readonly output: number }
  /** Opens what the next stream, or the one after it, needs no time for. */
  readonly warm: { readonly input: BareKind; readonly output: null }
  /** Begins a stream; answers when its first token has come. */
  readonly begin: { readonly input: BareKind; readonly output: null }
  /** Breaks it off. Answers the epoch ms before. */
  readonly stop: { readonly input: BareKind; readonly output: number }
  /** Breaks it off and asks again at once. Answers the epoch ms before. */
  readonly again: { readonly input: BareKind; readonly output: number }
  /** Reads one stream until so many tokens have come, and breaks it off. */
  readonly loop: { readonly input: { readonly kind: BareKind; readonly tokens: number }; readonly output: BareLoop }
  /** As in the engine's process, of a thread that has nothing to do. */
  readonly watchStalls: { readonly input: null; readonly output: null }
  /** Those of the thread on which this runs. */
  readonly stalls: { readonly input: null; readonly output: Stalls }
}

/** Hears each token's text. */
type OnText = (text: string) => void
/** Breaks the stream off. */
type Stop = () => void

const base = process.argv[2] ?? ''
const MODEL = 'bench'
const client = new OpenAI({ apiKey: 'none', baseURL: base, maxRetries: 0 })
const agent = new http.Agent({ keepAlive: true })
const spare: WebSocket[] = []
const stalls = watchStalls()
let stop: Stop = () => {}

async function openSocket(): Promise<WebSocket> {
  const socket = new WebSocket(`${base.replace('http', 'ws')}/responses`, { perMessageDeflate: false })
  socket.on('error', () => {})
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  return socket
}

function streamBySocket(onText: OnText): Stop {
  const socket = spare.pop()
  if (socket === undefined) throw new Error('no socket is warm')
  socket.on('message', (data) => {
    const event: unknown = JSON.parse(String(data))
    const delta = field(event, 'type') === 'response.output_text.delta' ? field(event, 'delta') : null
    if (typeof delta === 'string') onText(delta)
  })
  socket.send(JSON.stringify({ type: 'response.create', model: MODEL, input: [{ role: 'user', content: ASKED }] }))
  return () => socket.terminate()
}

function streamByHttp(onText: OnText): Stop {
  const body = JSON.stringify({ model: MODEL, stream: true, messages: [{ role: 'user', content: ASKED }] })
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
  const request = http.request(`${base}/chat/completions`, { agent, method: 'POST', headers }, (response) => {
    let rest = ''
    response.setEncoding('utf8')
    response.on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        if (!line.startsWith('data: {')) continue
        const event: unknown = JSON.parse(line.slice('data: '.length))
        const text = field(field(field(field(event, 'choices'), '0'), 'delta'), 'content')
        if (typeof text === 'string') onText(text)
      }
    })
    response.on('error', () => {})
  })
  request.on('error', () => {})
  request.end(body)
  return () => request.destroy()
}

function streamBySdk(onText: OnText): Stop {
  const controller = new AbortController()
  const { signal } = controller
  void (async () => {
    const stream = await client.chat.completions.create(
      { model: MODEL, stream: true, messages: [{ role: 'user', content: ASKED }] },
      { signal },
    )
    for await (const chunk of stream) {
      const text = chunk.choices[0]?.delta.content
      if (typeof text === 'string') onText(text)
    }
  })().catch((cause: unknown) => {
    if (!signal.aborted) throw cause
  })
  return () => controller.abort()
}

const STREAMS: Readonly<Record<BareKind, (onText: OnText) => Stop>> = {
  sdk: streamBySdk,
  http: streamByHttp,
  ws: streamBySocket,
}

serveHelper<BareQuestions, never>({
  now: () => epoch(),
  async warm(kind) {
    if (kind === 'ws') while (spare.length < 2) spare.push(await openSocket())
    else if (kind === 'sdk') await client.models.list()
    else {
      await new Promise((resolve, reject) => {
        http
          .get(`${base}/models`, { agent }, (response) => response.resume().once('end', resolve))
          .once('error', reject)
      })
    }
    return null
  },
  begin: (kind) =>
    new Promise((resolve) => {
      stop = STREAMS[kind](() => resolve(null))
    }),
  stop() {
    const at = epoch()
    stop()
    return at
  },
  again(kind) {
    const at = epoch()
    stop()
    stop = STREAMS[kind](() => {})
    return at
  },
  loop: ({ kind, tokens }) =>
    new Promise((resolve) => {
      let count = 0
      let firstAt = 0
      const cpuBefore = process.cpuUsage()
      const end = STREAMS[kind](() => {
        count += 1
        if (count === 1) firstAt = epoch()
        if (count !== tokens) return
        const wall = ((epoch() - firstAt) * 1000) / tokens
        const { user, system } = process.cpuUsage(cpuBefore)
        end()
        resolve({ cpu: (user + system) / tokens, wall })
      })
    }),
  watchStalls() {
    stalls.reset()
    return null
  },
  stalls: () => stalls.read(),
})
