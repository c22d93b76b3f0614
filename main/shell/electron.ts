// The parts of Electron that the shell uses, as narrow types: Electron's own module has to satisfy them, and so has the tests' fake.
import type {
  BrowserWindowConstructorOptions,
  Display,
  MenuItemConstructorOptions,
  NotificationConstructorOptions,
  OpenDialogOptions,
  OpenDialogReturnValue,
  Point,
  Rectangle,
  RenderProcessGoneDetails,
  SafeStorage,
  CustomScheme,
} from 'electron'

/** What an event can be told. */
export interface Preventable {
  preventDefault(): void
}

export interface AppPort {
  readonly isPackaged: boolean
  readonly commandLine: { appendSwitch(name: string, value?: string): void; getSwitchValue(name: string): string }
  setName(name: string): void
  setPath(name: string, path: string): void
  setAppUserModelId(id: string): void
  requestSingleInstanceLock(additionalData: Record<string, unknown>): boolean
  whenReady(): Promise<void>
  quit(): void
  exit(code: number): void
  on(event: 'second-instance', listener: (event: unknown, argv: string[], cwd: string, data: unknown) => void): unknown
  on(event: 'before-quit', listener: (event: Preventable) => void): unknown
  on(event: 'window-all-closed' | 'activate', listener: () => void): unknown
  on(event: 'web-contents-created', listener: (event: unknown, contents: ContentsPort) => void): unknown
}

/** `parent` is null for the main frame of a page. */
export interface FramePort {
  readonly origin: string
  readonly parent: unknown
}

export interface ContentsPort {
  readonly id: number
  send(channel: string, ...values: unknown[]): void
  isDestroyed(): boolean
  reload(): void
  setWindowOpenHandler(handler: (details: { readonly url: string }) => { action: 'deny' }): void
  on(event: 'render-process-gone', listener: (event: unknown, details: RenderProcessGoneDetails) => void): unknown
  on(
    event: 'did-start-navigation',
    listener: (details: { readonly isMainFrame: boolean; readonly isSameDocument: boolean }) => void,
  ): unknown
  on(
    event: 'will-navigate' | 'will-redirect',
    listener: (details: Preventable & { readonly url: string }) => void,
  ): unknown
  on(event: 'will-attach-webview', listener: (event: Preventable) => void): unknown
  on(event: 'input-event', listener: (event: unknown, input: { readonly type: string }) => void): unknown
  on(event: 'destroyed', listener: () => void): unknown
}

export interface WindowPort {
  readonly webContents: ContentsPort
  loadURL(url: string): Promise<void>
  show(): void
  showInactive(): void
  hide(): void
  destroy(): void
  isDestroyed(): boolean
  isVisible(): boolean
  isFocused(): boolean
  isMinimized(): boolean
  restore(): void
  getBounds(): Rectangle
  setBounds(bounds: Rectangle): void
  setContentSize(width: number, height: number): void
  setMinimumSize(width: number, height: number): void
  setAlwaysOnTop(flag: boolean): void
  on(event: 'close', listener: (event: Preventable) => void): unknown
  on(
    event: 'closed' | 'move' | 'resize' | 'focus' | 'show' | 'hide' | 'minimize' | 'restore',
    listener: () => void,
  ): unknown
}

export type DisplayPort = Pick<Display, 'id' | 'workArea'>

/** A menu that was built; only Electron looks into it. */
export interface MenuHandle {
  closePopup(): void
}

export interface TrayPort {
  setImage(file: string): void
  setToolTip(text: string): void
  setContextMenu(menu: MenuHandle | null): void
  on(event: 'click', listener: () => void): unknown
  destroy(): void
}

export interface NotificationPort {
  show(): void
  on(event: 'click', listener: () => void): unknown
}

export interface IpcEventPort {
  readonly sender: ContentsPort
  /** null once the frame has navigated or is gone. */
  readonly senderFrame: FramePort | null
  reply(channel: string, ...values: unknown[]): void
}

type IpcListener = (event: IpcEventPort, ...values: unknown[]) => void

export interface IpcPort {
  on(channel: string, listener: IpcListener): unknown
  removeListener(channel: string, listener: IpcListener): unknown
}

export interface SessionPort {
  setPermissionRequestHandler(
    handler: (contents: unknown, permission: string, callback: (granted: boolean) => void) => void,
  ): void
  setPermissionCheckHandler(handler: () => boolean): void
  setDevicePermissionHandler(handler: () => boolean): void
  on(event: 'will-download', listener: (event: Preventable, item: { getURL(): string }) => void): unknown
}

/** Everything together: what the entry hands over, and what tests stand in for. */
export interface Electron {
  readonly app: AppPort
  readonly BrowserWindow: new (options: BrowserWindowConstructorOptions) => WindowPort
  readonly Tray: new (file: string) => TrayPort
  readonly Notification: { new (options: NotificationConstructorOptions): NotificationPort; isSupported(): boolean }
  readonly Menu: {
    buildFromTemplate(template: MenuItemConstructorOptions[]): MenuHandle
    setApplicationMenu(menu: MenuHandle | null): void
  }
  readonly dialog: {
    showOpenDialog(options: OpenDialogOptions): Promise<OpenDialogReturnValue>
    showErrorBox(title: string, content: string): void
  }
  readonly globalShortcut: { register(chord: string, fired: () => void): boolean; unregister(chord: string): void }
  readonly ipcMain: IpcPort
  /** `resume`: the machine woke up. */
  readonly powerMonitor: { on(event: 'resume', listener: () => void): unknown }
  readonly protocol: {
    registerSchemesAsPrivileged(schemes: CustomScheme[]): void
    handle(scheme: string, handler: (request: Request) => Promise<Response>): void
  }
  readonly safeStorage: Pick<
    SafeStorage,
    'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync' | 'getSelectedStorageBackend'
  >
  readonly screen: {
    getCursorScreenPoint(): Point
    getDisplayNearestPoint(point: Point): DisplayPort
    getDisplayMatching(rectangle: Rectangle): DisplayPort
    on(event: 'display-removed' | 'display-metrics-changed', listener: () => void): unknown
  }
  readonly session: { readonly defaultSession: SessionPort }
  readonly shell: { openExternal(url: string): Promise<void> }
}
