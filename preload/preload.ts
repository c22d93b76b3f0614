// The preload script of the desktop window: hands it Ports over Electron's channels as `window.slipstream`, nothing else.
import { contextBridge, ipcRenderer } from 'electron'
import type { IpcRendererEvent } from 'electron'
import type { ClientPort, EngineFrame, Stop } from './wire.ts'

/** Frames, in both directions; before each stands the name of its connection. */
const FRAME_CHANNEL = 'slipstream:frame'
/** From either side: the connection of this name is over. */
const CLOSE_CHANNEL = 'slipstream:close'

/** A new connection. One that is over stays over, as every Port; the window opens another then. */
function connect(): ClientPort {
  // Never used twice: frames of a page that is being left must not get into the connection of the next one.
  const name = crypto.randomUUID()
  let closed = false

  /** Listens without letting the page see Electron's event, which holds the sender. */
  function listen(channel: string, listener: (frame: EngineFrame) => void): Stop {
    const relay = (_event: IpcRendererEvent, of: string, frame: EngineFrame): void => {
      if (of === name) listener(frame)
    }
    ipcRenderer.on(channel, relay)
    return () => void ipcRenderer.removeListener(channel, relay)
  }

  const stopClosed = listen(CLOSE_CHANNEL, () => {
    closed = true
    stopClosed()
  })
  return {
    send(frame) {
      if (!closed) ipcRenderer.send(FRAME_CHANNEL, name, frame)
    },
    onMessage: (listener) => listen(FRAME_CHANNEL, listener),
    onClose(listener) {
      if (closed) {
        listener()
        return () => {}
      }
      const stop = listen(CLOSE_CHANNEL, () => {
        stop()
        listener()
      })
      return stop
    },
    close() {
      if (!closed) ipcRenderer.send(CLOSE_CHANNEL, name)
    },
  }
}

contextBridge.exposeInMainWorld('slipstream', { connect })
