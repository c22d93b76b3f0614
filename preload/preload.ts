// The preload script of the desktop window: hands it a Port over Electron's channels as `window.slipstream`, nothing else.
import { contextBridge, ipcRenderer } from 'electron'
import type { IpcRendererEvent } from 'electron'
import type { ClientPort, EngineFrame, Stop } from './wire.ts'

/** Frames, in both directions. */
const FRAME_CHANNEL = 'slipstream:frame'
/** From either side: the connection is over. */
const CLOSE_CHANNEL = 'slipstream:close'

let closed = false
ipcRenderer.once(CLOSE_CHANNEL, () => {
  closed = true
})

/** Listens without letting the page see Electron's event, which holds the sender. */
function listen(channel: string, listener: (frame: EngineFrame) => void): Stop {
  const relay = (_event: IpcRendererEvent, frame: EngineFrame): void => listener(frame)
  ipcRenderer.on(channel, relay)
  return () => void ipcRenderer.removeListener(channel, relay)
}

const port: ClientPort = {
  send(frame) {
    if (!closed) ipcRenderer.send(FRAME_CHANNEL, frame)
  },
  onMessage: (listener) => listen(FRAME_CHANNEL, listener),
  onClose(listener) {
    if (!closed) return listen(CLOSE_CHANNEL, () => listener())
    listener()
    return () => {}
  },
  close() {
    if (!closed) ipcRenderer.send(CLOSE_CHANNEL)
  },
}

contextBridge.exposeInMainWorld('slipstream', port)
