// The wire over Electron IPC, main side: which window's frames go to which project, and who is not answered.
import type { EngineMessage, EnginePort, Stop } from '../../preload/wire.ts'
import { serveConnection, type ConnectionOptions } from '../host/connection.ts'
import { createInbox, type Inbox } from '../host/inbox.ts'
import type { ContentsPort, Electron, IpcEventPort } from './electron.ts'
import { ORIGIN } from './security.ts'

// The same words stand in preload/preload.ts, which can import nothing that has values of both sides.
const FRAME_CHANNEL = 'slipstream:frame'
const CLOSE_CHANNEL = 'slipstream:close'
/** A UUID has 36 characters. */
const MAX_NAME = 64
const MAX_OVER = 100

export interface Bridge {
  /** Serves the page of `contents` until it is gone; each load of the page is a connection of its own. */
  attach(contents: ContentsPort, connect: (port: EnginePort) => void): Stop
  close(): void
}

/** How a page's connections are served. */
export function connectTo(options: ConnectionOptions): (port: EnginePort) => void {
  return (port) => void serveConnection(port, options).catch(options.onBug)
}

/** One page's connection: the page gives each that it opens a new name. */
interface Connection {
  readonly name: string
  readonly inbox: Inbox<unknown>
}

interface Attached {
  readonly contents: ContentsPort
  readonly connect: (port: EnginePort) => void
  current: Connection | null
  /** The names of those that are over, the last few: late frames of them open nothing again. */
  readonly over: string[]
}

export function setupBridge({ ipcMain }: Pick<Electron, 'ipcMain'>): Bridge {
  const pages = new Map<number, Attached>()

  /** The page that may speak, or null after it was told why not. */
  function admit(event: IpcEventPort, name: unknown): { readonly page: Attached; readonly name: string } | null {
    const { sender, senderFrame } = event
    const page = pages.get(sender.id)
    const sound = typeof name === 'string' && name !== '' && name.length <= MAX_NAME
    if (page !== undefined && sound && senderFrame?.parent === null && senderFrame.origin === ORIGIN) {
      return { page, name }
    }
    const message = 'Only the main frame of the window itself is answered.'
    const refusal: EngineMessage = { type: 'refused', id: null, failure: { code: 'sender', message } }
    // A frame that is gone can be told nothing.
    if (senderFrame !== null) event.reply(FRAME_CHANNEL, sound ? name : '', refusal)
    return null
  }

  function end(page: Attached): void {
    const { current } = page
    if (current === null) return
    page.current = null
    page.over.push(current.name)
    if (page.over.length > MAX_OVER) page.over.shift()
    if (!page.contents.isDestroyed()) page.contents.send(CLOSE_CHANNEL, current.name)
    current.inbox.close()
  }

  function begin(page: Attached, name: string): Connection {
    end(page)
    const inbox = createInbox<unknown>()
    const connection: Connection = { name, inbox }
    page.current = connection
    page.connect({
      send(frame) {
        if (page.current === connection && !page.contents.isDestroyed()) page.contents.send(FRAME_CHANNEL, name, frame)
      },
      onMessage: inbox.onMessage,
      onClose: inbox.onClose,
      close() {
        if (page.current === connection) end(page)
      },
    })
    return connection
  }

  function onFrame(event: IpcEventPort, given: unknown, frame: unknown): void {
    const admitted = admit(event, given)
    if (admitted === null) return
    const { page, name } = admitted
    if (page.over.includes(name)) return
    const connection = page.current?.name === name ? page.current : begin(page, name)
    connection.inbox.deliver(frame)
  }

  function onClose(event: IpcEventPort, given: unknown): void {
    const admitted = admit(event, given)
    if (admitted !== null && admitted.page.current?.name === admitted.name) end(admitted.page)
  }

  ipcMain.on(FRAME_CHANNEL, onFrame)
  ipcMain.on(CLOSE_CHANNEL, onClose)

  return {
    attach(contents, connect) {
      const page: Attached = { contents, connect, current: null, over: [] }
      pages.set(contents.id, page)
      // The page that comes opens a connection of its own; what ran for the old one is over at once.
      contents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
        if (isMainFrame && !isSameDocument) end(page)
      })
      contents.on('render-process-gone', () => end(page))
      const stop = (): void => {
        end(page)
        pages.delete(contents.id)
      }
      contents.on('destroyed', stop)
      return stop
    },
    close() {
      ipcMain.removeListener(FRAME_CHANNEL, onFrame)
      ipcMain.removeListener(CLOSE_CHANNEL, onClose)
      for (const page of pages.values()) end(page)
      pages.clear()
    },
  }
}
