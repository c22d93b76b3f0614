// A Port over a byte stream (Unix socket, named pipe): one frame a line, as JSON.
import type { Duplex } from 'node:stream'
import type { Port } from '../../preload/wire.ts'
import { createInbox, type Decode } from './inbox.ts'

const NEWLINE = 10

/** Takes over the stream. The port closes when `decode` throws and when a line is longer than `maxFrameBytes`. */
export function createStreamPort<Received, Sent>(
  stream: Duplex,
  decode: Decode<Received>,
  options: { readonly maxFrameBytes: number },
): Port<Received, Sent> {
  const inbox = createInbox<Received>()
  /** The beginning of a line whose end has not come yet. */
  let parts: Buffer[] = []
  let size = 0

  /** Keeps a part of a line; false when the line has grown too long. */
  function keep(part: Buffer): boolean {
    size += part.length
    parts.push(part)
    return size <= options.maxFrameBytes
  }

  stream.on('data', (chunk: Buffer) => {
    let from = 0
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      const fits = keep(chunk.subarray(from, end))
      const line = fits ? Buffer.concat(parts).toString('utf8') : ''
      parts = []
      size = 0
      from = end + 1
      let frame: Received
      try {
        if (!fits) throw new RangeError('frame too large')
        frame = decode(line)
      } catch {
        stream.destroy()
        return
      }
      inbox.deliver(frame)
      if (stream.destroyed) return
    }
    if (!keep(chunk.subarray(from))) stream.destroy()
  })
  stream.on('error', () => {})
  stream.on('close', () => inbox.close())
  // Whoever has ended its half asks nothing more and, here, wants no more answers.
  stream.on('end', () => stream.destroy())
  return {
    send(frame) {
      if (stream.writable) stream.write(`${JSON.stringify(frame)}\n`)
    },
    onMessage: inbox.onMessage,
    onClose: inbox.onClose,
    close: () => void stream.end(() => stream.destroy()),
  }
}
