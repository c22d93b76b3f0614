// A Port over a WebSocket of the `ws` package: one frame a text message, as JSON.
import type { RawData, WebSocket } from 'ws'
import type { Port } from '../../preload/wire.ts'
import { createInbox, type Decode } from './inbox.ts'

/** Takes over the socket. The port closes when `decode` throws. */
export function createWebSocketPort<Received, Sent>(socket: WebSocket, decode: Decode<Received>): Port<Received, Sent> {
  const inbox = createInbox<Received>()
  socket.on('message', (data: RawData, isBinary: boolean) => {
    let frame: Received
    try {
      // Frames are text; a binary message is judged like any other text that is no frame.
      frame = decode(isBinary ? '' : textOf(data))
    } catch {
      socket.close(1002)
      return
    }
    inbox.deliver(frame)
  })
  // `close` follows; without a listener a broken connection would end the process.
  socket.on('error', () => {})
  socket.on('close', () => inbox.close())
  return {
    send(frame) {
      if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(frame))
    },
    onMessage: inbox.onMessage,
    onClose: inbox.onClose,
    close: () => socket.close(1000),
  }
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8')
  return Buffer.isBuffer(data) ? data.toString('utf8') : Buffer.from(data).toString('utf8')
}
