// Reading what arrives at the model server.
import type { IncomingMessage } from 'node:http'

export function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  const found: unknown = Reflect.get(value, name)
  return found
}

/** The body as it came; undefined when the client went away before it was complete. */
export async function readBody(incoming: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of incoming) if (Buffer.isBuffer(chunk)) chunks.push(chunk)
  } catch {
    return undefined
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** null when it is no JSON. */
export function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return value
  } catch {
    return null
  }
}

/** Everything said to the model, in order, whichever protocol and content form it came in. */
export function textOf(body: unknown): string {
  const said: string[] = []
  const instructions = field(body, 'instructions')
  if (typeof instructions === 'string') said.push(instructions)
  const input = field(body, 'input')
  if (typeof input === 'string') said.push(input)
  for (const list of [input, field(body, 'messages')]) {
    if (!Array.isArray(list)) continue
    for (const message of list) {
      const content = field(message, 'content')
      if (typeof content === 'string') said.push(content)
      if (!Array.isArray(content)) continue
      for (const part of content) {
        const text = field(part, 'text')
        if (typeof text === 'string') said.push(text)
      }
    }
  }
  return said.join('\n\n')
}

/** The last words of the model itself in a request; null when it has said nothing. */
export function lastSaid(body: unknown): string | null {
  for (const list of [field(body, 'input'), field(body, 'messages')]) {
    if (!Array.isArray(list)) continue
    const said = list.findLast((message) => field(message, 'role') === 'assistant')
    const content = field(said, 'content')
    if (typeof content === 'string') return content
  }
  return null
}
