// Electron's security checklist: one scheme with a policy, no navigation, no other windows, no permissions, links only after a click.
import { readFile } from 'node:fs/promises'
import type { ContentsPort, Electron } from './electron.ts'
import { findAsset, SECURITY_HEADERS, typeOf } from '../host/assets.ts'

const SCHEME = 'app'
const HOST = 'slipstream'
/** Origin of the window's page; frames of any other are not answered. */
export const ORIGIN = `${SCHEME}://${HOST}`
export const PAGE = `${ORIGIN}/`

/** ms within which a link belongs to a click or key that was seen. */
const GESTURE_MS = 1_000
const GESTURES: ReadonlySet<string> = new Set(['mouseDown', 'mouseUp', 'keyDown', 'rawKeyDown', 'gestureTap'])

/** Before the app is ready: a scheme of our own with an origin, instead of `file:`, which may read everything. */
export function registerScheme({ protocol }: Pick<Electron, 'protocol'>): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
}

export interface SecurityOptions {
  /** Real path of the built window. */
  readonly assets: string
  /** Monotonic ms. */
  now(): number
  say(line: string): void
}

/** After the app is ready, before the first window. */
export function setupSecurity(
  electron: Pick<Electron, 'app' | 'protocol' | 'session' | 'shell'>,
  options: SecurityOptions,
): void {
  const { app, protocol, session, shell } = electron
  protocol.handle(SCHEME, (request) => answer(request, options.assets))
  const { defaultSession } = session
  defaultSession.setPermissionRequestHandler((_contents, _permission, callback) => callback(false))
  defaultSession.setPermissionCheckHandler(() => false)
  defaultSession.setDevicePermissionHandler(() => false)
  // Only what the page makes itself may be saved: the export of its traces.
  defaultSession.on('will-download', (event, item) => {
    if (!item.getURL().startsWith(`blob:${ORIGIN}/`)) event.preventDefault()
  })
  app.on('web-contents-created', (_event, contents) => fence(contents, shell, options))
}

function fence(contents: ContentsPort, shell: Electron['shell'], { now, say }: SecurityOptions): void {
  let gestureAt = Number.NEGATIVE_INFINITY
  contents.on('input-event', (_event, input) => {
    if (GESTURES.has(input.type)) gestureAt = now()
  })
  contents.on('will-attach-webview', (event) => event.preventDefault())
  const stay = (details: { readonly url: string; preventDefault(): void }): void => {
    // A reload of the page itself is no navigation away.
    if (details.url !== PAGE) details.preventDefault()
  }
  contents.on('will-navigate', stay)
  contents.on('will-redirect', stay)
  contents.setWindowOpenHandler(({ url }) => {
    const clicked = now() - gestureAt <= GESTURE_MS
    gestureAt = Number.NEGATIVE_INFINITY
    if (clicked && isWebAddress(url)) {
      shell.openExternal(url).catch(() => say('the link could not be opened'))
    }
    return { action: 'deny' }
  })
}

function isWebAddress(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, username, password } = new URL(url)
  return (protocol === 'https:' || protocol === 'http:') && username === '' && password === ''
}

/** A file of the built window, with the same headers as over HTTP. */
async function answer(request: Request, folder: string): Promise<Response> {
  const { host, pathname } = new URL(request.url)
  const asked = host === HOST && request.method === 'GET'
  const file = asked ? await findAsset(folder, pathname) : null
  if (file === null) return new Response(null, { status: asked ? 404 : 403, headers: { ...SECURITY_HEADERS } })
  return new Response(await readFile(file), { headers: { ...SECURITY_HEADERS, 'content-type': typeOf(file) } })
}
