// What is handed to connections, as records for whoever wants to know what was sent.
import type { WireRequest } from '../../core/ports.ts'
import type { Endpoint } from './endpoint.ts'
import type { Attempt, Protocol } from './protocol.ts'

/** One request over HTTP; `sent: false`: it was only made. */
export function wireOf(protocol: Protocol, attempt: Attempt, body: string, sent: boolean): WireRequest {
  const { endpoint, model } = attempt
  return {
    kind: 'request',
    endpoint: addressOf(endpoint, protocol.path),
    transport: 'http',
    model,
    body,
    known: 0,
    sent,
  }
}

/** One message on a WebSocket. `known`: messages of the prompt that the endpoint has already. */
export function messageOf(
  endpoint: Endpoint,
  message: {
    readonly kind: WireRequest['kind']
    readonly model: string
    readonly body: string
    readonly known: number
  },
): WireRequest {
  return { ...message, endpoint: addressOf(endpoint, '/responses'), transport: 'websocket', sent: true }
}

function addressOf({ url }: Endpoint, path: string): string {
  return `${url}${path}`
}
