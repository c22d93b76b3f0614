// A stand-in for Electron: what the shell asked of it can be looked at, and what the system would do is done by the test.
import { EventEmitter } from 'node:events'
import type {
  BrowserWindowConstructorOptions,
  CustomScheme,
  MenuItemConstructorOptions,
  NotificationConstructorOptions,
  Rectangle,
} from 'electron'
import type {
  AppPort,
  ContentsPort,
  DisplayPort,
  Electron,
  FramePort,
  IpcEventPort,
  IpcPort,
  MenuHandle,
  NotificationPort,
  SessionPort,
  TrayPort,
  WindowPort,
} from '../../main/shell/electron.ts'

// The shell sees Electron through the narrow types of main/shell/electron.ts. The fake is checked against them here; that
// Electron's own module satisfies them is checked in main/shell/entry.ts, and once more by this line:
export type ElectronSatisfiesTheShell = Satisfied<typeof import('electron')>
type Satisfied<Real extends Electron> = Real

export class FakeEvents {
  readonly emitter = new EventEmitter()

  on(event: string, listener: (...values: never[]) => void): this {
    this.emitter.on(event, (...values) => Reflect.apply(listener, undefined, values))
    return this
  }

  emit(event: string, ...values: unknown[]): void {
    this.emitter.emit(event, ...values)
  }
}

/** An event that remembers whether it was prevented. */
export function fakeEvent<T extends object>(
  details: T,
): T & { readonly prevented: () => boolean; preventDefault(): void } {
  let prevented = false
  return {
    ...details,
    prevented: () => prevented,
    preventDefault() {
      prevented = true
    },
  }
}

export class FakeContents extends FakeEvents implements ContentsPort {
  readonly id: number
  readonly sent: { readonly channel: string; readonly values: readonly unknown[] }[] = []
  readonly mainFrame: FramePort = { origin: 'app://slipstream', parent: null }
  reloads = 0
  destroyed = false
  openHandler: ((details: { readonly url: string }) => { action: 'deny' }) | null = null
  /** Where what is sent goes as well: a page that stands in for this one. */
  onSend: ((channel: string, values: readonly unknown[]) => void) | null = null

  constructor(id: number) {
    super()
    this.id = id
  }

  send(channel: string, ...values: unknown[]): void {
    if (this.destroyed) throw new TypeError('Object has been destroyed')
    this.sent.push({ channel, values })
    this.onSend?.(channel, values)
  }

  isDestroyed(): boolean {
    return this.destroyed
  }

  reload(): void {
    this.reloads += 1
  }

  setWindowOpenHandler(handler: (details: { readonly url: string }) => { action: 'deny' }): void {
    this.openHandler = handler
  }
}

export class FakeWindow extends FakeEvents implements WindowPort {
  readonly webContents: FakeContents
  readonly options: BrowserWindowConstructorOptions
  readonly calls: string[] = []
  url = ''
  bounds: Rectangle
  visible = false
  minimized = false
  destroyed = false
  alwaysOnTop: boolean

  constructor(options: BrowserWindowConstructorOptions, contents: FakeContents) {
    super()
    this.options = options
    this.webContents = contents
    this.alwaysOnTop = options.alwaysOnTop ?? false
    this.bounds = { x: options.x ?? 0, y: options.y ?? 0, width: options.width ?? 0, height: options.height ?? 0 }
  }

  async loadURL(url: string): Promise<void> {
    this.url = url
  }
  show(): void {
    this.calls.push('show')
    this.visible = true
    this.emit('show')
    this.emit('focus')
  }
  showInactive(): void {
    this.calls.push('showInactive')
    this.visible = true
    this.emit('show')
  }
  hide(): void {
    this.calls.push('hide')
    this.visible = false
    this.emit('hide')
  }
  destroy(): void {
    this.destroyed = true
    this.webContents.destroyed = true
    this.webContents.emit('destroyed')
    this.emit('closed')
  }
  isDestroyed(): boolean {
    return this.destroyed
  }
  isVisible(): boolean {
    return this.visible
  }
  isFocused(): boolean {
    return false
  }
  isMinimized(): boolean {
    return this.minimized
  }
  restore(): void {
    this.minimized = false
  }
  getBounds(): Rectangle {
    return this.bounds
  }
  setBounds(bounds: Rectangle): void {
    this.calls.push('setBounds')
    this.bounds = bounds
    this.emit('move')
  }
  setContentSize(width: number, height: number): void {
    this.bounds = { ...this.bounds, width, height }
    this.emit('resize')
  }
  setMinimumSize(): void {}
  setAlwaysOnTop(flag: boolean): void {
    this.alwaysOnTop = flag
  }
  /** The person drags it there. */
  drag(bounds: Rectangle): void {
    this.bounds = bounds
    this.emit('move')
  }
}

