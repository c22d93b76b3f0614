// The floors in a process of their own: a bare relay with bare pages, and a bare watcher that posts what it reads.
import { watch } from 'node:fs'
import { readFile } from 'node:fs/promises'
import http from 'node:http'
import { join } from 'node:path'
import { WebSocketServer, type WebSocket } from 'ws'
import { field } from '../fakes/model-server/requests.ts'
import { serveHelper } from './helper.ts'

export interface FloorQuestions {
  /** Where its pages are: "http://127.0.0.1:PORT". */
  readonly url: { readonly input: null; readonly output: string }
  /** Each change of a file in this folder is read and posted. */
  readonly watch: { readonly input: string; readonly output: null }
  /** Asks the model server for a stream, and passes it on to every open page. */
  readonly stream: { readonly input: null; readonly output: null }
  readonly stop: { readonly input: null; readonly output: null }
}

const XTERM = new URL('../../node_modules/@xterm/xterm/', import.meta.url)
const ASSETS: Readonly<Record<string, readonly [file: URL, type: string]>> = {
  '/plain': [new URL('./floor/plain.html', import.meta.url), 'text/html; charset=utf-8'],
  '/xterm': [new URL('./floor/xterm.html', import.meta.url), 'text/html; charset=utf-8'],
  '/xterm.mjs': [new URL('./lib/xterm.mjs', XTERM), 'text/javascript'],
  '/xterm.css': [new URL('./css/xterm.css', XTERM), 'text/css'],
}
/** About as much as the product sends of a file. */
const EXCERPT = 8 * 1024

const completions = `${process.argv[2]}/chat/completions`
const agent = new http.Agent({ keepAlive: true })
const pages = new Set<WebSocket>()
let running: http.ClientRequest | null = null

/** Warm after the first: the agent keeps its connection. */
function post(content: string, onText: (text: string) => void): http.ClientRequest {
  const body = JSON.stringify({ model: 'bench', stream: true, messages: [{ role: 'user', content }] })
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
  const request = http.request(completions, { agent, method: 'POST', headers }, (response) => {
    let rest = ''
    response.setEncoding('utf8')
    response.on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      const text = lines.map(textOf).join('')
      if (text !== '') onText(text)
    })
    // Broken off on purpose.
    response.on('error', () => {})
  })
  request.on('error', () => {})
  request.end(body)
  return request
}

/** The text of one line of the event stream. */
function textOf(line: string): string {
  if (!line.startsWith('data: {')) return ''
  const event: unknown = JSON.parse(line.slice('data: '.length))
  const text = field(field(field(field(event, 'choices'), '0'), 'delta'), 'content')
  return typeof text === 'string' ? text : ''
}

const server = http.createServer((request, response) => {
  const asset = ASSETS[request.url ?? '']
  if (asset === undefined) {
    // A browser asks for an icon by itself.
    response.writeHead(204).end()
    return
  }
  const [file, type] = asset
  void readFile(file).then(
    (bytes) => response.writeHead(200, { 'content-type': type }).end(bytes),
    (cause: unknown) => response.destroy(cause instanceof Error ? cause : undefined),
  )
})
new WebSocketServer({ server, perMessageDeflate: false }).on('connection', (socket) => {
  pages.add(socket)
  socket.on('close', () => pages.delete(socket))
  // The only thing a page ever says is "stop".
  socket.on('message', stop)
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))

function send(text: string): void {
  for (const page of pages) page.send(text)
}

function stop(): void {
  running?.destroy()
  running = null
}

serveHelper<FloorQuestions, never>({
  url() {
    const address = server.address()
    if (typeof address !== 'object' || address === null) throw new Error('the floor has no address')
    return `http://127.0.0.1:${address.port}`
  },
  watch(folder) {
    const posted = new Map<string, string>()
    const look = async (name: string): Promise<void> => {
      const text = await readFile(join(folder, name), 'utf8')
      // One save gives several events, and may be met half done.
      if (!text.endsWith('\n') || posted.get(name) === text) return
      posted.set(name, text)
      post(text.slice(0, EXCERPT), () => {})
    }
    watch(folder, (_event, name) => {
      if (name !== null) void look(name)
    })
    return null
  },
  stream() {
    // An empty message clears the page.
    send('')
    running = post('Go.', send)
    return null
  },
  stop() {
    stop()
    return null
  },
})
