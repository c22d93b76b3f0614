// The control socket: lets the commands of this user, and nobody else, drive the running instance over the wire.
import { chmod } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import type { Result } from '../../preload/contract.ts'
import type { EngineMessage } from '../../preload/wire.ts'
import { serveConnection, type ConnectionOptions } from './connection.ts'
import { decodeUntrusted } from './inbox.ts'
import { newSocketPlace, registerInstance, removeSocketPlace, sweep, type SocketPlace } from './instances.ts'
import { createStreamPort } from './stream-port.ts'

const MAX_FRAME_BYTES = 1_000_000
/** Commands that may be connected at once. */
const MAX_COMMANDS = 32

export interface ControlOptions extends ConnectionOptions {
  /** A folder of mode 0700 that belongs to this user; it exists. */
  readonly runtimeFolder: string
  /** Real path of the project. */
  readonly root: string
}

export interface Control {
  /** Unix socket or pipe name. */
  readonly socket: string
  /** Notes that somebody works with this instance: a command without a project of its own goes to the last active one. */
  touch(): void
  close(): Promise<void>
}

/** Listens for commands and makes the instance known. Failure: `listen`; the window works without it all the same. */
export async function startControl(options: ControlOptions): Promise<Result<Control>> {
  const connections = new Set<Socket>()
  const server = createServer((socket) => {
    connections.add(socket)
    socket.once('close', () => connections.delete(socket))
    const port = createStreamPort<unknown, EngineMessage>(socket, decodeUntrusted, { maxFrameBytes: MAX_FRAME_BYTES })
    serveConnection(port, options).catch(options.onBug)
  })
  server.maxConnections = MAX_COMMANDS
  let place: SocketPlace | null = null
  try {
    place = newSocketPlace(options.runtimeFolder)
    const { socket } = place
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(socket, resolve)
    })
    // The folder keeps others out already; this says it again where somebody loosens the folder later.
    if (process.platform !== 'win32') await chmod(socket, 0o600)
    const registration = await registerInstance(options.runtimeFolder, {
      pid: process.pid,
      root: options.root,
      socket,
      startedAt: Date.now(),
    })
    const taken = place
    await sweep(options.runtimeFolder)
    return {
      ok: true,
      value: {
        socket,
        touch: registration.touch,
        async close() {
          await registration.remove()
          const closed = new Promise<void>((resolve) => {
            server.close(() => resolve())
          })
          for (const connection of connections) connection.destroy()
          await closed
          await removeSocketPlace(taken)
        },
      },
    }
  } catch (error) {
    server.close()
    if (place !== null) await removeSocketPlace(place)
    const reason = error instanceof Error ? error.message : String(error)
    const message = `Commands such as \`slipstream interrupt\` cannot reach this instance: ${reason}.`
    return { ok: false, failure: { code: 'listen', message } }
  }
}
