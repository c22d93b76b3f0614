// The renderer's half of Electron's IPC in memory, for the real preload script: what `require('electron')` gives it.
import { readFileSync } from 'node:fs'
import { EventEmitter } from 'node:events'
import { join } from 'node:path'
import { build } from 'vite'
import type { ClientPort } from '../../preload/wire.ts'
import type { FakeContents, FakeIpc } from './electron.ts'

const PRELOAD = join(import.meta.dirname, '..', '..', 'preload', 'preload.ts')

/** The preload script as it is built: one CommonJS file with everything in it. */
export async function buildPreload(): Promise<string> {
  const made = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      minify: false,
      rolldownOptions: {
        input: PRELOAD,
        external: ['electron'],
        output: { format: 'cjs', entryFileNames: 'preload.cjs', codeSplitting: false },
        // A script that exports nothing and exposes something.
        treeshake: { moduleSideEffects: true },
      },
    },
  })
  const outputs = Array.isArray(made) ? made : [made]
  for (const one of outputs) {
    if (!('output' in one)) continue
    for (const chunk of one.output) if (chunk.type === 'chunk') return chunk.code
  }
  throw new Error('the preload script was not built')
}

export interface FakePage {
  /** What the preload script exposed. */
  connect(): ClientPort
  /** Sends on a channel as the page's process could, past the preload script. */
  send(channel: string, ...values: unknown[]): void
}

/** Runs the script in a page whose messages go to `ipcMain` and come from `contents`; delivered one task later, as between processes. */
export function runPreload(code: string, ipcMain: FakeIpc, contents: FakeContents): FakePage {
  const received = new EventEmitter()
  received.setMaxListeners(0)
  contents.onSend = (channel, values) => {
    const cloned = structuredClone(values)
    queueMicrotask(() => received.emit(channel, {}, ...cloned))
  }
  const send = (channel: string, ...values: unknown[]): void => {
    const cloned = structuredClone(values)
    queueMicrotask(() => {
      if (!contents.destroyed) ipcMain.receive(contents, channel, cloned)
    })
  }
  let exposed: { connect(): ClientPort } | null = null
  const electron = {
    contextBridge: {
      exposeInMainWorld(_name: string, api: { connect(): ClientPort }) {
        exposed = api
      },
    },
    ipcRenderer: {
      send,
      on: (channel: string, listener: (...values: unknown[]) => void) => received.on(channel, listener),
      removeListener: (channel: string, listener: (...values: unknown[]) => void) =>
        received.removeListener(channel, listener),
    },
  }
  // oxlint-disable-next-line no-new-func, typescript/no-implied-eval
  new Function('require', 'module', 'exports', code)(() => electron, { exports: {} }, {})
  return {
    send,
    connect() {
      if (exposed === null) throw new Error('nothing was exposed')
      return exposed.connect()
    },
  }
}

/** The script that `npm run build` made. */
export function builtPreload(): string {
  return readFileSync(join(import.meta.dirname, '..', '..', 'out', 'preload', 'preload.cjs'), 'utf8')
}