export class FakeApp extends FakeEvents implements AppPort {
  readonly switches = new Map<string, string>()
  readonly paths = new Map<string, string>()
  readonly ready = Promise.withResolvers<void>()
  readonly exited = Promise.withResolvers<number>()
  isPackaged = false
  isFirst = true
  lockData: Record<string, unknown> | null = null
  name = ''

  readonly commandLine = {
    appendSwitch: (name: string, value = ''): void => void this.switches.set(name, value),
    getSwitchValue: (name: string): string => this.switches.get(name) ?? '',
  }
  setName(name: string): void {
    this.name = name
  }
  setPath(name: string, path: string): void {
    this.paths.set(name, path)
  }
  setAppUserModelId(): void {}
  requestSingleInstanceLock(data: Record<string, unknown>): boolean {
    this.lockData = data
    return this.isFirst
  }
  whenReady(): Promise<void> {
    return this.ready.promise
  }
  /** As Electron does: asks first; whoever listens may say no. */
  quit(): void {
    const event = fakeEvent({})
    this.emit('before-quit', event)
    if (!event.prevented()) this.exit(0)
  }
  exit(code: number): void {
    this.exited.resolve(code)
  }
}

export class FakeTray extends FakeEvents implements TrayPort {
  image: string
  text = ''
  menu: readonly MenuItemConstructorOptions[] = []
  destroyed = false

  constructor(image: string) {
    super()
    this.image = image
  }
  setImage(file: string): void {
    this.image = file
  }
  setToolTip(text: string): void {
    this.text = text
  }
  setContextMenu(menu: MenuHandle | null): void {
    this.menu = menu instanceof FakeMenu ? menu.template : []
  }
  destroy(): void {
    this.destroyed = true
  }
}

export class FakeMenu implements MenuHandle {
  readonly template: readonly MenuItemConstructorOptions[]
  constructor(template: readonly MenuItemConstructorOptions[]) {
    this.template = template
  }
  closePopup(): void {}
}

export class FakeNotification extends FakeEvents implements NotificationPort {
  readonly options: NotificationConstructorOptions
  constructor(options: NotificationConstructorOptions) {
    super()
    this.options = options
  }
  show(): void {}
}

export class FakeIpc implements IpcPort {
  readonly emitter = new EventEmitter()
  on(channel: string, listener: (event: IpcEventPort, ...values: unknown[]) => void): this {
    this.emitter.on(channel, listener)
    return this
  }
  removeListener(channel: string, listener: (event: IpcEventPort, ...values: unknown[]) => void): this {
    this.emitter.removeListener(channel, listener)
    return this
  }
  /** A message of a page; answers what was replied to it. */
  receive(
    sender: FakeContents,
    channel: string,
    values: readonly unknown[],
    frame: FramePort | null = sender.mainFrame,
  ): readonly (readonly unknown[])[] {
    const replies: (readonly unknown[])[] = []
    const event: IpcEventPort = {
      sender,
      senderFrame: frame,
      reply(of, ...answer) {
        replies.push([of, ...answer])
        sender.onSend?.(of, answer)
      },
    }
    // What crosses between processes is cloned.
    this.emitter.emit(channel, event, ...structuredClone(values))
    return replies
  }
}

export class FakeSession extends FakeEvents implements SessionPort {
  request: ((contents: unknown, permission: string, callback: (granted: boolean) => void) => void) | null = null
  check: (() => boolean) | null = null
  device: (() => boolean) | null = null
  setPermissionRequestHandler(
    handler: (contents: unknown, permission: string, callback: (granted: boolean) => void) => void,
  ): void {
    this.request = handler
  }
  setPermissionCheckHandler(handler: () => boolean): void {
    this.check = handler
  }
  setDevicePermissionHandler(handler: () => boolean): void {
    this.device = handler
  }
}

/** What the fake's key store is. */
export interface FakeKeyStore {
  backend: ReturnType<Electron['safeStorage']['getSelectedStorageBackend']>
  available: boolean
  rotated: boolean
  broken: boolean
}

