// A connection that stands before it is needed: an interrupt closes the one that streams, and the request after it must not wait for a handshake.
import type http from 'node:http'
import https from 'node:https'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

export interface Spares {
  /** Opens a connection like that of `socket` for the next request, unless one stands or the agent has an idle one. */
  prepare(socket: Duplex): void
  /** A request to this origin may follow within moments: opens a connection for it as `prepare` does, if one was ever made there. */
  expect(url: URL): void
  /** The connection broke: what stands beside it is not to be trusted either. */
  discard(like: Duplex): void
  /** None of those that stand is to be trusted any more. */
  discardAll(): void
  /** Whether this connection stood before it was asked for. Its server may have let it go meanwhile, like any idle one. */
  was(socket: Duplex): boolean
  close(): void
}

/** From now on the agent, which goes through no proxy, takes a spare connection where there is one: at most one for each origin. */
export function keepSpares(agent: http.Agent): Spares {
  const open = agent.createConnection.bind(agent)
  const standing = new Map<string, { readonly socket: Socket; readonly release: () => void }>()
  const taken = new WeakSet<Duplex>()
  const origins = new WeakMap<Duplex, http.ClientRequestArgs>()
  /** What the last connection to an origin was made with. */
  const known = new Map<string, http.ClientRequestArgs>()
  let closed = false

  function drop(spare: { readonly socket: Socket; readonly release: () => void } | undefined): void {
    // Its close would be heard too late: until then it could be taken.
    spare?.release()
    spare?.socket.destroy()
  }

  function prepare(options: http.ClientRequestArgs): void {
    const name = agent.getName(options)
    if (closed || standing.has(name) || (agent.freeSockets[name]?.length ?? 0) > 0) return
    const socket = open(options)
    if (!(socket instanceof Socket)) return
    // It must not keep the program from ending, and nobody is told when it fails: the next request then opens its own.
    socket.unref()
    const release = (): void => {
      socket.off('error', release).off('end', release).off('close', release)
      if (standing.get(name)?.socket === socket) standing.delete(name)
    }
    socket.on('error', release).on('end', release).on('close', release)
    standing.set(name, { socket, release })
  }

  agent.createConnection = (options, callback) => {
    const name = agent.getName(options)
    const spare = standing.get(name)
    const socket = spare?.socket ?? open(options, callback)
    if (spare !== undefined) {
      spare.release()
      spare.socket.ref()
      taken.add(spare.socket)
    }
    if (socket) origins.set(socket, options)
    known.set(originOf(options.host, options.port, agent), options)
    return socket
  }

  return {
    prepare(like) {
      const options = origins.get(like)
      if (options !== undefined) prepare(options)
    },
    expect(url) {
      const options = known.get(originOf(url.hostname.replace(/^\[|\]$/g, ''), url.port, agent))
      if (options !== undefined) prepare(options)
    },
    discard(like) {
      const options = origins.get(like)
      if (options !== undefined) drop(standing.get(agent.getName(options)))
    },
    discardAll() {
      for (const spare of standing.values()) drop(spare)
    },
    was: (socket) => taken.has(socket),
    close() {
      closed = true
      for (const { socket } of standing.values()) socket.destroy()
    },
  }
}

function originOf(
  host: string | null | undefined,
  port: string | number | null | undefined,
  agent: http.Agent,
): string {
  return `${host ?? ''}:${port || (agent instanceof https.Agent ? 443 : 80)}`
}
