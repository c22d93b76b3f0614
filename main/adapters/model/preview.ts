// The request as it would be sent, without sending it: for a look beforehand, and for dry runs.
import type { ModelEvent, ModelRequest, WireRequest } from '../../core/ports.ts'
import { attemptOf, type Connection } from './connection.ts'
import { wireOf } from './wire.ts'

/** Where the endpoint has not been asked yet what it offers, and the settings name nothing. */
const UNKNOWN_MODEL = '(the first that is offered)'

/** By HTTP, as by a WebSocket the same fields go. Opens no connection. */
export function previewOf(connection: Connection, request: ModelRequest): WireRequest {
  const { catalogue, endpoint, learnt, protocol } = connection
  const model = catalogue.expected(request.lane === 'deep' ? 'deep' : 'fast') || UNKNOWN_MODEL
  const attempt = attemptOf(endpoint, learnt, request, model)
  return wireOf(protocol, attempt, protocol.bodyText(attempt), false)
}

/** What a dry run answers: nothing, but the request is told. */
export async function* dryReply(connection: Connection, request: ModelRequest): AsyncGenerator<ModelEvent> {
  request.wrote?.(previewOf(connection, request))
  yield { type: 'notice', message: 'dry run: nothing was sent; What it saw shows the request' }
  yield { type: 'done', finish: 'stop', usage: null }
}