export interface FakeElectron extends Electron {
  readonly app: FakeApp
  readonly powerMonitor: FakeEvents
  readonly ipcMain: FakeIpc
  readonly session: { readonly defaultSession: FakeSession }
  readonly windows: FakeWindow[]
  readonly trays: FakeTray[]
  readonly notifications: FakeNotification[]
  readonly schemes: CustomScheme[]
  readonly opened: string[]
  readonly errors: string[]
  readonly keyStore: FakeKeyStore
  readonly displays: DisplayPort[]
  cursor: { x: number; y: number }
  /** Chords that other programs have. */
  readonly taken: Set<string>
  readonly chords: Map<string, () => void>
  /** What the person picks in a dialog. */
  picked: string[]
  trayless: boolean
  /** A request of a page for one of our addresses. */
  fetch(url: string, method?: string): Promise<Response>
}

/** One display of 1920 × 1080 with a panel of 30 above, unless a test says otherwise. */
export function createFakeElectron(): FakeElectron {
  const windows: FakeWindow[] = []
  const trays: FakeTray[] = []
  const notifications: FakeNotification[] = []
  const schemes: CustomScheme[] = []
  const opened: string[] = []
  const errors: string[] = []
  const displays: DisplayPort[] = [{ id: 1, workArea: { x: 0, y: 30, width: 1920, height: 1050 } }]
  const keyStore: FakeKeyStore = { backend: 'gnome_libsecret', available: true, rotated: false, broken: false }
  const taken = new Set<string>()
  const chords = new Map<string, () => void>()
  const app = new FakeApp()
  const screen = new FakeEvents()
  let serve: ((request: Request) => Promise<Response>) | null = null
  let contents = 0

  function displayAt(x: number, y: number): DisplayPort {
    const found = displays.find(
      ({ workArea: area }) => x >= area.x && x < area.x + area.width && y < area.y + area.height,
    )
    const [first] = displays
    if (first === undefined) throw new Error('no display')
    return found ?? first
  }

  const electron: FakeElectron = {
    app,
    windows,
    trays,
    notifications,
    schemes,
    opened,
    errors,
    displays,
    keyStore,
    taken,
    chords,
    cursor: { x: 100, y: 100 },
    picked: [],
    trayless: false,
    powerMonitor: new FakeEvents(),
    ipcMain: new FakeIpc(),
    session: { defaultSession: new FakeSession() },
    BrowserWindow: class extends FakeWindow {
      constructor(options: BrowserWindowConstructorOptions) {
        contents += 1
        super(options, new FakeContents(contents))
        windows.push(this)
        app.emit('web-contents-created', {}, this.webContents)
      }
    },
    Tray: class extends FakeTray {
      constructor(file: string) {
        if (electron.trayless) throw new Error('there is no tray')
        super(file)
        trays.push(this)
      }
    },
    Notification: class extends FakeNotification {
      static isSupported(): boolean {
        return true
      }
      override show(): void {
        notifications.push(this)
      }
    },
    Menu: {
      buildFromTemplate: (template) => new FakeMenu(template),
      setApplicationMenu() {},
    },
    dialog: {
      showOpenDialog: async () => ({ canceled: electron.picked.length === 0, filePaths: electron.picked }),
      showErrorBox: (_title, content) => void errors.push(content),
    },
    globalShortcut: {
      register(chord, fired) {
        if (taken.has(chord) || chords.has(chord)) return false
        chords.set(chord, fired)
        return true
      },
      unregister: (chord) => void chords.delete(chord),
    },
    protocol: {
      registerSchemesAsPrivileged: (some) => void schemes.push(...some),
      handle(_scheme, handler) {
        serve = handler
      },
    },
    safeStorage: {
      getSelectedStorageBackend: () => keyStore.backend,
      isAsyncEncryptionAvailable: async () => keyStore.available,
      encryptStringAsync: async (text) => Buffer.from(`sealed:${Buffer.from(text).toString('base64')}`),
      async decryptStringAsync(encrypted) {
        const [, sealed] = encrypted.toString().split(':')
        if (keyStore.broken || sealed === undefined) throw new Error('cannot decrypt')
        return { result: Buffer.from(sealed, 'base64').toString(), shouldReEncrypt: keyStore.rotated }
      },
    },
    screen: Object.assign(screen, {
      getCursorScreenPoint: () => electron.cursor,
      getDisplayNearestPoint: ({ x, y }: { readonly x: number; readonly y: number }) => displayAt(x, y),
      getDisplayMatching: ({ x, y, width }: Rectangle) => displayAt(x + width / 2, y),
    }),
    shell: {
      async openExternal(url) {
        opened.push(url)
      },
    },
    async fetch(url, method = 'GET') {
      if (serve === null) throw new Error('nothing is served')
      return serve(new Request(url, { method }))
    },
  }
  return electron
}
